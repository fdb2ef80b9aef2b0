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
	// Flows are the flows to move, by id; nil moves all, those without an id too.
	Flows []connref.FlowID
}

// Rebind plans to move flows from one reference to another. Agents and canvas apps stay. A solution that then uses a
// reference of another one lists it as missing.
//
// It refuses a reference that nothing has or that is for another connector, a flow that doesn't use From or that
// another of the moves moves from there, and a reference To that a flow's solution doesn't declare, and doesn't list as
// missing, and no other solution declares.
func Rebind(in Input, moves ...Rebinding) (*Plan, error) {
	d := in.draft()
	to := targets{}
	for _, m := range moves {
		verb := fmt.Sprintf("rebind %s to", m.From)
		old, target := d.reference("rebind", m.From), d.reference(verb, m.To)
		switch {
		case old == nil || target == nil:
			continue
		case old == target:
			d.refuse("%s %s: they are one reference", verb, m.To)
			continue
		}
		if reason := otherConnector(old, target); reason != "" {
			d.refuse("%s %s: %s", verb, m.To, reason)
			continue
		}
		d.rebind(m, target, to)
	}
	for _, sol := range d.Solutions {
		if err := d.move(sol, to); err != nil {
			return nil, err
		}
	}
	return d.finish()
}

// targets are the references that bindings of flows are to have, by key.
type targets map[*solution.Flow]map[string]*graph.Reference

// rebind notes what a move moves.
func (d *draft) rebind(m Rebinding, target *graph.Reference, to targets) {
	left, moved := slices.Clone(m.Flows), false
	for _, sol := range d.Solutions {
		canUse := d.dependenciesOn(target, sol).can()
		for f := range sol.Flows() {
			keys := keysOf(f, m.From)
			chosen := m.Flows == nil || !f.ID.IsZero() && slices.Contains(m.Flows, f.ID)
			if !chosen || len(keys) == 0 {
				continue
			}
			left = slices.DeleteFunc(left, func(id connref.FlowID) bool { return id == f.ID })
			switch {
			case !canUse:
				d.refuse("rebind flow %s to %s: neither %s nor another solution that was read declares that",
					f.Name, m.To, sol.Manifest().UniqueName)
				continue
			case to[f][keys[0]] != nil:
				d.refuse("rebind flow %s from %s to %s: it is to be moved to %s already", f.Name, m.From, m.To, to[f][keys[0]].Name)
				continue
			case to[f] == nil:
				to[f] = map[string]*graph.Reference{}
			}
			moved = true
			for _, key := range keys {
				to[f][key] = target
			}
		}
	}
	switch {
	case moved:
		d.warnOfOtherConnection(m.From, target.Name)
	case m.Flows == nil:
		d.warn("no flow that could be read and can be moved uses %s", m.From)
	}
	for _, id := range left {
		if id.IsZero() {
			d.refuse("rebind flows from %s: an id of zero names no flow: one without an id moves only with all", m.From)
			continue
		}
		d.refuse("rebind flow %s: no flow of that id that can be changed uses %s", id, m.From)
	}
}

// keysOf are the keys under which a flow uses a reference.
func keysOf(f *solution.Flow, name connref.LogicalName) (keys []string) {
	for b := range f.Bindings() {
		if !b.Direct() && b.Reference.Equal(name) {
			keys = append(keys, b.Key)
		}
	}
	return keys
}

// move gives the bindings of a solution's flows the references that they are to have.
func (d *draft) move(sol *solution.Solution, to targets) error {
	var freed []solution.MissingDependency // that flows no longer have
	for f := range sol.Flows() {
		names := map[string]connref.LogicalName{}
		before, after := map[connref.LogicalName]bool{}, map[connref.LogicalName]bool{}
		dependent := solution.DependentFlow(f.Workflow)
		for b := range f.Bindings() {
			target := to[f][b.Key]
			if target == nil {
				after[b.Reference.Fold()] = true
				continue
			}
			names[b.Key] = target.Name
			before[b.Reference.Fold()], after[target.Name.Fold()] = true, true
			d.step(noteAt(sol, b.ReferenceAt,
				fmt.Sprintf("bind %s of flow %s to %s instead of %s", b.Key, f.Name, target.Name, b.Reference)))
			d.dependenciesOn(target, sol).add(dependent)
		}
		change, err := f.Rebind(names)
		if err != nil {
			return err
		}
		d.change(sol, change)
		for _, row := range sol.Manifest().MissingDependencies {
			name := row.Required.Reference().Fold()
			if before[name] && !after[name] && sameComponent(row.Dependent, dependent) {
				freed = append(freed, row)
			}
		}
	}
	d.free(sol, freed, to)
	return nil
}

// free drops missing dependencies that flows no longer have: but not the last one on a reference that something else in
// the solution still uses, which would dangle then.
func (d *draft) free(sol *solution.Solution, freed []solution.MissingDependency, to targets) {
	used := map[connref.LogicalName]bool{}
	for _, m := range d.mentions[sol] {
		if isUse(m) && m.Kind != solution.MentionBinding {
			used[m.Reference.Fold()] = true
		}
	}
	for f := range sol.Flows() {
		for b := range f.Bindings() {
			if to[f][b.Key] == nil {
				used[b.Reference.Fold()] = true
			}
		}
	}
	for _, row := range freed {
		name := row.Required.Reference()
		isOther := func(other solution.MissingDependency) bool {
			return other.Required.Reference().Equal(name) &&
				!slices.ContainsFunc(freed, func(gone solution.MissingDependency) bool { return gone.At == other.At })
		}
		stays := used[name.Fold()] && !slices.ContainsFunc(sol.Manifest().MissingDependencies, isOther)
		if !stays && d.drop(sol, required(row)) {
			d.step(noteAt(sol, row.At, fmt.Sprintf("drop the missing dependency of %s on %s", row.Dependent.DisplayName, name)))
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
	part := droppedPart{sol, m.Part}
	if d.dropped[part] {
		return false
	}
	d.dropped[part] = true
	d.edits[sol].Drop = append(d.edits[sol].Drop, m)
	return true
}
