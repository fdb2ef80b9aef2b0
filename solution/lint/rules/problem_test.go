package rules_test

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/rules"
)

const brokenFlow = "Workflows/Daily-7C1E0D5A-2B3C-4D5E-8F60-718293A4B5C6.json"

// What no text archive can hold: damaged data, bytes that are no text, and a place in a file that isn't there.
func TestProblems(t *testing.T) {
	whole := daily(t)
	for _, test := range []struct {
		id   string
		sol  *solution.Solution
		want string // the file
	}{
		{"CR001", damaged(t, whole, brokenFlow), brokenFlow},
		{"CR002", changed(t, whole, source.Change{File: brokenFlow, Remove: true},
			source.Change{File: "Workflows/Weekly.json", Create: []byte("{\"properties\": \"\xff\"}")}), "Workflows/Weekly.json"},
		{"CR004", changed(t, whole, source.Change{File: "customizations.xml", Remove: true}), "customizations.xml"},
	} {
		t.Run(test.id, func(t *testing.T) {
			rule, err := rules.Get(test.id)
			require.NoError(t, err)
			for _, in := range []struct {
				sol  *solution.Solution
				want []string
			}{{whole, nil}, {test.sol, []string{test.want}}} {
				result, err := lint.Run(t.Context(), lint.Input{Solutions: []*solution.Solution{in.sol}},
					lint.Config{Rules: []*lint.Rule{rule}})
				require.NoError(t, err)
				var got []string
				for _, d := range result.Findings {
					got = append(got, d.At.File)
					if d.Rule != test.id || d.Severity != diag.Error || d.Message == "" {
						t.Errorf("finding %v is no error of %s", d, test.id)
					}
				}
				if diff := cmp.Diff(in.want, got); diff != "" {
					t.Errorf("files (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// A reference may be declared behind what can't be read, so that nothing is said to be undeclared.
func TestUndeclaredInUnreadable(t *testing.T) {
	rule, err := rules.Get("CR301")
	require.NoError(t, err)
	in := lint.Input{Solutions: []*solution.Solution{damaged(t, daily(t), "customizations.xml")}}
	result, err := lint.Run(t.Context(), in, lint.Config{Rules: []*lint.Rule{rule}})
	require.NoError(t, err)
	require.NoError(t, result.Err())
	if len(result.Findings) > 0 || len(result.Skipped) != 1 {
		t.Errorf("found %v, skipped %v, want the rule skipped", result.Findings, result.Skipped)
	}
}

// daily is a solution with a reference and a flow that uses it.
func daily(t *testing.T) *solution.Solution {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "ContosoOrders", Version: "1.0.0.0",
		Publisher: solution.Publisher{UniqueName: "Contoso", Prefix: "contoso"},
	})
	mail := connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"}
	b.AddReference(mail)
	id, err := connref.ParseGUID("7c1e0d5a-2b3c-4d5e-8f60-718293a4b5c6")
	require.NoError(t, err)
	f := b.NewFlow(solution.Workflow{ID: id, Name: "Daily", On: true})
	f.Bind(flow.NewBinding("mail", mail))
	f.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
	f.Add("Send", flow.Call{Key: "mail", Operation: "SendEmailV2"})
	sol, err := b.Build(solution.LayoutZip)
	require.NoError(t, err)
	return sol
}

func changed(t *testing.T, sol *solution.Solution, changes ...source.Change) *solution.Solution {
	next, err := sol.With(changes...)
	require.NoError(t, err)
	return next
}

// damaged is the solution in an archive in which the data of one file is no longer what was written.
func damaged(t *testing.T, sol *solution.Solution, name string) *solution.Solution {
	var archive bytes.Buffer
	require.NoError(t, sol.WriteZip(t.Context(), &archive))
	raw := archive.Bytes()
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	require.NoError(t, err)
	for _, f := range r.File {
		if f.Name == name {
			at, err := f.DataOffset()
			require.NoError(t, err)
			clear(raw[at : at+int64(f.CompressedSize64)])
		}
	}
	broken, err := solution.OpenZip(t.Context(), bytes.NewReader(raw), int64(len(raw)), nil)
	require.NoError(t, err)
	return broken
}
