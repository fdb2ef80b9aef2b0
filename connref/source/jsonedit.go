package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// QuoteJSON spells text as a JSON string the way the platform does: <, > and & stay as they are, where json.Marshal
// would escape them. A byte that is no UTF-8 becomes U+FFFD.
func QuoteJSON(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(text) != nil {
		return `""` // can't be: a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Replace is the edit that puts the JSON text in the value's place, laid out as the file is. It fails with ErrNotFound
// if the value is absent and with ErrInvalid if the text is not one JSON value, or not a string where the value is a
// member's name.
func (v Value) Replace(text string) (Edit, error) {
	if v.doc == nil {
		return Edit{}, fmt.Errorf("replace: %w", ErrNotFound)
	}
	f, span := v.doc.file, v.Span()
	text, err := v.doc.layout(text, f.indentAt(span.Start))
	if err != nil {
		return Edit{}, fmt.Errorf("%s: replace: %w", v.place(), err)
	}
	if v.doc.nodes[v.node].isName && text[0] != '"' {
		return Edit{}, fmt.Errorf("%s: replace name %s: expected a string, not %s: %w",
			v.place(), v.Raw(), text, ErrInvalid)
	}
	return f.NewEdit(span, text), nil
}

// SetText is the edit that makes the value this string; see Replace. It fails with ErrInvalid too if the text isn't
// UTF-8.
func (v Value) SetText(text string) (Edit, error) {
	switch {
	case v.doc == nil:
		return Edit{}, fmt.Errorf("set text: %w", ErrNotFound)
	case !utf8.ValidString(text):
		return Edit{}, fmt.Errorf("%s: set text: the text is not utf-8: %w", v.place(), ErrInvalid)
	}
	return v.Replace(QuoteJSON(text))
}

// NewMember is a member of an object to be written: its name and the JSON text of its value.
type NewMember struct {
	Name string
	JSON string
}

// SetMember is the edit that gives an object a member with that JSON text: in the place of the last member of that
// name, or else behind the last member, laid out as its neighbours are. It fails with ErrNotFound if the value is
// absent and with ErrInvalid if it isn't an object or the text not one JSON value. Two edits that add to one object
// conflict: SetMembers adds many at once.
func (v Value) SetMember(name, text string) (Edit, error) {
	edits, err := v.SetMembers(NewMember{name, text})
	if err != nil {
		return Edit{}, err
	}
	return edits[0], nil
}

// SetMembers are the edits that give an object all of the members; see SetMember. It fails with ErrDuplicate too if two
// of them have one name.
func (v Value) SetMembers(members ...NewMember) ([]Edit, error) {
	var edits []Edit
	var added []NewMember
	seen := make(map[string]bool, len(members))
	for _, m := range members {
		switch err := v.wantObject("set member " + m.Name); {
		case err != nil:
			return nil, err
		case !utf8.ValidString(m.Name):
			return nil, fmt.Errorf("%s: set member %q: the name is not utf-8: %w", v.place(), m.Name, ErrInvalid)
		case seen[m.Name]:
			return nil, fmt.Errorf("%s: set member %q twice: %w", v.place(), m.Name, ErrDuplicate)
		}
		seen[m.Name] = true
		have := v.Member(m.Name)
		if !have.Key.Exists() {
			added = append(added, m)
			continue
		}
		edit, err := have.Value.Replace(m.JSON)
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit)
	}
	if len(added) > 0 {
		edit, err := v.addMembers(added)
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit)
	}
	return edits, nil
}

// addMembers is the edit that adds members behind the last one, or to an object without any.
func (v Value) addMembers(members []NewMember) (Edit, error) {
	var last Member
	for m := range v.Members() {
		last = m
	}
	f := v.doc.file
	newline, unit := v.doc.style()
	outer := f.indentAt(v.Span().Start)
	indent, colon, gap := outer+unit, ":", ""
	if newline != "" {
		colon, gap = ": ", newline+indent
	}
	if last.Key.Exists() {
		key := last.Key.Span()
		indent, colon, gap = f.indentAt(key.Start), f.text[key.End:last.Value.Span().Start], f.gapBefore(key.Start)
	}
	var b strings.Builder
	for i, m := range members {
		text, err := v.doc.layout(m.JSON, indent)
		if err != nil {
			return Edit{}, fmt.Errorf("%s: set member %q: %w", v.place(), m.Name, err)
		}
		if i > 0 || last.Key.Exists() {
			b.WriteByte(',')
		}
		b.WriteString(gap + QuoteJSON(m.Name) + colon + text)
	}
	if last.Key.Exists() {
		end := last.Value.Span().End
		return f.NewEdit(Span{end, end}, b.String()), nil
	}
	if newline != "" {
		b.WriteString(newline + outer)
	}
	// The whole inside is replaced, so that two edits that open one empty object clash instead of losing a comma.
	span := v.Span()
	if span.Len() == 2 {
		return f.NewEdit(span, "{"+b.String()+"}"), nil
	}
	return f.NewEdit(Span{span.Start + 1, span.End - 1}, b.String()), nil
}

// RemoveMember is the edit that removes the last member of that name and its comma. It fails with ErrNotFound if there
// is none. Where the name is repeated, the member before it counts from then on. Edits that remove the last two members
// conflict: RemoveMembers removes many at once.
func (v Value) RemoveMember(name string) (Edit, error) {
	edits, err := v.RemoveMembers(name)
	if err != nil {
		return Edit{}, err
	}
	return edits[0], nil
}

// RemoveMembers are the edits that remove the last member of each of the names; see RemoveMember. An object that loses
// all of its members becomes {}.
func (v Value) RemoveMembers(names ...string) ([]Edit, error) {
	if len(names) == 0 {
		return nil, nil
	}
	gone := make(map[Value]bool, len(names)) // by the member's key
	for _, name := range names {
		if err := v.wantObject("remove member " + name); err != nil {
			return nil, err
		}
		m := v.Member(name)
		if !m.Key.Exists() {
			return nil, fmt.Errorf("%s: no member %q: %w", v.place(), name, ErrNotFound)
		}
		gone[m.Key] = true
	}
	return v.removeItems(func(yield func(item) bool) {
		for m := range v.Members() {
			if !yield(item{Span{m.Key.Span().Start, m.Value.Span().End}, gone[m.Key]}) {
				return
			}
		}
	}, "{}"), nil
}

// RemoveElements are the edits that remove elements of an array, by index, and their commas. It fails with ErrNotFound if
// there is no such element and with ErrInvalid if the value isn't an array.
func (v Value) RemoveElements(indexes ...int) ([]Edit, error) {
	switch kind := v.Kind(); kind {
	case Array:
	case Absent:
		return nil, fmt.Errorf("remove elements: %w", ErrNotFound)
	default:
		return nil, fmt.Errorf("%s: remove elements: expected an array, not %s: %w", v.place(), kind, ErrInvalid)
	}
	var items []item
	for e := range v.Elements() {
		items = append(items, item{e.Span(), false})
	}
	for _, i := range indexes {
		if i < 0 || i >= len(items) {
			return nil, fmt.Errorf("%s: element %d of %d: %w", v.place(), i, len(items), ErrNotFound)
		}
		items[i].gone = true
	}
	return v.removeItems(slices.Values(items), "[]"), nil
}

// item is a member of an object or an element of an array.
type item struct {
	span Span
	gone bool
}

// removeItems are the edits that remove what is to be gone, one for each run of neighbours.
func (v Value) removeItems(items iter.Seq[item], empty string) (edits []Edit) {
	f := v.doc.file
	start, end, kept := -1, -1, -1 // of the items that go, one behind another; where the last that stays ends
	for item := range items {
		switch {
		case item.gone && start < 0:
			start, end = item.span.Start, item.span.End
		case item.gone:
			end = item.span.End
		default:
			if start >= 0 {
				edits = append(edits, f.NewEdit(Span{start, item.span.Start}, ""))
			}
			start, kept = -1, item.span.End
		}
	}
	switch {
	case start >= 0 && kept >= 0:
		edits = append(edits, f.NewEdit(Span{kept, end}, ""))
	case start >= 0:
		// The whole value is replaced, so that an edit that adds behind the last one clashes instead of leaving a comma.
		edits = append(edits, f.NewEdit(v.Span(), empty))
	}
	return edits
}

// place is where the value stands, for messages.
func (v Value) place() Position { return v.doc.file.Position(v.Span().Start) }

func (v Value) wantObject(verb string) error {
	switch v.Kind() {
	case Object:
		return nil
	case Absent:
		return fmt.Errorf("%s: %w", verb, ErrNotFound)
	}
	return fmt.Errorf("%s: %s: expected an object, not %s: %w", v.place(), verb, v.Kind(), ErrInvalid)
}

// style tells how the file is laid out: its newline and one step of indentation, or no newline if it stands on one
// line.
func (j *JSON) style() (newline, unit string) {
	newline = j.file.newline()
	root := j.Root().Span()
	if newline == "" || !strings.ContainsAny(j.file.Slice(root), "\r\n") {
		return "", ""
	}
	if len(j.nodes) < 2 {
		return newline, "  "
	}
	first := j.file.indentAt(int(j.nodes[1].start))
	unit, ok := strings.CutPrefix(first, j.file.indentAt(root.Start))
	if !ok || unit == "" {
		return newline, "  "
	}
	return newline, unit
}

// layout lays JSON text out as the file is, on lines that begin with indent.
func (j *JSON) layout(text, indent string) (string, error) {
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("new text: not utf-8: %w", ErrInvalid)
	}
	// The text stays as it is: NewFile would take a byte order mark off it, or read it as UTF-16.
	if _, err := ParseJSON(&File{name: "new text", text: text, encoding: UTF8}, nil); err != nil {
		return "", err
	}
	newline, unit := j.style()
	if !strings.ContainsAny(text, "{[") {
		return strings.TrimSpace(text), nil
	}
	var b bytes.Buffer
	if newline == "" {
		if err := json.Compact(&b, []byte(text)); err != nil {
			return "", fmt.Errorf("new text: %w", err)
		}
		return b.String(), nil
	}
	if err := json.Indent(&b, []byte(strings.TrimSpace(text)), indent, unit); err != nil {
		return "", fmt.Errorf("new text: %w", err)
	}
	return strings.ReplaceAll(b.String(), "\n", newline), nil
}
