package graph

import "iter"

// KeyGroup is some bindings of one flow.
type KeyGroup struct {
	Flow      *Flow
	Connector *Connector // that they are for; nil if not known
	Bindings  []*Binding // in file order, at least two
}

// SharedKeys yields the bindings of a flow that name one reference under several keys, flow by flow.
func (g *Graph) SharedKeys() iter.Seq[KeyGroup] {
	return groups(g, func(b *Binding) *Reference { return b.Reference }, func(group []*Binding) bool {
		return true
	})
}

// SeveralOfConnector yields the bindings of a flow that name different references of one connector, flow by flow: legal,
// and what a tool that maps references by connector would collapse.
func (g *Graph) SeveralOfConnector() iter.Seq[KeyGroup] {
	return groups(g, func(b *Binding) *Connector {
		if b.Direct() {
			return nil
		}
		return b.Connector
	}, func(group []*Binding) bool {
		for _, b := range group {
			if b.Reference != group[0].Reference {
				return true
			}
		}
		return false
	})
}

// groups yields the bindings of each flow that share what by answers, if they are several and wanted.
func groups[T any](g *Graph, by func(*Binding) *T, want func([]*Binding) bool) iter.Seq[KeyGroup] {
	return func(yield func(KeyGroup) bool) {
		for _, f := range g.flows {
			for i, b := range f.bindings {
				shared := by(b)
				if shared == nil || anyShares(f.bindings[:i], by, shared) {
					continue // none, or told with the first of its group
				}
				var group []*Binding
				for _, other := range f.bindings[i:] {
					if by(other) == shared {
						group = append(group, other)
					}
				}
				if len(group) > 1 && want(group) && !yield(KeyGroup{f, b.Connector, group}) {
					return
				}
			}
		}
	}
}

func anyShares[T any](bindings []*Binding, by func(*Binding) *T, shared *T) bool {
	for _, b := range bindings {
		if by(b) == shared {
			return true
		}
	}
	return false
}
