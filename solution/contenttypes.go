package solution

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// contentTypesName is the part of an archive that gives every other one a content type: by extension in a Default, or by
// name in an Override. An import refuses an archive that has a file without one.
const contentTypesName = "[Content_Types].xml"

// contentTypes keeps [Content_Types].xml true to the files that the origin doesn't have and to those that only it has. It
// starts from the file without what was added before, so that nothing is left where changes are undone.
func (s *Solution) contentTypes(before *Solution, entries []entry) ([]entry, error) {
	at := slices.IndexFunc(entries, func(e entry) bool { return connref.EqualFold(e.name, contentTypesName) })
	if at < 0 {
		return entries, nil
	}
	name, added, gone := entries[at].name, s.missingTypes(entries), s.goneTypes(entries)
	if len(added)+len(gone) == 0 && s.types == nil {
		return entries, nil
	}
	shown, err := before.File(name)
	if err != nil {
		return nil, err
	}
	plain := s.types
	if own := s.texts[name]; own != nil && own != shown || plain == nil { // changed by the caller, or not yet by us
		if plain = shown; own != nil {
			plain = own
		}
	}
	edits, err := typeEdits(plain, s.opts.source(), added, gone)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Path(), err)
	}
	if len(edits) == 0 && plain == shown {
		return entries, nil
	}
	full, err := plain.Apply(edits...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Path(), err)
	}
	s.types, s.texts[name], entries[at].changed = plain, full, true
	return entries, nil
}

// missingTypes are the names of the files that the origin lacks.
func (s *Solution) missingTypes(entries []entry) (names []string) {
	for _, e := range entries {
		if e.stored == created {
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
		switch {
		case overrides[connref.Fold("/"+name)].Exists() || ext != "" && defaults[connref.Fold(ext)]:
			continue
		case ext == "" || strings.ContainsAny(name, "=,"): // as the platform does
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
