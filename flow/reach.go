package flow

import "github.com/connref/connref/connref"

// reach tells what has ended by the time that an action runs.
type reach struct {
	index  map[*Step]int    // of a step in its block
	before map[*Step]bitset // the steps of its block that must have ended
}

// bitset holds small numbers.
type bitset []uint64

func (b bitset) add(n int)      { b[n/64] |= 1 << (n % 64) }
func (b bitset) has(n int) bool { return b[n/64]&(1<<(n%64)) != 0 }

// learn takes in a block, whose steps come in an order in which they can run.
func (r *reach) learn(block *Block, inOrder []*Step, here map[string]*Step) {
	for i, s := range block.steps {
		r.index[s] = i
	}
	for _, s := range inOrder {
		before := make(bitset, len(inOrder)/64+1)
		for name := range s.runsAfter() {
			p := here[name]
			if p == nil {
				continue
			}
			before.add(r.index[p])
			for i, word := range r.before[p] {
				before[i] |= word
			}
		}
		r.before[s] = before
	}
}

// ended tells whether a step, or the one that it is in, must have ended before another runs.
func (r *reach) ended(target, by *Step) bool {
	for at := by; at != nil; at = at.block.holds {
		within := target.in(at.block)
		switch {
		case within == nil:
		case within == at:
			return at == by && at.typ == "Until" && target != at // whose question is asked at the end of each round
		default:
			return r.before[at].has(r.index[within])
		}
	}
	return false
}

// in is the step itself or the one around it that stands in the block; nil if none does.
func (s *Step) in(block *Block) *Step {
	for ; s != nil; s = s.block.holds {
		if s.block == block {
			return s
		}
	}
	return nil
}

// mentions checks that what expressions of an operation name is there, and done by then. Nothing is when a trigger
// runs, which is no step.
func (c *check) mentions(thing string, s *Step, isTrigger bool, names []mentioned) {
	for _, m := range names {
		name, there, done := connref.Fold(m.name), false, true
		switch m.kind {
		case mentionsAction:
			target := c.actions[name]
			there, done = target != nil, c.done(target, s, isTrigger)
		case mentionsLoop:
			there = s.insideOf(m.name)
		case mentionsItem:
			there = s.hasItem()
		case mentionsVariable:
			maker := c.makers[name]
			there, done = maker != nil, c.done(maker, s, isTrigger)
			if there && done && s.variable != nil && connref.Fold(s.variable.name) == name {
				c.add(thing, fault{field: "variable", value: m.name,
					reason: "is named by its own new value, which the platform refuses; right would be a Compose before"})
			}
		case mentionsParameter:
			there = c.params[name]
		}
		switch {
		case !there:
			c.add(thing, notFound(string(m.kind), m.name, missingReasons[m.kind]))
		case !done:
			c.add(thing, fault{field: string(m.kind), value: m.name,
				reason: "is named by an expression, but hasn't ended when this runs"})
		}
	}
}

var missingReasons = map[mentionedKind]string{
	mentionsAction:    "is named by an expression, but isn't there",
	mentionsLoop:      "is named by an expression, but is no loop around",
	mentionsItem:      "is named by an expression, but there is no loop around",
	mentionsVariable:  "is named by an expression, but is made by no action; right would be an Initialize",
	mentionsParameter: "is named by an expression, but isn't there",
}

// done tells whether an action must have ended before an operation runs, as far as the order of actions is clear.
func (c *check) done(target, by *Step, isTrigger bool) bool {
	switch {
	case target == nil:
		return true // which is another fault
	case isTrigger:
		return false
	}
	return !c.ordered || c.reach.ended(target, by)
}

// insideOf tells whether a loop of that name is around the step.
func (s *Step) insideOf(loop string) bool {
	return s.isIn(func(at *Step) bool { return at.foreach != nil && connref.EqualFold(at.name, loop) })
}

// hasItem tells whether a step goes through items, or stands in a loop that does. A type that isn't known here may.
func (s *Step) hasItem() bool {
	if s.typ == "Select" || s.typ == "Query" || s.other {
		return true
	}
	return s.isIn(func(at *Step) bool { return at.foreach != nil })
}

// isIn tells whether an action around the step is such a one.
func (s *Step) isIn(is func(*Step) bool) bool {
	for at := s.block.holds; at != nil; at = at.block.holds {
		if is(at) {
			return true
		}
	}
	return false
}
