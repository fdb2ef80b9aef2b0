package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

// TextOptions say how text looks; nil means the zero value.
type TextOptions struct {
	// Color paints severities and places for a terminal; WantsColor knows one.
	Color bool
}

// WantsColor tells whether a writer is a terminal whose user wants colors: see https://no-color.org.
func WantsColor(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// WriteText writes each finding with the line that it is about and what fixes there are; then what was skipped, what is
// broken and what the baseline has in vain; and a line of counts. Nothing from a file can steer a terminal. It fails
// where w does.
func WriteText(w io.Writer, r Report, opts *TextOptions) error {
	t := textWriter{to: bufio.NewWriter(w), texts: r.texts()}
	if opts != nil {
		t.TextOptions = *opts
	}
	for _, d := range r.Result.Findings {
		t.finding(d)
	}
	t.skipped(r.Result.Skipped)
	for _, b := range r.Result.Broken {
		t.note("broken", fmt.Sprintf("%s: %s: %v", cmp.Or(b.Solution, "the set"), b.Rule, b.Err))
	}
	for _, e := range r.Result.Stale {
		t.note("stale", staleText(e))
	}
	t.printf("%s\n", r.Summary())
	return t.to.Flush()
}

func staleText(e lint.Entry) string {
	return fmt.Sprintf("%s: %s: the baseline accepts what is no longer found: %s [%s]",
		e.Solution, e.File, e.Message, e.Rule)
}

// String answers the counts in words: "1 error, 2 warnings, 0 infos; 3 rules skipped, 0 broken".
func (s Summary) String() string {
	text := fmt.Sprintf("%s, %s, %s; %s skipped, %d broken", count(s.Errors, "error"), count(s.Warnings, "warning"),
		count(s.Infos, "info"), count(s.Skipped, "rule"), s.Broken)
	if s.Accepted+s.Stale > 0 {
		text += fmt.Sprintf("; %d accepted by the baseline, %d of its entries stale", s.Accepted, s.Stale)
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

type textWriter struct {
	TextOptions
	to    *bufio.Writer // keeps its first error until Flush
	texts texts
}

func (t *textWriter) printf(format string, args ...any) { fmt.Fprintf(t.to, format, args...) }

// The colors of severities, and what is bold.
const (
	bold  = "\x1b[1m"
	reset = "\x1b[0m"
)

var colors = map[diag.Severity]string{diag.Error: "\x1b[31m", diag.Warning: "\x1b[33m", diag.Info: "\x1b[36m"}

func (t *textWriter) paint(color, text string) string {
	if !t.Color {
		return text
	}
	return color + text + reset
}

func (t *textWriter) finding(d diag.Diagnostic) {
	at := d.Position
	at.File = t.texts.place(d.Solution, d.At.File)
	rule := d.Rule
	if d.Name != "" && d.Name != d.Rule {
		rule += " " + d.Name
	}
	t.printf("%s: %s: %s [%s]\n", t.paint(bold, diag.Printable(at.String())),
		t.paint(colors[d.Severity], d.Severity.String()), diag.Printable(d.Message), diag.Printable(rule))
	if e, ok := t.texts.excerpt(d); ok {
		gutter := strings.Repeat(" ", len(e.number))
		t.printf("  %s | %s\n  %s | %s\n", e.number, e.line, gutter, t.paint(colors[d.Severity], e.carets))
	}
	for _, fix := range d.Fixes {
		t.printf("  fix: %s\n", diag.Printable(fix.Message))
	}
}

func (t *textWriter) note(label, text string) {
	t.printf("%s: %s\n", t.paint(bold, label), diag.Printable(text))
}

// skipped tells the rules that share a reason on one line, each once.
func (t *textWriter) skipped(list []lint.Skipped) {
	type group struct {
		rule   *lint.Rule
		reason string
	}
	counts := map[group]int{}
	for _, s := range list {
		counts[group{s.Rule, s.Reason}]++
	}
	var reasons []string
	rules := map[string][]string{} // by reason
	for _, s := range list {
		key, text := group{s.Rule, s.Reason}, s.Rule.String()
		n := counts[key]
		delete(counts, key)
		switch {
		case n == 0:
			continue // it is told
		case n > 1:
			text += fmt.Sprintf(" for %d solutions", n)
		case s.Solution != "":
			text += " for " + s.Solution
		}
		if rules[s.Reason] == nil {
			reasons = append(reasons, s.Reason)
		}
		rules[s.Reason] = append(rules[s.Reason], text)
	}
	for _, reason := range reasons {
		t.note("skipped", reason+": "+strings.Join(rules[reason], ", "))
	}
}
