package lint_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// orders is a solution with a reference whose display name is in capitals.
func orders() *solution.Solution {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "Orders", DisplayName: "Orders", Version: "1.0.0.0",
		Publisher: solution.Publisher{UniqueName: "Contoso", Prefix: "contoso"},
	})
	b.AddReference(connref.Reference{LogicalName: "contoso_mail", DisplayName: "MAIL", Connector: "shared_office365"})
	b.AddReference(connref.Reference{LogicalName: "contoso_sql", DisplayName: "Rows", Connector: "shared_sql"})
	sol, err := b.Build(solution.LayoutZip)
	if err != nil {
		log.Fatal(err)
	}
	return sol
}

// quiet is a rule with a fix.
var quiet = &lint.Rule{
	Name:     "quiet-names",
	Doc:      "Display names aren't in capitals",
	Severity: diag.Warning,
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			name := ref.DisplayName
			if name != strings.ToUpper(name) {
				continue
			}
			ref.DisplayName = name[:1] + strings.ToLower(name[1:])
			changes, err := p.Solution.Changes(solution.Edits{Update: []connref.Reference{ref}})
			if err != nil {
				return err
			}
			p.Report(lint.Finding{
				At:      ref.At,
				Message: fmt.Sprintf("reference %s is called %s: write %s", ref.LogicalName, name, ref.DisplayName),
				Fixes:   []diag.Fix{{Message: "call it " + ref.DisplayName, Changes: changes}},
			})
		}
		return nil
	},
}

func ExampleRun() {
	result, err := lint.Run(context.Background(), lint.Input{Solutions: []*solution.Solution{orders()}},
		lint.Config{Rules: []*lint.Rule{quiet}})
	if err != nil {
		log.Fatal(err)
	}
	for _, finding := range result.Findings {
		fmt.Println(finding)
	}
	// Output:
	// customizations.xml:14:5: reference contoso_mail is called MAIL: write Mail [quiet-names]
}

func ExampleFix() {
	fixed, err := lint.Fix(context.Background(), lint.Input{Solutions: []*solution.Solution{orders()}},
		lint.Config{Rules: []*lint.Rule{quiet}})
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range fixed.Applied {
		fmt.Println(a.Fix.Message)
	}
	ref, err := fixed.Solutions[0].Reference("contoso_mail")
	fmt.Println(ref.DisplayName, err, len(fixed.Left.Findings))
	// Output:
	// call it Mail
	// Mail <nil> 0
}

func ExampleConfig() {
	rules := []*lint.Rule{quiet}
	in := lint.Input{Solutions: []*solution.Solution{orders()}}
	today, err := lint.Run(context.Background(), in, lint.Config{Rules: rules})
	if err != nil {
		log.Fatal(err)
	}
	// What there is today is accepted; only what is new is told from now on.
	result, err := lint.Run(context.Background(), in, lint.Config{
		Rules:      rules,
		Severities: map[string]diag.Severity{"quiet-names": diag.Error},
		Baseline:   today.Baseline(),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(result.Findings), "findings,", len(result.Accepted), "accepted")
	// Output: 0 findings, 1 accepted
}
