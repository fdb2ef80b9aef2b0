package refactor

import (
	"fmt"
	"maps"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// Merging makes several references one: what uses those to drop uses the one to keep from then on.
type Merging struct {
	Keep connref.LogicalName
	Drop []connref.LogicalName
	// JoinKeys makes one binding of a flow's several bindings that end on the reference kept. Otherwise they stay several
	// keys, which is legal.
	JoinKeys bool
}

// Merge plans to make duplicates one reference: flows, agents and apps that use a dropped one use the kept one, the
// dropped declarations go away, and a solution that then uses the reference of another one lists it as missing.
// Settings keep the entry of the reference kept.
//
// It refuses a reference that nothing has or that is for another connector, one to keep that no solution declares, and
// one to drop that a solution outside of Input.Solutions names, or a solution that can't use the one to keep: a copy
// that lacks what another copy declares, say.
func Merge(in Input, merges ...Merging) (*Plan, error) {
	d := in.draft()
	roles := map[*graph.Reference]role{}
	for _, m := range byKept(merges) {
		keep, drop := d.merging(m, roles)
		if len(drop) == 0 {
			continue
		}
		for _, sol := range d.Solutions {
			if err := d.merge(sol, m, keep, drop); err != nil {
				return nil, err
			}
		}
		for _, r := range drop {
			d.mergeSettings(keep.Name, r.Name)
			d.warnOfMove(keep, r)
		}
	}
	return d.finish()
}

// byKept makes one merge of those that keep the same reference. Keys are joined if any of them asks for it.
func byKept(merges []Merging) (list []Merging) {
	for _, m := range merges {
		i := slices.IndexFunc(list, func(other Merging) bool { return other.Keep.Equal(m.Keep) })
		if i < 0 {
			m.Drop = slices.Clone(m.Drop)
			list = append(list, m)
			continue
		}
		list[i].Drop = append(list[i].Drop, m.Drop...)
		list[i].JoinKeys = list[i].JoinKeys || m.JoinKeys
	}
	return list
}

// role is what a merge makes of a reference.
type role uint8

const (
	kept role = iota + 1
	dropped
)

// merging answers the references of a merge, those to drop that can be, and refuses what can't. A reference has one
// role in all merges of a plan.
func (d *draft) merging(m Merging, roles map[*graph.Reference]role) (keep *graph.Reference, drop []*graph.Reference) {
	switch keep = d.reference("merge into", m.Keep); {
	case keep == nil:
		return nil, nil
	case len(keep.Candidates) == 0:
		d.refuse("merge into %s: no solution that was read declares it", m.Keep)
		return nil, nil
	case roles[keep] == dropped:
		d.refuse("merge into %s: another merge drops it", m.Keep)
		return nil, nil
	}
	for _, name := range m.Drop {
		r := d.reference("merge", name)
		if r == nil {
			continue
		}
		outside, other, without := d.outside(r), otherConnector(keep, r), d.without(keep, r)
		switch {
		case r == keep:
			d.refuse("merge %s into %s: they are one reference", name, m.Keep)
		case roles[r] == kept:
			d.refuse("merge %s into %s: another merge keeps it", name, m.Keep)
		case roles[r] == dropped:
			d.refuse("merge %s into %s: it is to be merged already", name, m.Keep)
		case other != "":
			d.refuse("merge %s into %s: %s", name, m.Keep, other)
		case outside != "":
			d.refuse("merge %s into %s: solution %s names it, and is not among those to be changed", name, m.Keep, outside)
		case without != "":
			d.refuse("merge %s into %s: %s uses it, and neither declares %s nor can depend on another solution for that",
				name, m.Keep, without, m.Keep)
		default:
			roles[r], roles[keep] = dropped, kept
			drop = append(drop, r)
		}
	}
	return keep, drop
}

// without names a solution that uses one reference and can't use another; "" if there is none.
func (d *draft) without(keep, drop *graph.Reference) string {
	for _, sol := range d.Solutions {
		for _, m := range d.mentions[sol] {
			names := isUse(m) || m.Kind == solution.MentionRequired
			if names && m.Reference.Equal(drop.Name) && !d.dependenciesOn(keep, sol).can() {
				return sol.Path()
			}
		}
	}
	return ""
}

// merge makes the references to drop the one to keep in a solution.
func (d *draft) merge(sol *solution.Solution, m Merging, keep *graph.Reference, drop []*graph.Reference) error {
	var names []connref.LogicalName
	for _, r := range drop {
		names = append(names, r.Name)
	}
	missing := d.dependenciesOn(keep, sol)
	users := d.mergeMentions(sol, names, keep.Name)
	for f := range sol.Flows() {
		moved, err := d.mergeBindings(sol, f, names, keep.Name, m.JoinKeys)
		if err != nil {
			return err
		}
		if moved {
			users = append(users, solution.DependentFlow(f.Workflow))
		}
	}
	for _, row := range sol.Manifest().MissingDependencies {
		if slices.ContainsFunc(names, row.Required.Reference().Equal) {
			if d.drop(sol, required(row)) {
				d.step(noteAt(sol, row.At, fmt.Sprintf("drop the missing dependency on %s", row.Required.Reference())))
			}
			missing.add(row.Dependent)
		}
	}
	for _, user := range users {
		missing.add(user)
	}
	return nil
}

// mergeMentions changes what names references to drop, but for flows and missing dependencies, and answers the agents
// and apps that use the one to keep from then on.
func (d *draft) mergeMentions(
	sol *solution.Solution, names []connref.LogicalName, keep connref.LogicalName,
) (users []solution.Component) {
	rows := map[string]bool{} // components of agents that have a row for the reference kept
	for _, m := range d.mentions[sol] {
		if m.Kind == solution.MentionAgentRow && m.Reference.Equal(keep) {
			rows[connref.Fold(m.Holder)] = true
		}
	}
	for _, m := range d.mentions[sol] {
		if !slices.ContainsFunc(names, m.Reference.Equal) {
			continue
		}
		switch m.Kind {
		case solution.MentionBinding, solution.MentionRequired:
			continue
		case solution.MentionDeclaration, solution.MentionDependent:
			if d.drop(sol, m) {
				d.step(noteAt(sol, m.At, fmt.Sprintf("drop %s of %s", part(m), m.Reference)))
			}
			continue
		case solution.MentionAgentRow:
			if rows[connref.Fold(m.Holder)] {
				d.drop(sol, m)
				d.step(noteAt(sol, m.At, fmt.Sprintf("drop %s from %s, which names %s too", m.Reference, where(m), keep)))
				continue
			}
			rows[connref.Fold(m.Holder)] = true
		}
		edits := d.edits[sol]
		edits.Rename = append(edits.Rename, solution.Renaming{Mention: m, To: keep})
		d.step(noteAt(sol, m.At, fmt.Sprintf("name %s instead of %s in %s", keep, m.Reference, where(m))))
		d.warnOfApp(sol, m)
		users = append(users, dependentOf(sol, m))
	}
	return users
}

// dependentOf is what holds a mention, as a missing dependency names it.
func dependentOf(sol *solution.Solution, m solution.Mention) solution.Component {
	if m.Kind != solution.MentionApp {
		return solution.DependentAgent(m.Holder)
	}
	for app := range sol.Apps() {
		if app.Name == m.Holder {
			return solution.DependentApp(app)
		}
	}
	return solution.DependentApp(solution.App{Name: m.Holder, DisplayName: m.Holder})
}

// mergeBindings moves a flow's bindings, and joins those that end on one reference if that is asked for.
func (d *draft) mergeBindings(
	sol *solution.Solution, f *solution.Flow, names []connref.LogicalName, keep connref.LogicalName, join bool,
) (moved bool, err error) {
	var bindings []flow.Binding
	for b := range f.Bindings() {
		drops := slices.ContainsFunc(names, b.Reference.Equal)
		moved = moved || drops
		if drops || b.Reference.Equal(keep) {
			bindings = append(bindings, b)
		}
	}
	if !moved {
		return false, nil
	}
	var joined map[string]bool
	if join {
		joined = d.join(sol, f, bindings, keep)
	}
	keys := map[string]connref.LogicalName{}
	for _, b := range bindings {
		if !joined[b.Key] && !b.Reference.Equal(keep) {
			keys[b.Key] = keep
			d.step(noteAt(sol, b.ReferenceAt,
				fmt.Sprintf("bind %s of flow %s to %s instead of %s", b.Key, f.Name, keep, b.Reference)))
		}
	}
	change, err := f.Rebind(keys)
	d.change(sol, change)
	return moved, err
}

// join makes one key of those that can be, and answers the keys that go away. The first stays of those that have the
// reference to keep, else the first of all.
func (d *draft) join(
	sol *solution.Solution, f *solution.Flow, bindings []flow.Binding, keep connref.LogicalName,
) (joined map[string]bool) {
	stays := bindings[max(0, slices.IndexFunc(bindings, func(b flow.Binding) bool { return b.Reference.Equal(keep) }))]
	apart := func(b flow.Binding, reason string) {
		d.plan.Warnings = append(d.plan.Warnings, noteAt(sol, b.At,
			fmt.Sprintf("key %s of flow %s stays beside %s: %s", b.Key, f.Name, stays.Key, reason)))
	}
	into := map[string]string{}
	var joins []flow.Binding
	for _, b := range bindings {
		switch {
		case b.Key == stays.Key:
		case !b.Connector.Equal(stays.Connector) || b.Source != stays.Source || b.Impersonation != stays.Impersonation:
			apart(b, "they differ in connector or in whose connection runs")
		default:
			joins, into[b.Key] = append(joins, b), stays.Key
		}
	}
	joined = map[string]bool{}
	_, err := f.JoinKeys(into) // finish joins all that are to be joined of a flow
	for _, b := range joins {
		if err != nil {
			apart(b, err.Error())
			continue
		}
		joined[b.Key] = true
		d.step(noteAt(sol, b.At, fmt.Sprintf("join key %s of flow %s to %s", b.Key, f.Name, stays.Key)))
	}
	if len(joined) > 0 {
		if d.joins[f] == nil {
			d.joins[f] = map[string]string{}
		}
		maps.Copy(d.joins[f], into)
	}
	return joined
}

// warnOfMove tells what a merge asks for in environments.
func (d *draft) warnOfMove(keep, drop *graph.Reference) {
	for before := range drop.Bound() {
		for after := range keep.Bound() {
			if before.Environment == after.Environment && before.Connection != after.Connection {
				d.warn("in %s, what runs on %s moves from %s to %s", before.Environment.Name, drop.Name,
					connectionOf(before), connectionOf(after))
			}
		}
	}
	if drop.Consumers().Len() > 0 {
		d.warnOfOtherConnection(drop.Name, keep.Name)
	}
	d.warnOfLeftover(drop)
}

// warnOfOtherConnection tells that flows come to run on whatever connection another reference is bound to.
func (d *draft) warnOfOtherConnection(from, to connref.LogicalName) {
	d.warn("what ran on the connection behind %s runs on the one behind %s then: owners of flows need access to that",
		from, to)
}

// warnOfLeftover tells of a reference that no solution declares any more.
func (d *draft) warnOfLeftover(r *graph.Reference) {
	d.warn("an environment keeps %s until it is deleted there: a managed upgrade deletes it once nothing uses it", r.Name)
}

func connectionOf(b *graph.Bound) string {
	if b.Connection == nil {
		return "no connection"
	}
	return "connection " + string(b.Connection.ID)
}
