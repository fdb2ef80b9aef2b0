package graph_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// doubt is a Doubt to be compared.
type doubt struct {
	Kind graph.DoubtKind
	Name string
	In   string // the path of the solution
}

func doubtsOf(doubts []graph.Doubt) []doubt {
	var list []doubt
	for _, d := range doubts {
		in := ""
		if d.Place.Copy != nil {
			in = d.Place.Copy.Path
		}
		list = append(list, doubt{d.Kind, d.Name, in})
	}
	return list
}

// unused is what Unused yields, to be compared: the doubts of each reference.
func unused(g *graph.Graph) map[string][]doubt {
	list := map[string][]doubt{}
	for u := range g.Unused() {
		list[string(u.Reference.Name)] = doubtsOf(u.Doubts)
	}
	return list
}

func TestUnused(t *testing.T) {
	idle := []string{"fx_idle sql"}
	tests := map[string]struct {
		exports []export
		want    map[string][]doubt
	}{
		"another solution lists it as missing": {
			[]export{{name: "S", refs: idle}, {name: "T", missing: []string{"FX_idle S (1.0.0.0)"}}},
			map[string][]doubt{"fx_idle": {{graph.DoubtListed, "T", "T"}}},
		},
		"processes that aren't read": {
			[]export{{name: "S", refs: idle, others: []string{"7 Summarise", "2 Rule", "4 Stages", "9000 Macro"}}},
			map[string][]doubt{"fx_idle": {{graph.DoubtProcess, "Summarise", "S"}}},
		},
		"an app that says of something neither connector nor reference": {
			[]export{{name: "S", refs: idle, apps: []string{"fx_app ?"}}},
			map[string][]doubt{"fx_idle": {{graph.DoubtApp, "fx_app", "S"}}},
		},
		"an app that only runs flows": {
			[]export{{name: "S", refs: append(idle, "fx_runs logicflows"), apps: []string{"fx_app >2"}}},
			map[string][]doubt{"fx_idle": nil, "fx_runs": nil},
		},
		"the flow that one copy lacks is in another": {
			[]export{
				{name: "S", path: "one", refs: idle, roots: []string{"29 1"}},
				{name: "S", path: "two", refs: idle, flows: []process{{id: 1, name: "F"}}},
			},
			map[string][]doubt{"fx_idle": nil},
		},
		"proven": {
			[]export{{name: "S", refs: idle}},
			map[string][]doubt{"fx_idle": nil},
		},
		"a flow uses it in other case": {
			[]export{{name: "S", refs: idle, flows: []process{{id: 1, name: "F", keys: []string{"k FX_Idle sql"}}}}},
			map[string][]doubt{},
		},
		"a flow of another solution uses it": {
			[]export{
				{name: "S", refs: idle},
				{name: "T", flows: []process{{id: 1, name: "F", keys: []string{"k fx_idle sql invoker"}}}},
			},
			map[string][]doubt{},
		},
		"only an app uses it": {
			[]export{{name: "S", refs: idle, apps: []string{"fx_app sql=FX_IDLE"}}},
			map[string][]doubt{},
		},
		"only an agent uses it": {
			[]export{{name: "S", refs: idle, agents: []string{"fx_bot.topic.A fx_idle"}}},
			map[string][]doubt{},
		},
		"an app on its connector": {
			[]export{{name: "S", refs: []string{"fx_idle sql", "fx_other teams"}, apps: []string{"fx_app sql"}}},
			map[string][]doubt{"fx_idle": {{graph.DoubtApp, "fx_app", "S"}}, "fx_other": nil},
		},
		"an app that names another reference of its connector": {
			[]export{{name: "S", refs: []string{"fx_idle sql", "fx_used sql"}, apps: []string{"fx_app sql=fx_used"}}},
			map[string][]doubt{"fx_idle": nil},
		},
		"a data source of its connector": {
			[]export{{name: "S", refs: idle}, {name: "T", variables: []string{"fx_table SQL", "fx_site teams"}}},
			map[string][]doubt{"fx_idle": {{graph.DoubtVariable, "fx_table", "T"}}},
		},
		"desktop flows and dataflows": {
			[]export{{name: "S", refs: idle, desktop: []string{"Robot"}, dataflows: []string{"Nightly load"}}},
			map[string][]doubt{"fx_idle": {
				{graph.DoubtDesktopFlow, "Robot", "S"}, {graph.DoubtDataflow, "Nightly load", "S"},
			}},
		},
		"a broken flow": {
			[]export{{name: "S", refs: idle, files: map[string]string{"Workflows/Broken.json": `{"properties":{`}}},
			map[string][]doubt{"fx_idle": {{graph.DoubtUnread, "Workflows/Broken.json", "S"}}},
		},
		"a broken flow that is listed": {
			[]export{{name: "S", refs: idle, layout: solution.LayoutUnpacked, files: map[string]string{
				"Workflows/Broken.json": "{", "Workflows/Broken.json.data.xml": process{name: "Broken"}.metadata(),
			}}},
			map[string][]doubt{"fx_idle": {{graph.DoubtUnread, "Workflows/Broken.json", "S"}}},
		},
		"a flow whose file is gone": {
			[]export{{name: "S", refs: idle, layout: solution.LayoutUnpacked, files: map[string]string{
				"Workflows/Gone.json.data.xml": process{id: 1, name: "Gone"}.metadata(),
			}}},
			map[string][]doubt{"fx_idle": {{graph.DoubtMissing, "flow Gone", "S"}}},
		},
		"what the solution lists and lacks": {
			[]export{{name: "S", refs: idle, roots: []string{"29 9", "29 1", "300 fx_gone", "300 fx_App", "1 fx_order"},
				flows: []process{{id: 1, name: "F"}}, apps: []string{"fx_app"}}},
			map[string][]doubt{"fx_idle": {
				{graph.DoubtMissing, "flow " + id(9).String(), "S"}, {graph.DoubtMissing, "canvas app fx_gone", "S"},
			}},
		},
		"a warning is no doubt": {
			[]export{{name: "S", refs: idle, flows: []process{{id: 1, name: "F"}},
				files: map[string]string{"Workflows/Unlisted.json": process{name: "Unlisted"}.definition()}}},
			map[string][]doubt{"fx_idle": nil},
		},
		"several": {
			[]export{{name: "S", refs: []string{"fx_b sql", "fx_a sql", "fx_used sql"}, desktop: []string{"Robot"},
				apps: []string{"fx_app sql"}, agents: []string{"fx_bot.topic.A fx_used"}}},
			map[string][]doubt{
				"fx_a": {{graph.DoubtDesktopFlow, "Robot", "S"}, {graph.DoubtApp, "fx_app", "S"}},
				"fx_b": {{graph.DoubtDesktopFlow, "Robot", "S"}, {graph.DoubtApp, "fx_app", "S"}},
			},
		},
		"what nothing declares": {
			[]export{{name: "S", missing: []string{"fx_base Base (1.0.0.0)"}}},
			map[string][]doubt{},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := build(t, test.exports...)
			if diff := cmp.Diff(test.want, unused(g)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for u := range g.Unused() {
				if u.Conclusive() != (len(u.Doubts) == 0) {
					t.Errorf("%s is conclusive: %t, with %d doubts", u.Reference.Name, u.Conclusive(), len(u.Doubts))
				}
			}
		})
	}
}

func TestUnusedOfIncompleteSet(t *testing.T) {
	broken := errors.New("Old.zip: too large")
	g := graph.New(graph.Input{
		Solutions: open(t, export{name: "S", refs: []string{"fx_idle sql"}}),
		Stream: func(yield func(*solution.Solution, error) bool) {
			_ = yield(nil, broken) && yield(export{name: "T", refs: []string{"fx_more sql"}}.open())
		},
	})
	want := []doubt{{Kind: graph.DoubtIncomplete}, {Kind: graph.DoubtUnopened, Name: broken.Error()}}
	if diff := cmp.Diff(map[string][]doubt{"fx_idle": want, "fx_more": want}, unused(g)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A reference that an environment has is told of, though no solution declares it.
func TestUnusedOfEnvironment(t *testing.T) {
	g := graph.New(graph.Input{
		Complete:  true,
		Solutions: open(t, export{name: "S", apps: []string{"fx_app sql"}}),
		Environments: []graph.Inventory{{Name: "Test", References: []connref.Reference{
			{LogicalName: "fx_left", Connector: "shared_sql"}, {LogicalName: "fx_alone", Connector: "shared_rss"},
		}}},
	})
	want := map[string][]doubt{"fx_left": {{graph.DoubtApp, "fx_app", "S"}}, "fx_alone": nil}
	if diff := cmp.Diff(want, unused(g)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnusedOrder(t *testing.T) {
	g := build(t, export{name: "T", refs: []string{"fx_z sql", "fx_b sql"}}, export{name: "S", refs: []string{"fx_a sql"}})
	got := all(g.Unused(), func(u graph.Unused) string { return string(u.Reference.Name) })
	if diff := cmp.Diff([]string{"fx_z", "fx_b", "fx_a"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range g.Unused() {
		break // an iterator must bear to be left
	}
}

func TestDoubtIsOnePrintableLine(t *testing.T) {
	g := build(t, export{
		name: "S", refs: []string{"fx_idle sql"}, desktop: []string{"Robot&#10;two"}, dataflows: []string{"Load"},
		apps: []string{"fx_app sql"}, variables: []string{"fx_table sql"}, roots: []string{"29 9"},
		files: map[string]string{"Workflows/Broken.json": "{"},
	})
	hit, err := g.Impact("fx_idle")
	if err != nil || len(hit.Doubts) != 6 {
		t.Fatalf("%d doubts and %v, want one of each kind", len(hit.Doubts), err)
	}
	seen := map[string]bool{}
	for _, d := range append(hit.Doubts, graph.Doubt{Kind: graph.DoubtIncomplete},
		graph.Doubt{Kind: graph.DoubtUnopened, Name: "a\nb"}, graph.Doubt{}) {
		text := d.String()
		if text == "" || seen[text] {
			t.Errorf("doubt %d says %q", d.Kind, text)
		}
		seen[text] = true
		for _, r := range text {
			if r < ' ' {
				t.Errorf("doubt %d has %q", d.Kind, text)
			}
		}
	}
}
