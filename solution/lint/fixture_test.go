package lint_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// build makes a solution with two references and some flows, each of which uses both.
func build(t testing.TB, name string, flows ...string) *solution.Solution {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: name, DisplayName: name, Version: "1.0.0.0",
		Publisher: solution.Publisher{UniqueName: "Contoso", Prefix: "contoso"},
	})
	mail := connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"}
	sql := connref.Reference{LogicalName: "contoso_sql", DisplayName: "SQL", Connector: "shared_sql"}
	b.AddReference(mail)
	b.AddReference(sql)
	for _, name := range flows {
		f := b.NewFlow(solution.Workflow{Name: name, On: true})
		f.Bind(flow.NewBinding("mail", mail))
		f.Bind(flow.NewBinding("sql", sql))
		f.Trigger("", flow.Manual{By: flow.ByButton})
		f.Add("Read", flow.Call{Key: "sql", Operation: "GetItems_V2"})
		f.Add("Send", flow.Call{Key: "mail", Operation: "SendEmailV2"})
	}
	sol, err := b.Build(solution.LayoutZip)
	require.NoError(t, err)
	return sol
}

func input(solutions ...*solution.Solution) lint.Input { return lint.Input{Solutions: solutions} }

func config(rules ...*lint.Rule) lint.Config { return lint.Config{Rules: rules} }

func run(t testing.TB, in lint.Input, c lint.Config) lint.Result {
	result, err := lint.Run(context.Background(), in, c)
	require.NoError(t, err)
	return result
}

// told answers findings as lines of file, line, severity, rule and message.
func told(list diag.List) (lines []string) {
	for _, d := range list {
		name, _, _ := strings.Cut(d.At.File, "-")
		lines = append(lines, fmt.Sprintf("%s %s %s: %s", d.Rule, d.Severity, name, d.Message))
	}
	return lines
}

// everyKey finds every key of every flow.
var everyKey = &lint.Rule{
	ID: "T101", Name: "every-key", Family: "flow", Doc: "A flow has a key", Severity: diag.Warning, Scope: lint.ScopeFlow,
	Run: func(_ context.Context, p *lint.Pass) error {
		for b := range p.Flow.Bindings() {
			p.Reportf(b.At, "key %s of flow %s", b.Key, p.Flow.Name)
		}
		return nil
	},
}

// everyReference finds every declaration.
var everyReference = &lint.Rule{
	ID: "T201", Name: "every-reference", Family: "reference", Doc: "A reference is declared", Severity: diag.Info,
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			p.Reportf(ref.At, "reference %s", ref.LogicalName)
		}
		return nil
	},
}

// everyShare finds references that several flows of the set use.
var everyShare = &lint.Rule{
	ID: "T202", Name: "every-share", Family: "reference", Doc: "A reference is shared", Severity: diag.Error,
	Scope: lint.ScopeSet,
	Run: func(_ context.Context, p *lint.Pass) error {
		for r := range p.Graph().References() {
			for d := range r.Declarations() {
				if n := len(r.Consumers().Flows); n > 1 {
					p.ReportAt(d.Place, lint.Finding{Message: fmt.Sprintf("reference %s is shared by %d flows", r.Name, n)})
				}
			}
		}
		return nil
	},
}

// failing is a rule that does something else than judge.
func failing(name string, run func(ctx context.Context, p *lint.Pass) error) *lint.Rule {
	return &lint.Rule{Name: name, Doc: "It fails", Severity: diag.Info, Run: run}
}

// replacing is a rule that wants a text to be another one wherever it stands in a file of the solution.
func replacing(name, file, old, to string) *lint.Rule {
	return failing(name, func(_ context.Context, p *lint.Pass) error {
		f, err := p.Solution.File(file)
		if err != nil {
			return err
		}
		for at, text := 0, f.Text(); ; at++ {
			i := strings.Index(text[at:], old)
			if i < 0 {
				return nil
			}
			at += i
			span := source.Span{Start: at, End: at + len(old)}
			p.Report(lint.Finding{At: f.At(span), Message: old, Fixes: []diag.Fix{{
				Message: "write " + to,
				Changes: []source.Change{{File: f.Name(), Edits: []source.Edit{f.NewEdit(span, to)}}},
			}}})
		}
	})
}
