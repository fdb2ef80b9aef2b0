package graph

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteDOT writes a drawing of who shares what for Graphviz: solutions and environments are boxes around their parts,
// references that nobody brings are red or amber, what is unused or off is dashed, and the numbers on lines are those of
// operations.
func (g *Graph) WriteDOT(w io.Writer) error {
	p := g.picture()
	out := bufio.NewWriter(w)
	fmt.Fprint(out, `digraph connref {
  graph [rankdir=LR, newrank=true, nodesep=0.15, ranksep=1.8, fontname="Helvetica", fontsize=13, fontcolor="#334155"]
  node [fontname="Helvetica", fontsize=10, fontcolor="#0f172a", margin="0.12,0.06", height=0.3]
  edge [fontname="Helvetica", fontsize=9, fontcolor="#475569", color="#94a3b8", arrowsize=0.6, headport=w]
`)
	for i, group := range p.groups {
		fmt.Fprintf(out, "  subgraph cluster_%d {\n    label=%s; labeljust=l; style=\"rounded,filled\"; color=\"#cbd5e1\"; fillcolor=\"#f8fafc\"; margin=14\n",
			i+1, dotQuote(group.title))
		for _, s := range group.shapes {
			fmt.Fprintf(out, "    %s\n", s.dot())
		}
		fmt.Fprint(out, "  }\n")
	}
	for _, s := range p.rest.shapes {
		fmt.Fprintf(out, "  %s\n", s.dot())
	}
	for _, column := range p.columns() {
		fmt.Fprintf(out, "  {rank=same; %s}\n", strings.Join(column, "; "))
	}
	for _, l := range p.links {
		fmt.Fprintf(out, "  %s -> %s%s\n", l.from.id, l.to.id, l.dot())
	}
	fmt.Fprint(out, "}\n")
	return out.Flush()
}

// dotStyle is how a kind of node looks, or how a mood makes it look.
type dotStyle struct{ shape, style, fill, line, text string }

var dotKinds = map[NodeKind]dotStyle{
	NodeSolution:   {shape: "box", line: "#cbd5e1"},
	NodeFlow:       {shape: "box", fill: "#dbeafe", line: "#3b82f6"},
	NodeApp:        {shape: "component", fill: "#f3e8ff", line: "#a855f7"},
	NodeAgent:      {shape: "component", fill: "#fce7f3", line: "#ec4899"},
	NodeVariable:   {shape: "note", fill: "#f1f5f9", line: "#64748b"},
	NodeReference:  {shape: "box", style: ",rounded", fill: "#dcfce7", line: "#16a34a"},
	NodeConnection: {shape: "cylinder", fill: "#fef9c3", line: "#ca8a04"},
	NodeConnector:  {shape: "hexagon", fill: "#e2e8f0", line: "#475569"},
}

var dotMoods = map[mood]dotStyle{
	idle:   {style: ",dashed", fill: "#ffffff", text: "#64748b"},
	absent: {fill: "#ffedd5", line: "#ea580c"},
	broken: {style: ",bold", fill: "#fee2e2", line: "#dc2626"},
}

// dotColors tell the lines to one reference from those to the next. None is a color of a mood.
var dotColors = [...]string{
	"#2563eb", "#059669", "#7c3aed", "#0e7490", "#c026d3", "#4d7c0f", "#92400e", "#475569",
}

// columns answers which shapes stand below each other: what uses, what is shared, what answers for that, and connectors.
func (p *picture) columns() [][]string {
	order := map[NodeKind]int{NodeReference: 1, NodeConnection: 2, NodeConnector: 3}
	columns := make([][]string, 4)
	for s := range p.all() {
		columns[order[s.kind]] = append(columns[order[s.kind]], s.id)
	}
	return slices.DeleteFunc(columns, func(ids []string) bool { return len(ids) < 2 })
}

func (s *shape) dot() string {
	kind, m := dotKinds[s.kind], dotMoods[s.mood]
	attrs := fmt.Sprintf(`shape=%s, style="filled%s%s", fillcolor="%s", color="%s"`,
		kind.shape, kind.style, m.style, cmp.Or(m.fill, kind.fill), cmp.Or(m.line, kind.line))
	if m.text != "" {
		attrs += `, fontcolor="` + m.text + `"`
	}
	return fmt.Sprintf("%s [label=%s, %s]", s.id, dotQuote(strings.Join(s.lines, "\n")), attrs)
}

// dot answers the attributes of a line.
func (l link) dot() string {
	var attrs []string
	if l.label != "" {
		attrs = append(attrs, "label="+dotQuote(l.label))
	}
	switch l.kind {
	case useLink:
		color := dotColors[l.to.number%len(dotColors)]
		attrs = append(attrs, `color="`+color+`"`, `fontcolor="`+color+`"`)
	case looseLink:
		attrs = append(attrs, `style=dashed, color="#ea580c"`)
	case callLink:
		attrs = append(attrs, `style=dotted, color="#3b82f6", tailport=w, constraint=false`)
	}
	if len(attrs) == 0 {
		return ""
	}
	return " [" + strings.Join(attrs, ", ") + "]"
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "&", "&amp;")

// dotQuote quotes a text. Graphviz reads entities in labels, and takes other escapes for the name of what is labelled.
func dotQuote(text string) string { return `"` + dotEscapes.Replace(text) + `"` }
