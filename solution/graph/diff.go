package graph

import (
	"cmp"
	"slices"

	"github.com/connref/connref/connref"
)

// Difference is what changes for references when solutions are replaced by others. Nodes are those of the graph in which
// they are: what is gone is of the old one, what is there of the new one.
type Difference struct {
	Added   []*Reference // declared now, and not before
	Removed []Removal    // declared before, and not now
	Renamed []Rename     // pairs of the two above that look like one reference under another name
	// Changed are references that are declared for another connector than before: an import can't change that.
	Changed []ConnectorChange
	Moved   []Move // flows that use another reference where they used one before
	// Needed are references that a solution needs and that nobody declares now: of the new graph those that it didn't need
	// before, or that somebody declared; of the old graph those of solutions that stay, and that somebody declared.
	Needed []*Need
	Lost   []*Call // of the new graph: calls of flows that the old one has and that are gone
	// Stay are the solutions of the old graph that none of the new one replaces, New those of the new graph that replace
	// none.
	Stay, New []*Solution

	graphs []*Solution // of both graphs
}

// Removal is a reference that is gone.
type Removal struct {
	Reference *Reference // of the old graph
	// StillUsed is what uses it still: in the new solutions, and in old ones that stay.
	StillUsed Consumers
}

// Breaks tells whether something that worked before is known not to: a reference comes as another one or for another
// connector, a call leads nowhere, or a solution needs what neither it nor one outside of both graphs is said to bring.
func (d Difference) Breaks() bool {
	return len(d.Renamed)+len(d.Changed)+len(d.Lost) > 0 || slices.ContainsFunc(d.Needed, func(n *Need) bool {
		named := solutionNamed(n.From)
		within := func(s *Solution) bool { return connref.EqualFold(s.UniqueName, named) }
		return named == "" || slices.ContainsFunc(d.graphs, within)
	})
}

// Rename is a removed and an added reference of one connector that look like the same: flows moved from one to the other,
// or they have one display name, or there are no others of the connector that they could be. Names can't be changed: the
// target gets a second reference, with no connection.
type Rename struct {
	Old, New *Reference
	Flows    []*Flow // of the new graph, that moved from one to the other
}

// ConnectorChange is a reference that is declared for another connector.
type ConnectorChange struct {
	Old, New *Reference
}

// Move is a flow of which operations run on another reference.
type Move struct {
	Flow       *Flow        // of the new graph
	From, To   *Reference   // never nil: a direct connection that becomes a reference is no move
	Operations []*Operation // of the new graph
}

// Diff answers what changes when the solutions of the new graph replace those of the old one that have the same unique
// names. Solutions of the old graph that the new one lacks stay as they are.
func Diff(old, new *Graph) Difference {
	d := differ{old: old, new: new, replaced: map[*Solution]bool{}}
	for _, s := range old.solutions {
		_, err := new.Solution(s.UniqueName)
		d.replaced[s] = s.UniqueName != "" && err == nil
	}
	var out Difference
	for _, r := range old.references {
		other := new.byReference[r.Name.Fold()]
		switch {
		case len(r.Candidates) == 0:
		case other == nil || len(other.Candidates) == 0:
			if !slices.ContainsFunc(r.DeclaredBy(), d.stays) {
				out.Removed = append(out.Removed, Removal{r, d.users(r, other)})
			}
		case isNew(r, other):
			out.Changed = append(out.Changed, ConnectorChange{r, other})
		}
	}
	for _, r := range new.references {
		other := old.byReference[r.Name.Fold()]
		if len(r.Candidates) > 0 && (other == nil || len(other.Candidates) == 0) {
			out.Added = append(out.Added, r)
		}
	}
	out.Moved = d.moved()
	out.Renamed = renamed(out)
	out.Needed = d.needed()
	out.Lost = d.lost()
	for _, s := range old.solutions {
		if d.stays(s) {
			out.Stay = append(out.Stay, s)
		}
	}
	for _, s := range new.solutions {
		if _, err := old.Solution(s.UniqueName); s.UniqueName == "" || err != nil {
			out.New = append(out.New, s)
		}
	}
	out.graphs = slices.Concat(old.solutions, new.solutions)
	return out
}

// declared tells whether anybody declares a reference after the change.
func (d differ) declared(name connref.LogicalName) bool {
	if r := d.new.byReference[name.Fold()]; r != nil && len(r.Candidates) > 0 {
		return true
	}
	r := d.old.byReference[name.Fold()]
	return r != nil && slices.ContainsFunc(r.DeclaredBy(), d.stays)
}

// needed finds the references that are needed, and that nobody declares now.
func (d differ) needed() []*Need {
	var list []*Need
	for _, n := range d.new.needs {
		if !d.declared(n.Reference.Name) && !d.lacked(n) {
			list = append(list, n)
		}
	}
	for _, n := range d.old.needs {
		if d.stays(n.Solution) && len(n.Reference.Candidates) > 0 && !d.declared(n.Reference.Name) {
			list = append(list, n)
		}
	}
	return list
}

// lacked tells whether the solution needed the reference before, and nobody declared it.
func (d differ) lacked(n *Need) bool {
	old := d.old.byReference[n.Reference.Name.Fold()]
	return old != nil && len(old.Candidates) == 0 && slices.ContainsFunc(old.needs, func(o *Need) bool {
		return n.Solution.UniqueName != "" && connref.EqualFold(o.Solution.UniqueName, n.Solution.UniqueName)
	})
}

// lost finds the calls of flows that are gone.
func (d differ) lost() []*Call {
	var list []*Call
	for _, call := range d.new.calls {
		old := d.old.byFlow[call.ID]
		if call.Callee == nil && old != nil && !slices.ContainsFunc(old.Places.Solutions(), d.stays) {
			list = append(list, call)
		}
	}
	return list
}

type differ struct {
	old, new *Graph
	replaced map[*Solution]bool // by one of the new graph
}

func (d differ) stays(s *Solution) bool { return !d.replaced[s] }

// users answers what uses a reference after the change.
func (d differ) users(old, new *Reference) Consumers {
	var users Consumers
	if new != nil {
		users = new.Consumers()
	}
	stays := func(p Places) bool { return slices.ContainsFunc(p.Solutions(), d.stays) }
	was := old.Consumers()
	for _, f := range was.Flows {
		if stays(f.Places) && d.new.flowLike(f) == nil {
			users.Flows = append(users.Flows, f)
		}
	}
	for _, a := range was.Apps {
		known := func(b *App) bool { return connref.EqualFold(a.Name, b.Name) }
		if stays(a.Places) && !slices.ContainsFunc(d.new.apps, known) {
			users.Apps = append(users.Apps, a)
		}
	}
	for _, a := range was.Agents {
		known := func(b *Agent) bool { return connref.EqualFold(a.SchemaName, b.SchemaName) }
		if stays(a.Places) && !slices.ContainsFunc(d.new.agents, known) {
			users.Agents = append(users.Agents, a)
		}
	}
	return users
}

// flowLike answers the node of a flow of another graph; nil if there is none.
func (g *Graph) flowLike(f *Flow) *Flow {
	if !f.ID.IsZero() {
		return g.byFlow[f.ID]
	}
	for _, other := range g.flows { // rare enough to look at all
		if other.ID.IsZero() && sameFile(f, other) {
			return other
		}
	}
	return nil
}

// sameFile tells whether two flows without ids are the same, by the first place of each.
func sameFile(a, b *Flow) bool {
	p, q := a.Places[0], b.Places[0]
	name := p.Copy.Solution.UniqueName
	return name != "" && connref.EqualFold(name, q.Copy.Solution.UniqueName) && connref.EqualFold(p.At.File, q.At.File)
}

// isNew tells whether a reference is declared for a connector that it wasn't declared for before.
func isNew(old, new *Reference) bool {
	return slices.ContainsFunc(new.Candidates, func(n *Candidate) bool {
		return !slices.ContainsFunc(old.Candidates, func(o *Candidate) bool { return sameCandidate(o, n) })
	})
}

// sameConnectors tells whether two references are declared for the same connectors.
func sameConnectors(a, b *Reference) bool { return !isNew(a, b) && !isNew(b, a) }

// sameCandidate compares candidates of two graphs.
func sameCandidate(a, b *Candidate) bool {
	if !a.CustomConnector.IsZero() && !b.CustomConnector.IsZero() {
		return a.CustomConnector == b.CustomConnector
	}
	return sameConnector(a.Connector, b.Connector)
}

// sameConnector compares connectors of two graphs.
func sameConnector(a, b *Connector) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID.Same(b.ID)
}

// moved finds the flows in both graphs that use another reference where they used one before.
func (d differ) moved() []Move {
	var moves []Move
	for _, f := range d.new.flows {
		old := d.old.flowLike(f)
		if old == nil || slices.EqualFunc(old.operations, f.operations, sameOperation) &&
			slices.EqualFunc(old.bindings, f.bindings, sameBinding) {
			continue
		}
		moves = append(moves, movesOf(old, f)...)
	}
	return moves
}

// sameOperation tells whether two operations are the same one and run on the same reference.
func sameOperation(a, b *Operation) bool {
	if !sameName(a.reference(), b.reference()) {
		return false
	}
	for ; a != nil && b != nil; a, b = a.Parent, b.Parent {
		if a.Name != b.Name || a.Branch != b.Branch || a.IsTrigger != b.IsTrigger {
			return false
		}
	}
	return a == nil && b == nil
}

func sameBinding(a, b *Binding) bool { return a.Key == b.Key && sameName(a.Reference, b.Reference) }

// sameName compares references of two graphs, of which each may be nil.
func sameName(a, b *Reference) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Name.Equal(b.Name)
}

// reference answers what the operation runs on; nil if that is no reference.
func (op *Operation) reference() *Reference {
	if op.Binding == nil {
		return nil
	}
	return op.Binding.Reference
}

// movesOf finds what of a flow uses another reference than before. An operation is known again by its path, or if that
// is new by the key that it names; where copies of the flow differ, it may have used several.
func movesOf(old, new *Flow) []Move {
	type step struct {
		path      string
		isTrigger bool
	}
	byStep, byKey := map[step][]*Reference{}, map[string][]*Reference{}
	for _, b := range old.bindings {
		if b.Reference != nil {
			byKey[b.Key] = append(byKey[b.Key], b.Reference)
		}
	}
	for _, op := range old.operations {
		if r := op.reference(); r != nil {
			at := step{op.Path(), op.IsTrigger}
			byStep[at] = append(byStep[at], r)
		}
	}
	var moves []Move
	move := func(from []*Reference, to *Reference, ops ...*Operation) {
		if len(from) == 0 || slices.ContainsFunc(from, func(r *Reference) bool { return sameName(r, to) }) {
			return
		}
		i := slices.IndexFunc(moves, func(m Move) bool { return m.From == from[0] && m.To == to })
		if i < 0 {
			i = len(moves)
			moves = append(moves, Move{Flow: new, From: from[0], To: to})
		}
		moves[i].Operations = append(moves[i].Operations, ops...)
	}
	for _, op := range new.operations {
		to, from := op.reference(), byStep[step{op.Path(), op.IsTrigger}]
		if to == nil {
			continue
		}
		if len(from) == 0 {
			from = byKey[op.Binding.Key]
		}
		move(from, to, op)
	}
	for _, b := range new.bindings {
		if b.Reference != nil && b.first == nil {
			move(byKey[b.Key], b.Reference)
		}
	}
	return moves
}

// renamed pairs removed and added references of one connector: first those between which flows moved, then those with
// one display name, then those that are the only ones left.
func renamed(d Difference) []Rename {
	r := renames{free: map[*Reference]bool{}}
	for _, gone := range d.Removed {
		r.free[gone.Reference] = true
	}
	for _, added := range d.Added {
		r.free[added] = true
	}
	type way struct{ from, to *Reference }
	moved := map[way][]*Flow{}
	for _, m := range d.Moved {
		moved[way{m.From, m.To}] = append(moved[way{m.From, m.To}], m.Flow)
	}
	for _, m := range d.Moved {
		r.pair(m.From, m.To, moved[way{m.From, m.To}])
	}
	r.alike(d, (*Reference).DisplayName, func(gone, added []*Reference) bool { return true })
	r.alike(d, func(*Reference) string { return "any" }, func(gone, added []*Reference) bool {
		return len(gone) == 1 && len(added) == 1
	})
	slices.SortStableFunc(r.pairs, func(a, b Rename) int { return cmp.Compare(a.Old.index, b.Old.index) })
	return r.pairs
}

// renames are the pairs found, and which references are in none.
type renames struct {
	pairs []Rename
	free  map[*Reference]bool
}

// pair makes two references of one connector a pair, if they are free.
func (r *renames) pair(gone, added *Reference, flows []*Flow) {
	if r.free[gone] && r.free[added] && sameConnectors(gone, added) {
		r.free[gone], r.free[added] = false, false
		r.pairs = append(r.pairs, Rename{gone, added, flows})
	}
}

// alike pairs free references of one connector that share a name of some kind, if that is enough to go by.
func (r *renames) alike(d Difference, name func(*Reference) string, enough func(gone, added []*Reference) bool) {
	type key struct{ connectors, name string }
	keyOf := func(ref *Reference) key {
		k := key{name: connref.Fold(name(ref))}
		for _, c := range ref.Connectors() {
			k.connectors += string(connectorKey(c.ID)) + " "
		}
		return k
	}
	removed, added := map[key][]*Reference{}, map[key][]*Reference{}
	for _, gone := range d.Removed {
		if r.free[gone.Reference] {
			removed[keyOf(gone.Reference)] = append(removed[keyOf(gone.Reference)], gone.Reference)
		}
	}
	for _, ref := range d.Added {
		if r.free[ref] {
			added[keyOf(ref)] = append(added[keyOf(ref)], ref)
		}
	}
	for _, gone := range d.Removed {
		k := keyOf(gone.Reference)
		if k.name == "" || !enough(removed[k], added[k]) {
			continue
		}
		for _, ref := range added[k] {
			if r.free[gone.Reference] {
				r.pair(gone.Reference, ref, nil)
			}
		}
	}
}
