package graph

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/flow"
)

// picture is what a drawing shows, in whatever language it is written: who shares what. Operations are numbers on links,
// and of variables only those that name a connector are there.
type picture struct {
	groups []*group // solutions, then environments
	rest   group    // what stands in none of them
	links  []link
	linked map[link]bool
	shapes map[any]*shape
}

type group struct {
	title  string
	shapes []*shape
}

// shape is a node of a drawing.
type shape struct {
	id     string // n1, n2, …
	number int    // among the references
	kind   NodeKind
	lines  []string // the label
	mood   mood
}

// mood is what is to be seen of a node at first sight.
type mood uint8

const (
	fine   mood = iota
	idle        // a flow that is off, a reference that nothing uses
	absent      // a reference that another solution must bring, and none that was read does
	broken      // a reference that is dangling, a connection whose login fails
)

// link is an edge of a drawing.
type link struct {
	from, to *shape
	label    string
	kind     linkKind
}

type linkKind uint8

const (
	useLink   linkKind = iota // of what is shared
	looseLink                 // direct, or without a reference named
	callLink                  // of a flow
	partLink                  // to a connector or a connection
)

// picture draws the graph.
func (g *Graph) picture() *picture {
	p := &picture{linked: map[link]bool{}, shapes: map[any]*shape{}}
	solutions := map[*Solution]*group{}
	for _, s := range g.solutions {
		title := s.label()
		if title != s.Name() {
			title += " (" + s.Name() + ")"
		}
		solutions[s] = p.group(title)
	}
	environments := map[*Environment]*group{}
	for _, e := range g.environments {
		environments[e] = p.group("environment " + e.Name)
	}
	in := func(holders []*Solution) *group { // the first that holds it
		for _, s := range holders {
			return solutions[s]
		}
		return &p.rest
	}
	for _, f := range g.flows {
		p.flow(in(f.Places.Solutions()), f)
	}
	for _, call := range g.calls {
		if id, unread := call.callee().(connref.FlowID); unread && p.shapes[id] == nil {
			p.add(&p.rest, id, NodeFlow, absent, id.String(), "(not read)")
		}
	}
	for _, a := range g.apps {
		p.add(in(a.Places.Solutions()), a, NodeApp, fine, a.label())
	}
	for _, a := range g.agents {
		p.add(in(a.Places.Solutions()), a, NodeAgent, fine, a.SchemaName)
	}
	for _, v := range g.variables {
		if v.Connector != nil {
			p.add(in(v.Places.Solutions()), v, NodeVariable, fine, v.label())
		}
	}
	dangling := map[*Reference]bool{}
	for n := range g.Dangling() {
		dangling[n.Reference] = true
	}
	for _, r := range g.references {
		p.reference(in(r.DeclaredBy()), r, dangling[r])
	}
	for _, c := range g.connections {
		if home := environments[c.Environment]; home != nil {
			p.connection(home, c)
		} else {
			p.connection(&p.rest, c)
		}
	}
	for _, c := range g.connectors {
		p.add(in(c.BroughtBy.Solutions()), c, NodeConnector, fine, c.label())
	}
	for s, in := range solutions {
		if len(in.shapes) == 0 { // no drawing shows an empty box
			p.add(in, s, NodeSolution, idle, "nothing that isn't in another box")
		}
	}
	p.linkAll(g)
	p.number()
	return p
}

func (p *picture) group(title string) *group {
	g := &group{title: strings.Join(wrap(title), " ")}
	p.groups = append(p.groups, g)
	return g
}

func (p *picture) add(in *group, node any, kind NodeKind, m mood, lines ...string) {
	s := &shape{kind: kind, mood: m}
	for _, line := range lines {
		s.lines = append(s.lines, wrap(line)...)
	}
	p.shapes[node] = s
	in.shapes = append(in.shapes, s)
}

func (p *picture) flow(in *group, f *Flow) {
	if f.On == connref.No {
		p.add(in, f, NodeFlow, idle, f.Name, "(off)")
	} else {
		p.add(in, f, NodeFlow, fine, f.Name)
	}
}

func (p *picture) reference(in *group, r *Reference, dangling bool) {
	lines := []string{r.label()}
	if lines[0] != string(r.Name) {
		lines = append(lines, string(r.Name))
	}
	m := fine
	switch {
	case dangling && len(r.Candidates) == 0, len(r.Candidates) > 1:
		m = broken
	case len(r.Candidates) == 0 && len(r.bound) == 0:
		m = absent
	case r.Consumers().Len() == 0:
		m = idle
	}
	p.add(in, r, NodeReference, m, lines...)
}

func (p *picture) connection(in *group, c *Connection) {
	m := fine
	if c.Status == connref.StatusError {
		m = broken
	}
	p.add(in, c, NodeConnection, m, c.label())
}

func (p *picture) linkAll(g *Graph) {
	for _, f := range g.flows {
		p.linkFlow(f)
	}
	for _, a := range g.apps {
		for _, r := range a.references {
			p.link(a, r, useLink, "")
		}
		for _, c := range a.unlinked {
			p.link(a, c, looseLink, "")
		}
		for _, call := range a.calls {
			p.link(a, call.callee(), callLink, "")
		}
	}
	for _, a := range g.agents {
		for _, u := range a.uses {
			p.link(a, u.reference, useLink, asCaller(u.invoker))
		}
		for _, call := range a.calls {
			p.link(a, call.callee(), callLink, "")
		}
	}
	for _, v := range g.variables {
		p.link(v, v.Connector, looseLink, "")
	}
	for _, r := range g.references {
		for _, c := range r.Connectors() {
			p.link(r, c, partLink, "")
		}
		for _, b := range r.bound {
			p.link(r, b.Connection, partLink, b.Environment.Name)
		}
	}
	for _, c := range g.connections {
		p.link(c, c.Connector, partLink, "")
		for _, a := range c.apps {
			p.link(a, c, looseLink, "")
		}
	}
}

// linkFlow links a flow with each thing that it binds once, whatever the number of keys.
func (p *picture) linkFlow(f *Flow) {
	type use struct {
		target  any
		invoker bool
	}
	operations := map[use]int{}
	var uses []use
	for _, b := range f.bindings {
		u := use{b.target(), b.Source == flow.Invoker}
		if _, known := operations[u]; !known {
			uses = append(uses, u)
		}
		operations[u] += len(slices.Collect(b.Operations()))
		p.link(f, b.Connection, looseLink, "")
	}
	for _, u := range uses {
		label := strings.TrimSpace(strconv.Itoa(operations[u]) + " " + asCaller(u.invoker))
		kind := useLink
		if _, direct := u.target.(*Connector); direct {
			kind = looseLink
		}
		p.link(f, u.target, kind, label)
	}
	for _, call := range f.calls {
		p.link(f, call.callee(), callLink, "")
	}
}

func asCaller(invoker bool) string {
	if invoker {
		return "as caller"
	}
	return ""
}

// link adds an edge, if both ends are in the picture and it isn't.
func (p *picture) link(from, to any, kind linkKind, label string) {
	l := link{p.shapes[from], p.shapes[to], diag.Printable(label), kind}
	if l.from != nil && l.to != nil && !p.linked[l] {
		p.linked[l] = true
		p.links = append(p.links, l)
	}
}

// number names the shapes, in the order in which they are drawn.
func (p *picture) number() {
	n, references := 0, 0
	for s := range p.all() {
		n++
		s.id = "n" + strconv.Itoa(n)
		if s.kind == NodeReference {
			s.number = references
			references++
		}
	}
}

func (p *picture) all() iter.Seq[*shape] {
	return func(yield func(*shape) bool) {
		for _, g := range append(slices.Clip(p.groups), &p.rest) {
			for _, s := range g.shapes {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// wrap breaks a label into lines between words, or inside words that are too long for a line. One that shows nothing is
// replaced, since a drawing would not show what has it.
func wrap(label string) []string {
	const width = 40
	label = diag.Printable(label)
	if !strings.ContainsFunc(label, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) {
		return []string{"(no name)"}
	}
	var lines []string
	line, length := "", 0
	flush := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line, length = "", 0
	}
	for word := range strings.FieldsSeq(label) {
		runes := []rune(word)
		if length > 0 && length+1+len(runes) > width {
			flush()
		}
		for len(runes) > width {
			flush()
			lines, runes = append(lines, string(runes[:width])), runes[width:]
		}
		if length > 0 {
			line, length = line+" ", length+1
		}
		line, length = line+string(runes), length+len(runes)
	}
	flush()
	return lines
}
