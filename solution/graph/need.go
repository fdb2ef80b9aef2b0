package graph

import (
	"cmp"
	"iter"
	"slices"

	"github.com/connref/connref/solution"
)

// Need is a reference that no copy of a solution declares, but that something in it uses, or that its solution.xml lists
// as missing.
type Need struct {
	Solution  *Solution
	Reference *Reference
	State     solution.State // External or Dangling; where copies differ, the latter
	// From is where an external reference was in the source environment: "Name (1.0.0.0)", or "Active" if it was in no
	// managed solution, so that no target gets it by installing one.
	From     string
	Bindings []*Binding // flow by flow
	Apps     []*App
	Agents   []*Agent
}

// Consumers answers what in the solution uses the reference: nobody, if solution.xml only lists it.
func (n *Need) Consumers() Consumers {
	return Consumers{Flows: flowsOf(n.Bindings), Apps: slices.Clone(n.Apps), Agents: slices.Clone(n.Agents)}
}

// ResolvedBy answers the other solutions that declare the reference.
func (n *Need) ResolvedBy() []*Solution { return n.Reference.resolvedBy(n.Solution) }

// External yields what solutions list as missing, in the order of solutions.
func (g *Graph) External() iter.Seq[*Need] { return g.needsOf(solution.External) }

// Dangling yields what solutions use, but neither declare nor list as missing, in the order of solutions.
func (g *Graph) Dangling() iter.Seq[*Need] { return g.needsOf(solution.Dangling) }

func (g *Graph) needsOf(state solution.State) iter.Seq[*Need] {
	return where(g.needs, func(n *Need) bool { return n.State == state })
}

// Direct yields the bindings that name no reference, flow by flow.
func (g *Graph) Direct() iter.Seq[*Binding] {
	return func(yield func(*Binding) bool) {
		for _, f := range g.flows {
			for _, b := range f.bindings {
				if b.Direct() && !yield(b) {
					return
				}
			}
		}
	}
}

// where yields those of a list that are wanted.
func where[T any](list []T, want func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, item := range list {
			if want(item) && !yield(item) {
				return
			}
		}
	}
}

type needKey struct {
	solution  *Solution
	reference *Reference
}

// need answers the need of a reference in a state that isn't Declared.
func (b *builder) need(s *Solution, r *Reference, state solution.State) *Need {
	key := needKey{s, r}
	n := b.needs[key]
	if n == nil {
		n = &Need{Solution: s, Reference: r}
		b.needs[key] = n
		b.g.needs = append(b.g.needs, n)
	}
	n.State = max(n.State, state)
	return n
}

// needOf answers the need that an app or an agent has of a reference; nil if the solution declares it.
func (b *builder) needOf(c *Copy, sol *solution.Solution, r *Reference) *Need {
	state := sol.StateOf(r.Name)
	if state == solution.Declared {
		return nil
	}
	return b.need(c.Solution, r, state)
}

// linkNeeds drops the needs that another copy of the solution meets, and orders the rest.
func (b *builder) linkNeeds() {
	b.g.needs = slices.DeleteFunc(b.g.needs, func(n *Need) bool { return n.Reference.declaredBy(n.Solution) })
	slices.SortStableFunc(b.g.needs, func(a, b *Need) int { return cmp.Compare(a.Solution.index, b.Solution.index) })
	for _, n := range b.g.needs {
		n.Reference.needs = append(n.Reference.needs, n)
		n.Solution.needs = append(n.Solution.needs, n)
		slices.SortStableFunc(n.Bindings, byFlow)
	}
}

// missing adds the references that a copy lists as missing.
func (b *builder) missing(c *Copy, sol *solution.Solution) {
	for _, m := range sol.Manifest().MissingDependencies {
		name := m.Required.Reference()
		if name.IsZero() || sol.StateOf(name) == solution.Declared {
			continue
		}
		n := b.need(c.Solution, b.reference(name), solution.External)
		if n.From == "" {
			n.From = b.text(m.Required.Solution)
		}
	}
}
