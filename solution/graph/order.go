package graph

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// Dependency says that a solution needs something that another one brings, so that the other has to be imported first.
type Dependency struct {
	From *Solution // that needs it
	To   *Solution // that brings it
	Kind DependencyKind
	Name string // of what is needed
}

// DependencyKind is what a solution needs of another one.
type DependencyKind uint8

// The kinds of dependencies.
const (
	NeedsReference DependencyKind = iota + 1 // a connection reference
	NeedsConnector                           // the custom connector of a reference that it declares
	NeedsFlow                                // a child flow
	NeedsVariable                            // an environment variable
	NeedsComponent                           // anything else that solution.xml lists as missing and in that solution
)

var dependencyKinds = [...]string{"unknown", "reference", "connector", "flow", "variable", "component"}

// String answers the kind in words.
func (k DependencyKind) String() string {
	if int(k) >= len(dependencyKinds) {
		k = 0
	}
	return dependencyKinds[k]
}

// Order is an order in which solutions can be imported.
type Order struct {
	Solutions []*Solution // each after those that it depends on, else in the order read
	// Cycles are solutions that need each other, so that no order is right: each Dependency's To is the From of the next,
	// the last one's that of the first.
	Cycles [][]Dependency
}

// Dependencies yields what the solutions need of each other, in the order of solutions. Where several bring what is
// needed, the one that solution.xml names is meant, else the first.
func (g *Graph) Dependencies() iter.Seq[Dependency] { return slices.Values(g.dependencies) }

// ImportOrder answers in which order the solutions can be imported.
func (g *Graph) ImportOrder() Order {
	const (
		open = iota + 1
		done
	)
	of := map[*Solution][]Dependency{}
	for _, d := range g.dependencies {
		of[d.From] = append(of[d.From], d)
	}
	var order Order
	state := make([]int, len(g.solutions))
	var way []Dependency
	var visit func(s *Solution)
	visit = func(s *Solution) {
		state[s.index] = open
		for _, d := range of[s] {
			way = append(way, d)
			switch state[d.To.index] {
			case open:
				start := slices.IndexFunc(way, func(w Dependency) bool { return w.From == d.To })
				order.Cycles = appendCycle(order.Cycles, slices.Clone(way[start:]))
			case done:
			default:
				visit(d.To)
			}
			way = way[:len(way)-1]
		}
		state[s.index] = done
		order.Solutions = append(order.Solutions, s)
	}
	for _, s := range g.solutions {
		if state[s.index] == 0 {
			visit(s)
		}
	}
	return order
}

// appendCycle adds a cycle unless one through the same solutions is known, which only names other things.
func appendCycle(cycles [][]Dependency, cycle []Dependency) [][]Dependency {
	same := func(known []Dependency) bool {
		return slices.EqualFunc(known, cycle, func(a, b Dependency) bool { return a.From == b.From && a.To == b.To })
	}
	if slices.ContainsFunc(cycles, same) {
		return cycles
	}
	return append(cycles, cycle)
}

// required is a component that a solution lists as missing and that was in another one.
type required struct {
	by, name string
	from     *Solution
}

// require notes what a copy lists as missing beside references.
func (b *builder) require(c *Copy, sol *solution.Solution) {
	for _, m := range sol.Manifest().MissingDependencies {
		r := m.Required
		by := solutionNamed(r.Solution)
		if by == "" || !r.Reference().IsZero() {
			continue
		}
		name := cmp.Or(r.DisplayName, r.SchemaName, r.ID)
		b.required = append(b.required, required{by: b.text(by), name: b.text(name), from: c.Solution})
	}
}

// solutionNamed is the unique name in "Name (1.0.0.0)"; "" for none and for "Active", which is no solution.
func solutionNamed(s string) string {
	name, _, _ := strings.Cut(s, " (")
	if connref.EqualFold(name, "Active") {
		return ""
	}
	return name
}

// depend finds what the solutions need of each other.
func (b *builder) depend() {
	known := map[Dependency]bool{}
	add := func(from *Solution, brings []*Solution, named string, kind DependencyKind, name string) {
		if len(brings) == 0 || slices.Contains(brings, from) {
			return
		}
		to := brings[0]
		if s := b.g.bySolution[connref.Fold(named)]; s != nil && slices.Contains(brings, s) {
			to = s
		}
		if d := (Dependency{from, to, kind, name}); !known[d] {
			known[d] = true
			b.g.dependencies = append(b.g.dependencies, d)
		}
	}
	for _, n := range b.g.needs {
		add(n.Solution, n.ResolvedBy(), solutionNamed(n.From), NeedsReference, string(n.Reference.Name))
	}
	for _, r := range b.g.references {
		for _, c := range r.Candidates {
			if c.Connector == nil || c.CustomConnector.IsZero() {
				continue
			}
			for _, d := range c.Declarations {
				add(d.Copy.Solution, c.Connector.BroughtBy.Solutions(), "", NeedsConnector, c.Connector.label())
			}
		}
	}
	for _, f := range b.g.flows {
		for _, from := range f.Places.Solutions() {
			for _, call := range f.calls {
				if call.Callee != nil {
					add(from, call.Callee.Places.Solutions(), "", NeedsFlow, call.Callee.Name)
				}
			}
			for _, v := range f.variables {
				add(from, v.Places.Solutions(), "", NeedsVariable, v.SchemaName)
			}
		}
	}
	for _, a := range b.g.agents {
		for _, from := range a.Places.Solutions() {
			for _, call := range a.calls {
				if call.Callee != nil {
					add(from, call.Callee.Places.Solutions(), "", NeedsFlow, call.Callee.Name)
				}
			}
		}
	}
	for _, r := range b.required {
		if s := b.g.bySolution[connref.Fold(r.by)]; s != nil {
			add(r.from, []*Solution{s}, "", NeedsComponent, r.name)
		}
	}
	slices.SortStableFunc(b.g.dependencies, func(a, b Dependency) int { return cmp.Compare(a.From.index, b.From.index) })
}
