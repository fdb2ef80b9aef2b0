package lint

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
)

// Fixed is what Fix made.
type Fixed struct {
	// Solutions are those of the Input, in their order: mended, or the very same where nothing was.
	Solutions []*solution.Solution
	// Applied are the fixes in the order in which they were applied.
	Applied []Applied
	// Left is what a run finds in Solutions.
	Left Result
}

// Applied is a fix that was applied, and what it was for.
type Applied struct {
	Finding diag.Diagnostic
	Fix     diag.Fix
}

// maxRounds bounds how often Fix starts over: a fix may uncover what another rule finds, but not without end.
const maxRounds = 100

// Fix runs rules, applies the fixes of what they find, and runs them again, until there is nothing left that a fix could
// mend. Of a finding's fixes the first is taken that doesn't clash with one taken before; one that clashes with all waits
// for the next round. Nothing is written anywhere, and the solutions that were given stay as they are.
//
// It comes to an end where fixes undo each other, and after 100 rounds. It fails as Run does. A fix that can't be applied
// makes its rule broken, which Left tells.
func Fix(ctx context.Context, in Input, config Config) (Fixed, error) {
	out := Fixed{Solutions: slices.Clone(in.Solutions)}
	in.Solutions = out.Solutions
	seen, refused := map[string]bool{}, map[choice]error{}
	for round := 0; ; round++ {
		left, err := Run(ctx, in, config)
		if err != nil {
			return Fixed{}, err
		}
		fixable := slices.DeleteFunc(slices.Clone(left.Findings), func(d diag.Diagnostic) bool {
			return !slices.ContainsFunc(choices(d), func(c choice) bool { return refused[c] == nil })
		})
		state := fmt.Sprintf("%d %s", len(refused), stateOf(fixable))
		if len(fixable) == 0 || seen[state] || round == maxRounds {
			out.Left = left
			out.Left.Broken = append(out.Left.Broken, brokenFixes(left.Findings, refused, config.Rules)...)
			return out, nil
		}
		seen[state] = true
		for i, sol := range out.Solutions {
			m := mending{sol: sol, refused: refused, taking: newTaking()}
			out.Solutions[i] = m.mend(fixable)
			out.Applied = append(out.Applied, m.applied...)
		}
	}
}

// choice is one of a finding's fixes.
type choice struct {
	fingerprint string
	fix         int
}

func choices(d diag.Diagnostic) (list []choice) {
	for i := range d.Fixes {
		list = append(list, choice{d.Fingerprint, i})
	}
	return list
}

// stateOf tells one round's findings from another's.
func stateOf(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s %d ", d.Fingerprint, d.At.Span.Start)
	}
	return b.String()
}

// brokenFixes are the rules whose fixes could not be applied.
func brokenFixes(left diag.List, refused map[choice]error, rules []*Rule) (list []Broken) {
	for _, d := range left {
		rule := slices.IndexFunc(rules, func(r *Rule) bool { return r.Key() == d.Rule })
		for _, c := range choices(d) {
			if err := refused[c]; err != nil {
				list = append(list, Broken{
					Rule: rules[rule], Solution: d.Solution,
					Err: fmt.Errorf("%s: the fix to %s can't be applied: %w", d.Position, d.Fixes[c.fix].Message, err),
				})
			}
		}
	}
	return list
}

// mending gathers the fixes of one solution that go together.
type mending struct {
	sol     *solution.Solution
	refused map[choice]error // fixes that can't be applied even alone
	taking
	applied []Applied
	picks   []choice // of each that is applied
}

// mend answers the solution with as many fixes as go together.
func (m *mending) mend(fixable diag.List) *solution.Solution {
	for _, d := range fixable {
		if d.Solution != m.sol.Path() {
			continue
		}
		for i, c := range choices(d) {
			if m.refused[c] == nil && !m.clashes(d.Fixes[i].Changes) {
				m.take(d.Fixes[i].Changes)
				m.applied, m.picks = append(m.applied, Applied{d, d.Fixes[i]}), append(m.picks, c)
				break
			}
		}
	}
	mended, err := m.sol.With(m.changes...)
	if err == nil {
		return mended
	}
	applied, picks := m.applied, m.picks
	m.taking, m.applied, m.picks = newTaking(), nil, nil
	return m.halve(m.sol, applied, picks)
}

// halve applies those of the fixes that the solution takes beside the others. It halves them until it knows which it
// refuses, since most go well.
func (m *mending) halve(mended *solution.Solution, applied []Applied, picks []choice) *solution.Solution {
	together := m.taking.clone()
	for _, a := range applied {
		together.take(a.Fix.Changes)
	}
	next, err := m.sol.With(together.changes...)
	switch n := len(applied); {
	case err == nil:
		m.taking, m.applied, m.picks = together, append(m.applied, applied...), append(m.picks, picks...)
		return next
	case n > 1:
		mended = m.halve(mended, applied[:n/2], picks[:n/2])
		return m.halve(mended, applied[n/2:], picks[n/2:])
	}
	if _, err := m.sol.With(applied[0].Fix.Changes...); err != nil {
		m.refused[picks[0]] = err
	}
	return mended
}
