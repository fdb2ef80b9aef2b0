package graph

import (
	"slices"
)

// Move is a flow of which operations run on another reference.
type Move struct {
	Flow       *Flow        // of the new graph
	From, To   *Reference   // never nil: a direct connection that becomes a reference is no move
	Operations []*Operation // of the new graph
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
