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

// ConnectorChange is a reference that is declared for another connector.
type ConnectorChange struct {
	Old, New *Reference
}

// Diff answers what changes when the solutions of the new graph replace those of the old one that have the same unique
// names. Solutions of the old graph that the new one lacks stay as they are.
func Diff(old, new *Graph) Difference {
	d := differ{old: old, new: new, replaced: map[*Solution]bool{}}
	for _, s := range old.solutions {
		_, err := new.Solution(s.UniqueName)
		d.replaced[s] = err == nil
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
		if _, err := old.Solution(s.UniqueName); err != nil {
			out.New = append(out.New, s)
		}
	}
	out.graphs = slices.Concat(old.solutions, new.solutions)
	return out
}

// differ compares two graphs.
type differ struct {
	old, new *Graph
	replaced map[*Solution]bool // by one of the new graph
}

func (d differ) stays(s *Solution) bool { return !d.replaced[s] }

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
		return !slices.ContainsFunc(old.Candidates, func(o *Candidate) bool { return o.agrees(n.Connector, n.CustomConnector) })
	})
}

// sameConnectors tells whether two references are declared for the same connectors.
func sameConnectors(a, b *Reference) bool { return !isNew(a, b) && !isNew(b, a) }
