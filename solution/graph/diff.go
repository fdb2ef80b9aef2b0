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
	Moved   []Move // flows whose operations run on another reference than before
}

// Removal is a reference that is gone.
type Removal struct {
	Reference *Reference // of the old graph
	// StillUsed is what uses it still: in the new solutions, and in old ones that none of the new ones replaces.
	StillUsed Consumers
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
	Flow       *Flow // of the new graph
	From, To   *Reference
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
	return out
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

// moved finds the operations of flows in both graphs that run on another reference than before.
func (d differ) moved() []Move {
	var moves []Move
	for _, f := range d.new.flows {
		if old := d.old.flowLike(f); old != nil && !slices.EqualFunc(old.operations, f.operations, unmoved) {
			moves = append(moves, movesOf(old, f)...)
		}
	}
	return moves
}

// unmoved tells whether two operations are the same one and run on the same reference.
func unmoved(a, b *Operation) bool {
	r, s := a.reference(), b.reference()
	if (r == nil) != (s == nil) || r != nil && !r.Name.Equal(s.Name) {
		return false
	}
	for ; a != nil && b != nil; a, b = a.Parent, b.Parent {
		if a.Name != b.Name || a.Branch != b.Branch || a.IsTrigger != b.IsTrigger {
			return false
		}
	}
	return a == nil && b == nil
}

// reference answers what the operation runs on; nil if that is no reference.
func (op *Operation) reference() *Reference {
	if op.Binding == nil {
		return nil
	}
	return op.Binding.Reference
}

// movesOf finds the operations of a flow that run on another reference than before.
func movesOf(old, new *Flow) []Move {
	type step struct {
		path      string
		isTrigger bool
	}
	was := map[step][]*Reference{} // several where copies differ
	for _, op := range old.operations {
		if r := op.reference(); r != nil {
			at := step{op.Path(), op.IsTrigger}
			was[at] = append(was[at], r)
		}
	}
	var moves []Move
	for _, op := range new.operations {
		to, from := op.reference(), was[step{op.Path(), op.IsTrigger}]
		if to == nil || len(from) == 0 || slices.ContainsFunc(from, func(r *Reference) bool { return r.Name.Equal(to.Name) }) {
			continue
		}
		i := slices.IndexFunc(moves, func(m Move) bool { return m.From == from[0] && m.To == to })
		if i < 0 {
			i = len(moves)
			moves = append(moves, Move{Flow: new, From: from[0], To: to})
		}
		moves[i].Operations = append(moves[i].Operations, op)
	}
	return moves
}

// renamed pairs removed and added references of one connector: first those between which flows moved, then those with
// one display name, then those that are the only ones left.
func renamed(d Difference) []Rename {
	var pairs []Rename
	taken := map[*Reference]bool{}
	pair := func(alike func(old, new *Reference) ([]*Flow, bool)) {
		for _, gone := range d.Removed {
			for _, added := range d.Added {
				if taken[gone.Reference] || taken[added] || !sameConnectors(gone.Reference, added) {
					continue
				}
				if flows, ok := alike(gone.Reference, added); ok {
					taken[gone.Reference], taken[added] = true, true
					pairs = append(pairs, Rename{gone.Reference, added, flows})
				}
			}
		}
	}
	type way struct{ from, to *Reference }
	moved := map[way][]*Flow{}
	for _, m := range d.Moved {
		moved[way{m.From, m.To}] = append(moved[way{m.From, m.To}], m.Flow)
	}
	pair(func(old, new *Reference) ([]*Flow, bool) {
		flows := moved[way{old, new}]
		return flows, len(flows) > 0
	})
	pair(func(old, new *Reference) ([]*Flow, bool) {
		name := old.DisplayName()
		return nil, name != "" && connref.EqualFold(name, new.DisplayName())
	})
	pair(func(old, new *Reference) ([]*Flow, bool) {
		alike := 0
		for _, gone := range d.Removed {
			if !taken[gone.Reference] && sameConnectors(gone.Reference, new) {
				if alike++; alike > 2 {
					return nil, false
				}
			}
		}
		for _, added := range d.Added {
			if !taken[added] && sameConnectors(old, added) {
				if alike++; alike > 2 {
					return nil, false
				}
			}
		}
		return nil, alike == 2
	})
	gone := func(r Rename) int {
		return slices.IndexFunc(d.Removed, func(removed Removal) bool { return removed.Reference == r.Old })
	}
	slices.SortFunc(pairs, func(a, b Rename) int { return cmp.Compare(gone(a), gone(b)) })
	return pairs
}
