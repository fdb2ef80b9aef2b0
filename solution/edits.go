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
	// Update makes declared references what they are to be: the one of each name, or the very declaration at its place if
	// it has one. What differs from the declaration is written: display name, description, connector, prompting,
	// customizable, state and status. What an export can lack is taken away by its zero value, a connection by none.
	Update []connref.Reference
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
	w := writer{sol: s, edits: map[string][]source.Edit{}}
	if len(edits.Rename)+len(edits.Drop) > 0 {
		w.own = s.ownMentions()
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
	sol    *Solution
	own    *ownMentions
	edits  map[string][]source.Edit // by file
	faults []error
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
		if !w.own.mentions[r.Mention] {
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

// places are where elements of one file stand.
type places map[source.Location]bool

// dropped answers what is to be dropped, by the kind of its mention.
func (w *writer) dropped(mentions []Mention) map[MentionKind]places {
	byKind := map[MentionKind]places{MentionDeclaration: {}, MentionAgentRow: {}, MentionRequired: {}}
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
		if !w.own.parts[m.Part] {
			w.strange(m)
			continue
		}
		byKind[kind][m.Part] = true
	}
	return byKind
}

// part answers the first element with a path in one of the solution's files; absent if there is none.
func (w *writer) part(name, path string) source.Element {
	found, err := w.sol.part(name, path)
	if err != nil {
		w.fault(err)
	}
	return found
}

// part answers the first element with a path in a file; absent if there is none.
func (s *Solution) part(name, path string) (found source.Element, err error) {
	file, err := s.File(name)
	if err == nil {
		err = source.FindXML(file, s.opts.source(), func(_ int, e source.Element) error {
			if !found.Exists() {
				found = e
			}
			return nil
		}, path)
	}
	if found.Exists() { // a fault behind the element leaves its places what they are
		return found, nil
	}
	return found, err
}

// remove takes the children that stand at the places out of an element.
func (w *writer) remove(parent source.Element, gone places) {
	if len(gone) == 0 {
		return
	}
	left := maps.Clone(gone)
	for child := range parent.Children() {
		if gone[child.At()] {
			delete(left, child.At())
			edit, err := child.Remove()
			w.add(child, edit, err)
		}
	}
	if len(left) > 0 {
		w.fault(fmt.Errorf("%s: drop: %d of what is to be dropped isn't in the first list of its kind: %w",
			w.sol.Position(parent.At()), len(left), connref.ErrNotFound))
	}
}

// empties tells whether an element has no children but those at the places.
func empties(parent source.Element, gone places) bool {
	for child := range parent.Children() {
		if !gone[child.At()] {
			return false
		}
	}
	return true
}

// agentRows drops rows of the file in which agents name references.
func (w *writer) agentRows(dropped map[MentionKind]places) {
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
