package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// twoEnvironments are Test, of which connections and references are known, and Live, of which only references are.
var twoEnvironments = []graph.Inventory{
	{
		Name: "Test",
		Connections: []connref.Connection{
			{ID: "shared-sql-1", Connector: "shared_sql", DisplayName: "stock@test", Account: "svc",
				Owner: connref.Principal{Name: "ada", Kind: connref.PrincipalUser}, Status: connref.StatusError},
			{ID: "idle", Connector: "shared_rss"},
			{Connector: "shared_sql"}, // nameless
		},
		References: []connref.Reference{
			{LogicalName: "FX_stock", Connector: "shared_sql", Connection: "SHARED-sql-1"},
			{LogicalName: "fx_orders", Connector: "shared_sql", Connection: "shared-sql-1"},
			{LogicalName: "fx_mail", Connector: "shared_office365", Owner: connref.Principal{Name: "bob"}},
			{Connection: "idle"}, // nameless
		},
	},
	{
		Name:        "Live",
		Connections: []connref.Connection{{ID: "IDLE", Connector: "shared_teams", DisplayName: "listed before"}},
		References: []connref.Reference{
			{LogicalName: "fx_stock", Connector: "shared_sql", Connection: "live-sql"},
			{LogicalName: "fx_extra", Connector: "shared_teams"},
		},
	},
}

func inEnvironments(t *testing.T) *graph.Graph {
	return graph.New(graph.Input{
		Complete:     true,
		Environments: twoEnvironments,
		Solutions: open(t, export{
			name: "Shop",
			refs: []string{"fx_stock sql", "fx_orders sql", "fx_mail office365"},
			flows: []process{
				{id: 1, name: "A report", keys: []string{"s fx_orders sql", "t fx_stock sql", "m fx_mail office365"},
					steps: []string{"Count: t", "Read: s", "Tell: m"}},
				{id: 2, name: "B button", keys: []string{"s fx_stock sql invoker", "t fx_orders sql"},
					steps: []string{"Mine: s", "Ours: t"}},
				{id: 3, name: "C button", keys: []string{"s FX_STOCK sql invoker"}, steps: []string{"Mine: s"}},
				{id: 4, name: "D night", steps: []string{"Run: flow 1"}},
			},
			apps:   []string{"fx_counter sql=fx_stock", "fx_shelf sql@shared-SQL-1"},
			agents: []string{"fx_bot.topic.Stock fx_stock"},
		}),
	})
}

func TestImpactOfConnection(t *testing.T) {
	g := inEnvironments(t)
	tests := map[connref.ConnectionID]effect{
		"Shared-SQL-1": {
			References: []string{"fx_stock", "fx_orders"},
			Flows:      []string{"A report", "B button"},
			Operations: []string{"A report: Count", "A report: Read", "B button: Ours"},
			Apps:       []string{"fx_counter", "fx_shelf"},
			Agents:     []string{"fx_bot.topic.Stock"},
			Reached:    []string{"D night: Run → A report"},
			Invoker:    []string{"B button: s is fx_stock, declared", "C button: s is fx_stock, declared"},
		},
		"live-sql": {
			References: []string{"fx_stock"},
			Flows:      []string{"A report"},
			Operations: []string{"A report: Count"},
			Apps:       []string{"fx_counter"},
			Agents:     []string{"fx_bot.topic.Stock"},
			Reached:    []string{"D night: Run → A report"},
			Invoker:    []string{"B button: s is fx_stock, declared", "C button: s is fx_stock, declared"},
		},
		"idle": {},
	}
	for id, want := range tests {
		t.Run(string(id), func(t *testing.T) {
			hit, err := g.ImpactOfConnection(id)
			require.NoError(t, err)
			if diff := cmp.Diff(want, effectOf(hit)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnections(t *testing.T) {
	type connection struct {
		ID, Environment, DisplayName, Connector, Owner, Account, Status string
		References, Bound, Apps                                         []string
	}
	var got []connection
	for c := range inEnvironments(t).Connections() {
		out := connection{
			ID: string(c.ID), DisplayName: c.DisplayName, Owner: c.Owner.Name, Account: c.Account, Status: c.Status.String(),
			References: names(c.References(), referenceName),
			Bound:      all(c.Bound(), boundText),
			Apps:       all(c.Apps(), appName),
		}
		if c.Environment != nil {
			out.Environment = c.Environment.Name
		}
		if c.Connector != nil {
			out.Connector = c.Connector.ID.Name()
		}
		got = append(got, out)
	}
	want := []connection{
		{ID: "shared-SQL-1", Environment: "Test", DisplayName: "stock@test", Connector: "shared_sql", Owner: "ada",
			Account: "svc", Status: "Error", References: []string{"fx_stock", "fx_orders"}, Apps: []string{"fx_shelf"},
			Bound: []string{"Test: fx_stock on shared-SQL-1", "Test: fx_orders on shared-SQL-1"}},
		{ID: "idle", Environment: "Test", Connector: "shared_rss", Status: "unknown"},
		{ID: "live-sql", Status: "unknown", References: []string{"fx_stock"}, Bound: []string{"Live: fx_stock on live-sql"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// boundText is as in "Test: fx_mail on connection".
func boundText(b *graph.Bound) string {
	text := b.Environment.Name + ": " + string(b.Reference.Name) + " on "
	if b.Connection == nil {
		return text + "none"
	}
	return text + string(b.Connection.ID)
}

func TestBound(t *testing.T) {
	g := inEnvironments(t)
	var got []string
	for env := range g.Environments() {
		got = append(got, all(env.Bound(), boundText)...)
	}
	want := []string{
		"Test: fx_stock on shared-SQL-1", "Test: fx_orders on shared-SQL-1", "Test: fx_mail on none",
		"Live: fx_stock on live-sql", "Live: fx_extra on none",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = []string{"Test: fx_mail on none", "Live: fx_extra on none"}
	if diff := cmp.Diff(want, all(g.Unbound(), boundText)); diff != "" {
		t.Errorf("Unbound (-want +got):\n%s", diff)
	}
	stock, err := g.Reference("fx_stock")
	require.NoError(t, err)
	want = []string{"Test: fx_stock on shared-SQL-1", "Live: fx_stock on live-sql"}
	if diff := cmp.Diff(want, all(stock.Bound(), boundText)); diff != "" {
		t.Errorf("of fx_stock (-want +got):\n%s", diff)
	}
	mail, err := g.Reference("fx_mail")
	require.NoError(t, err)
	for b := range mail.Bound() {
		if b.Owner.Name != "bob" || b.Connector.ID != connref.ConnectorID(connector("office365")) {
			t.Errorf("fx_mail is of %v, for %s", b.Owner, b.Connector.ID)
		}
	}
}

// A reference that only an environment has stands beside the others of its connector.
func TestReferencesOfConnector(t *testing.T) {
	g := inEnvironments(t)
	for id, want := range map[connref.ConnectorID][]string{
		"shared_sql": {"fx_stock", "fx_orders"}, "shared_teams": {"fx_extra"}, "shared_rss": nil,
	} {
		c, err := g.ByConnector(id)
		require.NoError(t, err)
		if diff := cmp.Diff(want, all(c.References(), referenceName)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

// Flow packages name connections themselves.
func TestDirectConnections(t *testing.T) {
	const definition = `{"name":"a","properties":{"displayName":"Old digest","definition":{"triggers":{},"actions":{` +
		`"Send":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"shared_office365"}}},` +
		`"Mine":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"shared_sql"}}}}},"connectionReferences":{` +
		`"shared_office365":{"connectionName":"mail-1","source":"Embedded","id":"/providers/Microsoft.PowerApps/apis/shared_office365"},` +
		`"shared_sql":{"connectionName":"Mail-1","source":"Invoker","id":"/providers/Microsoft.PowerApps/apis/shared_sql"}}}}`
	g := build(t, export{path: "Old", definition: definition})
	hit, err := g.ImpactOfConnection("MAIL-1")
	require.NoError(t, err)
	want := effect{
		Flows: []string{"Old digest"}, Operations: []string{"Old digest: Send"}, Invoker: []string{"Old digest: shared_sql is direct"},
	}
	if diff := cmp.Diff(want, effectOf(hit)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c, err := g.ByConnection("mail-1")
	require.NoError(t, err)
	direct := []string{"Old digest: shared_office365 is direct", "Old digest: shared_sql is direct"}
	if diff := cmp.Diff(direct, all(c.Direct(), bindingText)); diff != "" {
		t.Errorf("Direct (-want +got):\n%s", diff)
	}
	for s := range g.Solutions() {
		if s.UniqueName != "" || s.Name() != "Old" || s.Copies[0].Layout != solution.LayoutFlowPackage {
			t.Errorf("package %q is %s", s.UniqueName, s.Name())
		}
	}
}

// What nobody lists may be bound to the connection all the same.
func TestDoubtsOfConnection(t *testing.T) {
	g := graph.New(graph.Input{
		Solutions: open(t, export{
			name: "S", refs: []string{"fx_a sql", "fx_b sql", "fx_c teams"}, apps: []string{"fx_app sql teams"},
			flows: []process{{id: 1, name: "F", keys: []string{"d - sql", "t - teams"}}},
		}),
		Environments: []graph.Inventory{{
			Connections: []connref.Connection{{ID: "sql-1", Connector: "shared_sql"}, {ID: "sql-2", Connector: "shared_sql"}},
			References:  []connref.Reference{{LogicalName: "fx_a", Connection: "sql-1"}},
		}},
		Complete: true,
	})
	want := []doubt{{graph.DoubtApp, "fx_app", "S"}, {graph.DoubtUnbound, "fx_b", ""}, {graph.DoubtDirect, "F", "S"}}
	for _, id := range []connref.ConnectionID{"sql-1", "sql-2"} {
		hit, err := g.ImpactOfConnection(id)
		require.NoError(t, err)
		if diff := cmp.Diff(want, doubtsOf(hit.Doubts)); diff != "" {
			t.Errorf("doubts of %s (-want +got):\n%s", id, diff)
		}
	}
}

func TestAgentsOnSomebodysConnection(t *testing.T) {
	const invoker = "connectionReference: fx_a\nconnectionProperties:\n  mode: Invoker\n"
	g := graph.New(graph.Input{
		Solutions: open(t, export{name: "S", refs: []string{"fx_a sql"}, files: map[string]string{
			"botcomponents/fx_bot.topic.Caller/data": invoker,
			"botcomponents/fx_bot.topic.Maker/data":  "connectionReference: fx_a\nconnectionProperties:\n  mode: Maker\n",
		}}),
		Environments: []graph.Inventory{{References: []connref.Reference{{LogicalName: "fx_a", Connection: "c"}}}},
	})
	hit, err := g.ImpactOfConnection("c")
	require.NoError(t, err)
	got := [][]string{names(hit.Agents, agentName), names(hit.InvokerAgents, agentName)}
	if diff := cmp.Diff([][]string{{"fx_bot.topic.Maker"}, {"fx_bot.topic.Caller"}}, got); diff != "" {
		t.Errorf("agents that stop, and others (-want +got):\n%s", diff)
	}
	if hit, err := g.Impact("fx_a"); err != nil || len(hit.Agents) != 2 {
		t.Errorf("impact of the reference: %d agents, %v", len(hit.Agents), err)
	}
}
