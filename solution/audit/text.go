package audit

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// TextOptions say how WriteText writes; nil means plain.
type TextOptions struct {
	Color bool // ANSI colours, for a terminal
}

// WriteText writes the document for people: a section for each solution, and in it what is shared first, unless files
// are broken: then what could not be read.
func (d *Document) WriteText(w io.Writer, opts *TextOptions) error {
	t := &text{w: w, color: opts != nil && opts.Color}
	for _, s := range d.Solutions {
		t.solution(printable(s), len(d.Solutions) > 1)
	}
	t.set(d)
	sum := d.Summary
	t.line("%s", strings.Join([]string{
		count(sum.Solutions, "solution"), count(sum.Flows, "flow"), count(sum.Operations, "operation"),
		count(sum.References, "reference"), count(sum.Problems+len(d.Problems), "problem"),
	}, ", "))
	return t.err
}

// text writes lines and remembers the first error.
type text struct {
	w     io.Writer
	color bool
	err   error
}

func (t *text) line(format string, args ...any) {
	if t.err == nil {
		line := strings.TrimRight(fmt.Sprintf(format, args...), " ")
		_, t.err = fmt.Fprintln(t.w, line)
	}
}

// The styles, as ANSI escapes.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	yellow = "33"
)

func (t *text) paint(style, s string) string {
	if !t.color || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

// heading begins a part of a solution's section.
func (t *text) heading(style, title string) { t.line("\n  %s", t.paint(style, title)) }

// names writes a list of names, as many to a line as fit.
func (t *text) names(names []string) {
	const indent, width = "      ", 100
	line := ""
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(name) > width {
			t.line("%s%s", indent, t.paint(dim, line))
			line = ""
		}
		line = strings.TrimLeft(line+" "+name, " ")
	}
	if line != "" {
		t.line("%s%s", indent, t.paint(dim, line))
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// maxColumn is how wide a column gets. Longer names, which Copilot Studio makes, break out of it.
const maxColumn = 48

// wider answers the width of a column that also has room for s, unless s is too long for a column.
func wider(width int, s string) int {
	if n := utf8.RuneCountInString(s); n <= maxColumn {
		return max(width, n)
	}
	return width
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}
