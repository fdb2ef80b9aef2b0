package linttest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/linttest"
)

// recorder is a test that only notes how it failed.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper()                           {}
func (r *recorder) Failed() bool                      { return len(r.failures) > 0 }
func (r *recorder) Logf(string, ...any)               {}
func (r *recorder) Errorf(format string, args ...any) { r.failures = append(r.failures, fmt.Sprintf(format, args...)) }
func (r *recorder) Fatal(args ...any)                 { r.stop(fmt.Sprint(args...)) }
func (r *recorder) Fatalf(format string, args ...any) { r.stop(fmt.Sprintf(format, args...)) }

func (r *recorder) stop(text string) {
	r.failures = append(r.failures, text)
	runtime.Goexit()
}

// record tells how f fails a test.
func record(t testing.TB, f func(t testing.TB)) []string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r.failures
}

func parse(t testing.TB, archive string) *linttest.Case {
	c, err := linttest.Parse("case.txtar", []byte(archive))
	require.NoError(t, err)
	return c
}

// dangling finds bindings to references that the solution doesn't declare.
var dangling = &lint.Rule{
	Name: "dangling", Doc: "A binding names no reference", Severity: diag.Error, Scope: lint.ScopeFlow,
	Run: func(_ context.Context, p *lint.Pass) error {
		for b := range p.Flow.Bindings() {
			if p.Solution.State(b) == solution.Dangling {
				p.Reportf(b.At, "reference %s is not declared", b.Reference)
			}
		}
		return nil
	},
}

// running is a rule that does something else.
func running(run func(p *lint.Pass) error) *lint.Rule {
	return &lint.Rule{
		Name: "running", Doc: "It runs", Severity: diag.Warning,
		Run: func(_ context.Context, p *lint.Pass) error { return run(p) },
	}
}

// rewording is a rule that wants "Mail" in place of "mail" wherever a declaration's display name is that, with fixes that
// do what is asked.
func rewording(fix func(f *source.File, at source.Span) []source.Change) *lint.Rule {
	return running(func(p *lint.Pass) error {
		f, err := p.Solution.File("customizations.xml")
		if err != nil {
			return err
		}
		const text = ">mail<"
		if i := strings.Index(f.Text(), text); i >= 0 {
			span := source.Span{Start: i + 1, End: i + len(text) - 1}
			p.Report(lint.Finding{
				At: f.At(span), Message: "display name is in lower case",
				Fixes: []diag.Fix{{Message: "write it with a capital", Changes: fix(f, span)}},
			})
		}
		return nil
	})
}

func capital(f *source.File, at source.Span) []source.Change {
	return []source.Change{{File: f.Name(), Edits: []source.Edit{f.NewEdit(at, "Mail")}}}
}

const mailAndFlow = `-- references --
contoso_mail shared_office365 mail
-- Workflows/Daily.json --
{"connectionReferences": {"mail": "contoso_mail", "sql": "contoso_sql"}, "actions": {"Send": "mail SendEmailV2"}}
`

const sqlPlace = "Workflows/Daily.json#/properties/connectionReferences/sql: "

const declaration = `customizations.xml#<connectionreference connectionreferencelogicalname="contoso_mail">`

// A case that isn't met fails the test, and says why.
func TestCaseFails(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, test := range []struct {
		name, archive string
		rule          *lint.Rule
		want          []string // what each failure has to say
	}{
		{"met", "-- want --\n" + sqlPlace + "error: .*contoso_sql\n", dangling, nil},
		{"unexpected finding", "-- want --\n", dangling, []string{
			"case.txtar: the findings are not those of want:\n" +
				"\tunexpected: " + sqlPlace + "error: reference contoso_sql is not declared",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := parse(t, mailAndFlow+test.archive)
			got := record(t, func(t testing.TB) { c.Test(t, test.rule) })
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
	_ = calls
	_ = os.ReadFile
	_ = filepath.Join
	_ = declaration
	_ = rewording
	_ = capital
}
