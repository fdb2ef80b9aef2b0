package report_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/report"
)

// No report shows a credential that a rule found: not for that rule, nor for one that found something else on its line,
// around it or in its stead.
func TestCredentialsAreHidden(t *testing.T) {
	const credential = "hunter2"
	text, place := marked(`{"user": "ada", "password": "[` + credential + `]", "host": "example"}` + "\n{}\n")
	sol := holding(t, "note.json", []byte(text))
	whole := source.Span{Start: 0, End: strings.Index(text, "\n")}
	at := func(p *lint.Pass, span source.Span) lint.Finding {
		file, err := p.Solution.File("note.json")
		require.NoError(t, err)
		edit := file.NewEdit(span, strings.Replace(file.Slice(span), "hunter", "the hunter", 1))
		return lint.Finding{At: file.At(span), Message: "here", Fixes: []diag.Fix{{
			Message: "write it otherwise", Changes: []source.Change{{File: file.Name(), Edits: []source.Edit{edit}}},
		}}}
	}
	rule := func(name string, sensitive bool, span source.Span) *lint.Rule {
		return &lint.Rule{
			Name: name, Doc: "It is there", Severity: diag.Error, Sensitive: sensitive,
			Run: func(_ context.Context, p *lint.Pass) error { p.Report(at(p, span)); return nil },
		}
	}
	last := source.Span{Start: whole.End + 1, End: whole.End + 3}
	config := lint.Config{Rules: []*lint.Rule{
		rule("credential", true, place), rule("around", false, whole), rule("another-line", false, last),
		rule("same-line", false, source.Span{Start: 1, End: 7}),
	}}
	in := lint.Input{Solutions: []*solution.Solution{sol}}
	all, err := lint.Run(t.Context(), in, config)
	require.NoError(t, err)
	require.Len(t, all.Findings, 4)
	for name, accepted := range map[string]string{"found": "", "accepted": "credential"} {
		result := all
		if accepted != "" {
			config.Baseline = all.Baseline()
			entries := config.Baseline.Entries[:0]
			for _, e := range config.Baseline.Entries {
				if e.Rule == accepted {
					entries = append(entries, e)
				}
			}
			config.Baseline.Entries = entries
			result, err = lint.Run(t.Context(), in, config)
			require.NoError(t, err)
			require.Len(t, result.Accepted, 1)
		}
		r := report.Report{Result: result, Solutions: in.Solutions, Rules: config.Rules}
		var plain, document, log bytes.Buffer
		require.NoError(t, report.WriteText(&plain, r, nil))
		require.NoError(t, report.WriteJSON(&document, r))
		require.NoError(t, report.WriteSARIF(&log, r, nil))
		for _, out := range []string{plain.String(), document.String(), log.String()} {
			if strings.Contains(out, credential) {
				t.Errorf("%s: it tells the credential:\n%s", name, out)
			}
		}
		require.Contains(t, plain.String(), "  2 | {…\n", "other lines are shown")
		require.Contains(t, log.String(), `"snippet": {`, "other snippets are shown")
	}
}
