package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// orders is a solution with something of everything.
var orders = export{
	name:    "Orders",
	refs:    []string{"fx_mail office365 Mail", "fx_stock sql Stock"},
	missing: []string{"fx_base Base (1.0.0.0)"},
	flows: []process{
		{
			id: 1, name: "Intake", when: "Mail arrives: m", variables: []string{"fx_Site"},
			keys:  []string{"m fx_mail office365", "m_1 FX_MAIL office365 invoker", "b fx_base sql", "d - rss"},
			steps: []string{"Try > Each > Answer: m_1", "Try > Each (else) > Look up: b", "Feed: d", "Try > Run: flow 2"},
		},
		{id: 2, name: "Child", keys: []string{"s fx_stock sql"}, steps: []string{"Count: s"}},
		{name: "By hand", keys: []string{"s fx_stock sql"}, steps: []string{"Count: s"}},
	},
	apps:       []string{"fx_counter sql=fx_stock office365"},
	agents:     []string{"fx_bot.topic.Ask fx_mail >1"},
	variables:  []string{"fx_Site sharepointonline"},
	connectors: []string{"fx_5Foven Oven"},
}

// as is the same solution in another form.
func (e export) as(path string, layout solution.Layout) export {
	e.path, e.layout = path, layout
	return e
}

// uses tells every use of a connection in a graph.
func uses(g *graph.Graph) []string {
	var list []string
	for f := range g.Flows() {
		for b := range f.Bindings() {
			list = append(list, bindingText(b)+fmt.Sprintf(" (%s)", b.Source))
			for op := range b.Operations() {
				list = append(list, operationText(op)+" on "+b.Key)
			}
		}
	}
	return append(list, all(g.Calls(), callText)...)
}

// problem is a finding to be compared: rule and place.
type problem struct{ Rule, Solution, File string }

func problems(g *graph.Graph) []problem {
	var list []problem
	for _, d := range g.Problems() {
		list = append(list, problem{d.Rule, d.Solution, d.At.File})
	}
	return list
}

func TestCopiesCountOnce(t *testing.T) {
	alone := build(t, orders)
	managed := orders.as("Orders_managed.zip", solution.LayoutZip)
	managed.managed = true
	newer := orders.as("Orders_2.zip", solution.LayoutZip)
	newer.version, newer.name = "2.0.0.0", "ORDERS"
	g := build(t, orders, orders.as("src", solution.LayoutUnpacked), managed, newer)

	require.Len(t, uses(alone), 14)
	if diff := cmp.Diff(uses(alone), uses(g)); diff != "" {
		t.Errorf("uses of one copy (-) and of four (+):\n%s", diff)
	}
	for _, name := range []connref.LogicalName{"fx_mail", "fx_stock", "fx_base"} {
		want, err := alone.Impact(name)
		require.NoError(t, err)
		got, err := g.Impact(name)
		require.NoError(t, err)
		if diff := cmp.Diff(effectOf(want), effectOf(got)); diff != "" {
			t.Errorf("impact of %s in one copy (-) and in four (+):\n%s", name, diff)
		}
	}
	wantExternal, wantDangling := needs(alone)
	external, dangling := needs(g)
	if diff := cmp.Diff([][]need{wantExternal, wantDangling}, [][]need{external, dangling}); diff != "" {
		t.Errorf("needs of one copy (-) and of four (+):\n%s", diff)
	}
	if diff := cmp.Diff([]problem{{"CR014", "Orders", ""}}, problems(g)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]problem(nil), problems(alone)); diff != "" {
		t.Errorf("problems of one copy:\n%s", diff)
	}
}

func TestCopiesOfSolution(t *testing.T) {
	managed := orders.as("Orders_managed.zip", solution.LayoutZip)
	managed.managed, managed.version, managed.name = true, "1.2.0.0", "orders"
	g := build(t, orders.as("src/Orders", solution.LayoutUnpacked), export{name: "Other"}, managed)
	s, err := g.Solution("ORDERS")
	require.NoError(t, err)
	want := []graph.Copy{
		{Solution: s, Path: "src/Orders", Layout: solution.LayoutUnpacked, Version: "1.0.0.0", Managed: solution.ManagedNo},
		{Solution: s, Path: "Orders_managed.zip", Layout: solution.LayoutZip, Version: "1.2.0.0", Managed: solution.ManagedYes},
	}
	got := names(s.Copies, func(c *graph.Copy) string { return fmt.Sprint(*c) })
	if diff := cmp.Diff(names(want, func(c graph.Copy) string { return fmt.Sprint(c) }), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Orders", "Other"}, all(g.Solutions(), solutionName)); diff != "" {
		t.Errorf("solutions (-want +got):\n%s", diff)
	}
	paths := func(places graph.Places) []string {
		return names(places, func(p graph.Place) string { return p.Copy.Path })
	}
	both := []string{"src/Orders", "Orders_managed.zip"}
	intake, err := g.Flow(id(1))
	require.NoError(t, err)
	if diff := cmp.Diff(both, paths(intake.Places)); diff != "" {
		t.Errorf("places of a flow (-want +got):\n%s", diff)
	}
	if n := len(intake.Places.Solutions()); n != 1 {
		t.Errorf("a flow stands in %d solutions", n)
	}
	for a := range g.Apps() {
		if diff := cmp.Diff(both, paths(a.Places)); diff != "" {
			t.Errorf("places of an app (-want +got):\n%s", diff)
		}
	}
	mail, err := g.Reference("fx_mail")
	require.NoError(t, err)
	declared := all(mail.Declarations(), func(d graph.Declaration) string { return d.Copy.Path + " " + d.DisplayName })
	if diff := cmp.Diff([]string{"src/Orders Mail", "Orders_managed.zip Mail"}, declared); diff != "" {
		t.Errorf("declarations (-want +got):\n%s", diff)
	}
}

// Places lead to what stands there.
func TestPlaces(t *testing.T) {
	sols := open(t, orders)
	g := graph.New(graph.Input{Solutions: sols})
	text := func(p graph.Place) string {
		file, err := sols[0].File(p.At.File)
		require.NoError(t, err)
		return file.Text()[p.At.Span.Start:p.At.Span.End]
	}
	for f := range g.Flows() {
		for b := range f.Bindings() {
			if at := text(b.Place()); !strings.Contains(at, b.Key) {
				t.Errorf("at the place of key %s stands %s", b.Key, at)
			}
		}
		for op := range f.Operations() {
			if at := text(op.Place()); !strings.Contains(at, op.Name) {
				t.Errorf("at the place of %s stands %s", operationText(op), at)
			}
		}
	}
	for r := range g.References() {
		for d := range r.Declarations() {
			if at := text(d.Place); !strings.Contains(at, string(r.Name)) {
				t.Errorf("at the place of reference %s stands %s", r.Name, at)
			}
		}
	}
}

func TestCopiesThatDiffer(t *testing.T) {
	refs := []string{"fx_a sql", "fx_b sql"}
	one := process{id: 1, name: "F", keys: []string{"a fx_a sql"}, steps: []string{"Try > Read: a"}}
	differ := []problem{{"CR014", "S", ""}, {"CR015", "S", one.file()}}
	tests := map[string]struct {
		first, second process
		uses          []string
		problems      []problem
	}{
		"not at all": {one, one, []string{"F: a is fx_a, declared (embedded)", "F: Try > Read on a"}, differ[:1]},
		"another step": {
			one, process{id: 1, name: "F", keys: one.keys, steps: []string{"Try > Read: a", "Try > Write: a"}},
			[]string{"F: a is fx_a, declared (embedded)", "F: Try > Read on a", "F: Try > Write on a"}, differ,
		},
		"another place of a step": {
			one, process{id: 1, name: "F", keys: one.keys, steps: []string{"Try (else) > Read: a"}},
			[]string{"F: a is fx_a, declared (embedded)", "F: Try > Read on a", "F: Try (else) > Read on a"}, differ,
		},
		"another reference under the same key": {
			one, process{id: 1, name: "F", keys: []string{"a fx_b sql"}, steps: one.steps},
			[]string{
				"F: a is fx_a, declared (embedded)", "F: Try > Read on a", "F: a is fx_b, declared (embedded)", "F: Try > Read on a",
			},
			differ,
		},
		"another key, which nothing runs on": {
			one, process{id: 1, name: "F", keys: []string{"a fx_a sql", "b fx_b sql"}, steps: one.steps},
			[]string{"F: a is fx_a, declared (embedded)", "F: Try > Read on a", "F: b is fx_b, declared (embedded)"}, differ,
		},
		"another child flow": {
			process{id: 1, name: "F", steps: []string{"Run: flow 7"}}, process{id: 1, name: "F", steps: []string{"Run: flow 8"}},
			[]string{"F: Run → ?", "F: Run → ?"}, differ,
		},
		"a step that is in only one, and nothing else": {
			process{id: 1, name: "F", keys: one.keys}, one,
			[]string{"F: a is fx_a, declared (embedded)", "F: Try > Read on a"}, differ,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			first := export{name: "S", refs: refs, flows: []process{test.first}}
			second := export{name: "S", refs: refs, flows: []process{test.second}}
			g := build(t, first, second.as("S.zip", solution.LayoutZip))
			if diff := cmp.Diff(test.uses, uses(g)); diff != "" {
				t.Errorf("uses (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.problems, problems(g)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			g = build(t, second, first.as("S.zip", solution.LayoutZip))
			slices.Sort(test.uses)
			if diff := cmp.Diff(test.uses, slices.Sorted(slices.Values(uses(g)))); diff != "" {
				t.Errorf("uses, read in the other order (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.problems, problems(g)); diff != "" {
				t.Errorf("problems, read in the other order (-want +got):\n%s", diff)
			}
		})
	}
}

// A file that repeats a member is a finding of its own; its copies still count once.
func TestCopiesOfRepeatedKeys(t *testing.T) {
	repeats := export{name: "S", refs: []string{"fx_a sql"}, flows: []process{
		{id: 1, name: "F", keys: []string{"a fx_a sql", "a fx_a sql"}, steps: []string{"Read: a", "Read too: a"}},
	}}
	alone, g := build(t, repeats), build(t, repeats, repeats.as("S.zip", solution.LayoutZip))
	if diff := cmp.Diff(uses(alone), uses(g)); diff != "" {
		t.Errorf("uses of one copy (-) and of two (+):\n%s", diff)
	}
	if diff := cmp.Diff([]problem{{"CR014", "S", ""}}, problems(g)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// What only one copy has counts too.
func TestCopiesAddUp(t *testing.T) {
	g := build(t,
		export{name: "S", refs: []string{"fx_a sql"}, flows: []process{{id: 1, name: "F", keys: []string{"k fx_a sql"}}},
			apps: []string{"fx_app sql"}},
		export{name: "S", path: "S.zip", layout: solution.LayoutZip, version: "2.0.0.0", refs: []string{"FX_a sql", "fx_b sql"},
			flows:  []process{{id: 2, name: "G", keys: []string{"k fx_a sql"}}},
			agents: []string{"fx_bot.x fx_a"}, apps: []string{"FX_app sql=fx_b", "fx_more sql=fx_a"}},
	)
	if diff := cmp.Diff([]string{"fx_a", "fx_b"}, all(g.References(), referenceName)); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
	shared, err := g.SharedBy("fx_a")
	require.NoError(t, err)
	want := users{Flows: []string{"F", "G"}, Apps: []string{"fx_more"}, Agents: []string{"fx_bot.x"}}
	if diff := cmp.Diff(want, usersOf(shared)); diff != "" {
		t.Errorf("users of fx_a (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"fx_app", "fx_more"}, all(g.Apps(), appName)); diff != "" {
		t.Errorf("apps (-want +got):\n%s", diff)
	}
}

// A flow of one id is one flow in whatever solution; one without is another in each.
func TestFlowIdentity(t *testing.T) {
	flows := []process{
		{id: 1, name: "Known", keys: []string{"k fx_a sql"}, steps: []string{"Read: k"}},
		{name: "By hand", keys: []string{"k fx_a sql"}, steps: []string{"Read: k"}},
	}
	g := build(t, export{name: "S", refs: []string{"fx_a sql"}, flows: flows}, export{name: "T", flows: flows})
	got := all(g.Flows(), func(f *graph.Flow) string {
		return f.Name + " in " + strings.Join(names(f.Places.Solutions(), solutionName), ", ")
	})
	if diff := cmp.Diff([]string{"By hand in S", "Known in S, T", "By hand in T"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	shared, err := g.SharedBy("fx_a")
	require.NoError(t, err)
	if n := len(shared.Flows); n != 3 {
		t.Errorf("%d flows share fx_a", n)
	}
	known, err := g.Flow(id(1))
	require.NoError(t, err)
	if diff := cmp.Diff([]string{"Known: k is fx_a, dangling"}, all(known.Bindings(), bindingText)); diff != "" {
		t.Errorf("the worst of its states (-want +got):\n%s", diff)
	}
	for b := range known.Bindings() {
		if by := names(b.ResolvedBy(), solutionName); b.Place().Copy.Path != "T" || !cmp.Equal(by, []string{"S"}) {
			t.Errorf("it dangles in %s and is declared by %v", b.Place().Copy.Path, by)
		}
	}
	if diff := cmp.Diff([]problem(nil), problems(g)); diff != "" {
		t.Errorf("problems:\n%s", diff)
	}
}

func TestFlowOn(t *testing.T) {
	on, off := []process{{id: 1, name: "F"}}, []process{{id: 1, name: "F", off: true}}
	unlisted := map[string]string{on[0].file(): on[0].definition()}
	tests := map[string]struct {
		exports []export
		want    connref.Fact
	}{
		"on":                        {[]export{{name: "S", flows: on}}, connref.Yes},
		"off, and on in a copy":     {[]export{{name: "S", flows: off}, {name: "S", path: "T", flows: on}}, connref.No},
		"not known":                 {[]export{{name: "S", files: unlisted}}, connref.Unknown},
		"not known first, then off": {[]export{{name: "S", files: unlisted}, {name: "S", path: "T", flows: off}}, connref.No},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := build(t, test.exports...).Flow(id(1))
			require.NoError(t, err)
			if f.On != test.want {
				t.Errorf("it is on: %v, want %v", f.On, test.want)
			}
		})
	}
}

func TestCandidates(t *testing.T) {
	const oven, other = "fx-5foven-5f0123456789abcdef", "fx-5foven-5ffedcba9876543210"
	ref := func(path, reference string) export {
		return export{name: path, refs: []string{reference}}
	}
	tests := map[string]struct {
		exports []export
		want    []string // connector, row, paths
		problem bool
	}{
		"agreement": {
			[]export{ref("S", "fx_a sql"), ref("T", "FX_A SQL")},
			[]string{"shared_sql S T"}, false,
		},
		"two solutions, two connectors": {
			[]export{ref("S", "fx_a sql"), ref("T", "FX_A teams"), ref("U", "fx_a sql")},
			[]string{"shared_sql S U", "shared_teams T"}, true,
		},
		"copies of one solution": {
			[]export{ref("S", "fx_a sql"), {name: "S", path: "S2", refs: []string{"fx_a teams"}}},
			[]string{"shared_sql S", "shared_teams S2"}, true,
		},
		"one custom connector in two environments": {
			[]export{ref("S", "fx_a "+oven+"#7"), ref("T", "fx_a "+other+"#7")},
			[]string{"shared_" + oven + " 7 S T"}, false,
		},
		"two custom connectors of one name": {
			[]export{ref("S", "fx_a "+oven+"#7"), ref("T", "fx_a "+other+"#8")},
			[]string{"shared_" + oven + " 7 S", "shared_" + oven + " 8 T"}, true,
		},
		"a row that only one names": {
			[]export{ref("S", "fx_a "+oven+"#7"), ref("T", "fx_a "+oven)},
			[]string{"shared_" + oven + " 7 S T"}, false,
		},
		"a row that only the second names": {
			[]export{ref("S", "fx_a "+oven), ref("T", "fx_a "+oven+"#7")},
			[]string{"shared_" + oven + " 7 S T"}, false,
		},
		"two rows, behind one that names none": {
			[]export{ref("S", "fx_a "+oven), ref("T", "fx_a "+oven+"#7"), ref("U", "fx_a "+oven+"#8")},
			[]string{"shared_" + oven + " 7 S T", "shared_" + oven + " 8 U"}, true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := build(t, test.exports...)
			r, err := g.Reference("FX_a")
			require.NoError(t, err)
			got := names(r.Candidates, func(c *graph.Candidate) string {
				text := c.Connector.ID.Name()
				if !c.CustomConnector.IsZero() {
					text += fmt.Sprint(" ", c.CustomConnector[15])
				}
				for _, d := range c.Declarations {
					text += " " + d.Copy.Path
				}
				return text
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			found := slices.Contains(problems(g), problem{"CR306", "S", "customizations.xml"})
			if found != test.problem {
				t.Errorf("problems are %v", problems(g))
			}
		})
	}
}

// Packages of flows have no unique name, and their flows no ids: two of them are two solutions, whatever their files.
func TestPackagesAreNotCopies(t *testing.T) {
	text := func(name string) string {
		return fmt.Sprintf(`{"name":%q,"properties":{"displayName":%q,"definition":{"triggers":{},"actions":{}},`+
			`"connectionReferences":{}}}`, name, name)
	}
	g := build(t, export{path: "one", definition: text("One")}, export{path: "two", definition: text("Two")})
	if diff := cmp.Diff([]string{"one", "two"}, all(g.Solutions(), solutionName)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"One", "Two"}, all(g.Flows(), flowName)); diff != "" {
		t.Errorf("flows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]problem(nil), problems(g)); diff != "" {
		t.Errorf("problems:\n%s", diff)
	}
}
