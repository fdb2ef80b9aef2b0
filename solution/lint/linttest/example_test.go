package linttest_test

import (
	"context"
	"fmt"
	"log"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/linttest"
)

func Example() {
	undeclared := &lint.Rule{
		Name: "undeclared", Doc: "A flow names a reference that nobody declares", Severity: diag.Error,
		Scope: lint.ScopeFlow,
		Run: func(_ context.Context, p *lint.Pass) error {
			for b := range p.Flow.Bindings() {
				if p.Solution.State(b) == solution.Dangling {
					p.Reportf(b.At, "%s is not declared", b.Reference)
				}
			}
			return nil
		},
	}
	// In a test this would be linttest.Run(t, undeclared, "testdata/undeclared.txtar").
	c, err := linttest.Load("testdata/undeclared.txtar")
	if err != nil {
		log.Fatal(err)
	}
	result, err := lint.Run(context.Background(), c.Input, lint.Config{Rules: []*lint.Rule{undeclared}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(c.Comment)
	for _, finding := range result.Findings {
		fmt.Printf("%s: %s: %s\n", finding.Position, finding.Severity, finding.Message)
	}
	for _, want := range c.Want {
		fmt.Printf("line %d: %s\n", want.Line, want.Text)
	}
	// Output:
	// A flow names a reference that nobody declares.
	// Workflows/Daily.json:13:8: error: contoso_slq is not declared
	// line 10: Workflows/Daily.json#/properties/connectionReferences/sql: error: contoso_slq is not declared
}
