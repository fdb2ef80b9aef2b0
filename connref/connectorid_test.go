package connref_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
)

// message answers an error's text, or nothing.
func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestConnectorID(t *testing.T) {
	type parts struct {
		Name, Path, Fold, WithoutHash string
		Custom                        bool
	}
	const path = "/providers/Microsoft.PowerApps/apis/"
	tests := map[string]parts{
		"shared_office365": {
			Name: "shared_office365", Path: path + "shared_office365", Fold: "shared_office365", WithoutHash: "shared_office365",
		},
		path + "shared_office365": {
			Name: "shared_office365", Path: path + "shared_office365", Fold: "shared_office365",
			WithoutHash: path + "shared_office365",
		},
		"/providers/microsoft.powerapps/apis/shared_Office365": {
			Name: "shared_Office365", Path: path + "shared_Office365", Fold: "shared_office365",
			WithoutHash: "/providers/microsoft.powerapps/apis/shared_Office365",
		},
		"providers/Microsoft.PowerApps/apis/shared_office365": {
			Name: "shared_office365", Path: path + "shared_office365", Fold: "shared_office365",
			WithoutHash: "providers/Microsoft.PowerApps/apis/shared_office365",
		},
		"providers/Microsoft.ProcessSimple/operationGroups/aibuilder": {
			Name: "aibuilder", Path: "providers/Microsoft.ProcessSimple/operationGroups/aibuilder",
			Fold:        "providers/microsoft.processsimple/operationgroups/aibuilder",
			WithoutHash: "providers/Microsoft.ProcessSimple/operationGroups/aibuilder",
		},
		path + "shared_cat-5fmicrosoft-20graph-20mailboxsetting-5f21dec655d73f3a8c": {
			Name:        "shared_cat-5fmicrosoft-20graph-20mailboxsetting-5f21dec655d73f3a8c",
			Path:        path + "shared_cat-5fmicrosoft-20graph-20mailboxsetting-5f21dec655d73f3a8c",
			Fold:        "shared_cat-5fmicrosoft-20graph-20mailboxsetting-5f21dec655d73f3a8c",
			WithoutHash: path + "shared_cat-5fmicrosoft-20graph-20mailboxsetting",
			Custom:      true,
		},
		"shared_admin-5Foffice-20365-5F1BDC343CF45734FE": {
			Name:        "shared_admin-5Foffice-20365-5F1BDC343CF45734FE",
			Path:        path + "shared_admin-5Foffice-20365-5F1BDC343CF45734FE",
			Fold:        "shared_admin-5foffice-20365-5f1bdc343cf45734fe",
			WithoutHash: "shared_admin-5Foffice-20365",
			Custom:      true,
		},
		// Two tails: only the last differs in each environment.
		"shared_graphapi-5f04d5eb22c34423fb-5f448e0b83a75acf03": {
			Name:        "shared_graphapi-5f04d5eb22c34423fb-5f448e0b83a75acf03",
			Path:        path + "shared_graphapi-5f04d5eb22c34423fb-5f448e0b83a75acf03",
			Fold:        "shared_graphapi-5f04d5eb22c34423fb-5f448e0b83a75acf03",
			WithoutHash: "shared_graphapi-5f04d5eb22c34423fb",
			Custom:      true,
		},
		"":   {},
		path: {Path: path, Fold: strings.ToLower(path), WithoutHash: path},
	}
	for in, want := range tests {
		id := connref.ConnectorID(in)
		got := parts{id.Name(), id.Path(), string(id.Fold()), string(id.WithoutHash()), id.Custom()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

func TestConnectorIDNotCustom(t *testing.T) {
	for _, id := range []connref.ConnectorID{
		"shared_contoso-5forders",                        // no hash
		"shared_contoso-5forders-5f0123456789abcde",      // 15 digits
		"shared_contoso-5forders-5f0123456789abcdeg",     // no digit
		"shared_contoso-5forders-2d0123456789abcdef",     // an encoded hyphen
		"shared_contoso-5forders-5f0123456789abcdef-20x", // not at the end
		"shared_contosoorders0123456789abcdef",
		"-5f0123456789abcdef",
	} {
		if id.Custom() || id.WithoutHash() != id {
			t.Errorf("%s counts as custom, without hash it is %s", id, id.WithoutHash())
		}
	}
}

func TestConnectorIDComparison(t *testing.T) {
	const path = "/providers/Microsoft.PowerApps/apis/"
	tests := []struct {
		a, b        connref.ConnectorID
		equal, same bool
	}{
		{"shared_office365", path + "shared_office365", true, true},
		{"SHARED_office365", "/providers/microsoft.powerapps/apis/shared_office365", true, true},
		{"shared_office365", "shared_office365users", false, false},
		{"shared_contoso-5forders-5f0123456789abcdef", "shared_contoso-5Forders-5Ffedcba9876543210", false, true},
		{path + "shared_contoso-5forders-5f0123456789abcdef", "shared_contoso-5forders", false, true},
		{"shared_audit-20logs-5f0123456789abcdef", "shared_audit-20logs-5ffedcba9876543210", false, true}, // no prefix
		{"shared_contoso-5forders-5f0123456789abcdef", "shared_contoso-5finvoices-5f0123456789abcdef", false, false},
		{"aibuilder", "providers/Microsoft.ProcessSimple/operationGroups/aibuilder", false, false},
		{"x", path + "shared_x/connections/x", false, false},
		{"shared_x/y", path + "shared_x/y", false, false},
		{"", path, false, false},
		{"", "", true, true},
	}
	for _, tt := range tests {
		for _, p := range [][2]connref.ConnectorID{{tt.a, tt.b}, {tt.b, tt.a}} {
			if got := p[0].Equal(p[1]); got != tt.equal {
				t.Errorf("%q.Equal(%q) = %t", p[0], p[1], got)
			}
			if got := p[0].Same(p[1]); got != tt.same {
				t.Errorf("%q.Same(%q) = %t", p[0], p[1], got)
			}
		}
	}
}

func TestParseConnectorID(t *testing.T) {
	const path = "/providers/Microsoft.PowerApps/apis/"
	long := strings.Repeat("x", 1000-len(path))
	tests := map[string]string{ // by what is wrong; nothing, where all is right
		"shared_office365":                      "",
		path + "shared_office365":               "",
		"/PROVIDERS/microsoft.powerapps/Apis/Z": "",
		long:                                    "",
		path + long:                             "",
		"": `connector id: is missing; right would be shared_office365 or ` +
			`/providers/Microsoft.PowerApps/apis/shared_office365`,
		path: `connector id "/providers/Microsoft.PowerApps/apis/": is neither a name such as shared_office365 nor ` +
			`/providers/Microsoft.PowerApps/apis/ with a name`,
		"providers/Microsoft.PowerApps/apis/shared_x": `connector id "providers/Microsoft.PowerApps/apis/shared_x": ` +
			`lacks the leading slash of /providers/Microsoft.PowerApps/apis/`,
		path + "shared_x/connections/7c1e": `connector id "/providers/Microsoft.PowerApps/apis/shared_x/connections/7c1e": ` +
			`is the resource id of a connection; its connector is the part after /apis/`,
		"shared office":   `connector id "shared office": has white space or a control character, which no id has`,
		"shared_\xff":     `connector id "shared_\xff": is not valid UTF-8`,
		path + long + "é": `connector id "` + path + long[:80-len(path)] + `…": has 1001 characters; at most 1000 fit`,
	}
	for in, want := range tests {
		id, err := connref.ParseConnectorID(in)
		if diff := cmp.Diff(want, message(err)); diff != "" {
			t.Errorf("ParseConnectorID(%q) (-want +got):\n%s", in, diff)
		}
		if want == "" && string(id) != in || want != "" && !id.IsZero() {
			t.Errorf("ParseConnectorID(%q) = %q", in, id)
		}
		if err != nil && !errors.Is(err, connref.ErrInvalid) {
			t.Errorf("ParseConnectorID(%q): %v is not ErrInvalid", in, err)
		}
	}
}

func FuzzParseConnectorID(f *testing.F) {
	const path = "/providers/Microsoft.PowerApps/apis/"
	for _, s := range []string{
		"", "/", path, "shared_office365", path + "shared_office365", "providers/microsoft.powerapps/apis/shared_x",
		"shared_contoso-5Forders-5F0123456789abcdef", path + "shared_x/connections/y", "shared_\u212A",
	} {
		f.Add(s, path+s)
	}
	f.Fuzz(func(t *testing.T, s, other string) {
		a, b := connref.ConnectorID(s), connref.ConnectorID(other)
		if a.Equal(b) != (a.Fold() == b.Fold()) || a.Equal(b) != b.Equal(a) {
			t.Errorf("%q.Equal(%q) and equal keys disagree", a, b)
		}
		if a.Equal(b) && !a.Same(b) || a.Same(b) != b.Same(a) {
			t.Errorf("%q: Equal(%q) %t, Same %t", a, b, a.Equal(b), a.Same(b))
		}
		if a.Fold().Fold() != a.Fold() || !strings.HasPrefix(s, string(a.WithoutHash())) {
			t.Errorf("%q: key %q, without hash %q", a, a.Fold(), a.WithoutHash())
		}
		if a.Custom() != (a.WithoutHash() != a) || a.Custom() != a.Fold().Custom() {
			t.Errorf("%q: custom %t, without hash %q, key %q", a, a.Custom(), a.WithoutHash(), a.Fold())
		}
		id, err := connref.ParseConnectorID(s)
		if err != nil {
			return
		}
		again, err := connref.ParseConnectorID(id.Path())
		if err != nil || !again.Equal(id) || again.Path() != string(again) || again.Name() != id.Name() {
			t.Errorf("%q: its path %q is read as %q, %v", s, id.Path(), again, err)
		}
	})
}
