package refactor

import (
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// Rebinding moves flows from one reference to another of the same connector.
type Rebinding struct {
	From, To connref.LogicalName
	// Flows are the flows to move; nil moves all.
	Flows []connref.FlowID
}

// Rebind plans to move flows from one reference to another. Agents and canvas apps stay. A solution that then uses a
// reference of another one lists it as missing.
//
// It refuses a reference that nothing has or that is for another connector, a flow that doesn't use From, and a reference
// To that no solution declares.
func Rebind(in Input, moves ...Rebinding) (*Plan, error) {
	d := in.draft()
	for _, m := range moves {
		verb := fmt.Sprintf("rebind %s to", m.From)
		old, to := d.reference("rebind", m.From), d.reference(verb, m.To)
		switch {
		case old == nil || to == nil:
			continue
		case old == to:
			d.refuse("%s %s: they are one reference", verb, m.To)
			continue
		}
		if reason := otherConnector(old, to); reason != "" {
			d.refuse("%s %s: %s", verb, m.To, reason)
			continue
		}
		if err := d.rebind(m, old, to); err != nil {
			return nil, err
		}
	}
	return d.finish()
}

func (d *draft) rebind(m Rebinding, old, to *graph.Reference) error {
	left := slices.Clone(m.Flows)
	for _, sol := range d.Solutions {
		missing := d.dependenciesOn(to, sol)
		for f := range sol.Flows() {
			if m.Flows != nil && !slices.Contains(m.Flows, f.ID) || !binds(f, m.From) {
				continue
			}
			left = slices.DeleteFunc(left, func(id connref.FlowID) bool { return id == f.ID })
			if !missing.can() {
				d.refuse("rebind flow %s to %s: neither %s nor another solution that was read declares that",
					f.Name, m.To, sol.Manifest().UniqueName)
				continue
			}
			if err := d.moveBindings(sol, f, []connref.LogicalName{m.From}, to.Name); err != nil {
				return err
			}
			d.freeDependency(sol, f, old)
			missing.add(solution.DependentFlow(f.Workflow))
		}
	}
	for _, id := range left {
		d.refuse("rebind flow %s: no flow of that id that can be changed uses %s", id, m.From)
	}
	return nil
}

// binds tells whether a flow uses a reference.
func binds(f *solution.Flow, name connref.LogicalName) bool {
	for b := range f.Bindings() {
		if b.Reference.Equal(name) && !name.IsZero() {
			return true
		}
	}
	return false
}

// moveBindings gives all of a flow's bindings of some references another one.
func (d *draft) moveBindings(sol *solution.Solution, f *solution.Flow, from []connref.LogicalName, to connref.LogicalName) error {
	keys := map[string]connref.LogicalName{}
	for b := range f.Bindings() {
		if !b.Direct() && slices.ContainsFunc(from, b.Reference.Equal) {
			keys[b.Key] = to
			d.step(noteAt(sol, b.ReferenceAt, fmt.Sprintf("bind %s of flow %s to %s instead of %s", b.Key, f.Name, to, b.Reference)))
		}
	}
	change, err := f.Rebind(keys)
	d.change(sol, change)
	return err
}

// freeDependency drops what the solution lists as missing for a flow that no longer uses a reference.
func (d *draft) freeDependency(sol *solution.Solution, f *solution.Flow, r *graph.Reference) {
	dependent := solution.DependentFlow(f.Workflow)
	for _, row := range sol.Manifest().MissingDependencies {
		if row.Required.Reference().Equal(r.Name) && sameComponent(row.Dependent, dependent) && d.drop(sol, required(row)) {
			d.step(noteAt(sol, row.At, fmt.Sprintf("drop the missing dependency of flow %s on %s", f.Name, r.Name)))
		}
	}
}

// required is the mention that a missing dependency's required side is.
func required(row solution.MissingDependency) solution.Mention {
	return solution.Mention{
		Kind: solution.MentionRequired, Reference: row.Required.Reference(), At: row.At, Part: row.At,
	}
}

// drop notes that what a mention stands in is to go; it answers false if that is noted already.
func (d *draft) drop(sol *solution.Solution, m solution.Mention) bool {
	edits := d.edits[sol]
	if slices.ContainsFunc(edits.Drop, func(gone solution.Mention) bool { return gone.Part == m.Part }) {
		return false
	}
	edits.Drop = append(edits.Drop, m)
	return true
}
