package source

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Edit replaces the span, whose text must be Old, by New. An empty span inserts.
type Edit struct {
	Span Span
	Old  string
	New  string
}

// Change is what is to happen to one file of a solution: edits of its text, or its creation with these bytes, or its
// removal. Fixes, refactorings and additions are all made of Changes.
type Change struct {
	File   string
	Edits  []Edit
	Create []byte
	Remove bool
}

// NewEdit makes an edit of a span of this file, with Old filled in.
func (f *File) NewEdit(span Span, text string) Edit {
	return Edit{Span: span, Old: f.Slice(span), New: text}
}

// Apply answers the file with all edits made, spelled in the file's own encoding, or no file at all. The edits may come
// in any order. It fails with ErrConflict where an edit leaves the file, where Old isn't what stands there, where two
// overlap and where two insert at one offset; with ErrInvalid where New isn't UTF-8 or the file has no text.
func (f *File) Apply(edits ...Edit) (*File, error) {
	if f.err != nil {
		return nil, f.err
	}
	if len(edits) == 0 {
		return f, nil
	}
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		if d := a.Span.Start - b.Span.Start; d != 0 {
			return d
		}
		return a.Span.End - b.Span.End
	})
	size := len(f.text)
	for i, e := range edits {
		if err := f.check(e); err != nil {
			return nil, err
		}
		if i > 0 {
			if prev := edits[i-1].Span; e.Span.Start < prev.End || e.Span == prev {
				return nil, fmt.Errorf("%s: two edits of %q: %w", f.Position(e.Span.Start), f.Slice(e.Span), ErrConflict)
			}
		}
		size += len(e.New) - len(e.Old)
	}

	var text strings.Builder
	text.Grow(size)
	done := 0
	for _, e := range edits {
		text.WriteString(f.text[done:e.Span.Start])
		text.WriteString(e.New)
		done = e.Span.End
	}
	text.WriteString(f.text[done:])
	return f.with(text.String()), nil
}

func (f *File) check(e Edit) error {
	if e.Span.Start < 0 || e.Span.Start > e.Span.End || e.Span.End > len(f.text) {
		return fmt.Errorf("%s: edit of bytes %d to %d, but the text has %d: %w",
			f.name, e.Span.Start, e.Span.End, len(f.text), ErrConflict)
	}
	if have := f.Slice(e.Span); have != e.Old {
		return fmt.Errorf("%s: edit expects %q, but the text is %q: %w", f.Position(e.Span.Start), e.Old, have, ErrConflict)
	}
	if !utf8.ValidString(e.New) {
		return fmt.Errorf("%s: new text %q is not utf-8: %w", f.Position(e.Span.Start), e.New, ErrInvalid)
	}
	return nil
}

// with answers this file with another text, in the same encoding.
func (f *File) with(text string) *File {
	n := &File{name: f.name, text: text, encoding: f.encoding, bom: f.bom}
	if f.encoding != UTF8 {
		return n
	}
	if f.bom {
		n.raw = UTF8.bom()
	}
	start := len(n.raw)
	n.raw = append(n.raw, text...)
	n.text = unsafe.String(unsafe.SliceData(n.raw[start:]), len(text))
	return n
}
