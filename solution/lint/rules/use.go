package rules

import (
	"iter"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
)

// use is a place in which a solution uses a connection reference that it doesn't declare.
type use struct {
	reference connref.LogicalName
	state     solution.State // External or Dangling
	by        string         // what uses it, in words
	at        source.Location
}

// foreignUses yields what in a solution uses references that it doesn't declare: bindings of flows, then components of
// agents, then canvas apps.
func foreignUses(sol *solution.Solution) iter.Seq[use] {
	return func(yield func(use) bool) {
		for f := range sol.Flows() {
			for b := range f.Bindings() {
				state := sol.State(b)
				if isForeign(state) && !yield(use{b.Reference, state, "key " + b.Key, b.At}) {
					return
				}
			}
		}
		for agent := range sol.Agents() {
			for _, u := range agent.Uses {
				state := sol.StateOf(u.Reference)
				if isForeign(state) && !yield(use{u.Reference, state, "agent " + agent.SchemaName, u.At}) {
					return
				}
			}
		}
		for app := range sol.Apps() {
			for name := range app.References() {
				state := sol.StateOf(name)
				if isForeign(state) && !yield(use{name, state, "canvas app " + app.Name, appMention(sol, app, name)}) {
					return
				}
			}
		}
	}
}

func isForeign(state solution.State) bool {
	return state == solution.External || state == solution.Dangling
}

// appMention is where an app names a reference.
func appMention(sol *solution.Solution, app solution.App, name connref.LogicalName) source.Location {
	for m := range sol.Mentions() {
		if m.Kind == solution.MentionApp && m.Holder == app.Name && m.Reference.Equal(name) {
			return m.At
		}
	}
	return app.At
}

// declaredBy answers the copies of other solutions of the set that declare a reference, and whether a copy of the very
// solution does.
func declaredBy(p *lint.Pass, name connref.LogicalName) (others []*graph.Copy, itself bool) {
	r, err := p.Graph().Reference(name)
	if err != nil {
		return nil, false
	}
	for d := range r.Declarations() {
		if isCopy(d.Copy, p.Solution) {
			itself = true
		} else {
			others = append(others, d.Copy)
		}
	}
	return others, itself
}

// isCopy tells whether a copy is one of the solution, or of a patch of it.
func isCopy(c *graph.Copy, sol *solution.Solution) bool {
	return c.Path == sol.Path() || isSame(c.Solution.UniqueName, sol)
}

// isSame tells whether a unique name is that of the solution, or of a patch of it.
func isSame(uniqueName string, sol *solution.Solution) bool {
	name := owner(sol.Manifest().UniqueName)
	return name != "" && owner(uniqueName) == name
}

// owner is the folded unique name of what owns the components of a solution: a patch brings what belongs to the
// solution that it patches.
func owner(uniqueName string) string {
	name := connref.Fold(uniqueName)
	if i := strings.Index(name, "_patch_"); i > 0 {
		return name[:i]
	}
	return name
}
