package flow

import (
	"maps"
	"slices"

	"github.com/connref/connref/connref"
)

// order checks after what the actions of a block run, and of those inside.
func (c *check) order(b *Block, depth int) {
	here := map[string]*Step{}
	for _, s := range b.steps {
		here[s.name] = s
	}
	for _, s := range b.steps {
		given := map[string]bool{}
		for _, name := range slices.Sorted(maps.Keys(s.RunAfter)) {
			c.after(s, name, here)
			if given[key(name)] {
				c.add(c.actionPath(s), duplicate("run after", name, "is given in two spellings"))
			}
			given[key(name)] = true
		}
	}
	inOrder, circle := sequence(b.steps, here)
	switch {
	case len(here) < len(b.steps) || len(c.steps) > MaxActions: // or the names say nothing, which is a fault, too
		c.ordered = false
	case circle != nil:
		c.ordered = false
		c.add(c.actionPath(circle), fault{
			field: "run after", value: circle.name, reason: "waits for itself, through what it runs after",
		})
	default:
		c.reach.learn(b, inOrder, here)
	}
	if depth > MaxDepth {
		c.ordered = false
		return
	}
	for _, s := range b.steps {
		for _, inner := range s.blocks() {
			c.order(inner, depth+1)
		}
	}
}

func (c *check) after(s *Step, name string, here map[string]*Step) {
	thing, statuses := c.actionPath(s), s.RunAfter[name]
	if here[key(name)] == nil {
		reason := "isn't there"
		if c.actions[connref.Fold(key(name))] != nil {
			reason = "stands in another block, or has other capitals; right would be an action of this block"
		}
		c.add(thing, notFound("run after", name, reason))
	}
	if len(statuses) == 0 {
		c.add(thing, fault{
			field: "run after", value: name, reason: "has no status; right would be Succeeded, Failed, Skipped or TimedOut",
		})
	}
	for _, status := range statuses {
		if !status.ok() {
			c.add(thing, fault{
				field: "run after", value: string(status), reason: "is not one of Succeeded, Failed, Skipped, TimedOut",
			})
		}
	}
}

// sequence answers the steps in an order in which they can run, or one that waits for itself.
func sequence(steps []*Step, here map[string]*Step) (ready []*Step, circle *Step) {
	waits, followers := map[*Step]int{}, map[*Step][]*Step{}
	for _, s := range steps {
		for name := range s.runsAfter() {
			if before := here[name]; before != nil {
				waits[s]++
				followers[before] = append(followers[before], s)
			}
		}
	}
	for _, s := range steps {
		if waits[s] == 0 {
			ready = append(ready, s)
		}
	}
	done := 0
	for ; done < len(ready); done++ {
		for _, s := range followers[ready[done]] {
			if waits[s]--; waits[s] == 0 {
				ready = append(ready, s)
			}
		}
	}
	if done == len(steps) {
		return ready, nil
	}
	// Who is left waits for one that is left as well: going on from one to the next ends in a circle.
	seen := map[*Step]bool{}
	at := steps[slices.IndexFunc(steps, func(s *Step) bool { return waits[s] > 0 })]
	for !seen[at] {
		seen[at] = true
		for name := range at.runsAfter() {
			if before := here[name]; before != nil && waits[before] > 0 {
				at = before
				break
			}
		}
	}
	return nil, at
}
