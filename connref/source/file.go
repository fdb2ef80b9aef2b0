package source

import (
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"
)

// File is one file of a solution: its name, its bytes as they were read and the text that they spell. It never changes;
// Apply answers a new one. Safe for use by many goroutines.
type File struct {
	name     string
	text     string
	raw      []byte // as read; nil for UTF-16 that decoded, which text spells back exactly
	encoding Encoding
	bom      bool
	err      error
	indexed  atomic.Pointer[textIndex]
}

// NewFile makes a File of the bytes of a file, named relative to the solution's root with forward slashes. It keeps raw
// without a copy, so the caller must not change it afterwards.
func NewFile(name string, raw []byte) *File {
	f := &File{name: name}
	f.encoding, f.bom = sniff(raw)
	body := raw
	if f.bom {
		body = raw[len(f.encoding.bom()):]
	}
	if f.encoding == UTF8 {
		f.raw = raw
		if !utf8.Valid(body) {
			f.err = &EncodingError{File: name, Encoding: UTF8, Offset: len(raw) - len(body) + validPrefix(body)}
			return f
		}
		// The bytes are never written again, so the text may stand on them: a solution is held once, not twice.
		f.text = unsafe.String(unsafe.SliceData(body), len(body))
		return f
	}
	text, bad := decodeUTF16(body, f.encoding)
	if bad >= 0 {
		f.raw = raw
		f.err = &EncodingError{File: name, Encoding: f.encoding, Offset: len(raw) - len(body) + bad}
		return f
	}
	f.text = unsafe.String(unsafe.SliceData(text), len(text))
	return f
}

// validPrefix is the number of bytes before the first that is not UTF-8.
func validPrefix(b []byte) int {
	n := 0
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}

// Name is the file's path relative to the solution's root, with forward slashes.
func (f *File) Name() string { return f.name }

// Text is the decoded text without byte order mark; empty if Err isn't nil.
func (f *File) Text() string { return f.text }

// Err is the *EncodingError of a file whose bytes spell no text, else nil.
func (f *File) Err() error { return f.err }

// parsable tells why the text can't be parsed at all. Trees hold offsets of 32 bits.
func (f *File) parsable() error {
	if f.err == nil && len(f.text) > math.MaxUint32 {
		return fmt.Errorf("%s: more than 4 GiB of text: %w", f.name, ErrInvalid)
	}
	return f.err
}

// Encoding is how the bytes spell the text.
func (f *File) Encoding() Encoding { return f.encoding }

// BOM tells whether the file begins with a byte order mark.
func (f *File) BOM() bool { return f.bom }

// Bytes answers a copy of the file as it was read.
func (f *File) Bytes() []byte {
	if f.raw != nil || f.encoding == UTF8 {
		return append([]byte(nil), f.raw...)
	}
	return appendUTF16(f.mark(), f.text, f.encoding)
}

// Spelling is how the bytes spell the text, encoding and byte order mark together.
func (f *File) Spelling() Spelling { return Spelling{f.encoding, f.bom} }

// mark is the byte order mark that the file begins with, if any.
func (f *File) mark() []byte {
	if !f.bom {
		return nil
	}
	return f.encoding.bom()
}

// WriteTo writes the file as it was read.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	raw := f.raw
	if raw == nil {
		raw = f.Bytes()
	}
	n, err := w.Write(raw)
	return int64(n), err
}

// At is the location of a span of this file.
func (f *File) At(span Span) Location { return Location{File: f.name, Span: span} }

// Slice is the text of the span; empty if the span leaves the file.
func (f *File) Slice(span Span) string {
	if span.Start < 0 || span.End > len(f.text) || span.Start > span.End {
		return ""
	}
	return f.text[span.Start:span.End]
}

// Position answers line and column of an offset of the text. An offset outside the text counts as its nearest end.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.text))
	x := f.index()
	line := sort.Search(len(x.lines), func(i int) bool { return int(x.lines[i]) > offset })
	start := int(x.lines[line-1])
	return Position{File: f.name, Line: line, Column: x.runesBefore(f.text, offset) - x.runesBefore(f.text, start) + 1}
}

// Line is the text of a line, counted from 1, without its newline; empty if there is no such line.
func (f *File) Line(number int) string {
	starts := f.index().lines
	if number < 1 || number > len(starts) {
		return ""
	}
	end := len(f.text)
	if number < len(starts) {
		end = int(starts[number])
	}
	return strings.TrimRight(f.text[starts[number-1]:end], "\r\n")
}

// textIndex finds lines and columns without a walk from the start, nor from the start of the line: the platform writes
// whole flows on one.
type textIndex struct {
	lines []uint32 // offsets at which lines begin
	runes []uint32 // how many runes begin before each block of the text
}

const indexBlock = 4096

// index answers the file's index. Two goroutines may work it out at once; they get the same.
func (f *File) index() *textIndex {
	if x := f.indexed.Load(); x != nil {
		return x
	}
	x := &textIndex{lines: make([]uint32, 1, 1+strings.Count(f.text, "\n"))}
	runes := uint32(0)
	for i := 0; i < len(f.text); i++ {
		if i%indexBlock == 0 {
			x.runes = append(x.runes, runes)
		}
		c := f.text[i]
		if utf8.RuneStart(c) {
			runes++
		}
		if c == '\n' || c == '\r' && !strings.HasPrefix(f.text[i+1:], "\n") {
			x.lines = append(x.lines, uint32(i+1))
		}
	}
	x.runes = append(x.runes, runes)
	f.indexed.Store(x)
	return x
}

// runesBefore is how many runes begin before the offset.
func (x *textIndex) runesBefore(text string, offset int) int {
	block := offset / indexBlock
	n := int(x.runes[min(block, len(x.runes)-1)])
	for i := block * indexBlock; i < offset; i++ {
		if utf8.RuneStart(text[i]) {
			n++
		}
	}
	return n
}

// newline is the newline that the file uses: that of its first line, or "" if it has only one.
func (f *File) newline() string {
	first, _, hasLF := strings.Cut(f.text, "\n") // a file may be one long line, which this reads fastest
	switch at := strings.IndexByte(first, '\r'); {
	case at >= 0 && hasLF && at == len(first)-1:
		return "\r\n"
	case at >= 0:
		return "\r"
	case hasLF:
		return "\n"
	}
	return ""
}

// indentAt answers the white space that the line of an offset begins with.
func (f *File) indentAt(offset int) string {
	start := strings.LastIndexAny(f.text[:offset], "\r\n") + 1
	end := start
	for end < offset && (f.text[end] == ' ' || f.text[end] == '\t') {
		end++
	}
	return f.text[start:end]
}

// gapBefore answers the white space that ends at an offset, newlines included.
func (f *File) gapBefore(offset int) string {
	before := f.text[:offset]
	return before[len(strings.TrimRight(before, " \t\r\n")):]
}

// syntaxError makes the error for an offset of this file.
func (f *File) syntaxError(offset int, msg string) *SyntaxError {
	offset = min(max(offset, 0), len(f.text))
	p := f.Position(offset)
	return &SyntaxError{At: f.At(Span{offset, offset}), Line: p.Line, Column: p.Column, Msg: msg}
}
