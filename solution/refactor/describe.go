package refactor

import (
	"fmt"

	"github.com/connref/connref/connref"
)

// Wording is a text that people read of a reference.
type Wording struct {
	Reference connref.LogicalName
	Text      string
}

// SetDisplayName plans to give references the names that people see, in every solution that declares them. It refuses a
// reference that none declares or that comes twice, and a text that the column can't hold.
func SetDisplayName(in Input, wordings ...Wording) (*Plan, error) {
	return in.describe("display name", wordings, func(ref *connref.Reference) *string { return &ref.DisplayName })
}

// SetDescription plans to give references descriptions, in every solution that declares them; no text takes one away. It
// refuses as SetDisplayName does.
func SetDescription(in Input, wordings ...Wording) (*Plan, error) {
	return in.describe("description", wordings, func(ref *connref.Reference) *string { return &ref.Description })
}

func (in Input) describe(
	what string, wordings []Wording, field func(*connref.Reference) *string,
) (*Plan, error) {
	d := in.draft()
	seen := map[connref.LogicalName]bool{}
	for _, w := range wordings {
		// A reference that is right but for the text.
		probe := connref.Reference{LogicalName: w.Reference, Connector: "shared_any", DisplayName: "any"}
		*field(&probe) = w.Text
		err := probe.Validate()
		switch {
		case err != nil:
			d.refuse("set the %s of %s: %v", what, w.Reference, err)
			continue
		case seen[w.Reference.Fold()]:
			d.refuse("set the %s of %s: it is to be set already", what, w.Reference)
			continue
		}
		seen[w.Reference.Fold()] = true
		found := false
		for _, sol := range d.Solutions {
			ref, err := sol.Reference(w.Reference)
			if err != nil {
				continue
			}
			found = true
			before := *field(&ref)
			if before == w.Text {
				continue
			}
			*field(&ref) = w.Text
			d.edits[sol].Update = append(d.edits[sol].Update, ref)
			d.step(noteAt(sol, ref.At, fmt.Sprintf("set the %s of %s to %q, from %q", what, ref.LogicalName, w.Text, before)))
		}
		if !found {
			d.refuse("set the %s of %s: no solution that can be changed declares it", what, w.Reference)
		}
	}
	return d.finish()
}
