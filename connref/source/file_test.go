package source_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
)

const bom = "\uFEFF"

// utf16Of spells text in UTF-16, by other means than the package does.
func utf16Of(order binary.AppendByteOrder, text string) []byte {
	var raw []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = order.AppendUint16(raw, unit)
	}
	return raw
}

var le, be = binary.LittleEndian, binary.BigEndian

func TestFileEncodings(t *testing.T) {
	const text = "{\"é\": \"𝄞\uFFFD\"}\r\n"
	type outcome struct {
		Encoding source.Encoding
		BOM      bool
		Text     string
		Bad      int // offset of the first bad byte, or -1
	}
	tests := map[string]struct {
		raw  []byte
		want outcome
	}{
		"utf-8":                         {[]byte(text), outcome{source.UTF8, false, text, -1}},
		"utf-8 with mark":               {[]byte(bom + text), outcome{source.UTF8, true, text, -1}},
		"utf-16le with mark":            {utf16Of(le, bom+text), outcome{source.UTF16LE, true, text, -1}},
		"utf-16be with mark":            {utf16Of(be, bom+text), outcome{source.UTF16BE, true, text, -1}},
		"utf-16le without mark":         {utf16Of(le, text), outcome{source.UTF16LE, false, text, -1}},
		"utf-16be without mark":         {utf16Of(be, text), outcome{source.UTF16BE, false, text, -1}},
		"one character":                 {[]byte("1"), outcome{source.UTF8, false, "1", -1}},
		"empty":                         {[]byte{}, outcome{source.UTF8, false, "", -1}},
		"nil":                           {nil, outcome{source.UTF8, false, "", -1}},
		"only a utf-8 mark":             {[]byte(bom), outcome{source.UTF8, true, "", -1}},
		"only a utf-16le mark":          {[]byte("\xFF\xFE"), outcome{source.UTF16LE, true, "", -1}},
		"only a utf-16be mark":          {[]byte("\xFE\xFF"), outcome{source.UTF16BE, true, "", -1}},
		"second mark is text":           {[]byte(bom + bom + "1"), outcome{source.UTF8, true, bom + "1", -1}},
		"second utf-16 mark is text":    {utf16Of(le, bom+bom+"1"), outcome{source.UTF16LE, true, bom + "1", -1}},
		"odd length with mark":          {[]byte("\xFF\xFE1\x00 "), outcome{source.UTF16LE, true, "", 4}},
		"odd length without mark":       {[]byte("1\x00 "), outcome{source.UTF8, false, "1\x00 ", -1}},
		"high surrogate at the end":     {[]byte("\xFF\xFE1\x00\x34\xD8"), outcome{source.UTF16LE, true, "", 4}},
		"high surrogate before another": {[]byte("\xFE\xFF\xD8\x34\xD8\x34"), outcome{source.UTF16BE, true, "", 2}},
		"low surrogate first":           {[]byte("\xFE\xFF\xDD\x1E\x00\x31"), outcome{source.UTF16BE, true, "", 2}},
		"invalid byte":                  {[]byte("ab\xFFc"), outcome{source.UTF8, false, "", 2}},
		"invalid byte behind a mark":    {[]byte(bom + "é\xC3"), outcome{source.UTF8, true, "", 5}},
		"surrogate in utf-8":            {[]byte("\xED\xA0\x80"), outcome{source.UTF8, false, "", 0}},
		"overlong utf-8":                {[]byte("a\xC0\x80"), outcome{source.UTF8, false, "", 1}},
		"written U+FFFD is a character": {[]byte("\uFFFD"), outcome{source.UTF8, false, "\uFFFD", -1}},
		"mark of utf-8 cut short":       {[]byte("\xEF\xBB"), outcome{source.UTF8, false, "", 0}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := source.NewFile("a.json", bytes.Clone(test.raw))
			got := outcome{f.Encoding(), f.BOM(), f.Text(), -1}
			var bad *source.EncodingError
			if errors.As(f.Err(), &bad) {
				got.Bad = bad.Offset
				if bad.File != "a.json" || bad.Encoding != f.Encoding() || !errors.Is(f.Err(), source.ErrInvalid) {
					t.Errorf("Err() = %#v: expected file, encoding and ErrInvalid", bad)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			// Whatever the bytes are, they come back.
			if got := f.Bytes(); !bytes.Equal(got, test.raw) {
				t.Errorf("Bytes() = %x, want %x", got, test.raw)
			}
			var b bytes.Buffer
			n, err := f.WriteTo(&b)
			if err != nil || n != int64(len(test.raw)) || !bytes.Equal(b.Bytes(), test.raw) {
				t.Errorf("WriteTo wrote %x (%d, %v), want %x", b.Bytes(), n, err, test.raw)
			}
		})
	}
}

func TestFileBytesAreACopy(t *testing.T) {
	f := source.NewFile("a.json", []byte("true"))
	f.Bytes()[0] = 'X'
	if f.Text() != "true" {
		t.Errorf("Text() = %q: a caller of Bytes changed it", f.Text())
	}
}

// A file that spells no text is carried: every verb that needs text answers the same error, and none panics.
func TestFileWithoutText(t *testing.T) {
	f := source.NewFile("Workflows/a.json", []byte("{\"a\": \"\xFF\"}"))
	want := "Workflows/a.json: not valid utf-8 at byte 7: save the file as utf-8"
	_, jsonErr := source.ParseJSON(f, nil)
	_, xmlErr := source.ParseXML(f, nil)
	_, applyErr := f.Apply(source.Edit{New: "x"})
	_, nothingErr := f.Apply()
	for name, err := range map[string]error{
		"Err": f.Err(), "ParseJSON": jsonErr, "ParseXML": xmlErr, "Apply": applyErr, "Apply of nothing": nothingErr,
		"FindXML": source.FindXML(f, nil, func(int, source.Element) error { return nil }, "a"),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", name, err, want)
		}
	}
	if got := f.Position(3); got != (source.Position{File: "Workflows/a.json", Line: 1, Column: 1}) {
		t.Errorf("Position(3) = %v", got)
	}
}

func TestFilePosition(t *testing.T) {
	type place struct{ Line, Column int }
	tests := map[string]struct {
		raw  string
		want []place // of every offset, the end included
	}{
		"empty":      {"", []place{{1, 1}}},
		"line feed":  {"a\nb\n", []place{{1, 1}, {1, 2}, {2, 1}, {2, 2}, {3, 1}}},
		"both":       {"a\r\nb", []place{{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}}},
		"return":     {"a\rb\r", []place{{1, 1}, {1, 2}, {2, 1}, {2, 2}, {3, 1}}},
		"mixed":      {"\n\r\r\n", []place{{1, 1}, {2, 1}, {3, 1}, {3, 2}, {4, 1}}},
		"mark":       {bom + "ab", []place{{1, 1}, {1, 2}, {1, 3}}},
		"no newline": {"ab", []place{{1, 1}, {1, 2}, {1, 3}}},
		"line tab":   {"\vx", []place{{1, 1}, {1, 2}, {1, 3}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := source.NewFile("a.txt", []byte(test.raw))
			var got []place
			for i := range len(f.Text()) + 1 {
				p := f.Position(i)
				got = append(got, place{p.Line, p.Column})
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Position of every offset of %q (-want +got)\n%s", test.raw, diff)
			}
		})
	}
}

// Columns count runes, in every encoding alike.
func TestFilePositionCountsRunes(t *testing.T) {
	const text = "é𝄞x\né𝄞x"
	for name, raw := range map[string][]byte{
		"utf-8": []byte(text), "mark": []byte(bom + text), "utf-16": utf16Of(le, bom+text),
	} {
		f := source.NewFile("a.txt", raw)
		for offset, want := range map[int]string{
			0: "a.txt:1:1", 2: "a.txt:1:2", 6: "a.txt:1:3", 7: "a.txt:1:4", 8: "a.txt:2:1", 14: "a.txt:2:3", 15: "a.txt:2:4",
			-5: "a.txt:1:1", 1000: "a.txt:2:4", // outside: the nearest end
		} {
			if got := f.Position(offset).String(); got != want {
				t.Errorf("%s: Position(%d) = %s, want %s", name, offset, got, want)
			}
		}
	}
}

func TestFileLine(t *testing.T) {
	tests := map[string]struct {
		text string
		want []string // lines 0, 1, 2, …
	}{
		"empty":            {"", []string{"", "", ""}},
		"final newline":    {"a\nb\n", []string{"", "a", "b", "", ""}},
		"no final newline": {"a\r\nb", []string{"", "a", "b", ""}},
		"mixed":            {"a\r\r\nb\rc", []string{"", "a", "", "b", "c", ""}},
		"white space":      {" a \t\n", []string{"", " a \t", ""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := source.NewFile("a.txt", []byte(test.text))
			var got []string
			for i := range test.want {
				got = append(got, f.Line(i))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("lines of %q (-want +got)\n%s", test.text, diff)
			}
			if got := f.Line(-1); got != "" {
				t.Errorf("Line(-1) = %q", got)
			}
		})
	}
}

func TestFileSlice(t *testing.T) {
	f := source.NewFile("a.txt", []byte("hello"))
	for span, want := range map[source.Span]string{
		{0, 5}: "hello", {1, 3}: "el", {5, 5}: "", {-1, 2}: "", {3, 6}: "", {3, 2}: "", {6, 6}: "",
	} {
		if got := f.Slice(span); got != want {
			t.Errorf("Slice(%v) = %q, want %q", span, got, want)
		}
	}
}

func TestLocation(t *testing.T) {
	f := source.NewFile("Other/Solution.xml", []byte("<a/>"))
	if got, want := f.At(source.Span{Start: 1, End: 2}), (source.Location{File: "Other/Solution.xml",
		Span: source.Span{Start: 1, End: 2}}); got != want || got.IsZero() {
		t.Errorf("At = %v, want %v", got, want)
	}
	if !(source.Location{}).IsZero() || (source.Location{File: "a"}).IsZero() {
		t.Error("IsZero: only the zero Location is no place")
	}
	span := source.Span{Start: 2, End: 4}
	if span.Len() != 2 || span.Contains(1) || !span.Contains(2) || !span.Contains(3) || span.Contains(4) {
		t.Errorf("%v: expected length 2 and offsets 2 and 3", span)
	}
	for want, p := range map[string]source.Position{
		"":        {},
		"a.json":  {File: "a.json"},
		"a.j:2:3": {File: "a.j", Line: 2, Column: 3, Pointer: "/x"},
	} {
		if got := p.String(); got != want {
			t.Errorf("%#v: String() = %q, want %q", p, got, want)
		}
	}
	for want, e := range map[string]source.Encoding{
		"utf-8": source.UTF8, "utf-16le": source.UTF16LE, "utf-16be": source.UTF16BE, "unknown": 0,
	} {
		if got := e.String(); got != want {
			t.Errorf("Encoding(%d).String() = %q, want %q", e, got, want)
		}
	}
}

// Readers share a File, whose line index is made by whoever asks first: run with -race.
func TestFileConcurrently(t *testing.T) {
	const text = "{\n  \"a\": [1,\n  2]\n}"
	for _, raw := range [][]byte{[]byte(text), utf16Of(le, bom+text)} {
		f := source.NewFile("a.json", raw)
		doc, err := source.ParseJSON(f, nil)
		require.NoError(t, err)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				got := fmt.Sprint(f.Position(14), f.Line(2), doc.Lookup("/a/1").Raw(), len(f.Bytes()))
				if want := fmt.Sprint("a.json:3:2", `  "a": [1,`, "2", len(raw)); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if _, err := f.Apply(source.Edit{New: " "}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
}

// Columns are found from the nearest block of an index: they must be those that counting from the start of the line
// gives, on lines of many blocks whose borders fall inside characters.
func TestPositionOnLongLines(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("aé€𝄞", 3000)
	text := line + "\n" + line + "\r\n" + line
	f := source.NewFile("x.json", []byte(text))
	number, start := 1, 0
	for offset := range text {
		if offset > 0 && text[offset-1] == '\n' {
			number, start = number+1, offset
		}
		if offset%7 != 0 {
			continue
		}
		want := source.Position{File: "x.json", Line: number, Column: utf8.RuneCountInString(text[start:offset]) + 1}
		if got := f.Position(offset); got != want {
			t.Fatalf("offset %d: %v, want %v", offset, got, want)
		}
	}
}
