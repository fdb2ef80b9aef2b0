package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/graph"
)

// bakery shares fx_mail between flows, an app and an agent, and has flows that call each other in a circle.
var bakery = []export{
	{
		name: "Bakery",
		refs: []string{"fx_Mail office365 Mail", "fx_stock sql Stock", "fx_board teams"},
		flows: []process{
			{
				id: 1, name: "A order", when: "Mail arrives: in",
				keys:  []string{"in FX_MAIL office365", "out fx_mail office365", "sql fx_stock sql"},
				steps: []string{"Try > Empty (else) > Answer: out", "Try > Look up: sql", "Forward: in", "Pack: flow 2"},
			},
			{id: 2, name: "B pack", steps: []string{"Label: flow 3"}},
			{id: 3, name: "C label", keys: []string{"sql fx_stock sql"}, steps: []string{"Count: sql", "Again: flow 2"}},
			{id: 4, name: "D night", steps: []string{"Loop > Start: flow 4", "Pack: flow 2", "Gone: flow 99"}},
		},
		apps:   []string{"fx_counter office365=fx_mail sql", "fx_menu teams=fx_board"},
		agents: []string{"fx_bot.topic.Ask fx_mail", "fx_bot.topic.Pack >2", "fx_bot.topic.Stock fx_stock >3"},
	},
	{
		name: "Branch",
		flows: []process{
			{id: 5, name: "E branch", keys: []string{"m fx_mail office365"}, steps: []string{"Tell: m"}},
			{name: "F old", keys: []string{"m fx_mail office365"}, steps: []string{"Tell: m"}},
		},
	},
}

func TestImpact(t *testing.T) {
	g := build(t, bakery...)
	tests := map[connref.LogicalName]effect{
		"fx_MAIL": {
			References: []string{"fx_Mail"},
			Flows:      []string{"A order", "E branch", "F old"},
			Operations: []string{
				"A order: Mail arrives", "A order: Try > Empty (else) > Answer", "A order: Forward",
				"E branch: Tell", "F old: Tell",
			},
			Apps:   []string{"fx_counter"},
			Agents: []string{"fx_bot.topic.Ask"},
		},
		"fx_stock": {
			References: []string{"fx_stock"},
			Flows:      []string{"A order", "C label"},
			Operations: []string{"A order: Try > Look up", "C label: Count"},
			Agents:     []string{"fx_bot.topic.Stock"},
			Reached: []string{
				"B pack: Label → C label",
				"D night: Pack → B pack, B pack: Label → C label",
				"fx_bot.topic.Pack → B pack, B pack: Label → C label",
			},
		},
		"fx_board": {References: []string{"fx_board"}, Apps: []string{"fx_menu"}},
	}
	for name, want := range tests {
		t.Run(string(name), func(t *testing.T) {
			hit, err := g.Impact(name)
			require.NoError(t, err)
			if diff := cmp.Diff(want, effectOf(hit)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			shared, err := g.SharedBy(name)
			require.NoError(t, err)
			if diff := cmp.Diff(users{want.Flows, want.Apps, want.Agents}, usersOf(shared)); diff != "" {
				t.Errorf("SharedBy (-want +got):\n%s", diff)
			}
		})
	}
}

// The answers hold for the caller too: Flow or Agent says who it is, and an operation stands behind each call of a flow.
func TestImpactNamesCallers(t *testing.T) {
	hit, err := build(t, bakery...).Impact("fx_stock")
	require.NoError(t, err)
	var got []string
	for _, r := range hit.Reached {
		switch {
		case r.Agent != nil && r.Flow == nil && r.Calls[0].Agent == r.Agent && r.Calls[0].Operation == nil:
			got = append(got, "agent "+r.Agent.SchemaName)
		case r.Flow != nil && r.Agent == nil && r.Calls[0].Operation.Flow == r.Flow && r.Calls[0].Flow == r.Flow:
			got = append(got, "flow "+r.Flow.Name)
		}
	}
	if diff := cmp.Diff([]string{"flow B pack", "flow D night", "agent fx_bot.topic.Pack"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestImpactTakesShortestWay(t *testing.T) {
	g := build(t, export{
		name: "Ways",
		refs: []string{"fx_mail office365"},
		flows: []process{
			{id: 1, name: "Far", steps: []string{"Long: flow 2", "Short: flow 3"}},
			{id: 2, name: "Middle", steps: []string{"On: flow 3"}},
			{id: 3, name: "Mailer", keys: []string{"m fx_mail office365"}, steps: []string{"Send: m"}},
		},
	})
	hit, err := g.Impact("fx_mail")
	require.NoError(t, err)
	want := []string{"Far: Short → Mailer", "Middle: On → Mailer"}
	if diff := cmp.Diff(want, names(hit.Reached, reachText)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestImpactOfConnector(t *testing.T) {
	const oven = "fx-5foven-5f0123456789abcdef"
	g := build(t, bakery[0], bakery[1], export{
		name: "Odd",
		refs: []string{"fx_oven " + oven + "#7"},
		flows: []process{
			{id: 6, name: "G direct", keys: []string{"d - office365", "oven fx_oven fx-5foven-5ffedcba9876543210"},
				steps: []string{"Tell: d", "Bake: oven"}},
			{id: 7, name: "H lost", keys: []string{"l fx_lost OFFICE365"}, steps: []string{"Tell: l"}},
			{id: 8, name: "I wrong", keys: []string{"m fx_mail teams"}, steps: []string{"Tell: m"}}, // it is declared for another
		},
		apps: []string{"fx_van office365"},
	})
	tests := map[connref.ConnectorID]effect{
		"/providers/microsoft.powerapps/apis/SHARED_office365": {
			References: []string{"fx_Mail", "fx_lost"},
			Flows:      []string{"A order", "E branch", "F old", "G direct", "H lost", "I wrong"},
			Operations: []string{
				"A order: Mail arrives", "A order: Try > Empty (else) > Answer", "A order: Forward",
				"E branch: Tell", "F old: Tell", "G direct: Tell", "H lost: Tell", "I wrong: Tell",
			},
			Apps:   []string{"fx_counter", "fx_van"},
			Agents: []string{"fx_bot.topic.Ask"},
		},
		"shared_sql": {
			References: []string{"fx_stock"},
			Flows:      []string{"A order", "C label"},
			Operations: []string{"A order: Try > Look up", "C label: Count"},
			Apps:       []string{"fx_counter"},
			Agents:     []string{"fx_bot.topic.Stock"},
			Reached: []string{
				"B pack: Label → C label",
				"D night: Pack → B pack, B pack: Label → C label",
				"fx_bot.topic.Pack → B pack, B pack: Label → C label",
			},
		},
		"shared_fx-5foven": {
			References: []string{"fx_oven"}, Flows: []string{"G direct"}, Operations: []string{"G direct: Bake"},
		},
	}
	for id, want := range tests {
		t.Run(string(id), func(t *testing.T) {
			hit, err := g.ImpactOfConnector(id)
			require.NoError(t, err)
			if diff := cmp.Diff(want, effectOf(hit)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever way leads to them, apps and agents stand in the order of solutions and files.
func TestImpactOrder(t *testing.T) {
	g := graph.New(graph.Input{
		Complete: true,
		Solutions: open(t, export{
			name:   "Order",
			refs:   []string{"fx_first sql", "fx_second sql"},
			apps:   []string{"fx_a sql", "fx_b sql=fx_second", "fx_c sql=fx_first"},
			agents: []string{"fx_bot.a fx_second", "fx_bot.b fx_first"},
			flows: []process{
				{id: 1, name: "A", keys: []string{"s fx_second sql"}, steps: []string{"Read: s"}},
				{id: 2, name: "B", keys: []string{"s fx_first sql"}, steps: []string{"Read: s"}},
			},
		}),
		Environments: []graph.Inventory{{References: []connref.Reference{
			{LogicalName: "fx_first", Connection: "c1"}, {LogicalName: "fx_second", Connection: "c1"},
		}}},
	})
	apps, agents := []string{"fx_b", "fx_c"}, []string{"fx_bot.a", "fx_bot.b"}
	of := func(hit graph.Impact, err error) graph.Impact {
		require.NoError(t, err)
		return hit
	}
	tests := map[string]struct {
		hit  graph.Impact
		want users
	}{
		"connector": {of(g.ImpactOfConnector("shared_sql")),
			users{[]string{"A", "B"}, append([]string{"fx_a"}, apps...), agents}},
		"connection": {of(g.ImpactOfConnection("c1")), users{[]string{"A", "B"}, apps, agents}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, usersOf(test.hit.Consumers)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestImpactDoubts(t *testing.T) {
	g := graph.New(graph.Input{
		Solutions: open(t, bakery...),
		Environments: []graph.Inventory{{
			Connections: []connref.Connection{{ID: "idle", Connector: "shared_sql"}},
			References:  []connref.Reference{{LogicalName: "fx_stock", Connection: "c1"}},
		}},
	})
	tests := map[string]struct {
		hit  func() (graph.Impact, error)
		want []doubt
	}{
		"a reference": {
			func() (graph.Impact, error) { return g.Impact("fx_stock") },
			[]doubt{{Kind: graph.DoubtIncomplete}, {graph.DoubtApp, "fx_counter", "Bakery"}},
		},
		"a connector": {
			func() (graph.Impact, error) { return g.ImpactOfConnector("shared_sql") },
			[]doubt{{Kind: graph.DoubtIncomplete}},
		},
		"a connection": {
			func() (graph.Impact, error) { return g.ImpactOfConnection("c1") },
			[]doubt{{Kind: graph.DoubtIncomplete}, {graph.DoubtApp, "fx_counter", "Bakery"}},
		},
		"a connection that nothing known is bound to": {
			func() (graph.Impact, error) { return g.ImpactOfConnection("idle") },
			[]doubt{{Kind: graph.DoubtIncomplete}, {graph.DoubtApp, "fx_counter", "Bakery"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			hit, err := test.hit()
			require.NoError(t, err)
			if diff := cmp.Diff(test.want, doubtsOf(hit.Doubts)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestImpactOfUnknown(t *testing.T) {
	g := build(t, bakery...)
	errs := map[string]error{}
	_, errs["Impact"] = g.Impact("fx_none")
	_, errs["SharedBy"] = g.SharedBy("")
	_, errs["ImpactOfConnector"] = g.ImpactOfConnector("shared_none")
	_, errs["ImpactOfConnection"] = g.ImpactOfConnection("none")
	_, errs["Reference"] = g.Reference("office365")
	_, errs["ByConnector"] = g.ByConnector("")
	_, errs["ByConnection"] = g.ByConnection("")
	_, errs["Solution"] = g.Solution("")
	_, errs["Flow"] = g.Flow(connref.FlowID{})
	for query, err := range errs {
		require.ErrorIs(t, err, connref.ErrNotFound, query)
	}
}

func TestCalls(t *testing.T) {
	g := build(t, bakery...)
	want := []string{
		"A order: Pack → B pack", "B pack: Label → C label", "C label: Again → B pack",
		"D night: Loop > Start → D night", "D night: Pack → B pack", "D night: Gone → ?",
		"fx_bot.topic.Pack → B pack", "fx_bot.topic.Stock → C label",
	}
	if diff := cmp.Diff(want, all(g.Calls(), callText)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	pack, err := g.Flow(id(2))
	require.NoError(t, err)
	want = []string{"A order: Pack → B pack", "C label: Again → B pack", "D night: Pack → B pack", "fx_bot.topic.Pack → B pack"}
	if diff := cmp.Diff(want, all(pack.CalledBy(), callText)); diff != "" {
		t.Errorf("CalledBy (-want +got):\n%s", diff)
	}
}

func TestAppsRunFlows(t *testing.T) {
	g := build(t, export{
		name: "S", refs: []string{"fx_a sql"}, apps: []string{"fx_app >1", "fx_both sql=fx_a >1", "fx_far >2"},
		flows: []process{
			{id: 1, name: "Child", keys: []string{"k fx_a sql"}, steps: []string{"Read: k"}},
			{id: 2, name: "Parent", steps: []string{"Run: flow 1"}},
		},
	})
	hit, err := g.Impact("fx_a")
	require.NoError(t, err)
	want := []string{"Parent: Run → Child", "fx_app → Child", "fx_far → Parent, Parent: Run → Child"}
	if diff := cmp.Diff(want, effectOf(hit).Reached); diff != "" {
		t.Errorf("reached (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"fx_both"}, names(hit.Apps, appName)); diff != "" {
		t.Errorf("apps (-want +got):\n%s", diff)
	}
}

// Of a reference that nothing declares, only what each binding says is known.
func TestImpactOfConnectorOfUndeclared(t *testing.T) {
	g := build(t, export{name: "S", flows: []process{
		{id: 1, name: "Reads", keys: []string{"k fx_lost sql"}}, {id: 2, name: "Tells", keys: []string{"k fx_lost teams"}},
	}})
	hit, err := g.ImpactOfConnector("shared_sql")
	require.NoError(t, err)
	if diff := cmp.Diff([]string{"Reads"}, names(hit.Flows, flowName)); diff != "" {
		t.Errorf("flows (-want +got):\n%s", diff)
	}
}
