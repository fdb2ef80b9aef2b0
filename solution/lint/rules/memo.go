package rules

import "github.com/connref/connref/solution/lint"

// memoKey is what rules gather of a set, and what it is about if there is one for each of something.
type memoKey struct {
	what string
	of   any
}

// memo gathers something of the set once in a run.
func memo[T any](p *lint.Pass, key memoKey, gather func() T) T {
	return p.Memo(key, func() any { return gather() }).(T)
}
