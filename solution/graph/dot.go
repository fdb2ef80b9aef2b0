package graph

import (
	"bufio"
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
  graph [rankdir=LR, newrank=true, nodesep=0.15, ranksep=1.3, fontname="Helvetica", fontsize=13, fontcolor="#334155"]
  node [fontname="Helvetica", fontsize=10, fontcolor="#0f172a", shape=box, style="filled", penwidth=1, margin="0.12,0.06", height=0.3]
  edge [fontname="Helvetica", fontsize=9, fontcolor="#475569", color="#64748b", arrowsize=0.6]
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

var dotKinds = map[NodeKind]string{
	NodeFlow:       `fillcolor="#dbeafe", color="#3b82f6"`,
	NodeApp:        `fillcolor="#f3e8ff", color="#a855f7", shape=component`,
	NodeAgent:      `fillcolor="#fce7f3", color="#ec4899", shape=component`,
	NodeVariable:   `fillcolor="#f1f5f9", color="#64748b", shape=note`,
	NodeReference:  `fillcolor="#dcfce7", color="#16a34a", style="filled,rounded"`,
	NodeConnection: `fillcolor="#fef9c3", color="#ca8a04", shape=cylinder`,
	NodeConnector:  `fillcolor="#e2e8f0", color="#475569", shape=hexagon`,
}

var dotMoods = map[mood]string{
	idle:   `, style="filled,dashed", fillcolor="#ffffff", fontcolor="#64748b"`,
	absent: `, fillcolor="#ffedd5", color="#ea580c", penwidth=1.5`,
	broken: `, fillcolor="#fee2e2", color="#dc2626", penwidth=2`,
}

var dotLinks = map[linkKind]string{
	looseLink: `style=dashed, color="#ea580c"`,
	callLink:  `style=dotted, color="#3b82f6", arrowhead=vee, constraint=false`,
	partLink:  `color="#cbd5e1"`,
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
	return fmt.Sprintf("%s [label=%s, %s%s]", s.id, dotQuote(strings.Join(s.lines, "\n")), dotKinds[s.kind], dotMoods[s.mood])
}

func (l link) dot() string {
	var attrs []string
	if l.label != "" {
		attrs = append(attrs, "label="+dotQuote(l.label))
	}
	if style := dotLinks[l.kind]; style != "" {
		attrs = append(attrs, style)
	}
	if len(attrs) == 0 {
		return ""
	}
	return " [" + strings.Join(attrs, ", ") + "]"
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// dotQuote quotes a text. A quoted label's escapes are quotes, line ends, and what stands for the node's own name.
func dotQuote(text string) string { return `"` + dotEscapes.Replace(text) + `"` }
