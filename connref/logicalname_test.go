package connref_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
)

func TestLogicalName(t *testing.T) {
	type facts struct {
		Prefix    string
		Generated bool
	}
	tests := map[string]facts{
		"contoso_mail":                            {Prefix: "contoso"},
		"contoso_sharedoffice365_1a2b3":           {Prefix: "contoso", Generated: true},
		"pnp_sharedsharepointonline_eef5c":        {Prefix: "pnp", Generated: true},
		"contoso_added":                           {Prefix: "contoso"}, // a word
		"contoso_sharedoffice365_1A2B3":           {Prefix: "contoso"}, // the portal writes lower case
		"contoso_sharedoffice365_1a2b":            {Prefix: "contoso"},
		"contoso_sharedoffice365_1a2b3c":          {Prefix: "contoso"},
		"contoso_sharedoffice365_1a2bg":           {Prefix: "contoso"},
		"1a2b3":                                   {},
		"_1a2b3":                                  {Generated: true},
		"pre__sharedteams":                        {Prefix: "pre"},
		"mail":                                    {},
		"":                                        {},
		"contoso.shared_office365.mail":           {Prefix: "contoso"},
		"contoso.mail":                            {Prefix: "contoso"},
		"mpa_awardsAndRecognition.cr.0A-LiI5Z":    {Prefix: "mpa", Generated: true},
		"cr.5u3XHbAp":                             {Prefix: "cr", Generated: true},
		"mpa_awardsAndRecognition.cr.recognition": {Prefix: "mpa"},
		"cr8dc_epiGuard.shared_outlook.shared-outlook-d13659a5-6d94-454b-a279-770ee1d33f7c": {
			Prefix: "cr8dc", Generated: true,
		},
		"cr8dc_epiGuard.shared_outlook.shared-outlook-d13659a5-6d94-454b-a279-770ee1d33f7": {Prefix: "cr8dc"},
		"cr8dc_epiGuard.outlook.d13659a56d94454ba279770ee1d33f7c":                          {Prefix: "cr8dc"},
		"cr26e_OrdersAgent.shared_new-5forders-20mcp-5fee08b8354fad177a.6be7a421f5184b9ebb376965cf6cd8b8": {
			Prefix: "cr26e", Generated: true,
		},
	}
	for in, want := range tests {
		n := connref.LogicalName(in)
		if diff := cmp.Diff(want, facts{n.Prefix(), n.Generated()}); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

func TestLogicalNameComparison(t *testing.T) {
	if n := connref.LogicalName("Contoso_MAIL"); !n.Equal("contoso_mail") || n.Fold() != "contoso_mail" {
		t.Errorf("%s folds to %s", n, n.Fold())
	}
	if n := connref.LogicalName("contoso_mail"); n.Equal("contoso-mail") || n.Equal("contoso_mail ") || n.IsZero() {
		t.Errorf("%s equals another name", n)
	}
}

func TestParseLogicalName(t *testing.T) {
	tests := map[string]string{
		"contoso_mail":           "",
		"cr8dc_epiGuard.X-1":     "",
		strings.Repeat("x", 200): "",
		"": "logical name: is missing; " +
			"right would be a publisher's prefix and a purpose, such as contoso_mail",
		"contoso mail":           `logical name "contoso mail": has ' '; letters, digits, _ . and - are allowed`,
		"contoso_größe":          `logical name "contoso_größe": has 'ö'; letters, digits, _ . and - are allowed`,
		"contoso_mail\n":         `logical name "contoso_mail\n": has '\n'; letters, digits, _ . and - are allowed`,
		strings.Repeat("x", 201): `logical name "` + strings.Repeat("x", 80) + `…": has 201 characters; at most 200 fit`,
	}
	for in, want := range tests {
		n, err := connref.ParseLogicalName(in)
		if diff := cmp.Diff(want, message(err)); diff != "" {
			t.Errorf("ParseLogicalName(%q) (-want +got):\n%s", in, diff)
		}
		if want == "" && string(n) != in || want != "" && !n.IsZero() {
			t.Errorf("ParseLogicalName(%q) = %q", in, n)
		}
	}
}

func FuzzParseLogicalName(f *testing.F) {
	for _, s := range []string{"", "contoso_mail", "a.b", "_", ".cr.12345678", "x.shared_.shared-", "größe", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := connref.LogicalName(s)
		if !strings.HasPrefix(s, n.Prefix()) || strings.ContainsAny(n.Prefix(), "_.") {
			t.Errorf("%q has prefix %q", s, n.Prefix())
		}
		if n.Generated() && !strings.ContainsAny(s, "_.") {
			t.Errorf("%q counts as generated", s)
		}
		if _, err := connref.ParseLogicalName(s); err == nil && (s == "" || len(s) > connref.MaxLogicalName) {
			t.Errorf("ParseLogicalName(%q) accepts %d characters", s, len(s))
		} else if err == nil && n.Fold() != connref.LogicalName(strings.ToLower(s)) {
			t.Errorf("%q folds to %q", s, n.Fold())
		}
	})
}
