package report

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// excerpt is the line that a finding is about, and carets under what it is about.
type excerpt struct{ number, line, carets string }

// widest is how many characters of a line are shown, and before how many of them a place that is cut out starts.
const (
	widest = 110
	lead   = 30
)

// excerptOf shows the first line of a finding's place. There is none for a file as a whole.
func excerptOf(file *source.File, d diag.Diagnostic) (excerpt, bool) {
	if file == nil || d.Position.Line == 0 || d.At.Span.End > len(file.Text()) {
		return excerpt{}, false
	}
	line := []rune(strings.TrimRightFunc(file.Line(d.Position.Line), unicode.IsSpace))
	start := min(d.Position.Column-1, len(line))
	end := len(line)
	if last := file.Position(d.At.Span.End); last.Line == d.Position.Line {
		end = min(last.Column-1, len(line))
	}
	end = max(end, start+1) // an empty place, and one behind the line's end, has a caret too

	from := 0
	for from < start && unicode.IsSpace(line[from]) {
		from++
	}
	before, after := "", ""
	if len(line)-from > widest && start-from > lead {
		from, before = start-lead, "…"
	}
	to := len(line)
	if to-from > widest {
		to, after = from+widest, "…"
	}
	shown := before + shownAs(line[from:to]) + after
	indent := strings.Repeat(" ", start-from+len([]rune(before)))
	return excerpt{
		number: strconv.Itoa(d.Position.Line),
		line:   shown,
		carets: indent + "^" + strings.Repeat("~", max(min(end, max(to, start+1))-start-1, 0)),
	}, true
}

// shownAs is the text on one line, a character for each of it.
func shownAs(line []rune) string {
	return diag.Printable(strings.ReplaceAll(string(line), "\t", " "))
}
