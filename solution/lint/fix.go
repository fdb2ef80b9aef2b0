package lint

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
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
const maxRounds = 10

// Fix runs rules, applies the fixes of what they find, and runs them again, until there is nothing left that a fix could
// mend. Of a finding's fixes the first is taken that doesn't clash with one taken before; one that clashes with all waits
// for the next round. Nothing is written anywhere, and the solutions that were given stay as they are.
//
// It fails as Run does. A fix that can't be applied makes its rule broken, which Left tells.
func Fix(ctx context.Context, in Input, config Config) (Fixed, error) {
	out := Fixed{Solutions: slices.Clone(in.Solutions)}
	in.Solutions = out.Solutions
	seen, refused := map[string]bool{}, map[string]error{}
	for round := 0; ; round++ {
		left, err := Run(ctx, in, config)
		if err != nil {
			return Fixed{}, err
		}
		fixable := slices.DeleteFunc(slices.Clone(left.Findings), func(d diag.Diagnostic) bool {
			return len(d.Fixes) == 0 || refused[d.Fingerprint] != nil
		})
		state := fingerprints(fixable)
		if len(fixable) == 0 || seen[state] || round == maxRounds {
			out.Left = left
			out.Left.Broken = append(out.Left.Broken, brokenFixes(left.Findings, refused, config.Rules)...)
			return out, nil
		}
		seen[state] = true
		for i, sol := range out.Solutions {
			m := mending{sol: sol, edits: map[string][]source.Edit{}, whole: map[string]source.Change{}, refused: refused}
			out.Solutions[i] = m.mend(fixable)
			out.Applied = append(out.Applied, m.applied...)
		}
	}
}

// fingerprints are those of the findings as one text.
func fingerprints(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		b.WriteString(d.Fingerprint)
	}
	return b.String()
}

// brokenFixes are the rules whose fixes could not be applied.
func brokenFixes(left diag.List, refused map[string]error, rules []*Rule) (list []Broken) {
	for _, d := range left {
		err := refused[d.Fingerprint]
		i := slices.IndexFunc(rules, func(r *Rule) bool { return r.Key() == d.Rule })
		if err != nil && i >= 0 {
			list = append(list, Broken{rules[i], d.Solution, fmt.Errorf("%s: its fix can't be applied: %w", d.Position, err)})
		}
	}
	return list
}

// mending gathers the fixes of one solution that don't clash.
type mending struct {
	sol     *solution.Solution
	edits   map[string][]source.Edit // taken, by folded name of the file
	whole   map[string]source.Change // taken, of whole files
	changes []source.Change
	applied []Applied
	refused map[string]error // why fixes can't be applied, by the finding's fingerprint
}

// mend answers the solution with as many fixes as go together.
func (m *mending) mend(fixable diag.List) *solution.Solution {
	for _, d := range fixable {
		if d.Solution != m.sol.Path() {
			continue
		}
		i := slices.IndexFunc(d.Fixes, func(f diag.Fix) bool { return !m.clashes(f.Changes) })
		if i >= 0 {
			m.take(d.Fixes[i].Changes)
			m.applied = append(m.applied, Applied{d, d.Fixes[i]})
		}
	}
	mended, err := m.sol.With(m.changes...)
	if err != nil {
		return m.oneByOne()
	}
	return mended
}

// oneByOne applies the fixes that were taken one after the other, and leaves out those that the solution refuses beside
// the others. One that it refuses alone is noted.
func (m *mending) oneByOne() *solution.Solution {
	taken, mended := m.applied, m.sol
	m.applied, m.changes = nil, nil
	for _, a := range taken {
		next, err := m.sol.With(slices.Concat(m.changes, a.Fix.Changes)...)
		if err == nil {
			mended, m.changes, m.applied = next, append(m.changes, a.Fix.Changes...), append(m.applied, a)
		} else if _, alone := m.sol.With(a.Fix.Changes...); alone != nil {
			m.refused[a.Finding.Fingerprint] = alone
		}
	}
	return mended
}

// take notes changes that don't clash. An edit that another fix makes too is made once.
func (m *mending) take(changes []source.Change) {
	for _, c := range changes {
		key := connref.Fold(c.File)
		if !c.OfText() {
			if _, there := m.whole[key]; !there {
				m.whole[key] = c
				m.changes = append(m.changes, c)
			}
			continue
		}
		own := source.Change{File: c.File, Spelling: c.Spelling}
		for _, e := range c.Edits {
			if !slices.Contains(m.edits[key], e) {
				own.Edits = append(own.Edits, e)
			}
		}
		m.edits[key] = append(m.edits[key], own.Edits...)
		m.changes = append(m.changes, own)
	}
}

// clashes tells whether changes can't be made beside those that were taken.
func (m *mending) clashes(changes []source.Change) bool {
	return slices.ContainsFunc(changes, func(c source.Change) bool {
		key := connref.Fold(c.File)
		whole, isWhole := m.whole[key]
		if !c.OfText() {
			return len(m.edits[key]) > 0 || isWhole && !equalWhole(whole, c)
		}
		return isWhole || slices.ContainsFunc(c.Edits, func(e source.Edit) bool {
			return slices.ContainsFunc(m.edits[key], func(taken source.Edit) bool { return taken != e && overlap(taken, e) })
		})
	})
}

// overlap tells whether two edits touch one text, or insert at one place.
func overlap(a, b source.Edit) bool {
	return a.Span.Start == b.Span.Start || a.Span.Start < b.Span.End && b.Span.Start < a.Span.End
}

// equalWhole tells whether two changes make the same of a whole file.
func equalWhole(a, b source.Change) bool {
	return a.Remove == b.Remove && string(a.Create) == string(b.Create)
}
