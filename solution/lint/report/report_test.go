package report_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// export writes a solution to a folder and to a zip below the current folder, and opens both.
func export(t *testing.T) []*solution.Solution {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "Orders", DisplayName: "Orders", Version: "1.0.0.0",
		Publisher: solution.Publisher{UniqueName: "Contoso", Prefix: "contoso"},
	})
	mail := connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail für Ørders", Connector: "shared_office365"}
	b.AddReference(mail)
	f := b.NewFlow(solution.Workflow{Name: "Daily", On: true})
	f.Bind(flow.NewBinding("mail", mail))
	f.Trigger("", flow.Manual{By: flow.ByButton})
	f.Add("Send", flow.Call{Key: "mail", Operation: "SendEmailV2", Parameters: flow.Object{"to": "ada@contoso.example"}})
	for path, layout := range map[string]solution.Layout{
		"src/Orders": solution.LayoutFolder, "out/My Orders.zip": solution.LayoutZip,
	} {
		sol, err := b.Build(layout)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		if layout == solution.LayoutZip {
			require.NoError(t, sol.WriteZipFile(t.Context(), path))
			continue
		}
		_, err = sol.WriteDir(t.Context(), path)
		require.NoError(t, err)
	}
	var list []*solution.Solution
	for _, path := range []string{"out/My Orders.zip", "src/Orders"} {
		sol, err := solution.Open(t.Context(), path, nil)
		require.NoError(t, err)
		list = append(list, sol)
	}
	return list
}

// The rules of the tests: each finds one thing in every solution.
var testRules = []*lint.Rule{
	{
		ID: "T301", Name: "a-binding", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
		Doc: "A flow has a binding\n\nThat is what flows are for.", Mend: "Take it away.",
		Sources: []string{"contoso/orders#1"}, URL: "https://contoso.example/T301",
		Run: func(_ context.Context, p *lint.Pass) error {
			for b := range p.Flow.Bindings() {
				change, err := p.Flow.Rebind(map[string]connref.LogicalName{b.Key: "contoso_post"})
				if err != nil {
					return err
				}
				p.Report(lint.Finding{At: b.ReferenceAt, Message: "names " + string(b.Reference), Fixes: []diag.Fix{
					{Message: "name another", Changes: []source.Change{change}},
					{Message: "remove the flow", Changes: []source.Change{{File: p.Flow.FileName, Remove: true}}},
				}})
			}
			return nil
		},
	},
	{
		ID: "T201", Name: "a-reference", Severity: diag.Warning, Doc: "A solution has a reference",
		Run: func(_ context.Context, p *lint.Pass) error {
			for ref := range p.Solution.References() {
				p.Reportf(ref.At, "declares %s", ref.LogicalName)
			}
			return nil
		},
	},
	{
		ID: "T118", Name: "an-address", Severity: diag.Info, Sensitive: true, Scope: lint.ScopeFlow,
		Doc: "An operation has a parameter",
		Run: func(_ context.Context, p *lint.Pass) error {
			for op := range p.Flow.Operations() {
				if to := p.Flow.Body(op).Get("inputs", "parameters", "to"); to.Exists() {
					p.Reportf(to.At(), "operation %s has an address", op.Name)
				}
			}
			return nil
		},
	},
	{
		Name: "whole-file", Severity: diag.Info, Doc: "A solution has a file",
		Run: func(_ context.Context, p *lint.Pass) error {
			p.Reportf(source.Location{File: "solution.xml"}, "a file as a whole")
			return nil
		},
	},
	{
		Name: "broken-rule", Severity: diag.Info, Doc: "It breaks",
		Run: func(context.Context, *lint.Pass) error { return errors.New("no idea") },
	},
	{
		Name: "unasked-rule", Severity: diag.Info, Doc: "The policy says nothing",
		Run: func(context.Context, *lint.Pass) error { return lint.Skip("the policy says nothing of it") },
	},
	{
		Name: "upgrade-rule", Severity: diag.Info, Needs: lint.NeedsOld, Doc: "It compares",
		Run: func(context.Context, *lint.Pass) error { return nil },
	},
}

// reported runs the rules over a solution as a folder and as a zip.
func reported(t *testing.T) report.Report {
	t.Chdir(t.TempDir())
	in := lint.Input{Solutions: export(t)}
	config := lint.Config{Rules: testRules, Baseline: &lint.Baseline{Entries: []lint.Entry{{
		Fingerprint: strings.Repeat("0", 32), Rule: "T201", Solution: "Orders", File: "customizations.xml",
		Message: "declares contoso_gone",
	}}}}
	result, err := lint.Run(t.Context(), in, config)
	require.NoError(t, err)
	return report.Report{Result: result, Solutions: in.Solutions, Rules: config.Rules}
}

// golden compares a text with a file beside the tests, which the tests leave for another folder.
func golden(t *testing.T, dir, name, got string) {
	t.Helper()
	file := filepath.Join(dir, "testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	dir, err := os.Getwd()
	require.NoError(t, err)
	r := reported(t)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"orders.txt": func(w *bytes.Buffer) error { return report.WriteText(w, r, nil) },
		"orders.color.txt": func(w *bytes.Buffer) error {
			return report.WriteText(w, r, &report.TextOptions{Color: true})
		},
		"orders.json": func(w *bytes.Buffer) error { return report.WriteJSON(w, r) },
		"orders.sarif": func(w *bytes.Buffer) error {
			return report.WriteSARIF(w, r, &report.SARIFOptions{Version: "1.2.3"})
		},
	} {
		var out bytes.Buffer
		require.NoError(t, write(&out))
		golden(t, dir, name, out.String())
	}
}

func TestEmpty(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report.WriteText(&out, report.Report{}, nil))
	require.NoError(t, report.WriteJSON(&out, report.Report{}))
	want := `0 errors, 0 warnings, 0 infos; 0 rules skipped, 0 broken
{
  "schemaVersion": "1",
  "summary": {
    "errors": 0,
    "warnings": 0,
    "infos": 0,
    "accepted": 0,
    "stale": 0,
    "skipped": 0,
    "broken": 0
  },
  "findings": [],
  "skipped": [],
  "broken": [],
  "stale": []
}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}

// full fails once it has taken so much.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, fmt.Errorf("no space left")
	}
	return len(p), nil
}

func TestWriteFails(t *testing.T) {
	r := reported(t)
	for name, err := range map[string]error{
		"text":  report.WriteText(&full{10}, r, nil),
		"json":  report.WriteJSON(&full{10}, r),
		"sarif": report.WriteSARIF(&full{10}, r, nil),
	} {
		if err == nil {
			t.Errorf("%s: a writer that fails is no error", name)
		}
	}
}

func TestWantsColor(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	if report.WantsColor(file) || report.WantsColor(new(bytes.Buffer)) {
		t.Error("a file or a buffer wants color")
	}
}
