package solution

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// With answers the solution with all the changes made, or none at all: a new Solution, which shares with this one what
// they don't touch. Changes of one file may come apart, if all of them are of its text. Nothing is written anywhere;
// WriteZip and WriteDir do that. [Content_Types].xml is kept true to the files that are created and removed.
//
// It fails with ErrConflict where edits don't fit the file or each other, as File.Apply does, or where a file is to be
// changed in two ways or spelled in two; with ErrNotFound where the file isn't there; with ErrDuplicate where a file
// that is to be created is there; with ErrInvalid where a Change asks for several things at once, or where an edit, a
// spelling or a name makes no text; with ErrUnsafePath where the name of a new file would leave its folder; and with
// ErrChanged as File does.
func (s *Solution) With(changes ...source.Change) (*Solution, error) {
	byFile, err := s.collect(changes)
	switch {
	case err != nil:
		return nil, err
	case len(byFile) == 0:
		return s, nil
	}
	next := &Solution{
		place: s.place, opts: s.opts, origin: s.origin, faults: s.faults,
		texts: maps.Clone(s.texts),
		types: s.types,
	}
	entries := slices.Clone(s.entries)
	for _, change := range byFile {
		if entries, err = next.apply(s, change, entries); err != nil {
			return nil, err
		}
	}
	if entries, err = next.contentTypes(s, entries); err != nil {
		return nil, err
	}
	if next.takeModel(s, byFile, entries) {
		return next, nil
	}
	from := &reopened{sol: next}
	err = next.readModel(context.Background(), from, entries, s.parsed)
	if err = errors.Join(err, from.close()); err != nil {
		return nil, err
	}
	return next, nil
}

// Inverse answers the changes that undo changes of this solution: made of the solution that With answers for these,
// they give the bytes of every file back. It fails as With does.
func (s *Solution) Inverse(changes ...source.Change) ([]source.Change, error) {
	next, err := s.With(changes...)
	if err != nil {
		return nil, err
	}
	byFile, err := s.collect(changes)
	if err != nil {
		return nil, err
	}
	var inverse []source.Change
	for _, change := range byFile {
		undo := source.Change{File: change.File}
		if change.Spelling != (source.Spelling{}) {
			file, err := s.File(change.File)
			if err != nil {
				return nil, err
			}
			undo.Spelling = file.Spelling()
		}
		switch {
		case change.Create != nil:
			undo.Remove = true
		case isContentTypes(change.File) && !change.Remove: // With may have added to what the caller made of it
			if undo.Edits, err = s.backFrom(next, change.File); err != nil {
				return nil, err
			}
		case change.Remove:
			file, err := s.File(change.File)
			if err != nil {
				return nil, err
			}
			if undo.Create = file.Bytes(); undo.Create == nil {
				undo.Create = []byte{}
			}
		default:
			undo.Edits = source.Invert(change.Edits...)
		}
		inverse = append(inverse, undo)
	}
	return inverse, nil
}

// backFrom is the edit of another solution's file that gives the text that it has in this one.
func (s *Solution) backFrom(other *Solution, name string) ([]source.Edit, error) {
	file, err := other.File(name)
	if err != nil {
		return nil, err
	}
	want, err := s.File(name)
	if err != nil {
		return nil, err
	}
	return []source.Edit{file.NewEdit(source.Span{End: len(file.Text())}, want.Text())}, nil
}

// collect answers one change for each file, with the name as the solution spells it, in the order of their first. A
// Change that asks for nothing is left out.
func (s *Solution) collect(changes []source.Change) ([]source.Change, error) {
	var list []source.Change
	place := map[string]int{} // by folded name
	for _, change := range changes {
		asked := 0
		for _, ask := range []bool{change.OfText(), change.Create != nil, change.Remove} {
			if ask {
				asked++
			}
		}
		switch {
		case asked == 0:
			continue
		case asked > 1:
			return nil, fmt.Errorf("%s: change of %s asks for more than one of another text, creation and removal: %w",
				s.Path(), change.File, connref.ErrInvalid)
		}
		change.File = slashed(change.File)
		i, there := s.index[connref.Fold(change.File)]
		switch {
		case change.Create == nil && !there:
			return nil, fmt.Errorf("%s: file %q: %w", s.Path(), change.File, connref.ErrNotFound)
		case change.Create != nil && there:
			return nil, fmt.Errorf("%s: create %s: the file is there: %w", s.Path(), change.File, connref.ErrDuplicate)
		case there:
			change.File = s.entries[i].name
		}
		key := connref.Fold(change.File)
		first, again := place[key]
		switch {
		case !again:
			place[key] = len(list)
			change.Edits = slices.Clip(change.Edits)
			list = append(list, change)
		case !change.OfText() || !list[first].OfText() || differ(change.Spelling, list[first].Spelling):
			return nil, fmt.Errorf("%s: %s is to be changed in two ways at once: %w", s.Path(), change.File, connref.ErrConflict)
		default:
			list[first].Edits = append(list[first].Edits, change.Edits...)
			list[first].Spelling = cmp.Or(list[first].Spelling, change.Spelling)
		}
	}
	return list, nil
}

// differ tells whether a text can't be spelled in both ways.
func differ(a, b source.Spelling) bool {
	return a != b && a != source.Spelling{} && b != source.Spelling{}
}

// apply makes a change of a file that this solution is to have otherwise than the one before, and answers the files
// then.
func (s *Solution) apply(before *Solution, change source.Change, entries []entry) ([]entry, error) {
	at := slices.IndexFunc(entries, func(e entry) bool { return connref.EqualFold(e.name, change.File) })
	switch {
	case change.Create != nil:
		return s.create(change.File, change.Create, entries)
	case change.Remove:
		isSame := func(e entry) bool { return connref.EqualFold(e.name, change.File) }
		if slices.ContainsFunc(entries[at+1:], isSame) {
			return nil, fmt.Errorf("%s: remove %s: the archive has it twice, and the other would count then: %w",
				s.Path(), change.File, connref.ErrConflict)
		}
		delete(s.texts, change.File)
		return slices.Delete(entries, at, at+1), nil
	}
	file, err := before.File(change.File)
	if err != nil {
		return nil, err
	}
	file, err = file.Apply(change.Edits...)
	if err == nil && change.Spelling != (source.Spelling{}) {
		file, err = file.Respell(change.Spelling)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Path(), err)
	}
	s.texts[file.Name()] = file
	entries[at].changed = true
	return entries, nil
}

// create adds a file. One that the origin has, so that it was removed since, takes its old place again.
func (s *Solution) create(name string, raw []byte, entries []entry) ([]entry, error) {
	if err := checkName(name); err != nil {
		return nil, fmt.Errorf("%s: create: %w", s.Path(), err)
	}
	if !utf8.ValidString(name) {
		return nil, fmt.Errorf("%s: create %q: the name is not utf-8: %w", s.Path(), name, connref.ErrInvalid)
	}
	add := entry{name: name, stored: created, changed: true}
	if i := slices.IndexFunc(s.origin, func(e entry) bool { return connref.EqualFold(e.name, name) }); i >= 0 {
		add.name, add.stored = s.origin[i].name, s.origin[i].stored
	}
	at := slices.IndexFunc(entries, add.isBefore)
	if at < 0 {
		at = len(entries)
	}
	s.texts[add.name] = source.NewFile(add.name, slices.Clone(raw))
	return slices.Insert(entries, at, add), nil
}

// isBefore is the order of files: the origin's as there, then created ones by name, so that it doesn't matter in which
// order those were created.
func (e entry) isBefore(other entry) bool {
	switch {
	case e.stored == created && other.stored == created:
		return e.name < other.name
	case e.stored == created || other.stored == created:
		return other.stored == created
	}
	return e.stored < other.stored
}

// reopened are the files of a solution that was opened before: its origin is opened again when one is read.
type reopened struct {
	sol   *Solution
	store store
}

func (r *reopened) fault(stored int) error { return r.sol.faults[stored] }

func (r *reopened) read(stored int) ([]byte, error) {
	if r.store == nil {
		store, err := r.sol.open(context.Background())
		if err != nil {
			return nil, err
		}
		r.store = store
	}
	return r.store.read(stored)
}

func (r *reopened) close() error {
	if r.store == nil {
		return nil
	}
	return r.store.close()
}
