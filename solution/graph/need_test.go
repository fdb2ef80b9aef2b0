package graph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// need is a Need to be compared.
type need struct {
	Solution, Reference, From string
	Users                     users
	ResolvedBy                []string
}

func needOf(n *graph.Need) need {
	return need{n.Solution.Name(), string(n.Reference.Name), n.From, usersOf(n.Consumers()),
		names(n.ResolvedBy(), solutionName)}
}

func needs(g *graph.Graph) (external, dangling []need) {
	for n := range g.External() {
		external = append(external, needOf(n))
	}
	for n := range g.Dangling() {
		dangling = append(dangling, needOf(n))
	}
	return external, dangling
}

func TestNeeds(t *testing.T) {
	uses := func(id int, reference string) []process {
		return []process{{id: id, name: "F", keys: []string{"k " + reference + " sql"}}}
	}
	flow := users{Flows: []string{"F"}}
	tests := map[string]struct {
		exports            []export
		external, dangling []need
	}{
		"nobody declares what is listed": {
			exports:  []export{{name: "S", missing: []string{"fx_a Active"}, flows: uses(1, "FX_A")}},
			external: []need{{Solution: "S", Reference: "fx_a", From: "Active", Users: flow}},
		},
		"listed and used by nobody": {
			exports:  []export{{name: "S", missing: []string{"fx_a Base (1.0.0.2)"}}},
			external: []need{{Solution: "S", Reference: "fx_a", From: "Base (1.0.0.2)"}},
		},
		"listed though the solution declares it": {
			exports: []export{{name: "S", refs: []string{"fx_a sql"}, missing: []string{"FX_A Active"}, flows: uses(1, "fx_a")}},
		},
		"listed, and two others declare it": {
			exports: []export{
				{name: "S", missing: []string{"fx_a Base (1.0.0.0)"}, flows: uses(1, "fx_a")},
				{name: "Base", refs: []string{"FX_a sql"}},
				{name: "Base2", refs: []string{"fx_A sql"}},
			},
			external: []need{{Solution: "S", Reference: "FX_a", From: "Base (1.0.0.0)", Users: flow,
				ResolvedBy: []string{"Base", "Base2"}}},
		},
		"dangling in one and declared in another": {
			exports: []export{
				{name: "S", flows: uses(1, "fx_a")},
				{name: "T", refs: []string{"fx_a sql"}, flows: uses(2, "fx_a")},
			},
			dangling: []need{{Solution: "S", Reference: "fx_a", Users: flow, ResolvedBy: []string{"T"}}},
		},
		"dangling for an app and an agent only": {
			exports: []export{{name: "S", apps: []string{"fx_app sql=fx_a"}, agents: []string{"fx_bot.topic.A FX_A"}}},
			dangling: []need{{Solution: "S", Reference: "fx_a",
				Users: users{Apps: []string{"fx_app"}, Agents: []string{"fx_bot.topic.A"}}}},
		},
		"external in one, dangling in the other": {
			exports: []export{
				{name: "S", flows: uses(1, "fx_a")},
				{name: "T", missing: []string{"fx_a Active"}, flows: uses(2, "fx_a")},
			},
			external: []need{{Solution: "T", Reference: "fx_a", From: "Active", Users: flow}},
			dangling: []need{{Solution: "S", Reference: "fx_a", Users: flow}},
		},
		"one flow in two solutions, of which one declares it": {
			exports: []export{
				{name: "S", flows: uses(1, "fx_a")},
				{name: "T", refs: []string{"fx_a sql"}, flows: uses(1, "fx_a")},
			},
			dangling: []need{{Solution: "S", Reference: "fx_a", Users: flow, ResolvedBy: []string{"T"}}},
		},
		"copies of which one lists it": {
			exports: []export{
				{name: "S", flows: uses(1, "fx_a")},
				{name: "S", path: "S.zip", layout: solution.LayoutZip, missing: []string{"fx_a Active"}, flows: uses(1, "fx_a")},
			},
			dangling: []need{{Solution: "S", Reference: "fx_a", From: "Active", Users: flow}},
		},
		"copies that list it from elsewhere": {
			exports: []export{
				{name: "S", missing: []string{"fx_a Base (1.0.0.0)"}},
				{name: "S", path: "S.zip", layout: solution.LayoutZip, missing: []string{"fx_a Active"}},
			},
			external: []need{{Solution: "S", Reference: "fx_a", From: "Base (1.0.0.0)"}},
		},
		"two keys of one flow": {
			exports:  []export{{name: "S", flows: []process{{id: 1, name: "F", keys: []string{"k fx_a sql", "l FX_a sql"}}}}},
			dangling: []need{{Solution: "S", Reference: "fx_a", Users: flow}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			external, dangling := needs(build(t, test.exports...))
			if diff := cmp.Diff(test.external, external); diff != "" {
				t.Errorf("External (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.dangling, dangling); diff != "" {
				t.Errorf("Dangling (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNeedsInOrderOfSolutions(t *testing.T) {
	g := build(t,
		export{name: "S", missing: []string{"fx_b Active", "fx_a Active"}},
		export{name: "T", apps: []string{"fx_app sql=fx_a"}, missing: []string{"fx_c Active"}},
		export{name: "S", path: "S.zip", layout: solution.LayoutZip, missing: []string{"fx_c Active"},
			agents: []string{"fx_bot.x fx_d", "fx_bot.y fx_d"}},
	)
	external, dangling := needs(g)
	text := func(n need) string { return n.Solution + " " + n.Reference }
	if diff := cmp.Diff([]string{"S fx_b", "S fx_a", "S fx_c", "T fx_c"}, names(external, text)); diff != "" {
		t.Errorf("External (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"S fx_d", "T fx_a"}, names(dangling, text)); diff != "" {
		t.Errorf("Dangling (-want +got):\n%s", diff)
	}
}

// A binding is judged in its own solution, and says who else declares its reference.
func TestBindingStates(t *testing.T) {
	g := build(t,
		export{name: "S", refs: []string{"fx_here sql"}, missing: []string{"fx_base Base (1.0.0.0)"}, flows: []process{
			{id: 1, name: "F", keys: []string{"here FX_HERE sql", "base fx_base sql", "gone fx_gone sql", "d - sql"}},
		}},
		export{name: "Base", refs: []string{"fx_base sql", "fx_here sql"}},
	)
	var got []string
	for f := range g.Flows() {
		for b := range f.Bindings() {
			got = append(got, bindingText(b)+" ["+strings.Join(names(b.ResolvedBy(), solutionName), " ")+"]")
		}
	}
	want := []string{
		"F: here is fx_here, declared []", "F: base is fx_base, external [Base]", "F: gone is fx_gone, dangling []",
		"F: d is direct []",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDirect(t *testing.T) {
	g := build(t,
		export{name: "S", refs: []string{"fx_a sql"}, flows: []process{
			{id: 1, name: "A", keys: []string{"z - sql", "k fx_a sql", "b - rss invoker"}, steps: []string{"Read: z"}},
			{id: 2, name: "B", keys: []string{"k fx_a sql"}},
		}},
		export{name: "T", flows: []process{{id: 3, name: "C", keys: []string{"z - sql"}}}},
	)
	want := []string{"A: z is direct", "A: b is direct", "C: z is direct"}
	if diff := cmp.Diff(want, all(g.Direct(), bindingText)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A reference that any copy of a solution declares is the solution's own.
func TestCopiesMeetEachOthersNeeds(t *testing.T) {
	uses := []process{{id: 1, name: "F", keys: []string{"k fx_a sql"}}}
	g := build(t, export{name: "S", path: "one", flows: uses}, export{name: "S", path: "two", refs: []string{"fx_a sql"}, flows: uses})
	if needs := slices.Concat(slices.Collect(g.Dangling()), slices.Collect(g.External())); len(needs) > 0 {
		t.Errorf("%d needs", len(needs))
	}
	for f := range g.Flows() {
		for b := range f.Bindings() {
			if b.State != solution.Declared {
				t.Errorf("binding %s is %s", b.Key, b.State)
			}
		}
	}
}

func TestNeedsNameFlowsOnce(t *testing.T) {
	two := func(key string) []process {
		return []process{{id: 1, name: "One", keys: []string{key + " fx_a sql"}}, {id: 2, name: "Two", keys: []string{"k fx_a sql"}}}
	}
	g := build(t, export{name: "S", path: "a", flows: two("k")}, export{name: "S", path: "b", flows: two("other")})
	for n := range g.Dangling() {
		if diff := cmp.Diff([]string{"One", "Two"}, names(n.Consumers().Flows, flowName)); diff != "" {
			t.Errorf("flows (-want +got):\n%s", diff)
		}
	}
}
