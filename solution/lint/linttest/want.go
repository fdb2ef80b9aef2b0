package linttest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

// Want is a line of want: a finding that has to be there.
type Want struct {
	Line int // of the archive
	Text string

	place string
	expr  *regexp.Regexp
}

// outcome is something that became of a rule, as want has it: a finding, or that the rule was skipped.
type outcome struct {
	place string // FILE#ANCHOR, FILE or skippedPlace
	text  string // what the expression is matched with
}

// String is the line of want that expects it.
func (o outcome) String() string { return o.place + ": " + regexp.QuoteMeta(o.text) }

const skippedPlace = "skipped"

// severityNext finds where the expression begins if it begins with a severity, as it has to where the anchor has ": ".
var severityNext = regexp.MustCompile(`: (error|warning|info): `)

// wants reads the lines of want.
func (r *reader) wants(f File) {
	for i, line := range strings.Split(f.Text, "\n") {
		w := Want{Line: f.Line + i, Text: strings.TrimSpace(line)}
		if w.Text == "" || strings.HasPrefix(w.Text, "//") {
			continue
		}
		place, expr, ok := strings.Cut(w.Text, ": ")
		if at := severityNext.FindStringIndex(w.Text); at != nil && place != skippedPlace {
			place, expr = w.Text[:at[0]], w.Text[at[0]+2:]
		}
		compiled, err := regexp.Compile(expr)
		switch {
		case !ok || place == "" || place[0] == '#':
			r.invalid(w.Line, "want %q: expected FILE#ANCHOR: REGEXP, FILE: REGEXP or skipped: REGEXP", w.Text)
		case err != nil:
			r.invalid(w.Line, "want %q: %v", w.Text, err)
		default:
			w.place, w.expr = place, compiled
			r.Want = append(r.Want, w)
		}
	}
}

// outcomes are what want has to tell of a result.
func (c *Case) outcomes(result lint.Result) (list []outcome) {
	for _, s := range result.Skipped {
		o := outcome{skippedPlace, diag.Printable(s.Reason)}
		if !slices.Contains(list, o) { // once, however many solutions it is about
			list = append(list, o)
		}
	}
	for _, d := range result.Findings {
		list = append(list, outcome{c.place(d), d.Severity.String() + ": " + d.Message})
	}
	return list
}

// place names the place of a finding.
func (c *Case) place(d diag.Diagnostic) string {
	place := c.fileName(d.Solution, d.At.File)
	if anchor := lint.Anchor(c.solution(d), d.At); anchor != "" {
		place += "#" + anchor
	}
	return diag.Printable(place)
}

// fileName names a file of a solution as the archive does.
func (c *Case) fileName(solution, file string) string {
	if c.set {
		return solution + "/" + file
	}
	return file
}

// match pairs outcomes with lines that expect them, and answers what is left of both. A line may fit several outcomes:
// those with the least choice come first, and each takes the first outcome that is left.
func match(got []outcome, want []Want) (unexpected []outcome, missing []Want) {
	fits := func(w Want, o outcome) bool { return w.place == o.place && w.expr.MatchString(o.text) }
	choices := make(map[int]int, len(want)) // by line
	for _, w := range want {
		for _, o := range got {
			if fits(w, o) {
				choices[w.Line]++
			}
		}
	}
	byChoice := func(a, b Want) int { return choices[a.Line] - choices[b.Line] }
	for _, w := range slices.SortedStableFunc(slices.Values(want), byChoice) {
		i := slices.IndexFunc(got, func(o outcome) bool { return fits(w, o) })
		if i < 0 {
			missing = append(missing, w)
			continue
		}
		got = slices.Delete(got, i, i+1)
	}
	return got, missing
}
