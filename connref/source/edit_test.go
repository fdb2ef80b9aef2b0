package source_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
)

// apply makes the edits or ends the test.
func apply(t *testing.T, f *source.File, edits ...source.Edit) *source.File {
	t.Helper()
	n, err := f.Apply(edits...)
	require.NoError(t, err)
	return n
}

func edit(start, end int, old, text string) source.Edit {
	return source.Edit{Span: source.Span{Start: start, End: end}, Old: old, New: text}
}

func TestApply(t *testing.T) {
	tests := map[string]struct {
		edits []source.Edit
		want  string // what becomes of "one two three"
	}{
		"nothing":                        {nil, "one two three"},
		"replace":                        {[]source.Edit{edit(4, 7, "two", "2")}, "one 2 three"},
		"insert at the start":            {[]source.Edit{edit(0, 0, "", "zero ")}, "zero one two three"},
		"insert at the end":              {[]source.Edit{edit(13, 13, "", " four")}, "one two three four"},
		"delete everything":              {[]source.Edit{edit(0, 13, "one two three", "")}, ""},
		"same text":                      {[]source.Edit{edit(0, 3, "one", "one")}, "one two three"},
		"insert nothing":                 {[]source.Edit{edit(3, 3, "", "")}, "one two three"},
		"in any order":                   {[]source.Edit{edit(8, 13, "three", "c"), edit(0, 3, "one", "a")}, "a two c"},
		"neighbours":                     {[]source.Edit{edit(3, 7, " two", "B"), edit(0, 3, "one", "A")}, "AB three"},
		"insert, then replace from here": {[]source.Edit{edit(4, 7, "two", "2"), edit(4, 4, "", "+")}, "one +2 three"},
		"replace up to here, then insert": {
			[]source.Edit{edit(7, 7, "", "+"), edit(4, 7, "two", "2")}, "one 2+ three"},
		"between two replacements": {
			[]source.Edit{edit(3, 4, " ", "-"), edit(4, 4, "", "+"), edit(4, 7, "two", "2")}, "one-+2 three"},
		"beyond ASCII": {[]source.Edit{edit(4, 7, "two", "zwölf 𝄞")}, "one zwölf 𝄞 three"},
	}
	const text = "one two three"
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for encoding, raw := range map[string]func(string) []byte{
				"utf-8":                 func(s string) []byte { return []byte(s) },
				"utf-8 with mark":       func(s string) []byte { return []byte(bom + s) },
				"utf-16le with mark":    func(s string) []byte { return utf16Of(le, bom+s) },
				"utf-16be with mark":    func(s string) []byte { return utf16Of(be, bom+s) },
				"utf-16le without mark": func(s string) []byte { return utf16Of(le, s) },
				"utf-16be without mark": func(s string) []byte { return utf16Of(be, s) },
			} {
				f := source.NewFile("a.txt", raw(text))
				before := slices.Clone(test.edits)
				got := apply(t, f, test.edits...)
				if got.Text() != test.want || got.Name() != "a.txt" {
					t.Errorf("%s: text %q, want %q", encoding, got.Text(), test.want)
				}
				if !bytes.Equal(got.Bytes(), raw(test.want)) {
					t.Errorf("%s: bytes %x, want %x", encoding, got.Bytes(), raw(test.want))
				}
				if f.Text() != text || !bytes.Equal(f.Bytes(), raw(text)) {
					t.Errorf("%s: the file itself changed to %q", encoding, f.Text())
				}
				if diff := cmp.Diff(before, test.edits); diff != "" {
					t.Errorf("%s: the caller's edits changed\n%s", encoding, diff)
				}
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	tests := map[string]struct {
		edits []source.Edit
		is    error
		want  string
	}{
		"stale old": {[]source.Edit{edit(4, 7, "too", "2")}, source.ErrConflict,
			`a.txt:1:5: the text is no longer what the edit was made for: make it again: conflict`},
		"stale insert": {[]source.Edit{edit(4, 4, "two", "2")}, source.ErrConflict,
			`a.txt:1:5: the text is no longer what the edit was made for: make it again: conflict`},
		"overlap": {[]source.Edit{edit(4, 7, "two", "2"), edit(6, 8, "o ", "-")}, source.ErrConflict,
			`a.txt:1:7: two edits of one text: make one of them: conflict`},
		"one inside another": {[]source.Edit{edit(5, 6, "w", ""), edit(4, 7, "two", "2")}, source.ErrConflict,
			`a.txt:1:6: two edits of one text: make one of them: conflict`},
		"same edit twice": {[]source.Edit{edit(4, 7, "two", "2"), edit(4, 7, "two", "2")}, source.ErrConflict,
			`a.txt:1:5: two edits of one text: make one of them: conflict`},
		"two inserts at one offset": {[]source.Edit{edit(3, 3, "", "a"), edit(3, 3, "", "b")}, source.ErrConflict,
			`a.txt:1:4: two edits of one text: make one of them: conflict`},
		"insert inside a replacement": {[]source.Edit{edit(4, 7, "two", "2"), edit(5, 5, "", "b")}, source.ErrConflict,
			`a.txt:1:6: two edits of one text: make one of them: conflict`},
		"behind the end": {[]source.Edit{edit(8, 14, "three!", "")}, source.ErrConflict,
			`a.txt: edit of bytes 8 to 14, but the text has 13: conflict`},
		"before the start": {[]source.Edit{edit(-1, 3, "one", "")}, source.ErrConflict,
			`a.txt: edit of bytes -1 to 3, but the text has 13: conflict`},
		"backwards": {[]source.Edit{edit(3, 1, "", "")}, source.ErrConflict,
			`a.txt: edit of bytes 3 to 1, but the text has 13: conflict`},
		"not utf-8": {[]source.Edit{edit(0, 3, "one", "\xFF")}, source.ErrInvalid,
			`a.txt:1:1: the new text is not utf-8: invalid`},
		"one of several": {[]source.Edit{edit(0, 3, "one", "1"), edit(4, 7, "no", "2")}, source.ErrConflict,
			`a.txt:1:5: the text is no longer what the edit was made for: make it again: conflict`},
		// Written to disk and read again, these would be other texts.
		"mark in front": {[]source.Edit{edit(0, 0, "", bom)}, source.ErrInvalid,
			`a.txt: text that begins with "\ufeffone" would be read as utf-8: invalid`},
		"looks like utf-16": {[]source.Edit{edit(1, 2, "n", "\x00"), edit(12, 13, "e", "")}, source.ErrInvalid,
			`a.txt: text that begins with "o\x00e " would be read as utf-16le: invalid`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := source.NewFile("a.txt", []byte("one two three"))
			got, err := f.Apply(test.edits...)
			if got != nil || !errors.Is(err, test.is) {
				t.Fatalf("Apply = %v, %v: expected no file and %v", got, err, test.is)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	t.Run("half a character", func(t *testing.T) {
		f := source.NewFile("a.txt", []byte("é"))
		for _, e := range []source.Edit{edit(0, 1, "\xC3", ""), edit(1, 2, "\xA9", ""), edit(1, 1, "", "x")} {
			if _, err := f.Apply(e); !errors.Is(err, source.ErrConflict) {
				t.Errorf("%v: error %v, want ErrConflict", e, err)
			}
		}
	})
	t.Run("unmarked utf-16 that would no longer be known", func(t *testing.T) {
		f := source.NewFile("a.txt", utf16Of(le, "one"))
		if _, err := f.Apply(edit(0, 1, "o", "Ω")); !errors.Is(err, source.ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
		// Emptied, there is no text to read wrongly.
		if got := apply(t, f, edit(0, 3, "one", "")); len(got.Bytes()) != 0 {
			t.Errorf("bytes %x", got.Bytes())
		}
	})
}

func TestRespell(t *testing.T) {
	const text = "zwölf 𝄞\r\n"
	spellings := map[source.Spelling][]byte{
		{Encoding: source.UTF8}:               []byte(text),
		{Encoding: source.UTF8, BOM: true}:    []byte(bom + text),
		{Encoding: source.UTF16LE, BOM: true}: utf16Of(le, bom+text),
		{Encoding: source.UTF16BE, BOM: true}: utf16Of(be, bom+text),
		{Encoding: source.UTF16LE}:            utf16Of(le, text),
		{Encoding: source.UTF16BE}:            utf16Of(be, text),
	}
	for from, raw := range spellings {
		f := source.NewFile("a.txt", raw)
		if f.Spelling() != from {
			t.Errorf("spelling %v, want %v", f.Spelling(), from)
		}
		for to, want := range spellings {
			got, err := f.Respell(to)
			require.NoError(t, err)
			if got.Text() != text || got.Spelling() != to || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%v to %v: text %q, bytes %x, want %x", from, to, got.Text(), got.Bytes(), want)
			}
		}
	}
}

func TestRespellRefuses(t *testing.T) {
	little := source.Spelling{Encoding: source.UTF16LE}
	for name, test := range map[string]struct {
		file *source.File
		to   source.Spelling
	}{
		"no text":                  {source.NewFile("a.txt", []byte("\xff\xff\xff")), little},
		"no encoding":              {source.NewFile("a.txt", nil), source.Spelling{BOM: true}},
		"an encoding of its own":   {source.NewFile("a.txt", nil), source.Spelling{Encoding: 9}},
		"not known without a mark": {source.NewFile("a.txt", []byte("漢字")), little},
		"a mark that was text":     {source.NewFile("a.txt", []byte(bom+bom+"a")), source.Spelling{Encoding: source.UTF8}},
	} {
		if got, err := test.file.Respell(test.to); got != nil || !errors.Is(err, source.ErrInvalid) ||
			!strings.Contains(err.Error(), "a.txt") {
			t.Errorf("%s: %v, %v, want ErrInvalid that names the file", name, got, err)
		}
	}
}

func TestNewEdit(t *testing.T) {
	f := source.NewFile("a.txt", []byte("one two"))
	want := edit(4, 7, "two", "2")
	if diff := cmp.Diff(want, f.NewEdit(want.Span, "2")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// FuzzApply makes three edits of any text and compares with a rebuild character by character.
func FuzzApply(f *testing.F) {
	f.Add([]byte("one two"), 0, 3, "1", 4, 4, "+", 4, 7, "2")
	f.Add([]byte("one two"), 0, 3, "", 3, 4, "", 4, 7, "")
	f.Add([]byte(bom+"é𝄞"), 0, 2, "", 2, 6, "\uFEFF", 6, 6, "x")
	f.Add(utf16Of(le, "{}"), 0, 0, bom, 1, 1, "x", 2, 2, "")
	f.Add([]byte("ab"), 1, 2, "\x00", 9, -1, "", 0, 0, "\xFF")
	f.Fuzz(func(t *testing.T, raw []byte, s1, e1 int, n1 string, s2, e2 int, n2 string, s3, e3 int, n3 string) {
		file := source.NewFile("a", raw)
		if file.Err() != nil {
			return
		}
		var edits []source.Edit
		for _, e := range []struct {
			start, end int
			text       string
		}{{s1, e1, n1}, {s2, e2, n2}, {s3, e3, n3}} {
			// Most pairs of numbers are nowhere near the text.
			start, end := e.start%(len(file.Text())+2), e.end%(len(file.Text())+2)
			edits = append(edits, file.NewEdit(source.Span{Start: start, End: end}, e.text))
		}
		want, fits := rebuild(file.Text(), edits)
		got, err := file.Apply(edits...)
		if err != nil {
			if !errors.Is(err, source.ErrConflict) && !errors.Is(err, source.ErrInvalid) {
				t.Fatalf("error %v: expected ErrConflict or ErrInvalid", err)
			}
			// What fits may still be refused if it would be read back as another text.
			if fits && utf8.ValidString(want) && file.BOM() {
				t.Fatalf("%v: %v", edits, err)
			}
			return
		}
		if !fits || got.Text() != want {
			t.Fatalf("%v made %q of %q, want %q (%t)", edits, got.Text(), file.Text(), want, fits)
		}
		if back := apply(t, got, source.Invert(edits...)...); !bytes.Equal(back.Bytes(), raw) {
			t.Fatalf("the inverse of %v made %q, want %q", edits, back.Text(), file.Text())
		}
		again := source.NewFile("a", got.Bytes())
		if again.Text() != want || again.Err() != nil {
			t.Fatalf("%q was read back as %q, %v", want, again.Text(), again.Err())
		}
		if want != "" && (again.Encoding() != file.Encoding() || again.BOM() != file.BOM()) {
			t.Fatalf("the encoding changed from %v to %v", file.Encoding(), again.Encoding())
		}
	})
}

func TestInvert(t *testing.T) {
	tests := map[string]struct {
		edits, want []source.Edit // of "one two three"
	}{
		"nothing": {nil, []source.Edit{}},
		"replacements, in any order": {
			[]source.Edit{edit(8, 13, "three", "c"), edit(0, 3, "one", "first")},
			[]source.Edit{edit(0, 5, "first", "one"), edit(10, 11, "c", "three")}},
		"an insert": {[]source.Edit{edit(4, 4, "", "+")}, []source.Edit{edit(4, 5, "+", "")}},
		"neighbours removed": {
			[]source.Edit{edit(3, 4, " ", ""), edit(4, 7, "two", ""), edit(0, 3, "one", "")},
			[]source.Edit{edit(0, 0, "", "one two")}},
		"removed, then inserted": {
			[]source.Edit{edit(0, 4, "one ", ""), edit(4, 4, "", "+")},
			[]source.Edit{edit(0, 0, "", "one "), edit(0, 1, "+", "")}},
		"inserted, then removed": {
			[]source.Edit{edit(4, 4, "", "+"), edit(4, 8, "two ", "")},
			[]source.Edit{edit(4, 5, "+", ""), edit(5, 5, "", "two ")}},
		"removed around nothing": {
			[]source.Edit{edit(0, 4, "one ", ""), edit(4, 4, "", ""), edit(4, 8, "two ", "")},
			[]source.Edit{edit(0, 0, "", "one two ")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f, before := source.NewFile("a.txt", []byte("one two three")), slices.Clone(test.edits)
			got := source.Invert(test.edits...)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(before, test.edits); diff != "" {
				t.Errorf("the caller's edits changed\n%s", diff)
			}
			checkEdit(t, f, apply(t, f, test.edits...), test.edits...)
		})
	}
	t.Run("any edits", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		runes := []rune("aé€𝄞\n")
		for range 2000 {
			var text strings.Builder
			var edits []source.Edit
			for range 1 + random.IntN(6) { // pieces that stay, are inserted, are removed or are replaced, side by side
				piece, start := string(runes[random.IntN(len(runes))]), text.Len()
				var e source.Edit
				switch random.IntN(4) {
				case 0:
					text.WriteString(piece)
					continue
				case 1:
					if e = edit(start, start, "", piece); len(edits) > 0 && edits[len(edits)-1].Span == e.Span {
						continue
					}
				case 2:
					e = edit(start, start+len(piece), piece, "")
				case 3:
					e = edit(start, start+len(piece), piece, "xé"[:random.IntN(2)*3])
				}
				text.WriteString(e.Old)
				edits = append(edits, e)
			}
			f := source.NewFile("a.txt", []byte(text.String()))
			checkEdit(t, f, apply(t, f, edits...), edits...)
		}
	})
}

// rebuild makes the edits in the plainest way there is, or tells that they don't fit.
func rebuild(text string, edits []source.Edit) (string, bool) {
	taken := make([]bool, len(text))    // bytes that an edit replaces
	inside := make([]bool, len(text)+1) // offsets that lie strictly inside a replacement
	insert := map[int]*string{}
	replace := map[int]*string{}
	for _, e := range edits {
		if e.Span.Start < 0 || e.Span.End > len(text) || e.Span.Start > e.Span.End || !utf8.ValidString(e.New) ||
			!utf8.ValidString(text[e.Span.Start:]) || !utf8.ValidString(text[e.Span.End:]) {
			return "", false
		}
		at := replace
		if e.Span.Len() == 0 {
			at = insert
		}
		if at[e.Span.Start] != nil {
			return "", false
		}
		at[e.Span.Start] = &e.New
		for i := e.Span.Start; i < e.Span.End; i++ {
			if taken[i] {
				return "", false
			}
			taken[i], inside[i] = true, i > e.Span.Start
		}
	}
	var out []byte
	for i := range len(text) + 1 {
		if s := insert[i]; s != nil {
			if inside[i] {
				return "", false
			}
			out = append(out, *s...)
		}
		if s := replace[i]; s != nil {
			out = append(out, *s...)
		}
		if i < len(text) && !taken[i] {
			out = append(out, text[i])
		}
	}
	return string(out), true
}

// applyTogether applies two edits in either order: both must give the text, or "" for a conflict.
func applyTogether(t *testing.T, f *source.File, one, two source.Edit, want string) {
	t.Helper()
	for _, edits := range [][]source.Edit{{one, two}, {two, one}} {
		got, err := f.Apply(edits...)
		switch {
		case want == "" && !errors.Is(err, source.ErrConflict):
			t.Errorf("%v, %v: expected ErrConflict", got, err)
		case want != "" && (err != nil || got.Text() != want):
			t.Errorf("%v, %v: expected %s", got, err, want)
		}
	}
}
