package source

import "fmt"

// Span is a half-open range of byte offsets in a file's decoded text, which has no byte order mark.
type Span struct{ Start, End int }

// Len is the length of the span in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Contains tells whether the offset lies inside the span.
func (s Span) Contains(offset int) bool { return s.Start <= offset && offset < s.End }

// Location is a place in a file: its name, relative to the solution's root with forward slashes, and a span of its
// text. It holds no text; a Solution or a File works out line and column on request. The zero Location is no place; one
// with only a name is the file as a whole.
type Location struct {
	File string
	Span Span
}

// IsZero tells whether the location names no place at all.
func (l Location) IsZero() bool { return l == Location{} }

// Position is a location made readable.
type Position struct {
	File    string
	Line    int    // counted from 1; 0 for a file as a whole
	Column  int    // in runes, counted from 1
	Pointer string // RFC 6901 pointer of the innermost JSON value, in JSON files that parse
}

// String answers "file:line:column", or just the file.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}
