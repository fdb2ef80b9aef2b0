package report_test

import (
	"context"
	"log"
	"os"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/report"
)

func ExampleWriteText() {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "Orders", DisplayName: "Orders", Version: "1.0.0.0",
		Publisher: solution.Publisher{UniqueName: "Contoso", Prefix: "contoso"},
	})
	b.AddReference(connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"})
	sol, err := b.Build(solution.LayoutZip)
	if err != nil {
		log.Fatal(err)
	}
	short := &lint.Rule{
		ID: "OWN1", Name: "short-name", Doc: "A display name says more than a word", Severity: diag.Warning,
		Run: func(_ context.Context, p *lint.Pass) error {
			for ref := range p.Solution.References() {
				p.Reportf(ref.At, "%s is called %s: say what it is for", ref.LogicalName, ref.DisplayName)
			}
			return nil
		},
	}
	in := lint.Input{Solutions: []*solution.Solution{sol}}
	result, err := lint.Run(context.Background(), in, lint.Config{Rules: []*lint.Rule{short}})
	if err != nil {
		log.Fatal(err)
	}
	err = report.WriteText(os.Stdout, report.Report{Result: result, Solutions: in.Solutions}, nil)
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// Orders!customizations.xml:14:5: warning: contoso_mail is called Mail: say what it is for [OWN1 short-name]
	//   14 | <connectionreference connectionreferencelogicalname="contoso_mail">
	//      | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
	// 0 errors, 1 warning, 0 infos; 0 rules skipped, 0 broken
}
