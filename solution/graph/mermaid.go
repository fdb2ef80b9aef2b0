package graph

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// WriteMermaid writes the same drawing as WriteDOT as a Mermaid flowchart, which Markdown pages of code hosts show.
// Mermaid draws at most 500 lines unless its maxEdges says otherwise.
func (g *Graph) WriteMermaid(w io.Writer) error {
	p := g.picture()
	out := bufio.NewWriter(w)
	fmt.Fprint(out, `%%{init: {"flowchart": {"rankSpacing": 200, "nodeSpacing": 16, "wrappingWidth": 400}}}%%`+"\nflowchart LR\n")
	for i, group := range p.groups {
		fmt.Fprintf(out, "  subgraph s%d[%s]\n", i+1, mermaidQuote(group.title))
		for _, s := range group.shapes {
			fmt.Fprintf(out, "    %s\n", s.mermaid())
		}
		fmt.Fprint(out, "  end\n")
	}
	for _, s := range p.rest.shapes {
		fmt.Fprintf(out, "  %s\n", s.mermaid())
	}
	for _, l := range p.links {
		arrow := mermaidLinks[l.kind]
		if l.label != "" {
			arrow += "|" + mermaidQuote(l.label) + "|"
		}
		fmt.Fprintf(out, "  %s %s %s\n", l.from.id, arrow, l.to.id)
	}
	fmt.Fprint(out, `  classDef flow fill:#dbeafe,stroke:#3b82f6,color:#0f172a
  classDef app fill:#f3e8ff,stroke:#a855f7,color:#0f172a
  classDef agent fill:#fce7f3,stroke:#ec4899,color:#0f172a
  classDef variable fill:#f1f5f9,stroke:#64748b,color:#0f172a
  classDef reference fill:#dcfce7,stroke:#16a34a,color:#0f172a
  classDef connection fill:#fef9c3,stroke:#ca8a04,color:#0f172a
  classDef connector fill:#e2e8f0,stroke:#475569,color:#0f172a
  classDef idle fill:#ffffff,stroke:#94a3b8,color:#64748b,stroke-dasharray:4
  classDef absent fill:#ffedd5,stroke:#ea580c,color:#0f172a
  classDef broken fill:#fee2e2,stroke:#dc2626,color:#0f172a,stroke-width:2px
`)
	return out.Flush()
}

var mermaidLinks = map[linkKind]string{useLink: "-->", looseLink: "-.->", callLink: "==>", partLink: "-->"}

// mermaidShapes are what stands around the label of a kind of node.
var mermaidShapes = map[NodeKind][2]string{
	NodeSolution:   {"[", "]"},
	NodeFlow:       {"[", "]"},
	NodeApp:        {"[[", "]]"},
	NodeAgent:      {"[[", "]]"},
	NodeVariable:   {"[/", "/]"},
	NodeReference:  {"(", ")"},
	NodeConnection: {"[(", ")]"},
	NodeConnector:  {"{{", "}}"},
}

var mermaidMoods = map[mood]string{idle: "idle", absent: "absent", broken: "broken"}

func (s *shape) mermaid() string {
	lines := make([]string, len(s.lines))
	for i, line := range s.lines {
		lines[i] = mermaidText(line)
	}
	class := string(s.kind)
	if m := mermaidMoods[s.mood]; m != "" {
		class = m
	}
	around := mermaidShapes[s.kind]
	return s.id + around[0] + `"` + strings.Join(lines, "<br>") + `"` + around[1] + ":::" + class
}

func mermaidQuote(text string) string { return `"` + mermaidText(text) + `"` }

// mermaidText spells as entities what Mermaid could take for the end of a text, for directives, HTML or Markdown: there
// is no list of what it takes, so that all of ASCII is spelled so but letters, digits and spaces.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= utf8.RuneSelf, r == ' ', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
