package refactor

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// Add plans to declare references in a solution, named by its unique name; in all copies of it that are given. What the
// solution listed as missing and now has is taken off that list.
//
// It refuses a reference that isn't valid, one that the solution declares already, and one that another solution
// declares for another connector.
func Add(in Input, uniqueName string, refs ...connref.Reference) (*Plan, error) {
	d := in.draft()
	found := false
	for _, sol := range d.Solutions {
		if sol.Layout() != solution.LayoutFlowPackage && connref.EqualFold(sol.Manifest().UniqueName, uniqueName) {
			found = true
			for _, ref := range refs {
				if d.declare(sol, ref) {
					d.wantSettings(ref.LogicalName)
				}
			}
		}
	}
	if !found {
		d.refuse("add to solution %s: none of that unique name is among those to be changed", uniqueName)
	}
	return d.finish()
}

// declare adds a declaration to a solution, unless it can't have it. It answers whether it did.
func (d *draft) declare(sol *solution.Solution, ref connref.Reference) bool {
	refuse := func(format string, args ...any) bool {
		name := cmp.Or(ref.LogicalName, "a reference without a name")
		d.refuse("declare %s in %s: %s", name, sol.Path(), fmt.Sprintf(format, args...))
		return false
	}
	if err := ref.Validate(); err != nil {
		return refuse("%v", err)
	}
	if sol.StateOf(ref.LogicalName) == solution.Declared {
		return refuse("it is declared there")
	}
	var homes []string // that declare it, or are to
	if known, err := d.Graph.Reference(ref.LogicalName); err == nil {
		for _, c := range known.Connectors() {
			if !c.ID.Same(ref.Connector) {
				return refuse("it is known for connector %s, not %s", c.ID.Name(), ref.Connector.Name())
			}
		}
		for _, s := range known.DeclaredBy() {
			homes = append(homes, s.Name())
		}
	}
	for _, other := range d.Solutions {
		for _, have := range d.edits[other].Declare {
			switch {
			case !have.LogicalName.Equal(ref.LogicalName):
			case other == sol:
				return refuse("it is to be declared there already")
			case !have.Connector.Same(ref.Connector):
				return refuse("%s is to declare it for connector %s, not %s",
					other.Path(), have.Connector.Name(), ref.Connector.Name())
			default:
				homes = append(homes, other.Manifest().UniqueName)
			}
		}
	}
	own := sol.Manifest().UniqueName
	homes = slices.DeleteFunc(homes, func(name string) bool { return connref.EqualFold(name, own) })
	if len(homes) > 0 {
		d.warn("%s and %s declare %s then: an upgrade that takes it out of one of them fails while the other needs it",
			homes[0], own, ref.LogicalName)
	}
	if _, err := sol.Changes(solution.Edits{Declare: []connref.Reference{ref}}); err != nil {
		return refuse("%v", err) // its file is broken, say
	}
	d.plan.claims[ref.LogicalName.Fold()] = ref.LogicalName
	edits := d.edits[sol]
	edits.Declare = append(edits.Declare, ref)
	d.warn("a target gets %s without a connection: bind it there before flows that use it are turned on", ref.LogicalName)
	d.step(Note{
		Text:     fmt.Sprintf("declare %s for %s", ref.LogicalName, ref.Connector.Name()),
		Solution: sol.Path(),
	})
	for _, row := range sol.Manifest().MissingDependencies {
		if row.Required.Reference().Equal(ref.LogicalName) && d.drop(sol, required(row)) {
			d.step(noteAt(sol, row.At, fmt.Sprintf("drop the missing dependency on %s", ref.LogicalName)))
		}
	}
	return true
}
