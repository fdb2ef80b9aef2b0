package solution

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Edits is what is to happen to the connection references of a solution. It is one value, so that what touches one file
// comes out as edits that don't conflict; Changes makes them. Its mentions are those that Solution.Mentions yields.
type Edits struct {
	// Declare adds declarations: where the file's are sorted by name, each in its place, else behind the last.
	Declare []connref.Reference
	// Rename spells the name at each mention anew.
	Rename []Renaming
	// Drop removes the declaration, the missing dependency or the agent's row that each mention stands in, whatever else
	// names the reference.
	Drop []Mention
	// Require adds missing dependencies behind the last.
	Require []MissingDependency
	// DisplayNames and Descriptions are new texts of declared references, by name. No description removes it.
	DisplayNames map[connref.LogicalName]string
	Descriptions map[connref.LogicalName]string
}

// Renaming is a new name at the place of a mention.
type Renaming struct {
	Mention Mention
	To      connref.LogicalName
}

// Changes answers the changes of the solution's files that make the edits, one for each file, to be given to With. It
// fails with ErrInvalid where a name or a reference isn't valid, or what is to be dropped can't be; with ErrNotFound
// where a reference isn't declared, or a mention isn't one of this solution, of which it may be an older or a newer
// one's; with ErrDuplicate where one to be declared already is; and with ErrLayout for a flow package, which has no
// references. All faults are joined.
func (s *Solution) Changes(edits Edits) ([]source.Change, error) {
	w := writer{sol: s, edits: map[string][]source.Edit{}, mentions: map[Mention]bool{}, parts: map[source.Location]bool{}}
	if len(edits.Rename)+len(edits.Drop) > 0 {
		for m := range s.Mentions() {
			w.mentions[m], w.parts[m.Part] = true, true
		}
	}
	w.rename(edits.Rename)
	dropped := w.dropped(edits.Drop)
	w.declarations(edits, dropped)
	w.dependencies(edits.Require, dropped)
	w.agentRows(dropped)
	return w.changes()
}

// writer gathers the edits of each file.
type writer struct {
	sol      *Solution
	mentions map[Mention]bool
	parts    map[source.Location]bool // of the mentions
	edits    map[string][]source.Edit // by file
	faults   []error
}

func (w *writer) changes() ([]source.Change, error) {
	if len(w.faults) > 0 {
		return nil, fmt.Errorf("%s: %w", w.sol.Path(), errors.Join(w.faults...))
	}
	var changes []source.Change
	for _, name := range slices.Sorted(maps.Keys(w.edits)) {
		changes = append(changes, source.Change{File: name, Edits: w.edits[name]})
	}
	return changes, nil
}

func (w *writer) fault(err error) { w.faults = append(w.faults, err) }

// add notes an edit of an element's file, or why there is none.
func (w *writer) add(e source.Element, edit source.Edit, err error) {
	if err != nil {
		w.fault(err)
		return
	}
	file := e.At().File
	w.edits[file] = append(w.edits[file], edit)
}

func (w *writer) rename(renamings []Renaming) {
	for _, r := range renamings {
		at := r.Mention.At
		if !w.mentions[r.Mention] {
			w.strange(r.Mention)
			continue
		}
		file, err := w.sol.File(at.File)
		if err = errors.Join(r.To.Validate(), err); err != nil {
			w.fault(err)
			continue
		}
		if edit := file.NewEdit(at.Span, string(r.To)); edit.Old != edit.New {
			w.edits[at.File] = append(w.edits[at.File], edit)
		}
	}
}

// strange notes that a mention isn't the solution's: an edit of its place would hit a text that it wasn't made for.
func (w *writer) strange(m Mention) {
	w.fault(fmt.Errorf("%s: the solution has no mention of %s here: take it from this solution: %w",
		w.sol.Position(m.At), m.Reference, connref.ErrNotFound))
}

// dropped answers what is to be dropped by the kind of its mention: the elements' places, in the order given.
func (w *writer) dropped(mentions []Mention) map[MentionKind][]source.Location {
	byKind := map[MentionKind][]source.Location{}
	for _, m := range mentions {
		kind := m.Kind
		switch kind {
		case MentionDeclaration, MentionAgentRow, MentionRequired:
		case MentionDependent:
			kind = MentionRequired // the other side of the same element
		default:
			w.fault(fmt.Errorf("%s: drop %s of %s: only declarations, missing dependencies and agent rows can be: %w",
				w.sol.Position(m.At), m.Kind, m.Reference, connref.ErrInvalid))
			continue
		}
		switch {
		case !w.parts[m.Part]:
			w.strange(m)
		case !slices.Contains(byKind[kind], m.Part):
			byKind[kind] = append(byKind[kind], m.Part)
		}
	}
	return byKind
}

// part answers the first element with a path in one of the solution's files; absent if there is none.
func (w *writer) part(name, path string) (found source.Element) {
	file, err := w.sol.File(name)
	if err == nil {
		err = source.FindXML(file, w.sol.opts.source(), func(_ int, e source.Element) error {
			if !found.Exists() {
				found = e
			}
			return nil
		}, path)
	}
	if err != nil {
		w.fault(err)
	}
	return found
}

// remove takes the children that stand at the places out of an element, and answers whether it has others.
func (w *writer) remove(parent source.Element, places []source.Location) (others bool) {
	left := slices.Clone(places)
	for child := range parent.Children() {
		i := slices.Index(left, child.At())
		if i < 0 {
			others = true
			continue
		}
		left = slices.Delete(left, i, i+1)
		edit, err := child.Remove()
		w.add(child, edit, err)
	}
	for _, at := range left {
		w.fault(fmt.Errorf("%s: drop: nothing that can be dropped is here: %w", w.sol.Position(at), connref.ErrNotFound))
	}
	return others
}

// empties tells whether an element has no children but those at the places.
func empties(parent source.Element, places []source.Location) bool {
	for child := range parent.Children() {
		if !slices.Contains(places, child.At()) {
			return false
		}
	}
	return true
}

// agentRows drops rows of the file in which agents name references.
func (w *writer) agentRows(dropped map[MentionKind][]source.Location) {
	rows := dropped[MentionAgentRow]
	if len(rows) == 0 {
		return
	}
	set := w.part(agentReferences, agentReferenceSet)
	if empties(set, rows) {
		edit, err := set.Clear()
		w.add(set, edit, err)
		return
	}
	w.remove(set, rows)
}
