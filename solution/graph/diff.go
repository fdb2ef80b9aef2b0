package graph

import (
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
		case !sameConnectors(r, other):
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

func sameConnectors(a, b *Reference) bool {
	return slices.EqualFunc(a.Candidates, b.Candidates, func(x, y *Candidate) bool {
		if !x.CustomConnector.IsZero() && !y.CustomConnector.IsZero() {
			return x.CustomConnector == y.CustomConnector
		}
		return sameConnector(x.Connector, y.Connector)
	})
}

// sameConnector compares connectors of two graphs.
func sameConnector(a, b *Connector) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID.Same(b.ID)
}

// step is an operation of a flow, in whatever graph.
type step struct {
	path      string
	isTrigger bool
}

// moved finds the operations of flows in both graphs that run on another reference than before.
func (d differ) moved() []Move {
	var moves []Move
	for _, f := range d.new.flows {
		old := d.old.flowLike(f)
		if old == nil {
			continue
		}
		was := map[step]*Reference{}
		for _, b := range old.bindings {
			for op := range b.Operations() {
				was[step{op.Path(), op.IsTrigger}] = b.Reference
			}
		}
		first := len(moves)
		for _, b := range f.bindings {
			for op := range b.Operations() {
				from := was[step{op.Path(), op.IsTrigger}]
				if from == nil || b.Reference == nil || from.Name.Equal(b.Reference.Name) {
					continue
				}
				i := first
				for i < len(moves) && (moves[i].From != from || moves[i].To != b.Reference) {
					i++
				}
				if i == len(moves) {
					moves = append(moves, Move{Flow: f, From: from, To: b.Reference})
				}
				moves[i].Operations = append(moves[i].Operations, op)
			}
		}
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
	pair(func(old, new *Reference) (flows []*Flow, ok bool) {
		for _, m := range d.Moved {
			if m.From == old && m.To == new {
				flows = append(flows, m.Flow)
			}
		}
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
				alike++
			}
		}
		for _, added := range d.Added {
			if !taken[added] && sameConnectors(old, added) {
				alike++
			}
		}
		return nil, alike == 2
	})
	return pairs
}
