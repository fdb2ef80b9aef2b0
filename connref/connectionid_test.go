package connref_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
)

func TestParseConnectionID(t *testing.T) {
	const resource = "/providers/Microsoft.PowerApps/apis/shared_x"
	tests := map[string]string{
		"7c1e0d5a2b3c4d5e8f90a1b2c3d4e5f6":                      "",
		"shared-office365-d13659a5-6d94-454b-a279-770ee1d33f7c": "",
		"d13659a5-6d94-454b-a279-770ee1d33f7c":                  "",
		"#{connectionreference.contoso_mail}#":                  "", // a placeholder is for a rule to judge
		"x":                                                     "",
		strings.Repeat("é", 1000):                               "",
		"": "connection id: is missing; " +
			"right would be the name of a connection in the environment",
		resource + "/connections/y": `connection id "` + resource + `/connections/y": is a full resource id; ` +
			`right would be its last segment, y`,
		resource + "/Connections/Y": `connection id "` + resource + `/Connections/Y": is a full resource id; ` +
			`right would be its last segment, Y`,
		resource: `connection id "` + resource + `": is the id of a connector; ` +
			`right would be the name of one of its connections`,
		resource + "/connections/a b": `connection id "` + resource + `/connections/a b": has a slash; ` +
			`right would be the name of a connection alone`,
		resource + "/connections/": `connection id "` + resource + `/connections/": has a slash; ` +
			`right would be the name of a connection alone`,
		"a/b":                    `connection id "a/b": has a slash; right would be the name of a connection alone`,
		" x":                     `connection id " x": has white space or a control character, which no id has`,
		"\xff":                   `connection id "\xff": is not valid UTF-8`,
		strings.Repeat("😀", 501): `connection id "` + strings.Repeat("😀", 20) + `…": has 1002 characters; at most 1000 fit`,
	}
	for in, want := range tests {
		id, err := connref.ParseConnectionID(in)
		if diff := cmp.Diff(want, message(err)); diff != "" {
			t.Errorf("ParseConnectionID(%q) (-want +got):\n%s", in, diff)
		}
		if want == "" && string(id) != in || want != "" && !id.IsZero() {
			t.Errorf("ParseConnectionID(%q) = %q", in, id)
		}
	}
}

func TestConnectionIDComparison(t *testing.T) {
	if id := connref.ConnectionID("7C1E0D5A"); !id.Equal("7c1e0d5a") || id.Fold() != "7c1e0d5a" || id.Equal("7c1e0d5b") {
		t.Errorf("%s folds to %s", id, id.Fold())
	}
}

func FuzzParseConnectionID(f *testing.F) {
	const resource = "/providers/Microsoft.PowerApps/apis/shared_x/connections/"
	for _, s := range []string{"", "x", "/", "/connections/x", resource + "y", resource, "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := connref.ParseConnectionID(s)
		if err != nil {
			return
		}
		if string(id) != s || s == "" || strings.ContainsAny(s, "/ \t\r\n") {
			t.Errorf("ParseConnectionID(%q) = %q", s, id)
		}
		if _, err := connref.ParseConnectionID(resource + s); !strings.HasSuffix(message(err), "its last segment, "+s) {
			t.Errorf("the resource id of %q: %v", s, err)
		}
	})
}
