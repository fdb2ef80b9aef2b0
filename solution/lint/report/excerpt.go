package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// excerpt is the line that a finding is about, and carets under what it is about.
type excerpt struct{ number, line, carets string }

// widest is how many columns of a line are shown, lead before how many of them a place that is cut out starts. A line
// may be a whole flow: reach is how many bytes of it are looked at to either side.
const (
	widest = 110
	lead   = 30
	reach  = 1024
)

// excerpt shows the first line of a finding's place, if there is one and it may be shown.
func (t texts) excerpt(d diag.Diagnostic) (excerpt, bool) {
	file := t.placed(d)
	if file == nil {
		return excerpt{}, false
	}
	text, start := file.Text(), d.At.Span.Start
	head := text[max(start-reach, 0):start]
	head = head[strings.LastIndexAny(head, "\r\n")+1:]
	head = strings.TrimLeftFunc(head, unicode.IsSpace)
	tail := text[start:min(start+reach, len(text))]
	if end := strings.IndexAny(tail, "\r\n"); end >= 0 {
		tail = tail[:end]
	}
	before, behind := "", ""
	if opening := openingOf(tail[:min(d.At.Span.Len(), len(tail))]); opening != "" && opening != tail {
		tail, behind = opening, "…"
	}
	place := columns(tail[:min(d.At.Span.Len(), len(tail))])
	tail = strings.TrimRightFunc(tail, unicode.IsSpace)

	if columns(head)+columns(tail) > widest {
		if cut := lastOf(head, lead); cut != head {
			head, before = cut, "…"
		}
		if cut := firstOf(tail, widest-columns(head)); cut != tail {
			tail, behind = cut, "…"
		}
	}
	place = max(min(place, columns(tail)), 1) // an empty place, and one behind the line's end, has a caret too
	shown := source.Span{Start: start - len(head), End: start + len(tail)}
	return excerpt{
		number: strconv.Itoa(d.Position.Line),
		line:   before + shownAs(head) + shownAs(tail) + behind,
		carets: strings.Repeat(" ", columns(before)+columns(head)) + "^" + strings.Repeat("~", place-1),
	}, !d.Sensitive && !t.hides(d.Solution, d.At.File, shown)
}

// openingOf is how an element, an object or an array opens, which says enough of it: what it holds may be anybody's
// secret. Of other texts it is "".
func openingOf(text string) string {
	if text == "" || !strings.Contains("<{[", text[:1]) {
		return ""
	}
	if text[0] != '<' {
		return text[:1]
	}
	if end := strings.IndexByte(text, '>'); end >= 0 {
		return text[:end+1]
	}
	return text
}

// lastOf is the end of a text, at most so many columns wide.
func lastOf(text string, most int) string {
	for n := columns(text); n > most; {
		r, size := utf8.DecodeRuneInString(text)
		n, text = n-column(r), text[size:]
	}
	return text
}

// firstOf is the start of a text, at most so many columns wide.
func firstOf(text string, most int) string {
	for n := columns(text); n > most; {
		r, size := utf8.DecodeLastRuneInString(text)
		n, text = n-column(r), text[:len(text)-size]
	}
	return text
}

// columns is how wide a terminal shows a text.
func columns(text string) (n int) {
	for _, r := range text {
		n += column(r)
	}
	return n
}

func column(r rune) int {
	if r <= unicode.MaxLatin1 {
		return 1
	}
	switch kind := width.LookupRune(r).Kind(); {
	case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
		return 2
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0 // it stands on the character before
	}
	return 1
}

// shownAs is the text with a character for each of its own.
func shownAs(text string) string { return diag.Printable(strings.ReplaceAll(text, "\t", " ")) }
