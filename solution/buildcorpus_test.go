package solution_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// shapes are how elements are made: of each kind of element, in what orders its children and its attributes come, and
// which numbers stand in it.
type shapes map[string]map[string]bool

func (s shapes) note(kind string, sequence []string) {
	if s[kind] == nil {
		s[kind] = map[string]bool{}
	}
	s[kind][strings.Join(sequence, " ")] = true
}

// has tells whether a sequence is one of those noted, or one with some left out.
func (s shapes) has(kind, sequence string) bool {
	if s[kind][sequence] || sequence == "" {
		return true
	}
	for noted := range s[kind] {
		rest := strings.Fields(noted)
		for _, word := range strings.Fields(sequence) {
			i := slices.Index(rest, word)
			if i < 0 {
				rest = nil
				break
			}
			rest = rest[i+1:]
		}
		if rest != nil {
			return true
		}
	}
	return false
}

// add notes an element and all inside it; at is the path of its parent. Flows and connectors are made the same in
// customizations.xml and in files of their own.
func (s shapes) add(at string, e source.Element) {
	if e.Name() == "Workflow" || e.Name() == "Connector" {
		at = ""
	}
	at += "/" + e.Name()
	var attrs, children []string
	for a := range e.Attrs() {
		if a.Name != "key" { // which exports had until 2021
			attrs = append(attrs, a.Name)
		}
	}
	for child := range e.Children() {
		if n := len(children); n == 0 || children[n-1] != child.Name() {
			children = append(children, child.Name())
		}
		s.add(at, child)
	}
	kind := at
	if e.Name() == "Required" || e.Name() == "Dependent" {
		typ, _ := e.Attr("type")
		kind += " of type " + typ
	}
	s.note(kind+" attributes", attrs)
	s.note(kind+" children", children)
	if text := e.Trimmed(); len(children) == 0 && text != "" && strings.Trim(text, "0123456789") == "" {
		s.note(at+" number", []string{text})
	}
}

// shapesOf notes the shapes of a solution's files.
func (s shapes) addSolution(t *testing.T, sol *solution.Solution) {
	t.Helper()
	for name := range sol.Files() {
		kind, end := "", strings.ToLower(path.Base(name))
		switch folder := strings.ToLower(path.Dir(name)); {
		case end == "solution.xml" || end == "customizations.xml":
			kind = end
		case strings.HasSuffix(end, ".json.data.xml"):
			kind = "flow"
		case folder == "connectors" && path.Ext(end) == ".xml":
			kind = "connector"
		case end == "environmentvariabledefinition.xml" || end == "[content_types].xml":
			kind = end
		case end == "environmentvariablevalues.json":
			s.addValues(t, sol, name)
			continue
		default:
			continue
		}
		file, err := sol.File(name)
		require.NoError(t, err)
		doc, err := source.ParseXML(file, nil)
		if err != nil {
			continue // which TestCorpus tells
		}
		s.add(kind, doc.Root())
		if kind == "[content_types].xml" {
			for e := range doc.Root().Children("Default") {
				ext, _ := e.Attr("Extension")
				typ, _ := e.Attr("ContentType")
				s.note("content type", []string{ext, typ})
			}
		}
	}
}

func (s shapes) addValues(t *testing.T, sol *solution.Solution, name string) {
	t.Helper()
	file, err := sol.File(name)
	require.NoError(t, err)
	doc, err := source.ParseJSON(file, nil)
	if err != nil {
		return
	}
	var names []string
	for m := range doc.Root().Get("environmentvariablevalues", "environmentvariablevalue").Members() {
		names = append(names, m.Name())
	}
	s.note("value", names)
}

// Every element that is built is made as one of a real file: its attributes and children come in the same order, with
// at most some left out, and the numbers in it occur.
func TestBuiltAsExported(t *testing.T) {
	real := shapes{}
	for sol, err := range solution.OpenAll(t.Context(), corpus(t), nil) {
		if err != nil {
			require.ErrorIs(t, err, solution.ErrLayout) // which the corpus has, too
			continue
		}
		real.addSolution(t, sol)
	}
	for _, layout := range builtLayouts {
		b := orders(t, contoso())
		sol := build(t, b, layout)
		built := shapes{}
		built.addSolution(t, sol)
		for _, kind := range slices.Sorted(maps.Keys(built)) {
			for sequence := range built[kind] {
				if !real.has(kind, withoutGuesses(kind, sequence)) {
					t.Errorf("%v: %s: %q is in no real file", layout, kind, sequence)
				}
			}
		}
	}
}

// withoutGuesses leaves out what no file of the corpus has: the content type of scripts, which occur in unpacked
// folders only, the sets of parameters, which only repositories outside have, references that an import doesn't ask
// about, and this publisher's number.
func withoutGuesses(kind, sequence string) string {
	switch {
	case kind == "content type" && strings.HasPrefix(sequence, "csx "):
		return strings.Replace(sequence, "csx", "json", 1)
	case strings.HasSuffix(kind, "/Connector children"):
		return strings.Replace(sequence, "connectionparametersets ", "", 1)
	case strings.HasSuffix(kind, "/promptingbehavior number"):
		return "0"
	case strings.HasSuffix(kind, "/CustomizationOptionValuePrefix number"):
		return "10000"
	}
	return sequence
}
