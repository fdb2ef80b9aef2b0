package refactor

import (
	"fmt"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// SetDisplayName plans to give a reference the name that people see, in every solution that declares it. It refuses a
// reference that none declares, and a text that the column can't hold.
func SetDisplayName(in Input, name connref.LogicalName, text string) (*Plan, error) {
	return in.describe(name, "display name", text,
		func(edits *solution.Edits) *map[connref.LogicalName]string { return &edits.DisplayNames },
		func(ref *connref.Reference) *string { return &ref.DisplayName })
}

// SetDescription plans to give a reference a description, in every solution that declares it; no text takes it away. It
// refuses as SetDisplayName does.
func SetDescription(in Input, name connref.LogicalName, text string) (*Plan, error) {
	return in.describe(name, "description", text,
		func(edits *solution.Edits) *map[connref.LogicalName]string { return &edits.Descriptions },
		func(ref *connref.Reference) *string { return &ref.Description })
}

func (in Input) describe(
	name connref.LogicalName, what, text string,
	texts func(*solution.Edits) *map[connref.LogicalName]string, field func(*connref.Reference) *string,
) (*Plan, error) {
	d := in.draft()
	probe := connref.Reference{LogicalName: name, Connector: "shared_any", DisplayName: "any"}
	*field(&probe) = text
	if err := probe.Validate(); err != nil {
		d.refuse("set the %s of %s: %v", what, name, err)
		return d.finish()
	}
	found := false
	for _, sol := range d.Solutions {
		ref, err := sol.Reference(name)
		if err != nil {
			continue
		}
		found = true
		if before := *field(&ref); before != text {
			*texts(d.edits[sol]) = map[connref.LogicalName]string{name: text}
			d.step(noteAt(sol, ref.At, fmt.Sprintf("set the %s of %s to %q, from %q", what, ref.LogicalName, text, before)))
		}
	}
	if !found {
		d.refuse("set the %s of %s: no solution that can be changed declares it", what, name)
	}
	return d.finish()
}
