package graph_test

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/graph"
)

// drawing is what a drawing shows, whatever language it is written in. Texts are without white space, since labels are
// broken into lines.
type drawing struct {
	Groups []string
	Shapes []drawnShape
	Links  []drawnLink
}

type drawnShape struct {
	Group     int // from 1; 0 for none
	ID, Label string
}

type drawnLink struct{ From, To, Label string }

// language is how a drawing is written, one statement on each line.
type language struct {
	group, shape, link, other *regexp.Regexp
	text                      func(spelled string) string
}

func statement(pattern string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.NewReplacer(
		"ATTRIBUTE", `[a-z]+=(?:[0-9A-Za-z.]+|"[-#.,0-9A-Za-z]+")`,
		"QUOTED", `"(?P<text>(?:\\["\\n]|[^"\\\n])*)"`,
		"SPELLED", `"(?P<text>(?:[A-Za-z0-9 ]|#[0-9]+;|<br>|[^\x00-\x7f])*)"`,
	).Replace(pattern) + "\n$")
}

var (
	dot = language{
		group: statement(`    label=QUOTED(?:; ATTRIBUTE)+`),
		shape: statement(`(?P<indent> +)(?P<id>n\d+) \[label=QUOTED(?:, ATTRIBUTE)+\]`),
		link:  statement(`  (?P<from>n\d+) -> (?P<to>n\d+)(?: \[(?:label=QUOTED)?(?:(?:, )?ATTRIBUTE)*\])?`),
		other: statement(`(?:digraph connref \{|  (?:graph|node|edge) \[ATTRIBUTE(?:, ATTRIBUTE)+\]|  subgraph cluster_\d+ \{|  \{rank=same(?:; n\d+)+\}|(?:  )?\})`),
		text: func(spelled string) string {
			text := strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n").Replace(spelled)
			return html.UnescapeString(text) // as Graphviz does
		},
	}
	mermaid = language{
		group: statement(`  subgraph s\d+\[SPELLED\]`),
		shape: statement(`(?P<indent> +)(?P<id>n\d+)(?:\[|\[\[|\[/|\(|\[\(|\{\{)SPELLED(?:\]|\]\]|/\]|\)|\)\]|\}\}):::[a-z]+`),
		link:  statement(`  (?P<from>n\d+) (?:-->|-\.->|==>)(?:\|SPELLED\|)? (?P<to>n\d+)`),
		other: statement(`(?:%%\{init: [^%]+\}%%|flowchart LR|  end|  classDef [a-z]+ [-#:,0-9a-z]+)`),
		text: func(spelled string) string {
			text := strings.ReplaceAll(spelled, "<br>", "\n")
			return html.UnescapeString(strings.ReplaceAll(text, "#", "&#"))
		},
	}
)

// read reads a drawing, and reports what is no statement.
func (l language) read(t *testing.T, text string) (d drawing) {
	t.Helper()
	var of *regexp.Regexp
	var parts []string
	match := func(statement *regexp.Regexp, line string) bool {
		of, parts = statement, statement.FindStringSubmatch(line)
		return parts != nil
	}
	part := func(name string) string { return parts[of.SubexpIndex(name)] }
	shown := func() string {
		text := l.text(part("text"))
		for line := range strings.SplitSeq(text, "\n") {
			if utf8.RuneCountInString(line) > 40 && of == l.shape {
				t.Errorf("%q is longer than a line of a label", line)
			}
		}
		return unspaced(text)
	}
	require.True(t, utf8.ValidString(text))
	for line := range strings.Lines(text) {
		switch {
		case match(l.group, line):
			d.Groups = append(d.Groups, shown())
		case match(l.shape, line):
			s := drawnShape{ID: part("id"), Label: shown()}
			if len(part("indent")) > 2 {
				s.Group = len(d.Groups)
			}
			d.Shapes = append(d.Shapes, s)
		case match(l.link, line):
			d.Links = append(d.Links, drawnLink{part("from"), part("to"), shown()})
		case !match(l.other, line):
			t.Errorf("no statement: %q", line)
		}
	}
	return d
}

func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }

// title is that of a solution's box.
func title(n graph.Node) string {
	if n.Label == n.Name {
		return shown(n.Label)
	}
	return shown(n.Label + " (" + n.Name + ")")
}

// shown is what stands on a shape. A text that shows nothing is said to be no name: Mermaid draws nothing at all if a
// label is empty.
func shown(texts ...string) string {
	for i, text := range texts {
		texts[i] = diag.Printable(text)
		if !strings.ContainsFunc(texts[i], func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) {
			texts[i] = "(no name)"
		}
	}
	return unspaced(strings.Join(texts, " "))
}

// drawn answers the one drawing that both languages describe.
func drawn(t *testing.T, g *graph.Graph) drawing {
	t.Helper()
	d := dot.read(t, written(t, g.WriteDOT))
	if diff := cmp.Diff(d, mermaid.read(t, written(t, g.WriteMermaid))); diff != "" {
		t.Errorf("DOT (-), Mermaid (+):\n%s", diff)
	}
	return d
}

// checkDrawings checks that everything is in the drawings, once and under its name, and as many links as there are uses.
func checkDrawings(t *testing.T, g *graph.Graph) {
	t.Helper()
	type use struct{ from, to, environment, label string }
	uses, typed := map[use]bool{}, map[string]bool{}
	for e := range g.Edges() {
		switch e.Kind {
		case graph.EdgeOf:
			typed[e.From] = true
			fallthrough
		case graph.EdgeBinds, graph.EdgeNames, graph.EdgeCalls, graph.EdgeUses, graph.EdgeBound:
			label := "" // besides the number
			if e.RuntimeSource == "invoker" {
				label = "as caller"
			}
			uses[use{e.From, e.To, e.Environment, label}] = true
		}
	}
	var groups, labels []string
	for n := range g.Nodes() {
		switch {
		case n.Kind == graph.NodeSolution:
			groups = append(groups, title(n))
		case n.Kind == graph.NodeEnvironment:
			groups = append(groups, shown("environment "+n.Name))
		case n.Kind == graph.NodeFlow && n.Places == nil:
			labels = append(labels, shown(n.Label, "(not read)"))
		case n.On != nil && !*n.On:
			labels = append(labels, shown(n.Label, "(off)"))
		case n.Kind == graph.NodeReference && n.Label != n.Name:
			labels = append(labels, shown(n.Label, n.Name))
		case n.Kind != graph.NodeOperation && (n.Kind != graph.NodeVariable || typed[n.ID]):
			labels = append(labels, shown(n.Label))
		}
	}
	d := drawn(t, g)
	if diff := cmp.Diff(groups, d.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	var have []string
	ids, filled := map[string]bool{}, map[int]bool{}
	for _, s := range d.Shapes {
		ids[s.ID], filled[s.Group] = true, true
		if s.Label != shown("nothing that isn't in another box") {
			have = append(have, s.Label)
		}
	}
	for i := range len(slices.Collect(g.Solutions())) {
		if !filled[i+1] {
			t.Errorf("the box of %s is empty, so that no drawing shows it", d.Groups[i])
		}
	}
	slices.Sort(labels)
	slices.Sort(have)
	if diff := cmp.Diff(labels, have); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if len(ids) != len(d.Shapes) {
		t.Errorf("%d ids of %d shapes", len(ids), len(d.Shapes))
	}
	links := map[drawnLink]bool{}
	for _, l := range d.Links {
		links[l] = true
		if !ids[l.From] || !ids[l.To] {
			t.Errorf("%+v is no link of shapes", l)
		}
	}
	if len(d.Links) != len(uses) || len(links) != len(uses) {
		t.Errorf("%d links, %d of them different, for %d uses", len(d.Links), len(links), len(uses))
	}
}

// A hundred flows can be drawn, and Mermaid's limits let them pass.
func TestDrawingsOfManyFlows(t *testing.T) {
	var list []export
	for i, area := range []string{"Common", "Harvest", "Storage", "Sales", "Finance"} {
		e := export{name: fmt.Sprintf("Orchard%d%s", i, area)}
		for j := range 4 {
			e.refs = append(e.refs, fmt.Sprintf("orc_%s%d sql %s connection %d", area, j, area, j+1))
		}
		for j := range 20 {
			e.flows = append(e.flows, process{
				id: 20*i + j + 1, name: fmt.Sprintf("%s %d, remind about weekly figures of the press", area, j+1),
				keys:  []string{fmt.Sprintf("own orc_%s%d sql", area, j%4), fmt.Sprintf("common orc_Common%d sql", j%4)},
				steps: []string{"Ask: own", "Tell: common"},
			})
		}
		list = append(list, e)
	}
	g := build(t, list...)
	checkDrawings(t, g)
	d := drawn(t, g)
	for group := range 5 {
		in := slices.DeleteFunc(slices.Clone(d.Shapes), func(s drawnShape) bool { return s.Group != group+1 })
		require.Len(t, in, 24)
	}
	// 100 uses of own references, 80 of common ones that are others, 20 references of a connector.
	require.Len(t, d.Links, 200)
	// The default of Mermaid, past which it draws nothing: maxTextSize. Of maxEdges, it is 500.
	require.Less(t, utf8.RuneCountInString(written(t, g.WriteMermaid)), 50_000)
}
