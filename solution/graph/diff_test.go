package graph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// difference is a Difference to be compared.
type difference struct {
	Added   []string
	Removed map[string]users
	Renamed []string // "fx_old → fx_new: flows"
	Changed []string // "fx_a: shared_sql → shared_teams"
	Moved   []string // "Flow: fx_old → fx_new: operations"
}

func differenceOf(d graph.Difference) difference {
	out := difference{Added: names(d.Added, referenceName)}
	for _, r := range d.Removed {
		if out.Removed == nil {
			out.Removed = map[string]users{}
		}
		out.Removed[string(r.Reference.Name)] = usersOf(r.StillUsed)
	}
	out.Renamed = names(d.Renamed, func(r graph.Rename) string {
		return string(r.Old.Name+" → "+r.New.Name) + ": " + strings.Join(names(r.Flows, flowName), ", ")
	})
	connectors := func(r *graph.Reference) string {
		return strings.Join(names(r.Connectors(), func(c *graph.Connector) string { return c.ID.Name() }), "+")
	}
	out.Changed = names(d.Changed, func(c graph.ConnectorChange) string {
		return string(c.New.Name) + ": " + connectors(c.Old) + " → " + connectors(c.New)
	})
	out.Moved = names(d.Moved, func(m graph.Move) string {
		return m.Flow.Name + ": " + string(m.From.Name+" → "+m.To.Name) + ": " +
			strings.Join(names(m.Operations, (*graph.Operation).Path), ", ")
	})
	return out
}

func TestDiff(t *testing.T) {
	uses := func(reference string) []process {
		return []process{{id: 1, name: "F", keys: []string{"k " + reference + " sql"}, steps: []string{"Try > Read: k"}}}
	}
	tests := map[string]struct {
		old, new []export
		want     difference
	}{
		"nothing but case": {
			old: []export{{name: "S", refs: []string{"fx_a sql A"}, flows: uses("fx_a")}},
			new: []export{{name: "s", version: "2.0.0.0", refs: []string{"FX_A SQL Another name"}, flows: uses("FX_a")}},
		},
		"added and removed": {
			old:  []export{{name: "S", refs: []string{"fx_b sql", "fx_gone teams"}}},
			new:  []export{{name: "S", refs: []string{"fx_c rss", "fx_b sql", "fx_a office365"}}},
			want: difference{Added: []string{"fx_c", "fx_a"}, Removed: map[string]users{"fx_gone": {}}},
		},
		"removed while the new solution uses it": {
			old: []export{{name: "S", refs: []string{"fx_a sql"}, flows: uses("fx_a")}},
			new: []export{{name: "S", flows: uses("FX_A"), apps: []string{"fx_app sql=fx_a"}, agents: []string{"fx_bot.x fx_a"}}},
			want: difference{Removed: map[string]users{
				"fx_a": {Flows: []string{"F"}, Apps: []string{"fx_app"}, Agents: []string{"fx_bot.x"}},
			}},
		},
		"removed while a solution that stays uses it": {
			old: []export{
				{name: "Base", refs: []string{"fx_a sql"}, apps: []string{"fx_base sql=fx_a"}},
				{name: "S", flows: uses("fx_a"), apps: []string{"fx_app sql=fx_a"}, agents: []string{"fx_bot.x fx_a"}},
			},
			new: []export{{name: "Base", version: "2.0.0.0"}},
			want: difference{Removed: map[string]users{
				"fx_a": {Flows: []string{"F"}, Apps: []string{"fx_app"}, Agents: []string{"fx_bot.x"}},
			}},
		},
		"removed with its users": {
			old: []export{
				{name: "S", refs: []string{"fx_a sql"}, flows: uses("fx_a"), apps: []string{"fx_app sql=fx_a"},
					agents: []string{"fx_bot.x fx_a"}},
				{name: "T"},
			},
			new:  []export{{name: "S"}},
			want: difference{Removed: map[string]users{"fx_a": {}}},
		},
		"removed, and the flow that two solutions have doesn't use it any more": {
			old: []export{{name: "S", refs: []string{"fx_a sql"}, flows: uses("fx_a")}, {name: "T", flows: uses("fx_a")}},
			new: []export{{name: "S", refs: []string{"fx_b teams"}, flows: uses("fx_b")}},
			want: difference{
				Added: []string{"fx_b"}, Removed: map[string]users{"fx_a": {}}, Moved: []string{"F: fx_a → fx_b: Try > Read"},
			},
		},
		"not removed: a solution that stays declares it too": {
			old: []export{{name: "Base", refs: []string{"fx_a sql"}}, {name: "S", refs: []string{"fx_a sql"}}},
			new: []export{{name: "Base"}},
		},
		"not removed: its solution stays": {
			old:  []export{{name: "S", refs: []string{"fx_a sql"}}},
			new:  []export{{name: "T", refs: []string{"fx_b sql"}}},
			want: difference{Added: []string{"fx_b"}},
		},
		"moved to another solution": {
			old: []export{{name: "S", refs: []string{"fx_a sql"}, flows: uses("fx_a")}},
			new: []export{{name: "S", flows: uses("fx_a"), missing: []string{"fx_a Base (1.0.0.0)"}},
				{name: "Base", refs: []string{"fx_a sql"}}},
		},
		"connector changed": {
			old:  []export{{name: "S", refs: []string{"fx_a sql"}, flows: uses("fx_a")}},
			new:  []export{{name: "S", refs: []string{"fx_a teams"}, flows: uses("fx_a")}},
			want: difference{Changed: []string{"fx_a: shared_sql → shared_teams"}},
		},
		"a custom connector in another environment": {
			old: []export{{name: "S", refs: []string{"fx_a fx-5foven-5f0123456789abcdef#7", "fx_b fx-5foven-5f0123456789abcdef#7"}}},
			new: []export{{name: "S", refs: []string{"fx_a fx-5foven-5ffedcba9876543210#7", "fx_b fx-5foven-5ffedcba9876543210#8"}}},
			want: difference{Changed: []string{
				"fx_b: shared_fx-5foven-5f0123456789abcdef → shared_fx-5foven-5ffedcba9876543210",
			}},
		},
		"renamed: the flow moved": {
			old: []export{{name: "S", refs: []string{"fx_a sql A", "fx_z sql Z"}, flows: uses("fx_a")}},
			new: []export{{name: "S", refs: []string{"fx_b sql B", "fx_y sql Y"}, flows: uses("fx_b")}},
			want: difference{
				Added:   []string{"fx_b", "fx_y"},
				Removed: map[string]users{"fx_a": {}, "fx_z": {}},
				Renamed: []string{"fx_a → fx_b: F", "fx_z → fx_y: "}, // the second are the only ones left
				Moved:   []string{"F: fx_a → fx_b: Try > Read"},
			},
		},
		"renamed: one display name": {
			old: []export{{name: "S", refs: []string{"fx_a sql Stock", "fx_z sql Orders"}}},
			new: []export{{name: "S", refs: []string{"fx_b sql ORDERS", "fx_y sql Books", "fx_x sql"}}},
			want: difference{
				Added:   []string{"fx_b", "fx_y", "fx_x"},
				Removed: map[string]users{"fx_a": {}, "fx_z": {}},
				Renamed: []string{"fx_z → fx_b: "},
			},
		},
		"renamed: the only ones of the connector": {
			old: []export{{name: "S", refs: []string{"fx_a sql", "fx_c teams", "fx_d teams"}}},
			new: []export{{name: "S", refs: []string{"fx_b SQL", "fx_e teams"}}},
			want: difference{
				Added:   []string{"fx_b", "fx_e"},
				Removed: map[string]users{"fx_a": {}, "fx_c": {}, "fx_d": {}},
				Renamed: []string{"fx_a → fx_b: "},
			},
		},
		"not renamed: another connector": {
			old:  []export{{name: "S", refs: []string{"fx_a sql Stock"}}},
			new:  []export{{name: "S", refs: []string{"fx_b teams Stock"}}},
			want: difference{Added: []string{"fx_b"}, Removed: map[string]users{"fx_a": {}}},
		},
		"a flow moved between references that both stay": {
			old: []export{{name: "S", refs: []string{"fx_a sql", "fx_b sql"}, flows: []process{
				{id: 1, name: "F", keys: []string{"k fx_a sql", "l fx_b sql"}, when: "Row: k",
					steps: []string{"Read: k", "Write: k", "Count: l", "Direct: k"}},
				{name: "G", keys: []string{"k fx_a sql"}, steps: []string{"Read: k"}},
			}}},
			new: []export{{name: "S", refs: []string{"fx_a sql", "fx_b sql"}, flows: []process{
				{id: 1, name: "F two", keys: []string{"m fx_b sql", "k FX_A sql", "d - sql"}, when: "Row: m",
					steps: []string{"New: m", "Write: k", "Read: m", "Count: k", "Direct: d"}},
				{name: "G", keys: []string{"k fx_b sql"}, steps: []string{"Read: k"}},
			}}},
			want: difference{Moved: []string{
				"F two: fx_a → fx_b: Row, Read", "F two: fx_b → fx_a: Count", "G: fx_a → fx_b: Read",
			}},
		},
		"no change of a conflict: one side of it stays": {
			old: []export{{name: "S", refs: []string{"fx_a sql"}}, {name: "T", refs: []string{"fx_a teams"}}},
			new: []export{{name: "S", version: "2.0.0.0", refs: []string{"fx_a sql"}}},
		},
		"no change of a conflict: read in another order": {
			old: []export{{name: "S", refs: []string{"fx_a sql"}}, {name: "T", refs: []string{"fx_a teams"}}},
			new: []export{{name: "T", refs: []string{"fx_a teams"}}, {name: "S", refs: []string{"fx_a sql"}}},
		},
		"one more for another connector": {
			old:  []export{{name: "S", refs: []string{"fx_a sql"}}},
			new:  []export{{name: "S", refs: []string{"fx_a sql"}}, {name: "T", refs: []string{"fx_a teams"}}},
			want: difference{Changed: []string{"fx_a: shared_sql → shared_sql+shared_teams"}},
		},
		"copies of the new version": {
			old: []export{{name: "S", refs: []string{"fx_a sql"}, flows: uses("fx_a")}},
			new: []export{
				{name: "S", refs: []string{"fx_b sql"}, flows: uses("fx_b")},
				{name: "S", path: "S.zip", layout: solution.LayoutZip, refs: []string{"fx_b sql"}, flows: uses("fx_b")},
			},
			want: difference{
				Added:   []string{"fx_b"},
				Removed: map[string]users{"fx_a": {}},
				Renamed: []string{"fx_a → fx_b: F"},
				Moved:   []string{"F: fx_a → fx_b: Try > Read"},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			old, new := build(t, test.old...), build(t, test.new...)
			if diff := cmp.Diff(test.want, differenceOf(graph.Diff(old, new))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, g := range []*graph.Graph{old, new} {
				if diff := cmp.Diff(difference{}, differenceOf(graph.Diff(g, g))); diff != "" {
					t.Errorf("a graph and itself:\n%s", diff)
				}
			}
		})
	}
}

// What is gone is a node of the old graph, what is there one of the new.
func TestDiffNodes(t *testing.T) {
	uses := func(reference string) []process {
		return []process{{id: 1, name: "F", keys: []string{"k " + reference + " sql"}, steps: []string{"Read: k"}}}
	}
	old := build(t, export{name: "S", refs: []string{"fx_a sql", "fx_c sql"}, flows: uses("fx_a")})
	new := build(t, export{name: "S", refs: []string{"fx_b sql", "fx_c teams"}, flows: uses("fx_b")})
	d := graph.Diff(old, new)
	of := func(g *graph.Graph, r *graph.Reference) bool {
		known, err := g.Reference(r.Name)
		return err == nil && known == r
	}
	flow, err := new.Flow(id(1))
	got := map[string]bool{
		"added":   of(new, d.Added[0]),
		"removed": of(old, d.Removed[0].Reference),
		"renamed": of(old, d.Renamed[0].Old) && of(new, d.Renamed[0].New) && d.Renamed[0].Flows[0] == flow,
		"changed": of(old, d.Changed[0].Old) && of(new, d.Changed[0].New),
		"moved":   of(old, d.Moved[0].From) && of(new, d.Moved[0].To) && d.Moved[0].Flow == flow,
		"flow":    err == nil && d.Moved[0].Operations[0].Flow == flow,
	}
	for what, right := range got {
		if !right {
			t.Errorf("%s is of the other graph", what)
		}
	}
}

func TestDiffBreaks(t *testing.T) {
	uses := func(reference string, steps ...string) []process {
		return []process{{id: 1, name: "F", keys: []string{"k " + reference + " sql"}, steps: steps}}
	}
	declares := []string{"fx_a sql"}
	base := export{name: "Base", refs: []string{"fx_base sql"}}
	for name, test := range map[string]struct {
		old, new     []export
		needed, lost []string
		breaks       bool
	}{
		"nothing": {
			old: []export{{name: "S", refs: declares, flows: uses("fx_a")}},
			new: []export{{name: "S", refs: declares, flows: uses("FX_A")}},
		},
		"dangling now": {
			old:    []export{{name: "S", refs: declares, flows: uses("fx_a")}},
			new:    []export{{name: "S", refs: declares, flows: uses("fx_none")}},
			needed: []string{"S fx_none"}, breaks: true,
		},
		"dangling before": {
			old: []export{{name: "S", flows: uses("fx_none")}},
			new: []export{{name: "s", flows: uses("fx_none")}},
		},
		"from a solution that is not here": {
			old:    []export{{name: "S", refs: declares, flows: uses("fx_a")}},
			new:    []export{{name: "S", missing: []string{"fx_a Common (1.0.0.0)"}, flows: uses("fx_a")}},
			needed: []string{"S fx_a"},
		},
		"from no managed solution": {
			old:    []export{{name: "S", refs: declares, flows: uses("fx_a")}},
			new:    []export{{name: "S", missing: []string{"fx_a Active"}, flows: uses("fx_a")}},
			needed: []string{"S fx_a"}, breaks: true,
		},
		"from a solution that stays": {
			old: []export{base, {name: "S"}},
			new: []export{{name: "S", missing: []string{"fx_base Base (1.0.0.0)"}, flows: uses("fx_base")}},
		},
		"of a solution that stays": {
			old:    []export{base, {name: "S", missing: []string{"fx_base Base (1.0.0.0)"}, flows: uses("fx_base")}},
			new:    []export{{name: "Base"}},
			needed: []string{"S fx_base"}, breaks: true,
		},
		"a child flow is gone": {
			old:  []export{{name: "S", flows: []process{{id: 2, name: "Child"}, {id: 3, name: "Parent", steps: []string{"Run: flow 2"}}}}},
			new:  []export{{name: "S", flows: []process{{id: 3, name: "Parent", steps: []string{"Run: flow 2"}}}}},
			lost: []string{"Parent"}, breaks: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := graph.Diff(build(t, test.old...), build(t, test.new...))
			needed := names(d.Needed, func(n *graph.Need) string { return n.Solution.Name() + " " + string(n.Reference.Name) })
			if diff := cmp.Diff(test.needed, needed); diff != "" {
				t.Errorf("needed (-want +got):\n%s", diff)
			}
			lost := names(d.Lost, func(c *graph.Call) string { return c.Flow.Name })
			if diff := cmp.Diff(test.lost, lost); diff != "" {
				t.Errorf("lost (-want +got):\n%s", diff)
			}
			if d.Breaks() != test.breaks {
				t.Errorf("breaks: %t", d.Breaks())
			}
		})
	}
}

// An operation whose name changed is known again by its key, and so is a binding that nothing runs on.
func TestDiffKnowsBindingsByKey(t *testing.T) {
	version := func(reference string, steps ...string) *graph.Graph {
		return build(t, export{name: "S", refs: []string{"fx_a sql", "fx_b sql"}, flows: []process{
			{id: 1, name: "F", keys: []string{"k " + reference + " sql"}, steps: steps},
		}})
	}
	for _, test := range []struct {
		old, new *graph.Graph
		want     []string
	}{
		{version("fx_a", "Send: k"), version("fx_b", "Scope > Send: k"), []string{"F: fx_a → fx_b: Scope > Send"}},
		{version("fx_a"), version("fx_b"), []string{"F: fx_a → fx_b: "}},
		{version("fx_a", "Send: k"), version("fx_a", "Scope > Send: k"), nil},
	} {
		if diff := cmp.Diff(test.want, differenceOf(graph.Diff(test.old, test.new)).Moved); diff != "" {
			t.Errorf("moved (-want +got):\n%s", diff)
		}
	}
}

func TestDiffSaysWhatIsReplaced(t *testing.T) {
	d := graph.Diff(build(t, export{name: "S"}, export{name: "Stays"}), build(t, export{name: "s"}, export{name: "New"}))
	if diff := cmp.Diff([][]string{{"Stays"}, {"New"}}, [][]string{names(d.Stay, solutionName), names(d.New, solutionName)}); diff != "" {
		t.Errorf("solutions that stay, and new ones (-want +got):\n%s", diff)
	}
}
