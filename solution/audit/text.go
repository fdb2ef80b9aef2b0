package audit

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// TextOptions say how WriteText writes; nil means plain.
type TextOptions struct {
	Color bool // ANSI colours, for a terminal
}

// WriteText writes the document for people: a section for each solution, and in it what is shared first.
func (d *Document) WriteText(w io.Writer, opts *TextOptions) error {
	t := &text{w: w, color: opts != nil && opts.Color}
	for _, s := range d.Solutions {
		t.solution(printable(s))
	}
	sum := d.Summary
	t.line("%s", strings.Join([]string{
		count(sum.Solutions, "solution"), count(sum.Flows, "flow"), count(sum.Operations, "operation"),
		count(sum.References, "reference"), count(sum.Problems, "problem"),
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

func (t *text) solution(s Solution) {
	name := s.UniqueName
	if name == "" {
		name = s.Path
	}
	operations := 0
	for _, f := range s.Flows {
		operations += f.Operations
	}
	t.line("%s", t.paint(bold, strings.TrimSpace(name+" "+s.Version)))
	t.line("%s", t.paint(dim, "  "+strings.Join(nonEmpty(s.Path, s.Layout, known(s.Managed),
		count(len(s.Flows), "flow"), count(operations, "operation"), count(len(s.References), "reference")), " · ")))
	t.references(s)
	t.undeclared(s)
	t.problems(s.Problems)
	t.line("")
}

func known(managed string) string {
	if managed == "unknown" {
		return ""
	}
	return managed
}

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// references writes what the solution declares: what is shared and by whom, what has one user, what has none.
func (t *text) references(s Solution) {
	rows := newTable(s.References)
	for _, g := range []struct {
		title, style string
		want         func(Reference) bool
		names        bool
	}{
		{"Shared", bold, func(r Reference) bool { return users(r) > 1 }, true},
		{"One user", bold, func(r Reference) bool { return users(r) == 1 }, false},
		{"Unused here", dim, func(r Reference) bool { return r.Unused }, false},
	} {
		refs := slices.DeleteFunc(slices.Clone(s.References), func(r Reference) bool { return !g.want(r) })
		slices.SortStableFunc(refs, func(a, b Reference) int { return cmp.Compare(users(b), users(a)) })
		if len(refs) == 0 {
			continue
		}
		t.line("\n  %s", t.paint(g.style, g.title))
		for _, r := range refs {
			t.line("    %s", rows.row(r))
			if g.names {
				t.line("      %s", t.paint(dim, shorten(strings.Join(flowsOf(s, r), ", "))))
			}
		}
	}
}

// flowsOf answers the names of the flows that bind the reference.
func flowsOf(s Solution, r Reference) []string {
	var names []string
	for _, f := range s.Flows {
		if slices.ContainsFunc(f.Bindings, func(b Binding) bool { return connref.EqualFold(b.Reference, r.LogicalName) }) {
			names = append(names, f.Name)
		}
	}
	return names
}

// maxLine is how many characters a list of names may take before it breaks off.
const maxLine = 100

func shorten(s string) string {
	runes := []rune(s)
	if len(runes) <= maxLine {
		return s
	}
	return string(runes[:maxLine-1]) + "…"
}

func users(r Reference) int { return r.Flows + r.Apps + r.Agents }

func usedBy(r Reference) string {
	var parts []string
	for _, use := range []struct {
		n    int
		noun string
	}{{r.Flows, "flow"}, {r.Apps, "app"}, {r.Agents, "agent"}, {r.Operations, "operation"}} {
		if use.n > 0 {
			parts = append(parts, count(use.n, use.noun))
		}
	}
	return strings.Join(parts, ", ")
}

// table lines references up in columns of name, connector and uses.
type table struct{ name, connector int }

// maxColumn is how wide a column gets. Longer names, which Copilot Studio makes, break out of it.
const maxColumn = 48

func newTable(refs []Reference) (t table) {
	for _, r := range refs {
		t.name = wider(t.name, r.LogicalName)
		t.connector = wider(t.connector, connector(r))
	}
	return t
}

// wider answers the width of a column that also has room for s, unless s is too long for a column.
func wider(width int, s string) int {
	if n := utf8.RuneCountInString(s); n <= maxColumn {
		return max(width, n)
	}
	return width
}

func (t table) row(r Reference) string {
	return pad(r.LogicalName, t.name) + "  " + pad(connector(r), t.connector) + "  " + usedBy(r)
}

func connector(r Reference) string {
	if r.Custom {
		return withoutHash(r.Connector) + " (custom)"
	}
	return r.Connector
}

// withoutHash drops the part of a custom connector's name that tells a person nothing.
func withoutHash(connector string) string {
	return string(connref.ConnectorID(connector).WithoutHash())
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// undeclared writes what the flows need and the solution doesn't bring.
func (t *text) undeclared(s Solution) {
	for _, g := range []struct{ state, title, style string }{
		{"external", "External: another solution must bring it", yellow},
		{"dangling", "Dangling: nobody declares it", red},
		{"direct", "Direct: no connection reference", yellow},
	} {
		needs := needs(s, g.state)
		if len(needs) == 0 {
			continue
		}
		width := 0
		for _, n := range needs {
			width = wider(width, n.name)
		}
		t.line("\n  %s", t.paint(g.style, g.title))
		for _, n := range needs {
			t.line("    %s  %s", pad(n.name, width), shorten(strings.Join(n.flows, ", ")))
		}
	}
}

// need is a reference, or of direct bindings a connector, and the flows that need it.
type need struct {
	name  string
	flows []string
}

func needs(s Solution, state string) []need {
	var list []need
	index := map[string]int{}
	for _, f := range s.Flows {
		for _, b := range f.Bindings {
			if b.State != state {
				continue
			}
			name := b.Reference
			if state == "direct" {
				name = withoutHash(b.Connector)
			}
			i, ok := index[connref.Fold(name)]
			if !ok {
				i = len(list)
				index[connref.Fold(name)] = i
				list = append(list, need{name: name})
			}
			if !slices.Contains(list[i].flows, f.Name) {
				list[i].flows = append(list[i].flows, f.Name)
			}
		}
	}
	return list
}

func (t *text) problems(problems []Problem) {
	if len(problems) == 0 {
		return
	}
	t.line("\n  %s", t.paint(bold, "Problems"))
	for _, p := range problems {
		style := map[diag.Severity]string{diag.Error: red, diag.Warning: yellow, diag.Info: dim}[p.Severity]
		finding := diag.Diagnostic{
			Rule: p.Rule, Name: p.Name, Message: p.Message,
			Position: source.Position{File: p.File, Line: p.Line, Column: p.Column},
		}
		t.line("    %s %s", t.paint(style, pad(p.Severity.String(), 7)), finding)
	}
}
