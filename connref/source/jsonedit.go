package source

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// SetMember is the edit that gives an object a member with that JSON text: in the place of the last member of that
// name, or else behind the last member, laid out as its neighbours are. It fails with ErrNotFound if the value is
// absent and with ErrInvalid if it isn't an object or the text not one JSON value. Two edits that add to one object
// conflict.
func (v Value) SetMember(name, text string) (Edit, error) {
	if err := v.wantObject("set member " + name); err != nil {
		return Edit{}, err
	}
	if m := v.Member(name); m.Key.Exists() {
		return m.Value.Replace(text)
	}
	if !utf8.ValidString(name) {
		return Edit{}, fmt.Errorf("%s: set member %q: the name is not utf-8: %w", v.place(), name, ErrInvalid)
	}
	var last Member
	for m := range v.Members() {
		last = m
	}
	f := v.doc.file
	if last.Key.Exists() {
		key, value := last.Key.Span(), last.Value.Span()
		text, err := v.doc.layout(text, f.indentAt(key.Start))
		if err != nil {
			return Edit{}, fmt.Errorf("%s: set member %q: %w", v.place(), name, err)
		}
		colon := f.text[key.End:value.Start]
		return f.NewEdit(Span{value.End, value.End}, ","+f.gapBefore(key.Start)+QuoteJSON(name)+colon+text), nil
	}
	outer := f.indentAt(v.Span().Start)
	newline, unit := v.doc.style()
	text, err := v.doc.layout(text, outer+unit)
	if err != nil {
		return Edit{}, fmt.Errorf("%s: set member %q: %w", v.place(), name, err)
	}
	member := QuoteJSON(name) + ":" + text
	if newline != "" {
		member = newline + outer + unit + QuoteJSON(name) + ": " + text + newline + outer
	}
	// The whole inside is replaced, so that two edits that open one empty object clash instead of losing a comma.
	span := v.Span()
	if span.Len() == 2 {
		return f.NewEdit(span, "{"+member+"}"), nil
	}
	return f.NewEdit(Span{span.Start + 1, span.End - 1}, member), nil
}

// RemoveMember is the edit that removes the last member of that name and its comma. It fails with ErrNotFound if there
// is none. Where the name is repeated, the member before it counts from then on. Edits that remove the last two members
// conflict: remove one, apply, then the other.
func (v Value) RemoveMember(name string) (Edit, error) {
	if err := v.wantObject("remove member " + name); err != nil {
		return Edit{}, err
	}
	var before, found, after Member
	want := v.Member(name)
	for m := range v.Members() {
		switch {
		case m == want:
			found = m
		case !found.Key.Exists():
			before = m
		case !after.Key.Exists():
			after = m
		}
	}
	f := v.doc.file
	switch {
	case !found.Key.Exists():
		return Edit{}, fmt.Errorf("%s: no member %q: %w", v.place(), name, ErrNotFound)
	case after.Key.Exists():
		return f.NewEdit(Span{found.Key.Span().Start, after.Key.Span().Start}, ""), nil
	case before.Key.Exists():
		return f.NewEdit(Span{before.Value.Span().End, found.Value.Span().End}, ""), nil
	}
	// The whole object is replaced, so that an edit that adds a member behind this one clashes instead of leaving a comma.
	return f.NewEdit(v.Span(), "{}"), nil
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
