package source

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"
	"unsafe"
)

// Edit replaces the span, whose text must be Old, by New. An empty span inserts.
type Edit struct {
	Span Span
	Old  string
	New  string
}

// Change is what is to happen to one file of a solution: edits of its text, another spelling of it, or both; or its
// creation with these bytes, or its removal. Fixes, refactorings and additions are all made of Changes.
type Change struct {
	File     string
	Edits    []Edit
	Spelling Spelling // of the text from then on, which stays the same; zero keeps the file's
	Create   []byte
	Remove   bool
}

// OfText tells whether the change asks for edits of a file's text or another spelling of it, not for a whole file to
// come or go.
func (c Change) OfText() bool { return len(c.Edits) > 0 || c.Spelling != Spelling{} }

// NewEdit makes an edit of a span of this file, with Old filled in.
func (f *File) NewEdit(span Span, text string) Edit {
	return Edit{Span: span, Old: f.Slice(span), New: text}
}

// Apply answers the file with all edits made, spelled in the file's own encoding, or no file at all. The edits may come
// in any order. It fails with ErrConflict where an edit leaves the file or splits a character, where Old isn't what
// stands there, where two overlap and where two insert at one offset; with ErrInvalid where New isn't UTF-8, where the
// file has no text, and where the outcome would be read back as another text, since it begins with a byte order mark,
// say.
func (f *File) Apply(edits ...Edit) (*File, error) {
	if f.err != nil {
		return nil, f.err
	}
	if len(edits) == 0 {
		return f, nil
	}
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, byPlace)
	size := len(f.text)
	for i, e := range edits {
		if err := f.check(e); err != nil {
			return nil, err
		}
		if i > 0 {
			if prev := edits[i-1].Span; e.Span.Start < prev.End || e.Span == prev {
				return nil, fmt.Errorf("%s: two edits of one text: make one of them: %w", f.Position(e.Span.Start), ErrConflict)
			}
		}
		size += len(e.New) - len(e.Old)
	}

	whole := make([]byte, 0, len(f.mark())+size)
	if f.encoding == UTF8 {
		whole = append(whole, f.mark()...)
	}
	start, done := len(whole), 0
	for _, e := range edits {
		whole = append(whole, f.text[done:e.Span.Start]...)
		whole = append(whole, e.New...)
		done = e.Span.End
	}
	whole = append(whole, f.text[done:]...)
	return f.with(whole, start)
}

// Respell answers the file with its text spelled otherwise. An XML declaration that names an encoding is text, and
// stays. It fails with ErrInvalid where the file has no text, for an encoding that is none, and where the outcome would
// be read back as another text; see Apply.
func (f *File) Respell(s Spelling) (*File, error) {
	switch {
	case f.err != nil:
		return nil, f.err
	case s.Encoding < UTF8 || s.Encoding > UTF16BE:
		return nil, fmt.Errorf("%s: encoding %d is none: %w", f.name, s.Encoding, ErrInvalid)
	}
	empty := &File{name: f.name, encoding: s.Encoding, bom: s.BOM}
	return empty.with(append(empty.mark(), f.text...), len(empty.mark()))
}

// Invert answers the edits that undo the given ones: applied to what those made of a file, they give back its text. It
// is meant for edits that can be applied together.
func Invert(edits ...Edit) []Edit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, byPlace)
	inverse := make([]Edit, 0, len(edits))
	shift := 0
	for _, e := range edits {
		start := e.Span.Start + shift
		shift += len(e.New) - len(e.Old)
		undo := Edit{Span: Span{start, start + len(e.New)}, Old: e.New, New: e.Old}
		// Neighbours that were removed come back as one insert: two at one offset would conflict.
		if n := len(inverse); n > 0 && undo.Span.Len() == 0 && inverse[n-1].Span == undo.Span {
			inverse[n-1].New += undo.New
			continue
		}
		inverse = append(inverse, undo)
	}
	return inverse
}

func byPlace(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}

func (f *File) check(e Edit) error {
	if e.Span.Start < 0 || e.Span.Start > e.Span.End || e.Span.End > len(f.text) {
		return fmt.Errorf("%s: edit of bytes %d to %d, but the text has %d: %w",
			f.name, e.Span.Start, e.Span.End, len(f.text), ErrConflict)
	}
	if f.splitsRune(e.Span.Start) || f.splitsRune(e.Span.End) {
		return fmt.Errorf("%s: edit of bytes %d to %d splits a character: %w",
			f.name, e.Span.Start, e.Span.End, ErrConflict)
	}
	if have := f.Slice(e.Span); have != e.Old {
		// Neither text is told: either may be long, or a secret.
		return fmt.Errorf("%s: the text is no longer what the edit was made for: make it again: %w",
			f.Position(e.Span.Start), ErrConflict)
	}
	if !utf8.ValidString(e.New) {
		return fmt.Errorf("%s: the new text is not utf-8: %w", f.Position(e.Span.Start), ErrInvalid)
	}
	return nil
}

func (f *File) splitsRune(offset int) bool {
	return offset < len(f.text) && !utf8.RuneStart(f.text[offset])
}

// with answers this file with another text, in the same encoding. The text is that of whole from start on; whole is what
// the file's bytes are if it is in UTF-8.
func (f *File) with(whole []byte, start int) (*File, error) {
	text := whole[start:]
	n := &File{name: f.name, text: unsafe.String(unsafe.SliceData(text), len(text)), encoding: f.encoding, bom: f.bom}
	head := whole
	if f.encoding == UTF8 {
		n.raw = whole
	} else {
		head = appendUTF16(n.mark(), n.text[:min(len(n.text), utf8.UTFMax)], n.encoding)
	}
	// Without a mark, the first characters tell the encoding: they must go on telling the same.
	if enc, bom := sniff(head); len(text) > 0 && (enc != n.encoding || bom != n.bom) {
		return nil, fmt.Errorf("%s: text that begins with %.4q would be read as %s: %w", f.name, n.text, enc, ErrInvalid)
	}
	return n, nil
}
