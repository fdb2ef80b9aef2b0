package linttest_test

import (
	"context"
	"testing"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/linttest"
)

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

func TestRun(t *testing.T) { linttest.Run(t, dangling, "testdata/first.txtar") }
