package refactor

import (
	"fmt"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// Add plans to declare references in a solution, named by its unique name; in all copies of it that are given. What the
// solution listed as missing and now has is taken off that list.
//
// It refuses a reference that isn't valid, one that the solution declares already, and one that another solution declares
// for another connector.
func Add(in Input, uniqueName string, refs ...connref.Reference) (*Plan, error) {
	d := in.draft()
	found := false
	for _, sol := range d.Solutions {
		if sol.Layout() != solution.LayoutFlowPackage && connref.EqualFold(sol.Manifest().UniqueName, uniqueName) {
			found = true
			for _, ref := range refs {
				d.declare(sol, ref)
			}
		}
	}
	if !found {
		d.refuse("add to solution %s: none of that unique name is among those to be changed", uniqueName)
	}
	for _, ref := range refs {
		d.wantSettings(ref.LogicalName)
	}
	return d.finish()
}

// declare adds a declaration to a solution, unless it can't have it. It answers whether it did.
func (d *draft) declare(sol *solution.Solution, ref connref.Reference) bool {
	refuse := func(format string, args ...any) {
		d.refuse("declare %s in %s: %s", ref.LogicalName, sol.Path(), fmt.Sprintf(format, args...))
	}
	if err := ref.Validate(); err != nil {
		refuse("%v", err)
		return false
	}
	if sol.StateOf(ref.LogicalName) == solution.Declared {
		refuse("it is declared there")
		return false
	}
	if known, err := d.Graph.Reference(ref.LogicalName); err == nil {
		for _, c := range known.Connectors() {
			if !c.ID.Same(ref.Connector) {
				refuse("it is known for connector %s, not %s", c.ID.Name(), ref.Connector.Name())
				return false
			}
		}
		if home := d.homeOf(known, sol); home != "" {
			d.warn("%s is declared by %s too: an upgrade that takes it out of one of them fails while the other needs it",
				ref.LogicalName, home)
		}
	}
	edits := d.edits[sol]
	edits.Declare = append(edits.Declare, ref)
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
