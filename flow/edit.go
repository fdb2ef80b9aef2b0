package flow

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Rebind is the change that makes bindings, by key, use these references. Of a binding that has a reference only the
// name is replaced, wherever it stands. The connection of a direct one is replaced as a whole, with all that named it.
// Of repeated members the last is changed, which is the one that counts.
//
// It fails with ErrNotFound for a key that no binding has, and with ErrInvalid for a name that no reference can have.
// Like every change it fails with ErrInvalid where the file is no flow, and for the flow of a legacy package, which has
// no references and repeats its keys in connectionsMap.json.
func (f *Flow) Rebind(to map[string]connref.LogicalName) (source.Change, error) {
	return changeEach(f, to, func(b Binding, to connref.LogicalName) (source.Edit, error) {
		switch err := to.Validate(); {
		case err != nil:
			return source.Edit{}, err
		case b.Reference == to:
			return source.Edit{}, nil
		case b.Direct():
			return f.references().Get(b.Key).SetMember("connection", connectionOf(to))
		}
		return f.file.NewEdit(b.ReferenceAt.Span, string(to)), nil
	})
}

// SetSources is the change that gives bindings, by key, these runtime sources. How operations sign in stays as it is:
// an inputs.authentication that takes the caller's connection goes on taking it.
//
// It fails as Rebind does, with ErrInvalid for what is neither Embedded nor Invoker.
func (f *Flow) SetSources(to map[string]RuntimeSource) (source.Change, error) {
	return changeEach(f, to, func(b Binding, to RuntimeSource) (source.Edit, error) {
		switch {
		case to != Embedded && to != Invoker:
			return source.Edit{}, to.invalid()
		case b.Source == to:
			return source.Edit{}, nil
		}
		return f.references().Get(b.Key).SetMember("runtimeSource", source.QuoteJSON(string(to)))
	})
}

// changeEach is the change of bindings, one edit each; an edit without a place is none.
func changeEach[T any](
	f *Flow, to map[string]T, edit func(b Binding, to T) (source.Edit, error),
) (source.Change, error) {
	var edits []source.Edit
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(to)) {
		b, err := f.bound(key)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		e, err := edit(b, to[key])
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: binding %q: %w", f.Position(b.At), key, err))
		case e != source.Edit{}:
			edits = append(edits, e)
		}
	}
	return f.change(edits, faults...)
}

// AddBindings is the change that adds bindings behind those that the flow has, with the members that the platform
// writes and laid out as the file is. The source of one that says none is Embedded. A binding's Connection and its
// places are not written, so that one of another flow can be added as it is, if it names a reference.
//
// It reports every fault at once: ErrDuplicate for a key that is there already or comes twice; ErrInvalid for an empty
// key, for a reference, connector, source or impersonation that no binding can have, and as Rebind does.
func (f *Flow) AddBindings(bindings ...Binding) (source.Change, error) {
	members, faults := f.newMembers(bindings)
	references := f.references()
	switch kind := references.Kind(); {
	case len(faults) > 0 || len(members) == 0:
		return f.change(nil, faults...)
	case kind == source.Object:
		edits, err := references.SetMembers(members...)
		return f.change(edits, err)
	case kind != source.Null && kind != source.Absent:
		return f.change(nil, fmt.Errorf("%s: connection references are %s: expected an object: %w",
			f.place(), kind, connref.ErrInvalid))
	}
	var entries []string
	for _, m := range members {
		entries = append(entries, source.QuoteJSON(m.Name)+":"+m.JSON)
	}
	edits, err := f.properties().SetMembers(
		source.NewMember{Name: "connectionReferences", JSON: "{" + strings.Join(entries, ",") + "}"})
	return f.change(edits, err)
}

// newMembers are the entries of bindings that are to be added, and all that keeps them from it.
func (f *Flow) newMembers(bindings []Binding) (members []source.NewMember, faults []error) {
	seen := map[string]bool{}
	for _, b := range bindings {
		wrong := b.faults()
		if seen[b.Key] || f.references().Member(b.Key).Key.Exists() {
			wrong = append(wrong, fmt.Errorf("another binding has that key: %w", connref.ErrDuplicate))
		}
		for _, err := range wrong {
			faults = append(faults, fmt.Errorf("%s: new binding %q: %w", f.file.Name(), b.Key, err))
		}
		seen[b.Key] = true
		members = append(members, source.NewMember{Name: b.Key, JSON: b.json()})
	}
	return members, faults
}

// DropBindings is the change that removes bindings by their keys.
//
// It fails as Rebind does, and with ErrConflict for a key that an operation or any other expression names, for one that
// stands more than once, since the one before would count from then on, and where an expression takes from $connections
// what can't be read.
func (f *Flow) DropBindings(keys ...string) (source.Change, error) {
	mentions, err := f.mentions()
	faults := append(f.single(keys), err)
	for _, m := range mentions {
		if !slices.Contains(keys, m.key) {
			continue
		}
		if _, ok := f.Binding(m.key); ok {
			faults = append(faults, fmt.Errorf("%s: binding %q is used here by %s: %w",
				f.Position(f.file.At(m.at)), m.key, f.user(m), connref.ErrConflict))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return f.change(nil, err)
	}
	edits, err := f.references().RemoveMembers(keys...)
	return f.change(edits, err)
}

// editable tells why the file is none in which bindings can be changed. A change of one file would leave behind what
// the other files of a legacy package say of its keys.
func (f *Flow) editable() error {
	if !f.IsFlow() {
		return fmt.Errorf("%s: no cloud flow: expected an object with properties.definition: %w",
			f.file.Name(), connref.ErrInvalid)
	}
	root := f.doc.Root()
	if root.Get("id").Exists() && root.Get("type").Exists() && root.Get("properties", "apiId").Exists() {
		return fmt.Errorf("%s: the flow of a legacy package, which repeats its keys in connectionsMap.json: "+
			"import it into a solution and change it there: %w", f.file.Name(), connref.ErrInvalid)
	}
	return nil
}

// place is where the bindings stand, for messages.
func (f *Flow) place() source.Position {
	at := f.file.At(source.Span{})
	if references := f.references(); references.Exists() {
		at = references.At()
	}
	return f.Position(at)
}

// bound is the binding with that key, or an ErrNotFound.
func (f *Flow) bound(key string) (Binding, error) {
	b, ok := f.Binding(key)
	if !ok {
		return b, fmt.Errorf("%s: no binding has the key %q: %w", f.place(), key, connref.ErrNotFound)
	}
	return b, nil
}

// change is the change of the flow's file, its edits in the order of the file; or all faults at once.
func (f *Flow) change(edits []source.Edit, faults ...error) (source.Change, error) {
	if err := f.editable(); err != nil { // then all else that is wrong follows from it
		return source.Change{}, err
	}
	if err := errors.Join(faults...); err != nil {
		return source.Change{}, err
	}
	slices.SortFunc(edits, func(a, b source.Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return source.Change{File: f.file.Name(), Edits: edits}, nil
}
