package audit

import (
	"cmp"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/graph"
)

// compare adds what only the solutions together can tell.
func (d *Document) compare(g *graph.Graph) {
	unused := map[*graph.Reference]graph.Unused{}
	for u := range g.Unused() {
		unused[u.Reference] = u
	}
	for i := range d.Solutions {
		s := &d.Solutions[i]
		for _, f := range s.Flows {
			for j := range f.Bindings {
				f.Bindings[j].resolve(g, s)
			}
		}
		for j := range s.References {
			if ref := &s.References[j]; ref.Unused {
				node, _ := g.Reference(connref.LogicalName(ref.LogicalName)) // declared, so it is there
				u, proven := unused[node]
				ref.conclude(node, u, proven)
			}
		}
	}
	d.share(g)
	d.order(g)
	d.Problems = []Problem{}
	for _, found := range g.Problems() {
		p := problem(found)
		p.Solution = found.Solution
		d.Problems = append(d.Problems, p)
	}
}

// name is how the graph calls the solution.
func (s *Solution) name() string { return cmp.Or(s.UniqueName, s.Path) }

// resolve finds the solution that brings what a binding needs and its own doesn't declare.
func (b *Binding) resolve(g *graph.Graph, own *Solution) {
	if b.State != "external" && b.State != "dangling" {
		return
	}
	node, err := g.Reference(connref.LogicalName(b.Reference))
	if err != nil {
		return
	}
	for _, s := range node.DeclaredBy() {
		if !connref.EqualFold(s.Name(), own.name()) {
			b.ResolvedBy = s.Name()
			return
		}
	}
}

// conclude says of a reference that its own solution doesn't use whether that goes for all.
func (r *Reference) conclude(node *graph.Reference, u graph.Unused, unused bool) {
	if unused {
		for _, doubt := range u.Doubts {
			r.Inconclusive = append(r.Inconclusive, doubt.String())
		}
		r.Conclusive = u.Conclusive()
		return
	}
	users := node.Consumers()
	for _, f := range users.Flows {
		r.used("flow", f.Name, f.Places)
	}
	for _, a := range users.Apps {
		r.used("canvas app", a.Name, a.Places)
	}
	for _, a := range users.Agents {
		r.used("agent component", a.SchemaName, a.Places)
	}
}

func (r *Reference) used(kind, name string, places graph.Places) {
	r.Inconclusive = append(r.Inconclusive, kind+" "+name+" in "+places[0].Copy.Path+" uses it")
}

// share lists the references that more than one solution has to do with.
func (d *Document) share(g *graph.Graph) {
	d.Shared = []Shared{}
	for r := range g.References() {
		users, declaring := r.Consumers(), r.DeclaredBy()
		using := users.Solutions()
		all := append(slices.Clip(declaring), using...)
		if !slices.ContainsFunc(all, func(s *graph.Solution) bool { return s != all[0] }) {
			continue
		}
		shared := Shared{
			LogicalName: string(r.Name), DisplayName: r.DisplayName(),
			DeclaredBy: names(declaring), UsedBy: names(using),
			Flows: len(users.Flows), Apps: len(users.Apps), Agents: len(users.Agents),
		}
		for _, c := range r.Connectors() {
			shared.Connector = cmp.Or(shared.Connector, c.ID.Name())
		}
		for b := range r.Bindings() {
			for range b.Operations() {
				shared.Operations++
			}
		}
		d.Shared = append(d.Shared, shared)
	}
}

func (d *Document) order(g *graph.Graph) {
	order := g.ImportOrder()
	d.ImportOrder = names(slices.DeleteFunc(order.Solutions, func(s *graph.Solution) bool { return s.UniqueName == "" }))
	d.Needs = []Needs{}
	for n := range g.Dependencies() {
		d.Needs = append(d.Needs, Needs{Solution: n.From.Name(), Of: n.To.Name(), Kind: n.Kind.String(), Name: n.Name})
	}
	d.Cycles = [][]string{}
	for _, cycle := range order.Cycles {
		var solutions []*graph.Solution
		for _, dependency := range cycle {
			solutions = append(solutions, dependency.From)
		}
		d.Cycles = append(d.Cycles, names(solutions))
	}
}

func names(solutions []*graph.Solution) []string {
	list := []string{}
	for _, s := range solutions {
		list = append(list, s.Name())
	}
	return list
}
