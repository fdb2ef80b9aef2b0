package solution

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// contentTypesName is the part of an archive that gives every other one a content type: by extension in a Default, or
// by name in an Override. An import refuses an archive that has a file without one.
const contentTypesName = "[Content_Types].xml"

// typesFile is what With knows of [Content_Types].xml beside what it holds; nothing while it is as it was opened.
type typesFile struct {
	plain *source.File   // without what was added for other files
	known []*source.File // what plain has been since it was opened, the last one last
}

// contentTypes keeps [Content_Types].xml true to the files that the origin doesn't have and to those that only it has.
// It starts from the file without what was added before, so that nothing is left where changes are undone.
func (s *Solution) contentTypes(before *Solution, entries []entry) ([]entry, error) {
	at := slices.IndexFunc(entries, func(e entry) bool { return isContentTypes(e.name) })
	if at < 0 {
		return entries, nil
	}
	name, added, gone := entries[at].name, s.missingTypes(entries), s.goneTypes(entries)
	shown, own := before.texts[name], s.texts[name]
	byCaller := own != nil && own != shown
	if !byCaller && len(added)+len(gone) == 0 && s.types.plain == nil {
		return entries, nil
	}
	if _, there := before.index[connref.Fold(name)]; there && s.types.plain == nil {
		var err error
		if shown, err = before.File(name); err != nil {
			return nil, err
		}
		s.types.is(shown)
	}
	if byCaller && (shown == nil || !bytes.Equal(own.Bytes(), shown.Bytes())) {
		s.types.is(s.plain(own, added, gone))
	}
	plain := s.types.plain
	full, err := s.typed(plain, added, gone)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Path(), err)
	}
	if full == plain && !byCaller && before.types.plain == nil {
		s.types = before.types
		return entries, nil // nothing to add or to take away
	}
	s.texts[name], entries[at].changed = full, true
	return entries, nil
}

// plain is a text of the caller's without what was added for other files. An inverse gives a text back together with
// that, and it isn't the caller's then: when those files go, it does.
func (s *Solution) plain(own *source.File, added, gone []string) *source.File {
	for _, file := range slices.Backward(s.types.known) {
		if full, err := s.typed(file, added, gone); err == nil && bytes.Equal(full.Bytes(), own.Bytes()) {
			return file
		}
	}
	return own
}

func (t *typesFile) is(plain *source.File) {
	others := slices.DeleteFunc(slices.Clone(t.known), func(file *source.File) bool { return file == plain })
	t.plain, t.known = plain, append(others, plain)
}

// typed answers the file with the types of new files added, and without those of files that are gone.
func (s *Solution) typed(file *source.File, added, gone []string) (*source.File, error) {
	edits, err := typeEdits(file, s.opts.source(), added, gone)
	if err != nil || len(edits) == 0 {
		return file, err
	}
	return file.Apply(edits...)
}

func isContentTypes(name string) bool { return connref.EqualFold(name, contentTypesName) }

// missingTypes are the names of the files that the origin lacks.
func (s *Solution) missingTypes(entries []entry) (names []string) {
	for _, e := range entries {
		if e.stored == created && !isContentTypes(e.name) {
			names = append(names, e.name)
		}
	}
	return names
}

// goneTypes are the names of the files that only the origin has.
func (s *Solution) goneTypes(entries []entry) (names []string) {
	stays := make(map[int]bool, len(entries))
	for _, e := range entries {
		stays[e.stored] = true
	}
	for _, e := range s.origin {
		if !stays[e.stored] {
			names = append(names, e.name)
		}
	}
	return names
}

// typeEdits are the edits of a [Content_Types].xml that give every new file a type and take the Override of every file
// that is gone away. A file that isn't what its name says is left alone: reading doesn't depend on it.
func typeEdits(file *source.File, opts *source.Options, added, gone []string) ([]source.Edit, error) {
	if len(added)+len(gone) == 0 {
		return nil, nil
	}
	doc, err := source.ParseXML(file, opts)
	if err != nil || doc.Root().Name() != "Types" {
		return nil, nil
	}
	const partName, extension = "PartName", "Extension"
	defaults, overrides := map[string]bool{}, map[string]source.Element{}
	for e := range doc.Root().Children("Default") {
		defaults[connref.Fold(attr(e, extension))] = true
	}
	for e := range doc.Root().Children("Override") {
		overrides[connref.Fold(attr(e, partName))] = e
	}
	var edits []source.Edit
	for _, name := range gone {
		if e := overrides[connref.Fold("/"+name)]; e.Exists() {
			edit, err := e.Remove()
			if err != nil {
				return nil, err
			}
			edits = append(edits, edit)
		}
	}
	var types []source.NewElement
	for _, name := range added {
		ext := strings.TrimPrefix(path.Ext(name), ".")
		kind, key, value := "Default", extension, ext
		switch byName := ext == "" || strings.ContainsAny(name, "=,"); { // as the platform does
		case overrides[connref.Fold("/"+name)].Exists() || !byName && defaults[connref.Fold(ext)]:
			continue
		case byName:
			kind, key, value = "Override", partName, "/"+name
		default:
			defaults[connref.Fold(ext)] = true
		}
		types = append(types, source.NewElement{Name: kind, Attrs: []source.Attr{
			{Name: key, Value: value}, {Name: "ContentType", Value: "application/octet-stream"},
		}})
	}
	if len(types) == 0 {
		return edits, nil
	}
	edit, err := doc.Root().Append(types...)
	return append(edits, edit), err
}
