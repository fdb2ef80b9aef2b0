package graph_test

import (
	"cmp"
	"errors"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution/graph"
)

// drawing is what a drawing shows, whatever language it is written in. Texts are as the reader sees them.
type drawing struct {
	Groups []drawnGroup
	Rest   []drawnShape // in no group
	Links  []drawnLink
}

type drawnGroup struct {
	Title  string
	Shapes []drawnShape
}

type drawnShape struct{ ID, Label string }

type drawnLink struct{ From, To, Label string }

// shapes are all shapes by id.
func (d drawing) shapes() map[string]string {
	labels := map[string]string{}
	for _, g := range append(slices.Clip(d.Groups), drawnGroup{Shapes: d.Rest}) {
		for _, s := range g.Shapes {
			labels[s.ID] = s.Label
		}
	}
	return labels
}

// check reports shapes that share an id, and links of no shape.
func (d drawing) check() error {
	seen := map[string]bool{}
	for _, g := range append(slices.Clip(d.Groups), drawnGroup{Shapes: d.Rest}) {
		for _, s := range g.Shapes {
			if seen[s.ID] {
				return fmt.Errorf("two shapes %s", s.ID)
			}
			seen[s.ID] = true
		}
	}
	for _, l := range d.Links {
		if !seen[l.From] || !seen[l.To] {
			return fmt.Errorf("%s → %s is no link of shapes", l.From, l.To)
		}
	}
	return nil
}

// steers tells whether a character could break a line or turn the direction of writing.
func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

// shows tells whether there is anything to see in a text.
func shows(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// named tells whether a group or a shape shows something. Mermaid draws nothing at all if one has an empty label.
func named(text string, err error) (string, error) {
	if err == nil && !shows(text) {
		err = fmt.Errorf("label %q shows nothing", text)
	}
	return text, err
}

// dotToken is a token of DOT: '{', '}', '[', ']', '=', ',', ';', '>' for an arrow, 'w' for a word, 'q' for a quoted
// text, 0 for the end.
type dotToken struct {
	kind byte
	text string
}

// dotTokens reads DOT as strictly as it can be written: quoted texts are on one line, and have no escapes but those of
// quotes, backslashes and line ends.
func dotTokens(text string) ([]dotToken, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("not UTF-8")
	}
	var tokens []dotToken
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\n':
			i++
		case strings.IndexByte("{}[]=,;", c) >= 0:
			tokens = append(tokens, dotToken{kind: c})
			i++
		case strings.HasPrefix(text[i:], "->"):
			tokens = append(tokens, dotToken{kind: '>'})
			i += 2
		case c == '"':
			var quoted strings.Builder
			for i++; ; i++ {
				if i >= len(text) || text[i] < ' ' || text[i] == 0x7f {
					return nil, fmt.Errorf("offset %d: a quoted text doesn't end on its line", i)
				}
				if text[i] == '"' {
					i++
					break
				}
				if text[i] != '\\' {
					quoted.WriteByte(text[i])
					continue
				}
				i++
				switch {
				case i < len(text) && (text[i] == '"' || text[i] == '\\'):
					quoted.WriteByte(text[i])
				case i < len(text) && text[i] == 'n':
					quoted.WriteByte('\n')
				default:
					return nil, fmt.Errorf("offset %d: no such escape", i)
				}
			}
			tokens = append(tokens, dotToken{'q', quoted.String()})
		default:
			end := i
			for end < len(text) && (isWord(text[end]) || end > i && text[end] == '.') {
				end++
			}
			if end == i {
				return nil, fmt.Errorf("offset %d: %q stands outside of quotes", i, text[i:i+1])
			}
			tokens = append(tokens, dotToken{'w', text[i:end]})
			i = end
		}
	}
	return append(tokens, dotToken{}), nil
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// entity is what Graphviz replaces in every label, quoted or not.
var entity = regexp.MustCompile(`&(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);`)

// dotReader reads the statements of a drawing.
type dotReader struct {
	tokens []dotToken
	out    drawing
	ranked map[string]bool // shapes that stand in a rank
}

// readDOT reads a drawing in DOT. It takes what a drawing of ours is made of and nothing else.
func readDOT(text string) (drawing, error) {
	tokens, err := dotTokens(text)
	if err != nil {
		return drawing{}, err
	}
	r := &dotReader{tokens: tokens, ranked: map[string]bool{}}
	err = r.graph()
	if err == nil {
		err = r.out.check()
	}
	labels := r.out.shapes()
	for id := range r.ranked {
		if _, known := labels[id]; !known && err == nil {
			err = fmt.Errorf("%s stands in a rank and is no shape", id)
		}
	}
	return r.out, err
}

func (r *dotReader) next() dotToken {
	token := r.tokens[0]
	if token.kind != 0 {
		r.tokens = r.tokens[1:]
	}
	return token
}

func (r *dotReader) take(kind byte) bool {
	if r.tokens[0].kind != kind {
		return false
	}
	r.next()
	return true
}

func (r *dotReader) want(kind byte, text string) error {
	if token := r.next(); token != (dotToken{kind, text}) {
		return fmt.Errorf("%c %q instead of %c %q", token.kind, token.text, kind, text)
	}
	return nil
}

func (r *dotReader) graph() error {
	for _, want := range []dotToken{{'w', "digraph"}, {'w', "connref"}, {kind: '{'}} {
		if err := r.want(want.kind, want.text); err != nil {
			return err
		}
	}
	for !r.take('}') {
		if err := r.statement(); err != nil {
			return err
		}
	}
	return r.want(0, "")
}

// statement reads a statement at the top: defaults, a group, a rank, a shape or a link.
func (r *dotReader) statement() error {
	if r.take('{') {
		return r.rank()
	}
	word := r.next()
	switch {
	case word.kind != 'w':
		return fmt.Errorf("%c %q begins no statement", word.kind, word.text)
	case word.text == "subgraph":
		return r.group()
	case word.text == "graph" || word.text == "node" || word.text == "edge":
		_, err := r.attributes()
		return err
	case r.take('>'):
		to := r.next()
		attributes, err := r.attributes()
		if err != nil {
			return err
		}
		r.out.Links = append(r.out.Links, drawnLink{word.text, to.text, attributes["label"]})
		return nil
	}
	shape, err := r.shape(word.text)
	r.out.Rest = append(r.out.Rest, shape)
	return err
}

func (r *dotReader) shape(id string) (drawnShape, error) {
	attributes, err := r.attributes()
	label, err := named(attributes["label"], err)
	return drawnShape{id, label}, err
}

// group reads a group behind the word subgraph.
func (r *dotReader) group() error {
	number := "cluster_" + strconv.Itoa(len(r.out.Groups)+1)
	if err := errors.Join(r.want('w', number), r.want('{', "")); err != nil {
		return err
	}
	var g drawnGroup
	for !r.take('}') {
		word := r.next()
		if word.kind != 'w' {
			return fmt.Errorf("%c %q begins no statement of a group", word.kind, word.text)
		}
		if r.take('=') {
			value, err := r.value()
			if err != nil {
				return err
			}
			if word.text == "label" {
				g.Title = value
			}
			r.take(';')
			continue
		}
		shape, err := r.shape(word.text)
		if err != nil {
			return err
		}
		g.Shapes = append(g.Shapes, shape)
	}
	r.out.Groups = append(r.out.Groups, g)
	_, err := named(g.Title, nil)
	return err
}

// rank reads the shapes of a rank behind its brace; none can stand in two.
func (r *dotReader) rank() error {
	for _, want := range []dotToken{{'w', "rank"}, {kind: '='}, {'w', "same"}} {
		if err := r.want(want.kind, want.text); err != nil {
			return err
		}
	}
	for r.take(';') {
		id := r.next()
		if id.kind != 'w' || r.ranked[id.text] {
			return fmt.Errorf("%c %q in a rank", id.kind, id.text)
		}
		r.ranked[id.text] = true
	}
	return r.want('}', "")
}

func (r *dotReader) attributes() (map[string]string, error) {
	attributes := map[string]string{}
	if !r.take('[') {
		return attributes, nil
	}
	for {
		name := r.next()
		if err := r.want('=', ""); err != nil || name.kind != 'w' {
			return nil, fmt.Errorf("%c %q is no attribute", name.kind, name.text)
		}
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		attributes[name.text] = value
		if r.take(']') {
			return attributes, nil
		}
		if err := r.want(',', ""); err != nil {
			return nil, err
		}
	}
}

// value reads the value of an attribute as Graphviz shows it.
func (r *dotReader) value() (string, error) {
	token := r.next()
	if token.kind != 'w' && token.kind != 'q' {
		return "", fmt.Errorf("%c %q is no value", token.kind, token.text)
	}
	text := entity.ReplaceAllStringFunc(token.text, html.UnescapeString)
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), steers) {
		return "", fmt.Errorf("%q has characters that steer", text)
	}
	return text, nil
}

var (
	mermaidGroup  = regexp.MustCompile(`^  subgraph (s[0-9]+)\["(.*)"\]$`)
	mermaidShape  = regexp.MustCompile(`^ *(n[0-9]+)(\[|\[\[|\[/|\(|\[\(|\{\{)"(.*)"(\]|\]\]|/\]|\)|\)\]|\}\}):::([a-z]+)$`)
	mermaidLink   = regexp.MustCompile(`^  (n[0-9]+) (?:-->|-\.->|==>)(?:\|"(.*)"\|)? (n[0-9]+)$`)
	mermaidClass  = regexp.MustCompile(`^  classDef ([a-z]+) [-a-z]+:[#0-9a-z]+(?:,[-a-z]+:[#0-9a-z]+)*$`)
	mermaidClosed = map[string]string{"[": "]", "[[": "]]", "[/": "/]", "(": ")", "[(": ")]", "{{": "}}"}
)

// readMermaid reads a drawing in Mermaid, line by line. It takes what a drawing of ours is made of and nothing else.
func readMermaid(text string) (drawing, error) {
	var d drawing
	body, whole := strings.CutSuffix(text, "\n")
	lines := strings.Split(body, "\n")
	if !whole || len(lines) < 2 || !strings.HasPrefix(lines[0], "%%{init: ") || lines[1] != "flowchart LR" {
		return d, errors.New("it doesn't begin with settings and flowchart LR or doesn't end with a line end")
	}
	classes, defined := map[string]bool{}, map[string]bool{}
	inside := false
	for i, line := range lines[2:] {
		at := func(err error) error { return fmt.Errorf("line %d: %s: %w", i+3, line, err) }
		var err error
		if m := mermaidGroup.FindStringSubmatch(line); m != nil && !inside {
			var g drawnGroup
			g.Title, err = named(mermaidText(m[2]))
			d.Groups = append(d.Groups, g)
			inside = true
			if m[1] != "s"+strconv.Itoa(len(d.Groups)) {
				err = errors.New("groups are not counted")
			}
		} else if m := mermaidShape.FindStringSubmatch(line); m != nil && m[4] == mermaidClosed[m[2]] {
			into := &d.Rest
			if inside {
				into = &d.Groups[len(d.Groups)-1].Shapes
			}
			s := drawnShape{ID: m[1]}
			s.Label, err = named(mermaidText(m[3]))
			*into = append(*into, s)
			classes[m[5]] = true
		} else if m := mermaidLink.FindStringSubmatch(line); m != nil && !inside {
			l := drawnLink{From: m[1], To: m[3]}
			if m[2] != "" {
				l.Label, err = mermaidText(m[2])
			}
			d.Links = append(d.Links, l)
		} else if m := mermaidClass.FindStringSubmatch(line); m != nil && !inside {
			defined[m[1]] = true
		} else if line == "  end" && inside {
			inside = false
		} else {
			err = errors.New("no statement")
		}
		if err != nil {
			return d, at(err)
		}
	}
	for class := range classes {
		if !defined[class] {
			return d, fmt.Errorf("class %s is not defined", class)
		}
	}
	if inside {
		return d, errors.New("a group doesn't end")
	}
	return d, d.check()
}

// mermaidEntity is a character that is spelt in the one way that no version of Mermaid takes for anything else.
var mermaidEntity = regexp.MustCompile(`#(?:([0-9]+)|(quot|amp|lt|gt));`)

// mermaidSpecial is what some version of Mermaid takes for something else in a quoted label: the end of it, entities,
// HTML, %%{directives}%%, $$math$$, fa:fa-icons, "style" and "classDef" before a colon, which take the semicolon of a later
// entity, and in 11.4 Markdown, of which a list or a link shows as "Unsupported markdown".
var mermaidSpecial = regexp.MustCompile("[#\"&<>`\\\\*~\\[%$@]" +
	`|://|\bwww\.|(style|classDef).*:|fa[a-z]?:` +
	`|_([^\pL\pN]|$)|(^|[^\pL\pN])_`)

// mermaidList is what Markdown takes for a list, at the beginning of a label.
var mermaidList = regexp.MustCompile(`^ *([-+]|[0-9]+[.)])`)

var mermaidEntities = map[string]string{"quot": `"`, "amp": "&", "lt": "<", "gt": ">"}

// mermaidText is a label as Mermaid shows it.
func mermaidText(raw string) (string, error) {
	lines := strings.Split(raw, "<br>")
	for i, line := range lines {
		plain := mermaidEntity.ReplaceAllLiteralString(line, "\ufffc") // which is neither letter nor digit
		switch {
		case strings.ContainsFunc(plain, steers):
			return "", fmt.Errorf("something steers in the label %q", raw)
		case mermaidSpecial.MatchString(plain):
			return "", fmt.Errorf("%q stands as itself in the label %q", mermaidSpecial.FindString(plain), raw)
		case i == 0 && mermaidList.MatchString(plain):
			return "", fmt.Errorf("the label %q begins as a list", raw)
		}
		lines[i] = mermaidEntity.ReplaceAllStringFunc(line, func(entity string) string {
			m := mermaidEntity.FindStringSubmatch(entity)
			if m[1] == "" {
				return mermaidEntities[m[2]]
			}
			code, err := strconv.ParseUint(m[1], 10, 21)
			if err != nil {
				return string(unicode.ReplacementChar)
			}
			return string(rune(code))
		})
	}
	return strings.Join(lines, "\n"), nil
}

// wrapped is texts as a drawing's label shows them, each on lines of at most 40 characters, broken between words, and inside
// of words that are longer. One that shows nothing is said to be no name.
func wrapped(texts ...string) string {
	const width = 40
	var all []string
	for _, text := range texts {
		var lines []string
		text = diag.Printable(text)
		if !shows(text) {
			text = "(no name)"
		}
		for _, word := range strings.Fields(text) {
			for i, part := range slices.Collect(slices.Chunk([]rune(word), width)) {
				last := len(lines) - 1
				if i == 0 && last >= 0 && utf8.RuneCountInString(lines[last])+1+len(part) <= width {
					lines[last] += " " + string(part)
				} else {
					lines = append(lines, string(part))
				}
			}
		}
		all = append(all, lines...)
	}
	return strings.Join(all, "\n")
}

// unspaced is a text without its white space: titles of groups may be wrapped or not.
func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }

// title is what stands on a group, without white space.
func title(text string) string { return unspaced(wrapped(text)) }

// drawn answers the one drawing that both languages describe.
func drawn(t *testing.T, g *graph.Graph) drawing {
	t.Helper()
	dot, err := readDOT(written(t, g.WriteDOT))
	if err != nil {
		t.Errorf("DOT: %v", err)
	}
	mermaid, err := readMermaid(written(t, g.WriteMermaid))
	if err != nil {
		t.Errorf("Mermaid: %v", err)
	}
	if !t.Failed() {
		if diff := gocmp.Diff(dot, mermaid); diff != "" {
			t.Errorf("DOT (-), Mermaid (+):\n%s", diff)
		}
	}
	return dot
}

// checkDrawings checks that everything is in the drawings, once, under its name and in its group, and every link once.
func checkDrawings(t *testing.T, g *graph.Graph) {
	t.Helper()
	d := drawn(t, g)
	if t.Failed() {
		return
	}
	want := wantShapes(g)
	got := make([]wantGroup, 0, len(want))
	for _, group := range append(slices.Clip(d.Groups), drawnGroup{Shapes: d.Rest}) {
		have := wantGroup{Title: unspaced(group.Title)}
		for _, s := range group.Shapes {
			have.Labels = append(have.Labels, s.Label)
		}
		got = append(got, have)
	}
	if diff := gocmp.Diff(want, got, cmpopts.SortSlices(cmp.Less[string]), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("groups and labels (-graph +drawing):\n%s", diff)
	}
	labels := d.shapes()
	var links []drawnLink
	for _, l := range d.Links {
		links = append(links, drawnLink{labels[l.From], labels[l.To], l.Label})
	}
	if diff := gocmp.Diff(wantLinks(g), links, cmpopts.SortSlices(compareLinks), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("links (-graph +drawing):\n%s", diff)
	}
}

func compareLinks(a, b drawnLink) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Label, b.Label))
}

// wantGroup is a group with the labels in it, in no order.
type wantGroup struct {
	Title  string
	Labels []string
}

// label is what stands on the shape of a node.
func label(node any) string {
	switch n := node.(type) {
	case *graph.Flow:
		if n.On == connref.No {
			return wrapped(n.Name, "(off)")
		}
		return wrapped(n.Name)
	case *graph.App:
		return wrapped(cmp.Or(n.DisplayName, n.Name))
	case *graph.Agent:
		return wrapped(n.SchemaName)
	case *graph.Variable:
		return wrapped(cmp.Or(n.DisplayName, n.SchemaName))
	case *graph.Reference:
		if shown := n.DisplayName(); shown != "" && shown != string(n.Name) {
			return wrapped(shown, string(n.Name))
		}
		return wrapped(string(n.Name))
	case *graph.Connection:
		return wrapped(cmp.Or(n.DisplayName, string(n.ID)))
	case *graph.Connector:
		return wrapped(cmp.Or(n.DisplayName, n.ID.WithoutHash().Name()))
	}
	panic(fmt.Sprintf("%T has no shape", node))
}

// wantShapes are the groups of a drawing, and last what stands in none.
func wantShapes(g *graph.Graph) []wantGroup {
	var groups []*wantGroup
	solutions, environments := map[*graph.Solution]*wantGroup{}, map[*graph.Environment]*wantGroup{}
	for s := range g.Solutions() {
		solutions[s] = &wantGroup{Title: title(cmp.Or(s.DisplayName, s.Name()))}
		groups = append(groups, solutions[s])
	}
	for e := range g.Environments() {
		environments[e] = &wantGroup{Title: title("environment " + e.Name)}
		groups = append(groups, environments[e])
	}
	rest := &wantGroup{}
	groups = append(groups, rest)
	add := func(holders []*graph.Solution, node any) {
		in := rest
		if len(holders) > 0 {
			in = solutions[holders[0]]
		}
		in.Labels = append(in.Labels, label(node))
	}
	for f := range g.Flows() {
		add(f.Places.Solutions(), f)
	}
	for a := range g.Apps() {
		add(a.Places.Solutions(), a)
	}
	for a := range g.Agents() {
		add(a.Places.Solutions(), a)
	}
	for v := range g.Variables() {
		if v.Connector != nil {
			add(v.Places.Solutions(), v)
		}
	}
	for r := range g.References() {
		add(r.DeclaredBy(), r)
	}
	for c := range g.Connectors() {
		add(c.BroughtBy.Solutions(), c)
	}
	for c := range g.Connections() {
		in := rest
		if c.Environment != nil {
			in = environments[c.Environment]
		}
		in.Labels = append(in.Labels, label(c))
	}
	var list []wantGroup
	for _, group := range groups {
		list = append(list, *group)
	}
	return list
}

// wantLinks are the links of a drawing, each of them once.
func wantLinks(g *graph.Graph) []drawnLink {
	type link struct {
		from, to any
		label    string
	}
	links := map[link]bool{}
	add := func(from, to any, label string) { links[link{from, to, diag.Printable(label)}] = true }
	for f := range g.Flows() {
		type use struct {
			target any
			caller string
		}
		operations := map[use]int{}
		for b := range f.Bindings() {
			u := use{target: boundTo(b)}
			if b.Source == flow.Invoker {
				u.caller = " as caller"
			}
			operations[u] += len(slices.Collect(b.Operations()))
			if b.Connection != nil {
				add(f, b.Connection, "")
			}
		}
		for u, n := range operations {
			if u.target != nil {
				add(f, u.target, strconv.Itoa(n)+u.caller)
			}
		}
	}
	for c := range g.Calls() {
		switch {
		case c.Callee == nil:
		case c.Flow != nil:
			add(c.Flow, c.Callee, "calls")
		default:
			add(c.Agent, c.Callee, "calls")
		}
	}
	for a := range g.Apps() {
		for r := range a.References() {
			add(a, r, "")
		}
		for c := range a.Unlinked() {
			add(a, c, "")
		}
	}
	for a := range g.Agents() {
		for r := range a.References() {
			add(a, r, "")
		}
	}
	for v := range g.Variables() {
		if v.Connector != nil {
			add(v, v.Connector, "")
		}
	}
	for r := range g.References() {
		for _, c := range r.Connectors() {
			add(r, c, "")
		}
		for b := range r.Bound() {
			if b.Connection != nil {
				add(r, b.Connection, b.Environment.Name)
			}
		}
	}
	for c := range g.Connections() {
		if c.Connector != nil {
			add(c, c.Connector, "")
		}
		for a := range c.Apps() {
			add(a, c, "")
		}
	}
	var list []drawnLink
	for l := range links {
		list = append(list, drawnLink{label(l.from), label(l.to), l.label})
	}
	slices.SortFunc(list, compareLinks)
	return list
}

// A hundred flows can be drawn, and Mermaid's limits let them pass.
func TestDrawingsOfManyFlows(t *testing.T) {
	g := hundredFlows(t)
	d := drawn(t, g)
	require.Len(t, d.Groups, 5)
	shown := map[string]int{}
	for i, group := range d.Groups {
		flows := 0
		for _, s := range group.Shapes {
			shown[s.Label]++
			if strings.HasPrefix(s.Label, strings.TrimPrefix(group.Title, "Orchard ")+": ") {
				flows++
			}
		}
		if flows != 20 {
			t.Errorf("group %d, %s: %d flows, want 20", i, group.Title, flows)
		}
	}
	flows := 0
	for f := range g.Flows() {
		flows++
		if n := shown[label(f)]; n != 1 {
			t.Errorf("%s is shown %d times", f.Name, n)
		}
	}
	if flows != 100 {
		t.Errorf("%d flows, want 100", flows)
	}
	seen := map[drawnLink]bool{}
	for _, l := range d.Links {
		if l.Label = ""; seen[l] {
			t.Errorf("%s → %s twice", l.From, l.To)
		}
		seen[l] = true
	}
	// 100 uses of own references, 48 of common ones by 80 flows, 16 references of a connector.
	if want := 100 + 48 + 16; len(d.Links) != want {
		t.Errorf("%d links, want %d", len(d.Links), want)
	}
	// The defaults of Mermaid, past which it draws nothing: maxTextSize and maxEdges.
	if n := utf8.RuneCountInString(written(t, g.WriteMermaid)); n >= 50_000 {
		t.Errorf("%d characters of Mermaid", n)
	}
	if n := len(d.Links); n >= 500 {
		t.Errorf("%d links", n)
	}
}

// A link stands once, however many keys, rows and calls say the same.
func TestDrawingsRepeatNothing(t *testing.T) {
	twice := exportFlow{id: press, title: "Twice", calls: weigh, binds: []exportBinding{
		{key: "a", reference: "orc_Mail", connector: "shared_office365", operations: 1},
		{key: "b", reference: "ORC_mail", connector: "shared_office365", operations: 2},
		{key: "c", connector: "shared_rss", operations: 1},
		{key: "d", connector: "shared_rss", operations: 1},
	}}
	s := exportSolution{name: "Twice", title: "Twice", flows: []exportFlow{{id: weigh, title: "Other"}, twice}}
	legacy := map[string]string{
		"legacy/manifest.json": `{}`,
		"legacy/Microsoft.Flow/flows/7d/definition.json": `{"properties":{"displayName":"Pump","connectionReferences":{` +
			`"x":{"connectionName":"shared-rss-1","source":"Embedded","id":"/providers/Microsoft.PowerApps/apis/shared_rss"},` +
			`"y":{"connectionName":"shared-rss-1","source":"Embedded","id":"/providers/Microsoft.PowerApps/apis/shared_rss"}},` +
			`"definition":{"triggers":{},"actions":{}}}}`,
	}
	row := connref.Reference{LogicalName: "orc_Mail", Connector: "shared_office365", Connection: "shared-office365-1"}
	checkDrawings(t, exportGraph(t, []exportSolution{s}, legacy,
		graph.Inventory{Name: "Test", References: []connref.Reference{row, row}}))
}

// What has no name is drawn too: an empty label is an error to Mermaid.
func TestDrawingsOfNamelessParts(t *testing.T) {
	for _, name := range []string{"", " ", "\u00a0", "\u200b", "\u2028"} {
		g := exportNamed(t, exportNames{flow: name, reference: name, solution: name, connection: name, environment: name})
		d := drawn(t, g)
		if n := len(d.shapes()); n != 4 {
			t.Errorf("named %q: %d shapes, want 4", name, n)
		}
	}
}

// The readers of the tests take nothing that Graphviz or Mermaid would stumble over.
func TestReadersAreStrict(t *testing.T) {
	const dotHead = "digraph connref {\n"
	for _, text := range []string{
		"", dotHead, dotHead + "}}", "graph connref {}",
		dotHead + `n1 [label="a"b"]` + "\n}",
		dotHead + "n1 [label=\"a\nb\"]\n}",
		dotHead + `n1 [label="a\lb"]` + "\n}",
		dotHead + `n1 [label="a\"]` + "\n}",
		dotHead + `n1 [label=""]` + "\n}",
		dotHead + "n1 [label=\"\x01\"]\n}",
		dotHead + "n1 [label=\"\u202e\"]\n}",
		dotHead + "n1 [label=\"\xff\"]\n}",
		dotHead + "n1 [label=<a>]\n}",
		dotHead + "n1 [label=a,]\n}",
		dotHead + "n1 [label=a]\nn1 [label=a]\n}",
		dotHead + "n1 [label=a]\nn1 -> n2\n}",
		dotHead + "{rank=same; n1}\n}",
		dotHead + "n1 [label=a]\n{rank=same; n1; n1}\n}",
		dotHead + "subgraph cluster_2 {label=a}\n}",
		dotHead + "subgraph cluster_1 {label=a",
	} {
		if d, err := readDOT(text); err == nil {
			t.Errorf("DOT %q is taken for %v", text, d)
		}
	}
	const mermaidHead, class = "flowchart LR\n", "  classDef flow fill:#dbeafe\n"
	for _, text := range []string{
		"", "flowchart LR", "graph LR\n",
		mermaidHead + `  n1["a"b"]:::flow` + "\n" + class,
		mermaidHead + `  n1["a"]:::flow` + "\n",
		mermaidHead + `  n1[""]:::flow` + "\n" + class,
		mermaidHead + `  n1["a`,
		mermaidHead + "  n1[\"a\nb\"]:::flow\n" + class,
		mermaidHead + "  n1[\"a\u2028b\"]:::flow\n" + class,
		mermaidHead + `  n1["a")]:::flow` + "\n" + class,
		mermaidHead + `  n1["a"]:::flow` + "\n  n1 --> n2\n" + class,
		mermaidHead + `  subgraph s1["a"]` + "\n",
		mermaidHead + `  subgraph s2["a"]` + "\n  end\n",
		mermaidHead + "  end\n",
		mermaidHead + "  click n1\n",
	} {
		if d, err := readMermaid(text); err == nil {
			t.Errorf("Mermaid %q is taken for %v", text, d)
		}
	}
	for _, raw := range []string{
		"#", "#x;", "&lt;", "<b>", "<br/>", ">", "`x`", `\`, `"`, "1. x", "1) x", "- x", "+ x", "*x*", "_x_", "~~x~~",
		"__x__", "[a](b)", "https://x", "www.x.y", "a@b.c", "%%{init: {}}%%", "$$x$$", "style:#quot;", "classDef a:b#35;",
		"fa:fa-car", "fab:fa-x", "\t", "\x7f", "\u2028",
	} {
		if text, err := mermaidText(raw); err == nil {
			t.Errorf("label %q is taken for %q", raw, text)
		}
	}
	for raw, want := range map[string]string{
		"a<br>b": "a\nb", "#35;35;": "#35;", "#quot;#amp;lt;#lt;#gt;": `"&lt;<>`, "Größe 🍏 #8226;": "Größe 🍏 •",
		"orc_Mail: a-b (c) 1.2; d|e = {f}?": "orc_Mail: a-b (c) 1.2; d|e = {f}?",
	} {
		if got, err := mermaidText(raw); err != nil || got != want {
			t.Errorf("label %q is %q, %v, want %q", raw, got, err, want)
		}
	}
	dot, err := readDOT(dotHead + `n1 [label="\"\\n\" &amp;lt; &#35; &lt;\nb", shape=box]` + "\nn2 [label=b]\nn1 -> n2 [label=\"1\"]\n}\n")
	require.NoError(t, err)
	want := drawing{
		Rest:  []drawnShape{{"n1", "\"\\n\" &lt; # <\nb"}, {"n2", "b"}},
		Links: []drawnLink{{"n1", "n2", "1"}},
	}
	if diff := gocmp.Diff(want, dot); diff != "" {
		t.Errorf("DOT (-want +got):\n%s", diff)
	}
	if ids := slices.Sorted(maps.Keys(dot.shapes())); !slices.Equal(ids, []string{"n1", "n2"}) {
		t.Errorf("shapes %v", ids)
	}
}
