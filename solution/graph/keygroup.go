package graph

import (
	"iter"
	"slices"
)

// KeyGroup is some bindings of one flow.
type KeyGroup struct {
	Flow      *Flow
	Connector *Connector // that they are for; nil if not known
	Bindings  []*Binding // in file order, at least two
}

// SharedKeys yields the bindings of a flow that name one reference under several keys, flow by flow.
func (g *Graph) SharedKeys() iter.Seq[KeyGroup] {
	return groups(g, func(b *Binding) *Reference { return b.Reference }, func(a, b *Binding) bool { return a.Key != b.Key })
}

// SeveralOfConnector yields the bindings of a flow that name different references of one connector, flow by flow: legal,
// and what a tool that maps references by connector would collapse.
func (g *Graph) SeveralOfConnector() iter.Seq[KeyGroup] {
	ofReference := func(b *Binding) *Connector {
		if b.Direct() {
			return nil
		}
		return b.connector()
	}
	return groups(g, ofReference, func(a, b *Binding) bool {
		return a.Key != b.Key && a.Reference != b.Reference // one key has two references where copies differ
	})
}

// connector answers what the binding is for: what it says itself, else what its reference is declared for.
func (b *Binding) connector() *Connector {
	if b.Connector == nil && b.Reference != nil && len(b.Reference.Candidates) == 1 {
		return b.Reference.Candidates[0].Connector
	}
	return b.Connector
}

// groups yields the bindings of each flow that share what by answers, if any two of them differ.
func groups[T any](g *Graph, by func(*Binding) *T, differ func(a, b *Binding) bool) iter.Seq[KeyGroup] {
	return func(yield func(KeyGroup) bool) {
		for _, f := range g.flows {
			for i, b := range f.bindings {
				shared := by(b)
				same := func(other *Binding) bool { return by(other) == shared }
				if shared == nil || slices.ContainsFunc(f.bindings[:i], same) {
					continue // none, or told with the first of its group
				}
				var group []*Binding
				for _, other := range f.bindings[i:] {
					if same(other) {
						group = append(group, other)
					}
				}
				differs := func(other *Binding) bool { return differ(b, other) }
				if slices.ContainsFunc(group, differs) && !yield(KeyGroup{f, b.connector(), group}) {
					return
				}
			}
		}
	}
}
