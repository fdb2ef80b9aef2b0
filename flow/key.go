package flow

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// RenameKeys is the change that gives bindings other keys, old to new, wherever the definition names them: in the hosts
// of operations, and in every expression that takes a connection from $connections by its key. Two keys can change
// places. References, and texts that only look like a key, stay as they are.
//
// It fails as Rebind does; with ErrInvalid for a new key that is empty or not UTF-8; with ErrDuplicate for one that
// another binding has and keeps, or that two are to get; with ErrConflict for an old key that stands more than once,
// for a new one that the definition names though no binding has it, since what is broken now would run on this
// connection, and where an expression takes from $connections what can't be read.
func (f *Flow) RenameKeys(names map[string]string) (source.Change, error) {
	mentions, err := f.mentions()
	if err := errors.Join(f.renamable(names, mentions), err); err != nil {
		return f.change(nil, err)
	}
	edits := f.respell(mentions, names)
	for old, to := range names {
		if to != old {
			edits = append(edits, f.file.NewEdit(f.references().Member(old).Key.TextSpan(), inQuotes(to)))
		}
	}
	return f.change(edits)
}

// renamable tells why keys can't be renamed so.
func (f *Flow) renamable(names map[string]string, mentions []mention) error {
	olds := slices.Sorted(maps.Keys(names))
	faults := f.single(olds)
	from := map[string]string{} // old by new
	for _, old := range olds {
		to := names[old]
		if to == old {
			continue
		}
		faults = append(faults, f.vacant(to, names, mentions))
		if other, ok := from[to]; ok {
			faults = append(faults, fmt.Errorf("%s: %q and %q can't both get the key %q: %w",
				f.place(), other, old, to, connref.ErrDuplicate))
		}
		from[to] = old
	}
	return errors.Join(faults...)
}

// vacant tells why a binding can't get the key.
func (f *Flow) vacant(key string, renamed map[string]string, mentions []mention) error {
	if err := validateKey(key); err != nil {
		return fmt.Errorf("%s: rename a key: %w", f.place(), err)
	}
	if to, ok := renamed[key]; ok && to != key {
		return nil
	}
	if m := f.references().Member(key); m.Key.Exists() {
		return fmt.Errorf("%s: the key %q is taken: choose another: %w", f.Position(m.Key.At()), key, connref.ErrDuplicate)
	}
	for _, m := range mentions {
		if m.key == key {
			return fmt.Errorf("%s: %s names the key %q already, which no binding has: %w",
				f.Position(f.file.At(m.at)), f.user(m), key, connref.ErrConflict)
		}
	}
	return nil
}

// JoinKeys is the change that takes bindings away, by key, and makes everything that names one of them name another
// binding's key instead, as RenameKeys does: into tells which. The operations run on that binding's reference from then
// on, whatever reference theirs had: whether that is meant is for the caller to know.
//
// It fails as Rebind does; with ErrInvalid where a key is to be joined into one that goes away, and where two bindings
// differ in connector, source or impersonation; with ErrConflict for a key to go that stands more than once, and where an
// expression takes from $connections what can't be read.
func (f *Flow) JoinKeys(into map[string]string) (source.Change, error) {
	gone := slices.Sorted(maps.Keys(into))
	faults := f.single(gone)
	for _, key := range gone {
		kept, err := f.bound(into[key])
		if b, ok := f.Binding(key); ok && err == nil {
			_, goes := into[kept.Key]
			err = f.joinable(kept, b, goes)
		}
		faults = append(faults, err)
	}
	mentions, err := f.mentions()
	faults = append(faults, err)
	if err := errors.Join(faults...); err != nil {
		return f.change(nil, err)
	}
	edits, err := f.references().RemoveMembers(gone...)
	return f.change(append(edits, f.respell(mentions, into)...), err)
}

// joinable tells why the operations of one binding can't run on another, which may go away itself.
func (f *Flow) joinable(kept, b Binding, goes bool) error {
	reason := ""
	switch {
	case kept.Key == b.Key:
		reason = "a key can't be joined with itself"
	case goes:
		reason = fmt.Sprintf("%q goes away itself", kept.Key)
	case !kept.Connector.Equal(b.Connector):
		reason = fmt.Sprintf("connector %s is not %s", b.Connector, kept.Connector)
	case kept.Source != b.Source:
		reason = fmt.Sprintf("source %q is not %q", b.Source, kept.Source)
	case kept.Impersonation != b.Impersonation:
		reason = fmt.Sprintf("impersonation %q is not %q", b.Impersonation, kept.Impersonation)
	default:
		return nil
	}
	return fmt.Errorf("%s: join %q into %q: %s: %w", f.Position(b.At), b.Key, kept.Key, reason, connref.ErrInvalid)
}

// single tells which of the keys no binding has, and which stand more than once.
func (f *Flow) single(keys []string) (faults []error) {
	count := make(map[string]int, len(keys))
	for _, key := range keys {
		count[key] = 0
	}
	for m := range f.references().Members() {
		if n, asked := count[m.Name()]; asked {
			count[m.Name()] = n + 1
		}
	}
	for _, key := range keys {
		b, err := f.bound(key)
		if err == nil && count[key] > 1 {
			err = fmt.Errorf("%s: key %q stands here again: remove all but one first: %w",
				f.Position(b.At), key, connref.ErrConflict)
		}
		faults = append(faults, err)
	}
	return faults
}

func validateKey(key string) error {
	switch {
	case key == "":
		return fmt.Errorf("an empty text is no key: %w", connref.ErrInvalid)
	case !utf8.ValidString(key):
		return fmt.Errorf("%q is no key, since it is not utf-8: %w", key, connref.ErrInvalid)
	}
	return nil
}
