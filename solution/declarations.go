package solution

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// declarations drops, adds and changes declarations of references.
func (w *writer) declarations(edits Edits, dropped map[MentionKind]places) {
	gone := dropped[MentionDeclaration]
	if len(gone)+len(edits.Declare)+len(edits.Update) == 0 {
		return
	}
	file, err := w.sol.customizations()
	if err != nil {
		w.fault(err)
		return
	}
	declared := w.sol.declarationList(file)
	if declared.err != nil {
		w.fault(declared.err)
	}
	list := declared.element
	w.update(declared, edits.Update)
	added := w.newReferences(edits.Declare, list)
	switch {
	case list.Exists() && len(added) == 0 && len(gone) > 0 && empties(list, gone):
		edit, err := list.Remove() // where there is none, exports have no list
		w.add(list, edit, err)
	default:
		w.remove(list, gone)
		w.insert(file, list, added, gone)
	}
}

var errNoReferences = fmt.Errorf("a flow package binds connections directly, it has no references: %w", ErrLayout)

// customizations is the name of the file that declares references.
func (s *Solution) customizations() (string, error) {
	name := "customizations.xml"
	switch s.Layout() {
	case LayoutUnpacked:
		name = "Other/Customizations.xml"
	case LayoutFlowPackage:
		return "", errNoReferences
	}
	i, ok := s.index[connref.Fold(name)]
	if !ok {
		return "", fmt.Errorf("file %q, which declares references: %w", name, connref.ErrNotFound)
	}
	return s.entries[i].name, nil
}

// newReferences writes the declarations that are to be added, sorted by name as the list is.
func (w *writer) newReferences(refs []connref.Reference, list source.Element) (added []source.NewElement) {
	if len(refs) == 0 {
		return nil
	}
	prompting := false // exports before 2024 don't write it
	for e := range list.Children() {
		prompting = prompting || e.Child(promptingTag).Exists()
	}
	compare, _ := orderOf(list)
	refs = slices.Clone(refs)
	slices.SortStableFunc(refs, func(a, b connref.Reference) int { return compare(a.LogicalName, b.LogicalName) })
	names := map[connref.LogicalName]bool{}
	for _, ref := range refs {
		name := ref.LogicalName.Fold()
		switch err := ref.Validate(); {
		case err != nil:
			w.fault(err)
		case w.sol.declared[name], names[name]:
			w.fault(fmt.Errorf("declare %s: it is declared: %w", ref.LogicalName, connref.ErrDuplicate))
		default:
			names[name] = true
			added = append(added, newReference(ref, prompting))
		}
	}
	return added
}

// newReference writes a declaration.
func newReference(ref connref.Reference, prompting bool) source.NewElement {
	ref.Connector, ref.Connection, ref.Status = connref.ConnectorID(ref.Connector.Path()), "", ref.State+1
	if ref.Customizable == connref.Unknown {
		ref.Customizable = connref.Yes
	}
	e := source.NewElement{
		Name:  "connectionreference",
		Attrs: []source.Attr{{Name: declarationKey, Value: string(ref.LogicalName)}},
	}
	for _, c := range columns(ref) {
		if c.text != "" && (c.tag != promptingTag || prompting || ref.Prompting != connref.PromptOnImport) {
			e.Children = append(e.Children, source.NewElement{Name: c.tag, Text: c.text})
		}
		if c.tag == connectorTag && !ref.CustomConnector.IsZero() {
			e.Children = append(e.Children, source.NewElement{
				Name:     "customconnectorid",
				Children: []source.NewElement{{Name: connectorTag, Text: ref.CustomConnector.String()}},
			})
		}
	}
	return e
}

// insert adds declarations: each before the first one that sorts behind it if the list is sorted, which most are, else
// behind the last. A list that isn't there is made where exports have it, before the languages.
func (w *writer) insert(file string, list source.Element, added []source.NewElement, gone places) {
	if len(added) == 0 {
		return
	}
	if !list.Exists() {
		w.insertList(file, source.NewElement{Name: "connectionreferences", Children: added})
		return
	}
	if compare, sorted := orderOf(list); sorted {
		for next := range list.Children() {
			n := 0
			for n < len(added) && compare(connref.LogicalName(added[n].Attrs[0].Value), declaredName(next)) < 0 {
				n++
			}
			if n > 0 && !gone[next.At()] {
				edit, err := next.Before(added[:n]...)
				w.add(next, edit, err)
				added = added[n:]
			}
		}
	}
	if len(added) > 0 {
		edit, err := list.Append(added...)
		w.add(list, edit, err)
	}
}

// orderOf answers how the names of a list are sorted, and whether they are: most exports sort them by character,
// capitals first, and a few without regard to case.
func orderOf(list source.Element) (compare func(a, b connref.LogicalName) int, sorted bool) {
	byCharacter := cmp.Compare[connref.LogicalName]
	byName := func(a, b connref.LogicalName) int { return cmp.Compare(a.Fold(), b.Fold()) }
	for _, compare := range []func(a, b connref.LogicalName) int{byCharacter, byName} {
		if isSorted(list, compare) {
			return compare, true
		}
	}
	return byCharacter, false
}

func isSorted(list source.Element, compare func(a, b connref.LogicalName) int) bool {
	var last connref.LogicalName
	for e := range list.Children() {
		name := declaredName(e)
		if compare(name, last) < 0 {
			return false
		}
		last = name
	}
	return true
}

func (w *writer) insertList(file string, list source.NewElement) {
	if next := w.part(file, "ImportExportXml/Languages"); next.Exists() {
		edit, err := next.Before(list)
		w.add(next, edit, err)
		return
	}
	root := w.part(file, "ImportExportXml")
	edit, err := root.Append(list)
	w.add(root, edit, err)
}
