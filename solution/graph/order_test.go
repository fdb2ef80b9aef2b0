package graph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

func dependencyText(d graph.Dependency) string {
	return d.From.Name() + " needs " + d.Kind.String() + " " + d.Name + " of " + d.To.Name()
}

func cycleText(cycle []graph.Dependency) string {
	return strings.Join(names(cycle, dependencyText), ", ")
}

func TestImportOrder(t *testing.T) {
	uses := func(id int, reference string) []process {
		return []process{{id: id, name: "F", keys: []string{"k " + reference + " sql"}}}
	}
	const oven = "fx-5foven-5f0123456789abcdef"
	tests := map[string]struct {
		exports                     []export
		dependencies, order, cycles []string
	}{
		"none": {
			exports: []export{{name: "B"}, {name: "A"}},
			order:   []string{"B", "A"},
		},
		"references, listed and dangling": {
			exports: []export{
				{name: "App", missing: []string{"fx_a Base (1.0.0.0)"}, flows: uses(1, "fx_lib")},
				{name: "Lib", refs: []string{"fx_lib sql"}, apps: []string{"fx_app sql=FX_A"}},
				{name: "Base", refs: []string{"fx_a sql"}},
			},
			dependencies: []string{
				"App needs reference fx_a of Base", "App needs reference fx_lib of Lib", "Lib needs reference fx_a of Base",
			},
			order: []string{"Base", "Lib", "App"},
		},
		"the one that is named, in whatever case, before the first": {
			exports: []export{
				{name: "App", missing: []string{"fx_a BASE (3.0.0.0)"}},
				{name: "Copycat", refs: []string{"fx_a sql"}},
				{name: "Base", refs: []string{"fx_a sql"}},
			},
			dependencies: []string{"App needs reference fx_a of Base"},
			order:        []string{"Base", "App", "Copycat"},
		},
		"flows, variables, custom connectors and components": {
			exports: []export{
				{
					name: "App", refs: []string{"fx_oven " + oven + "#7 Oven"}, agents: []string{"fx_bot.topic.A >3"},
					flows: []process{{id: 1, name: "Main", steps: []string{"Run: flow 2", "Run again: flow 2"},
						variables: []string{"FX_table"}}},
					needs: []string{"fx_order Tables (1.0.0.0)", "fx_lost Absent (1.0.0.0)", "fx_own Active", "fx_app App (1.0.0.0)",
						"Child Flows (1.0.0.0)"}, // which is known already, as a flow
				},
				{name: "Flows", flows: []process{{id: 2, name: "Child"}, {id: 3, name: "Skill"}}},
				{name: "Variables", variables: []string{"fx_table sql"}},
				{name: "Connectors", connectors: []string{"fx_5Foven Oven"}},
				{name: "Tables"},
				{name: "Active"}, // a name that means none in a list of what is missing
			},
			dependencies: []string{
				"App needs connector Oven of Connectors", "App needs flow Child of Flows",
				"App needs variable fx_table of Variables", "App needs flow Skill of Flows",
				"App needs component fx_order of Tables", "App needs component Child of Flows",
			},
			order: []string{"Connectors", "Flows", "Variables", "Tables", "App", "Active"},
		},
		"a solution that calls its own flow, which another one has too": {
			exports: []export{
				{name: "B", flows: []process{{id: 2, name: "Child"}}},
				{name: "A", flows: []process{{id: 1, name: "Main", steps: []string{"Run: flow 2"}}, {id: 2, name: "Child"}}},
			},
			order: []string{"B", "A"},
		},
		"a circle": {
			exports: []export{
				{name: "Out", flows: uses(1, "fx_a")},
				{name: "A", refs: []string{"fx_a sql"}, flows: uses(2, "fx_b")},
				{name: "B", refs: []string{"fx_b sql"}, flows: []process{
					{id: 3, name: "F", keys: []string{"a fx_a sql", "c fx_c sql"}},
				}},
				{name: "C", refs: []string{"fx_c sql"}},
			},
			dependencies: []string{
				"Out needs reference fx_a of A", "A needs reference fx_b of B",
				"B needs reference fx_a of A", "B needs reference fx_c of C",
			},
			order:  []string{"C", "B", "A", "Out"},
			cycles: []string{"A needs reference fx_b of B, B needs reference fx_a of A"},
		},
		"two circles of which one needs two things": {
			exports: []export{
				{name: "A", refs: []string{"fx_a sql"}, flows: []process{
					{id: 1, name: "F", keys: []string{"b fx_b sql", "b2 fx_b2 sql", "c fx_c sql"}},
				}},
				{name: "B", refs: []string{"fx_b sql", "fx_b2 sql"}, flows: uses(2, "fx_a")},
				{name: "C", refs: []string{"fx_c sql"}, flows: uses(3, "fx_d")},
				{name: "D", refs: []string{"fx_d sql"}, flows: uses(4, "fx_a")},
			},
			dependencies: []string{
				"A needs reference fx_b of B", "A needs reference fx_b2 of B", "A needs reference fx_c of C",
				"B needs reference fx_a of A", "C needs reference fx_d of D", "D needs reference fx_a of A",
			},
			order: []string{"B", "D", "C", "A"},
			cycles: []string{
				"A needs reference fx_b of B, B needs reference fx_a of A",
				"C needs reference fx_d of D, D needs reference fx_a of A, A needs reference fx_c of C",
			},
		},
		"copies of one solution": {
			exports: []export{
				{name: "App", flows: uses(1, "fx_a")},
				{name: "Base", refs: []string{"fx_a sql"}},
				{name: "app", path: "App.zip", layout: solution.LayoutZip, flows: uses(1, "fx_a")},
			},
			dependencies: []string{"App needs reference fx_a of Base"},
			order:        []string{"Base", "App"},
		},
		// T needs nothing: it declares what the flow uses, though S doesn't.
		"one flow in two solutions, of which one declares its reference": {
			exports: []export{
				{name: "S", flows: uses(1, "fx_a")},
				{name: "T", refs: []string{"fx_a sql"}, flows: uses(1, "fx_a")},
				{name: "U", refs: []string{"fx_a sql"}},
			},
			dependencies: []string{"S needs reference fx_a of T"},
			order:        []string{"T", "S", "U"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := build(t, test.exports...)
			if diff := cmp.Diff(test.dependencies, all(g.Dependencies(), dependencyText)); diff != "" {
				t.Errorf("Dependencies (-want +got):\n%s", diff)
			}
			order := g.ImportOrder()
			if diff := cmp.Diff(test.order, names(order.Solutions, solutionName)); diff != "" {
				t.Errorf("Solutions (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.cycles, names(order.Cycles, cycleText)); diff != "" {
				t.Errorf("Cycles (-want +got):\n%s", diff)
			}
		})
	}
}

// Whoever can't be imported in a right order stands in a cycle.
func TestImportOrderNamesAllInCircles(t *testing.T) {
	g := build(t,
		export{name: "A", refs: []string{"fx_a sql"}, flows: []process{
			{id: 1, name: "F", keys: []string{"b fx_b sql", "c fx_c sql"}},
		}},
		export{name: "B", refs: []string{"fx_b sql"}, apps: []string{"fx_x sql=fx_a"}},
		export{name: "C", refs: []string{"fx_c sql"}, apps: []string{"fx_y sql=fx_b"}}, // A → C → B → A
	)
	in := map[string]bool{}
	for _, cycle := range g.ImportOrder().Cycles {
		for i, d := range cycle {
			in[d.From.Name()] = true
			if next := cycle[(i+1)%len(cycle)]; d.To != next.From {
				t.Errorf("%s, but then %s", dependencyText(d), dependencyText(next))
			}
		}
	}
	if diff := cmp.Diff(map[string]bool{"A": true, "B": true, "C": true}, in); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDependencyKindString(t *testing.T) {
	got := names([]graph.DependencyKind{0, graph.NeedsReference, graph.NeedsConnector, graph.NeedsFlow,
		graph.NeedsVariable, graph.NeedsComponent, 99}, graph.DependencyKind.String)
	want := []string{"unknown", "reference", "connector", "flow", "variable", "component", "unknown"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
