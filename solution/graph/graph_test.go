package graph_test

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// everything tells the answers of all queries, in their order.
func everything(tb testing.TB, g *graph.Graph) []string {
	list := uses(g)
	add := func(query string, lines ...string) {
		list = append(list, query+":")
		list = append(list, lines...)
	}
	impact := func(name string, hit graph.Impact, err error) {
		require.NoError(tb, err)
		add("impact of "+name, fmt.Sprintf("%+v %+v", effectOf(hit), doubtsOf(hit.Doubts)))
	}
	for r := range g.References() {
		hit, err := g.Impact(r.Name)
		impact(string(r.Name), hit, err)
	}
	for c := range g.Connectors() {
		hit, err := g.ImpactOfConnector(c.ID)
		impact(string(c.ID), hit, err)
		add("of it", append(all(c.Bindings(), bindingText), all(c.References(), referenceName)...)...)
	}
	for c := range g.Connections() {
		hit, err := g.ImpactOfConnection(c.ID)
		impact(string(c.ID), hit, err)
	}
	external, dangling := needs(g)
	add("needs", fmt.Sprint(external, dangling))
	add("direct", all(g.Direct(), bindingText)...)
	add("unused", all(g.Unused(), func(u graph.Unused) string { return fmt.Sprint(u.Reference.Name, doubtsOf(u.Doubts)) })...)
	add("unbound", all(g.Unbound(), boundText)...)
	add("shared keys", all(g.SharedKeys(), groupText)...)
	add("several of a connector", all(g.SeveralOfConnector(), groupText)...)
	add("dependencies", all(g.Dependencies(), dependencyText)...)
	order := g.ImportOrder()
	add("order", append(names(order.Solutions, solutionName), names(order.Cycles, cycleText)...)...)
	add("variables", all(g.Variables(), func(v *graph.Variable) string { return v.SchemaName + fmt.Sprint(all(v.Flows(), flowName)) })...)
	add("apps", all(g.Apps(), appName)...)
	add("agents", all(g.Agents(), func(a *graph.Agent) string { return a.SchemaName + fmt.Sprint(all(a.Calls(), callText)) })...)
	add("problems", names(g.Problems(), diag.Diagnostic.String)...)
	return list
}

// estate has enough of everything for an order to go wrong.
func estate() []export {
	list := append([]export{orders, orders.as("src", solution.LayoutUnpacked)}, bakery...)
	for i := range 12 {
		list = append(list, export{
			name: fmt.Sprint("Part", i),
			refs: []string{fmt.Sprintf("fx_own%d sql", i), "fx_common " + []string{"sql", "teams"}[i%2]},
			flows: []process{
				{id: 100 + i, name: fmt.Sprint("Step", i), variables: []string{"fx_Site"},
					keys: []string{"own " + fmt.Sprintf("fx_own%d sql", i), "next " + fmt.Sprintf("FX_own%d sql", (i+1)%12),
						"common fx_common sql", "again fx_common sql"},
					steps: []string{"Go: own", "Each > On: next", fmt.Sprintf("Run: flow %d", 100+(i+5)%12)}},
			},
			apps:   []string{fmt.Sprintf("fx_app%d sql teams=fx_own%d", i, (i+7)%12)},
			agents: []string{fmt.Sprintf("fx_bot.topic.%d fx_common >%d", i, 100+i)},
		})
	}
	return list
}

// The same input gives the same answers, in the same order.
func TestDeterministic(t *testing.T) {
	make := func() (*graph.Graph, []string) {
		g := graph.New(graph.Input{Solutions: open(t, estate()...), Environments: twoEnvironments})
		return g, everything(t, g)
	}
	g, first := make()
	for range 8 {
		other, again := make()
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("the first time (-), another time (+):\n%s", diff)
		}
		if diff := cmp.Diff(difference{}, differenceOf(graph.Diff(g, other))); diff != "" {
			t.Fatalf("difference:\n%s", diff)
		}
	}
	if diff := cmp.Diff(first, everything(t, g)); diff != "" {
		t.Errorf("before (-) and after (+) the queries:\n%s", diff)
	}
}

// Streamed solutions make the same graph, after those of the slice.
func TestStream(t *testing.T) {
	list := estate()
	sliced := graph.New(graph.Input{Solutions: open(t, list...)})
	streamed := graph.New(graph.Input{Solutions: open(t, list[:3]...), Stream: stream(list[3:])})
	if diff := cmp.Diff(everything(t, sliced), everything(t, streamed)); diff != "" {
		t.Errorf("slice (-), stream (+):\n%s", diff)
	}
}

func TestEmptyGraph(t *testing.T) {
	g := graph.New(graph.Input{})
	if diff := cmp.Diff(everything(t, g), everything(t, graph.New(graph.Input{Complete: true}))); diff != "" {
		t.Errorf("incomplete (-), complete (+):\n%s", diff)
	}
	if order := g.ImportOrder(); len(order.Solutions)+len(order.Cycles) > 0 {
		t.Error("nothing has an order")
	}
}

// Nodes hold no file, flow or solution, so that those can be dropped.
func TestNodesHoldNoSolution(t *testing.T) {
	heavy := map[reflect.Type]bool{}
	for _, v := range []any{solution.Solution{}, solution.Flow{}} {
		heavy[reflect.TypeOf(v)] = true
	}
	seen := map[reflect.Type]bool{}
	var visit func(path string, of reflect.Type)
	visit = func(path string, of reflect.Type) {
		if seen[of] {
			return
		}
		seen[of] = true
		if heavy[of] {
			t.Errorf("%s is a %s", path, of)
			return
		}
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			visit(path, of.Elem())
		case reflect.Map:
			visit(path, of.Key())
			visit(path, of.Elem())
		case reflect.Struct:
			for i := range of.NumField() {
				visit(path+"."+of.Field(i).Name, of.Field(i).Type)
			}
		case reflect.Func, reflect.Interface, reflect.Chan:
			t.Errorf("%s is a %s, which may hold anything", path, of)
		}
	}
	visit("Graph", reflect.TypeFor[graph.Graph]())
}

func TestConnectors(t *testing.T) {
	const oven = "fx-5foven-5f0123456789abcdef"
	g := build(t, export{
		name: "S", refs: []string{"fx_b " + oven + "#7", "fx_a sql", "fx_c " + oven + "#7"}, connectors: []string{"fx_5Foven Oven"},
		flows: []process{{id: 1, name: "F", keys: []string{"k fx_b FX-5FOVEN-5FFEDCBA9876543210", "d - " + oven}}},
		apps:  []string{"fx_app " + oven}, variables: []string{"fx_table " + oven},
	})
	c, err := g.ByConnector(connref.ConnectorID(connector(oven)))
	require.NoError(t, err)
	got := map[string][]string{
		"name":       {c.DisplayName},
		"brought by": names(c.BroughtBy.Solutions(), solutionName),
		"references": all(c.References(), referenceName),
		"bindings":   all(c.Bindings(), bindingText),
		"apps":       all(c.Apps(), appName),
		"variables":  all(c.Variables(), func(v *graph.Variable) string { return v.SchemaName }),
	}
	want := map[string][]string{
		"name": {"Oven"}, "brought by": {"S"}, "references": {"fx_b", "fx_c"},
		"bindings": {"F: k is fx_b, declared", "F: d is direct"}, "apps": {"fx_app"}, "variables": {"fx_table"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ids := all(g.Connectors(), func(c *graph.Connector) string { return c.ID.Name() })
	if diff := cmp.Diff([]string{"shared_" + oven, "shared_sql"}, ids); diff != "" {
		t.Errorf("connectors (-want +got):\n%s", diff)
	}
}

// Answers are the caller's: what it does with one changes neither the next nor that of another goroutine.
func TestAnswersAreNotShared(t *testing.T) {
	g := build(t, bakery...)
	want := everything(t, g)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for r := range g.References() {
				hit, err := g.Impact(r.Name)
				if err != nil {
					t.Error(err)
					continue
				}
				spoil(hit)
				for _, c := range r.Connectors() {
					if hit, err = g.ImpactOfConnector(c.ID); err != nil {
						t.Error(err)
					}
					spoil(hit)
				}
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(want, everything(t, g)); diff != "" {
		t.Errorf("answers before (-) and after (+):\n%s", diff)
	}
}

func spoil(hit graph.Impact) {
	slices.Reverse(hit.References)
	slices.Reverse(hit.Doubts)
	hit.Apps = append(hit.Apps[:0], nil)
	hit.Agents = append(hit.Agents[:0], nil)
	hit.Flows = append(hit.Flows[:0], nil)
}
