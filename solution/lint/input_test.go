package lint_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// Passes that run side by side share what one of them makes; keys, and runs, have each their own.
func TestMemo(t *testing.T) {
	type key string
	var made atomic.Int32
	counting := func(name string) *lint.Rule {
		return failing(name, func(_ context.Context, p *lint.Pass) error {
			got := p.Memo(key(name), func() any { made.Add(1); return name + " made" })
			if got != name+" made" {
				t.Errorf("%s: %v", name, got)
			}
			return nil
		})
	}
	var solutions []*solution.Solution
	for _, name := range []string{"A", "B", "C", "D", "E", "F"} {
		solutions = append(solutions, build(t, name))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	for n := range int32(3) {
		result := run(t, input(solutions...), config(counting("one"), counting("two")))
		if got := made.Load(); result.Err() != nil || got != 2*(n+1) {
			t.Errorf("run %d: %d made so far, %v", n+1, got, result.Err())
		}
	}
}
