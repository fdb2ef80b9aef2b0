package refactor

import (
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// Renaming is a new logical name for a reference.
type Renaming struct{ Old, New connref.LogicalName }

// Rename plans to give references other logical names, everywhere they are named: in declarations, flows, agents,
// canvas apps, missing dependencies and settings files. Names may be swapped. Texts that people read, such as display
// names and descriptions, stay as they are, and so do longer names that contain the old one.
//
// It refuses a name that nothing has, a new name that isn't valid or is taken, and a reference that a solution outside
// of Input.Solutions names. The plan warns that a logical name can't be changed in an environment: a target gets a new
// reference, and what has to be bound there.
func Rename(in Input, names ...Renaming) (*Plan, error) {
	d := in.draft()
	to := d.renamings(names)
	for _, sol := range d.Solutions {
		edits, noted := d.edits[sol], map[source.Location]bool{}
		for _, m := range d.mentions[sol] {
			name := to[m.Reference.Fold()]
			if name.IsZero() || m.Reference == name {
				continue
			}
			edits.Rename = append(edits.Rename, solution.Renaming{Mention: m, To: name})
			if !noted[m.Part] { // a missing dependency names it twice
				noted[m.Part] = true
				d.step(noteAt(sol, m.At, fmt.Sprintf("rename %s to %s in %s", m.Reference, name, where(m))))
			}
			d.warnOfApp(sol, m)
		}
	}
	d.renameSettings(to)
	return d.finish()
}

// renamings answers the new names of references by their folded old ones, and refuses what can't be.
func (d *draft) renamings(names []Renaming) map[connref.LogicalName]connref.LogicalName {
	to, from := map[connref.LogicalName]connref.LogicalName{}, map[connref.LogicalName]connref.LogicalName{}
	leaves := map[connref.LogicalName]bool{} // names that others may take
	for _, n := range names {
		leaves[n.Old.Fold()] = true
	}
	for _, n := range names {
		if err := n.New.Validate(); err != nil {
			d.refuse("rename %q: %v", n.Old, err)
			continue
		}
		r := d.reference("rename", n.Old)
		if r == nil {
			continue
		}
		before, after := n.Old.Fold(), n.New.Fold()
		_, err := d.Graph.Reference(n.New)
		switch outside := d.outside(r); {
		case !to[before].IsZero():
			d.refuse("rename %s to %s: it is to be renamed to %s already", n.Old, n.New, to[before])
		case !from[after].IsZero():
			d.refuse("rename %s to %s: %s gets that name", n.Old, n.New, from[after])
		case err == nil && before != after && !leaves[after]:
			d.refuse("rename %s to %s: that name is taken: merge the two instead", n.Old, n.New)
		case outside != "":
			d.refuse("rename %s to %s: solution %s names it too, and is not among those to be changed", n.Old, n.New, outside)
		default:
			to[before], from[after] = n.New, n.Old
		}
	}
	d.consistent(to)
	for before, after := range to {
		d.plan.claims[after.Fold()] = before
	}
	for _, n := range names {
		if r, err := d.Graph.Reference(n.Old); err == nil && to[n.Old.Fold()] == n.New {
			d.warnOfTargets(r, n)
		}
	}
	return to
}

// consistent refuses renamings to a name that was to be left free by another one that is refused.
func (d *draft) consistent(to map[connref.LogicalName]connref.LogicalName) {
	for changed := true; changed; {
		changed = false
		for _, r := range sorted(to) {
			name := to[r]
			_, err := d.Graph.Reference(name)
			if err == nil && name.Fold() != r && to[name.Fold()].IsZero() {
				d.refuse("rename %s to %s: that name is taken", r, name)
				delete(to, r)
				changed = true
			}
		}
	}
}

// warnOfTargets tells what a renamed reference asks for in environments.
func (d *draft) warnOfTargets(r *graph.Reference, n Renaming) {
	if n.Old.Equal(n.New) {
		return // Dataverse takes both spellings for one name
	}
	if len(r.Candidates) == 0 {
		d.warn("no solution that was read declares %s: it has to be renamed in the one that does, too", n.Old)
	}
	if other, err := d.Graph.Reference(n.New); err == nil { // which gets another name
		if reason := otherConnector(r, other); reason != "" {
			d.warn("a target that has %s can't import this: a reference keeps its connector, and %s", n.New, reason)
		} else {
			d.warn("a target that has %s runs what used %s on its connection then: bind it anew", n.New, n.Old)
		}
		return
	}
	if n.New.Prefix() == "" && n.Old.Prefix() != "" {
		d.warn("%s has no publisher's prefix, as %s_ is one", n.New, n.Old.Prefix())
	}
	d.warn("a logical name can't be changed in an environment: a target of %s gets a new reference %s, without a "+
		"connection, beside the old one: bind it before flows are turned on, then delete the old one", n.Old, n.New)
	for b := range r.Bound() {
		if b.Connection != nil {
			d.warn("in %s, bind %s to connection %s, which answers for %s", b.Environment.Name, n.New, b.Connection.ID, n.Old)
		}
	}
}

// warnOfApp tells of a file that names a reference too, and that isn't read; once for each app.
func (d *draft) warnOfApp(sol *solution.Solution, m solution.Mention) {
	if m.Kind != solution.MentionApp {
		return
	}
	n := noteAt(sol, m.At, "the .msapp file of canvas app "+m.Holder+
		" names "+string(m.Reference)+" too and isn't changed: open the app, choose the reference and save it")
	isSame := func(other Note) bool { return other.Text == n.Text && other.Solution == n.Solution }
	if !slices.ContainsFunc(d.plan.Warnings, isSame) {
		d.plan.Warnings = append(d.plan.Warnings, n)
	}
}

// part says what a mention that can be dropped stands in.
func part(m solution.Mention) string {
	if m.Kind == solution.MentionDeclaration {
		return "the declaration"
	}
	return "a missing dependency"
}

// where says what a mention is in.
func where(m solution.Mention) string {
	switch m.Kind {
	case solution.MentionDeclaration:
		return "its declaration"
	case solution.MentionRequired, solution.MentionDependent:
		return "a missing dependency"
	case solution.MentionBinding:
		return "flow " + m.Holder
	case solution.MentionApp:
		return "canvas app " + m.Holder
	}
	return "agent component " + m.Holder
}
