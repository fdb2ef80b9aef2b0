package refactor

import (
	"fmt"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// Combine answers one plan that does what all of the plans do, whose verbs were given the same solutions; in whichever
// order they are named. It fails with ErrConflict where two of them change the same text, where one takes away a
// reference that another one needs, and where two give references one name: apply one, then plan the other over what
// that answers.
func Combine(plans ...*Plan) (*Plan, error) {
	all := newPlan(nil, nil)
	alone := map[loss]bool{} // what some plan does on its own, such as to change the places of two names
	for _, p := range plans {
		all.Steps = append(all.Steps, p.Steps...)
		all.Warnings = appendNew(all.Warnings, p.Warnings...)
		all.Refusals = appendNew(all.Refusals, p.Refusals...)
		all.solutions = appendNew(all.solutions, p.solutions...)
		all.settings = appendNew(all.settings, p.settings...)
		for sol, changes := range p.Changes() {
			all.changes[sol] = append(all.changes[sol], changes...)
		}
		for file, edits := range p.Settings() {
			all.edits[file] = append(all.edits[file], edits...)
		}
		for _, name := range sorted(p.claims) {
			who, taken := all.claims[name]
			if taken && !who.Equal(p.claims[name]) {
				return nil, fmt.Errorf("both %s and %s get the name %s: %w", who, p.claims[name], name, connref.ErrConflict)
			}
			all.claims[name] = p.claims[name]
		}
		done, err := p.Apply()
		if err != nil {
			return nil, err
		}
		for _, l := range p.losses(done) {
			alone[l] = true
		}
	}
	all.order()
	done, err := all.Apply()
	if err != nil {
		return nil, err
	}
	for _, l := range all.losses(done) {
		if !alone[l] {
			return nil, fmt.Errorf("%s: one plan takes %s away, which another one needs: %w",
				l.sol.Path(), l.reference, connref.ErrConflict)
		}
	}
	if err := all.check(done); err != nil {
		return nil, err
	}
	return all, nil
}

// loss is a reference that a solution names, and that is no longer where it was: in the solution, or in any.
type loss struct {
	sol       *solution.Solution
	reference connref.LogicalName // folded
}

// losses are what is named in a solution after the plan though it, or every solution, has lost it by the plan.
func (p *Plan) losses(done Result) (list []loss) {
	before, after := declared(p.solutions), declared(done.Solutions)
	for i, sol := range p.solutions {
		for m := range done.Solutions[i].Mentions() {
			name := m.Reference.Fold()
			dangles := done.Solutions[i].StateOf(name) == solution.Dangling && sol.StateOf(name) != solution.Dangling
			if m.Kind != solution.MentionDependent && (dangles || before[name] && !after[name]) {
				list = appendNew(list, loss{sol, name})
			}
		}
	}
	return list
}

// declared are the references that any of the solutions declares, by folded name.
func declared(solutions []*solution.Solution) map[connref.LogicalName]bool {
	names := map[connref.LogicalName]bool{}
	for _, sol := range solutions {
		for ref := range sol.References() {
			names[ref.LogicalName.Fold()] = true
		}
	}
	return names
}

// check answers an ErrConflict if the plan breaks a solution: if more in it than before names references that it neither
// declares nor lists, or if there are more problems of a kind. Names prove nothing: they may have changed places.
func (p *Plan) check(done Result) error {
	for i, before := range p.solutions {
		after := done.Solutions[i]
		if before == after {
			continue
		}
		if was, is := dangling(before), dangling(after); len(is) > len(was) {
			m := is[0]
			for _, now := range is {
				if before.StateOf(now.Reference) != solution.Dangling {
					m = now
				}
			}
			return fmt.Errorf("%s: %s would be gone, but %s names it: plan over the solutions as they are: %w",
				after.Path(), m.Reference, where(m), connref.ErrConflict)
		}
		left := map[string]int{}
		for _, problem := range before.Problems() {
			left[problem.Rule]++
		}
		for _, problem := range after.Problems() {
			if left[problem.Rule]--; left[problem.Rule] < 0 {
				return fmt.Errorf("%s: there would be one problem more: %v: %w", after.Path(), problem, connref.ErrConflict)
			}
		}
	}
	return nil
}

// dangling are the places that name a reference which the solution neither declares nor lists as missing.
func dangling(sol *solution.Solution) (list []solution.Mention) {
	for m := range sol.Mentions() {
		if sol.StateOf(m.Reference) == solution.Dangling {
			list = append(list, m)
		}
	}
	return list
}
