package audit_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/audit"
)

func TestDocument(t *testing.T) {
	sol, err := openParcels()
	require.NoError(t, err)
	want := &audit.Document{
		SchemaVersion: "1",
		Summary:       audit.Summary{Solutions: 1, Flows: 2, Operations: 5, References: 2, Problems: 3},
		Solutions: []audit.Solution{{
			Path: ".", Layout: "folder", UniqueName: "Parcels", Version: "1.2.0.0", Managed: "managed", PublisherPrefix: "fx",
			References: []audit.Reference{
				{
					LogicalName: "fx_Mail", DisplayName: "Mail", Connector: "shared_office365", File: "customizations.xml", Line: 3,
					Flows: 2, Operations: 3, Agents: 1, Inconclusive: []string{},
				},
				{
					LogicalName: "fx_idle", Connector: "shared_teams", File: "customizations.xml", Line: 7, Unused: true,
					Inconclusive: []string{
						"the solutions read are not declared to be all there are",
						"Workflows/Broken.json in . has errors: what could not be read of it may use it",
					},
				},
			},
			Flows: []audit.Flow{
				{
					ID: "0b7e4c52-11d8-4b5a-9c36-5b5e21c0a7f1", Name: "Notify",
					File: "Workflows/Notify-0B7E4C52-11D8-4B5A-9C36-5B5E21C0A7F1.json", Operations: 4,
					Bindings: []audit.Binding{
						{Key: "m", Reference: "FX_MAIL", Connector: "shared_office365", RuntimeSource: "embedded", State: "declared", Operations: 1, Line: 2},
						{Key: "m_1", Reference: "fx_Mail", Connector: "shared_office365", RuntimeSource: "embedded", State: "declared", Operations: 1, Line: 3},
						{Key: "b", Reference: "fx_base", Connector: "shared_sql", RuntimeSource: "invoker", State: "external", Line: 4},
					},
				},
				{
					Name: "Remind", File: "Workflows/Remind.json", Operations: 1,
					Bindings: []audit.Binding{
						{Key: "m", Reference: "fx_Mail", Connector: "shared_office365", RuntimeSource: "embedded", State: "declared", Operations: 1, Line: 2},
						{Key: "gone", Reference: "fx_gone", Connector: "shared_sql", RuntimeSource: "embedded", State: "dangling", Line: 3},
						{Key: "d", Connector: "shared_rss", RuntimeSource: "embedded", State: "direct", Line: 4},
					},
				},
			},
			Problems: []audit.Problem{
				{Rule: "CR122", Severity: diag.Error, File: "Workflows/Broken.json", Line: 1, Column: 15},
				{Rule: "CR008", Severity: diag.Info, File: "Workflows/Notify-0B7E4C52-11D8-4B5A-9C36-5B5E21C0A7F1.json"},
				{Rule: "CR008", Severity: diag.Info, File: "Workflows/Remind.json"},
			},
		}},
		Shared:      []audit.Shared{},
		Needs:       []audit.Needs{},
		ImportOrder: []string{"Parcels"},
		Cycles:      [][]string{},
		Problems:    []audit.Problem{},
	}
	got := audit.New(sol)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(audit.Problem{}, "Name", "Message")); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func TestEmptyListsAreLists(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, audit.New().WriteJSON(&b))
	want := `{
  "schemaVersion": "1",
  "complete": false,
  "summary": {
    "solutions": 0,
    "flows": 0,
    "operations": 0,
    "references": 0,
    "problems": 0
  },
  "solutions": [],
  "shared": [],
  "needs": [],
  "importOrder": [],
  "cycles": [],
  "problems": []
}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("empty audit (-want +got):\n%s", diff)
	}
}

func TestColourIsAllThatColourAdds(t *testing.T) {
	sol, err := openParcels()
	require.NoError(t, err)
	var plain, coloured bytes.Buffer
	require.NoError(t, audit.New(sol).WriteText(&plain, nil))
	require.NoError(t, audit.New(sol).WriteText(&coloured, &audit.TextOptions{Color: true}))
	if strings.Contains(plain.String(), "\x1b") {
		t.Error("plain text has escapes")
	}
	stripped := coloured.String()
	for _, escape := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m"} {
		if !strings.Contains(stripped, escape) {
			t.Errorf("coloured text has no %q", escape)
		}
		stripped = strings.ReplaceAll(stripped, escape, "")
	}
	if diff := cmp.Diff(plain.String(), stripped); diff != "" {
		t.Errorf("plain (-), coloured without its escapes (+):\n%s", diff)
	}
}

// What files say must neither steer a terminal nor pass for lines of ours.
func TestTextIsPrintable(t *testing.T) {
	const evil = "a\n  Problems\x1b[2J\u009b31m\u202eb"
	doc := &audit.Document{Solutions: []audit.Solution{{
		Path: evil, UniqueName: evil, Version: evil,
		References: []audit.Reference{{LogicalName: evil, Connector: evil, Flows: 2}},
		Flows: []audit.Flow{{Name: evil, Bindings: []audit.Binding{
			{Reference: evil, State: "dangling"}, {Connector: evil, State: "direct"},
		}}},
		Problems: []audit.Problem{{Rule: "CR001", Severity: diag.Error, File: evil, Line: 1, Column: 1, Message: evil}},
	}}}
	var b bytes.Buffer
	require.NoError(t, doc.WriteText(&b, nil))
	if i := strings.IndexFunc(b.String(), func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
	}); i >= 0 {
		t.Errorf("control character at byte %d of:\n%q", i, b.String())
	}
	if n := strings.Count(b.String(), "\n  Problems"); n != 1 {
		t.Errorf("%d sections of problems:\n%s", n, b.String())
	}
}
