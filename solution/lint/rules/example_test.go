package rules_test

import (
	"context"
	"fmt"
	"log"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/rules"
)

// orders is a solution whose flow uses a reference that it lacks.
func orders() *solution.Solution {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "Orders", DisplayName: "Orders", Version: "1.0.0.0",
		Publisher: solution.Publisher{UniqueName: "Contoso", Prefix: "contoso"},
	})
	f := b.NewFlow(solution.Workflow{Name: "Daily", On: true})
	f.Bind(flow.NewBinding("mail", connref.Reference{LogicalName: "contoso_mail", Connector: "shared_office365"}))
	f.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
	f.Add("Send", flow.Call{Key: "mail", Operation: "SendEmailV2"})
	sol, err := b.Build(solution.LayoutZip)
	if err != nil {
		log.Fatal(err)
	}
	return sol
}

func ExampleValidate() {
	findings, err := rules.Validate(context.Background(), orders())
	if err != nil {
		log.Fatal(err)
	}
	for _, finding := range findings {
		fmt.Println(finding.Severity, finding.Position, finding.Rule)
	}
	// Output: error solution.xml:83:7 CR302
}

func ExampleGet() {
	rule, err := rules.Get("undeclared-reference")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rule.ID, rule.Severity, rule.Title())
	// Output: CR301 error A flow, an agent or an app uses a reference that nobody declares
}

// A team that keeps all references in one solution says so in its policy.
func ExampleAll() {
	result, err := lint.Run(context.Background(), lint.Input{
		Solutions: []*solution.Solution{orders()},
		Policy:    &lint.Policy{Profile: lint.ProfileCommonSolution, CommonSolution: "Common"},
	}, lint.Config{
		Rules:       rules.All(),
		Only:        []string{"solution"},
		MinSeverity: diag.Warning,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(result.Findings), "findings;", len(result.Skipped), "skipped")
	// Output: 1 findings; 4 skipped
}
