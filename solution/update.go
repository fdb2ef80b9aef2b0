package solution

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// column is a child of a declaration, and its text; "" where it isn't there.
type column struct{ tag, text string }

// columns are the children of a declaration that hold texts, in alphabetical order, as exports have them.
func columns(ref connref.Reference) []column {
	customizable := map[connref.Fact]string{connref.No: "0", connref.Yes: "1"}
	status := ""
	if ref.Status != 0 {
		status = strconv.Itoa(ref.Status)
	}
	return []column{
		{connectionTag, string(ref.Connection)},
		{displayNameTag, ref.DisplayName},
		{connectorTag, string(ref.Connector)},
		{descriptionTag, ref.Description},
		{customizableTag, customizable[ref.Customizable]},
		{promptingTag, strconv.Itoa(int(ref.Prompting))},
		{stateTag, strconv.Itoa(ref.State)},
		{statusTag, status},
	}
}

// update makes declarations what they are to be.
func (w *writer) update(list *declarationList, refs []connref.Reference) {
	wanted := make(map[connref.LogicalName]connref.Reference, len(refs))
	for _, ref := range refs {
		name := ref.LogicalName.Fold()
		if _, again := wanted[name]; again {
			w.fault(fmt.Errorf("update %s: it is to be updated already: %w", ref.LogicalName, connref.ErrDuplicate))
		}
		wanted[name] = ref
	}
	var found []source.Element
	for name, ref := range wanted {
		if e := list.declaration(name, ref.At); e.Exists() {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b source.Element) int { return cmp.Compare(a.At().Span.Start, b.At().Span.Start) })
	for _, e := range found {
		name := declaredName(e).Fold()
		w.change(e, wanted[name])
		delete(wanted, name)
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		w.fault(fmt.Errorf("connection reference %q: it isn't declared: %w", name, connref.ErrNotFound))
	}
}

// change makes a declaration what it is to be: children are changed where they stand, taken away, or made where they
// belong.
func (w *writer) change(e source.Element, ref connref.Reference) {
	is := declared(e)
	if err := changeFault(is, ref); err != nil {
		w.fault(fmt.Errorf("update %s: %w", is.LogicalName, err))
		return
	}
	before := columns(is)
	var added []source.NewElement
	gone := places{}
	for i, c := range columns(ref) {
		child := e.Child(c.tag)
		switch {
		case c == before[i]:
		case !child.Exists():
			added = append(added, source.NewElement{Name: c.tag, Text: c.text})
		case c.text == "":
			gone[child.At()] = true
			edit, err := child.Remove()
			w.add(e, edit, err)
		default:
			edit, err := child.SetText(c.text)
			w.add(e, edit, err)
		}
	}
	w.newChildren(e, added, gone)
}

// changeFault answers why a declaration can't be made what it is to be. Older faults of it are none of a change's.
func changeFault(is, ref connref.Reference) error {
	if !ref.Connection.IsZero() && ref.Connection != is.Connection {
		return fmt.Errorf("connection %q: a solution has none: %w", ref.Connection, connref.ErrInvalid)
	}
	right := connref.Reference{LogicalName: "any", DisplayName: "any", Connector: "shared_any"}
	if ref.DisplayName != is.DisplayName {
		right.DisplayName = ref.DisplayName
	}
	if ref.Description != is.Description {
		right.Description = ref.Description
	}
	if ref.Connector != is.Connector {
		right.Connector = ref.Connector
	}
	if ref.Prompting != is.Prompting {
		right.Prompting = ref.Prompting
	}
	if ref.State != is.State || ref.Status != is.Status {
		right.State, right.Status = ref.State, ref.Status
	}
	return right.Validate()
}

// newChildren adds children, which are sorted by name, where they belong: children are in alphabetical order. Those at
// the places are about to go.
func (w *writer) newChildren(e source.Element, added []source.NewElement, gone places) {
	for next := range e.Children() {
		n := 0
		for n < len(added) && added[n].Name < next.Name() {
			n++
		}
		if n > 0 && !gone[next.At()] {
			edit, err := next.Before(added[:n]...)
			w.add(e, edit, err)
			added = added[n:]
		}
	}
	if len(added) > 0 {
		edit, err := e.Append(added...)
		w.add(e, edit, err)
	}
}
