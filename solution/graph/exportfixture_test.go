package graph_test

import (
	"testing"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/graph"
)

// orchard holds every kind of node and of edge in two solutions and a legacy flow package, in its names every character
// that some export could stumble over, and things that are said twice and are one.
func orchard(tb testing.TB) *graph.Graph {
	const press = "orc-5fpress-20monitor-5f"
	base := export{
		name:  "OrchardBase",
		title: `Orchard "Base" | shared`,
		refs: []string{
			`orc_Mail office365 Mail <office> & "friends"`,
			"orc_Press " + press + "00aa11bb22cc33dd#7 Press #1; monitor",
			`orc_Idle teams =HYPERLINK("http://x.example";"click")`,
		},
		flows: []process{
			{
				id: 1, name: "Weigh", title: `Weigh apples\crates`, variables: []string{"orc_Site"},
				keys:  []string{"office365 orc_mail office365", "office365_1 orc_Mail office365"},
				steps: []string{`Each "crate" | # > Ask: office365`, `Each "crate" | # > Tell: office365`, "Add: office365", "Send: office365_1"},
			},
			{
				id: 2, name: "Press", title: "1. Press *all* %%{init: {'theme':'dark'}}%% style:\"x\"",
				keys:  []string{"p orc_Press " + press + "00aa11bb22cc33dd", "m orc_Mail office365 invoker"},
				steps: []string{"Press: p", "Send: m"},
			},
		},
		connectors: []string{"orc_5Fpress-20monitor Press + &lt; monitor"},
		parts: `<CanvasApps><CanvasApp><Name>orc_pickers_1a2b3</Name><DisplayName>Picker's &lt;app&gt;</DisplayName>` +
			`<ConnectionReferences>{` +
			`"1":{"id":"` + connector("office365") + `","xrmConnectionReferenceLogicalName":"orc_Mail"},` +
			`"2":{"id":"` + connector("sharepointonline") + `","sharedConnectionId":"shared-sharepointonl-9"},` +
			`"3":{"id":"` + connector("logicflows") + `","parameterHints":{"workflowEntityId":{"value":"` + id(3).String() + `"}}}` +
			`}</ConnectionReferences></CanvasApp></CanvasApps>`,
		files: map[string]string{
			"environmentvariabledefinitions/orc_Site/environmentvariabledefinition.xml": `<environmentvariabledefinition ` +
				`schemaname="orc_Site"><apiid>` + connector("sharepointonline") + `</apiid>` +
				`<displayname default="@Site -- of the year" /><type>100000004</type></environmentvariabledefinition>`,
		},
	}
	market := export{
		name:    "OrchardMarket",
		title:   "Orchard Market 🍏",
		missing: []string{"orc_Mail OrchardBase (1.0.0.0)"},
		refs:    []string{"orc_stall sharepointonline"},
		flows: []process{
			{
				id: 3, name: "Close", title: "Close `stall` #5; then 50% off", off: true,
				keys:  []string{"office365 orc_Mail office365", "gone orc_gone sql"},
				steps: []string{"Ask: office365", "Tell: office365", "Count: gone"},
			},
			{
				id: 4, name: "Sell", title: "Sell\njuice – a name that is far too long for one line of any drawing",
				keys:  []string{"s orc_stall sharepointonline", "r - rss", "r_1 - rss"},
				steps: []string{"List: s", "Read: r", "Read again: r_1", "Weigh: flow 1", "Weigh again: flow 1", "Gone: flow 9", "Gone again: flow 9"},
			},
		},
		agents: []string{"orc_helper.topic.Prices orc_Mail >4"},
		files: map[string]string{
			"botcomponents/orc_helper.topic.Stock/data": "kind: InvokeConnectorAction\nconnectionReference: orc_stall\n" +
				"connectionProperties:\n  mode: Invoker\n",
		},
	}
	legacy := export{name: "Old pump", definition: `{"properties":{"displayName":"Pump\u0007 \u202etuo","connectionReferences":{` +
		`"a":{"connectionName":"shared-rss-1","source":"Embedded","id":"` + connector("rss") + `"},` +
		`"b":{"connectionName":"shared-rss-1","source":"Embedded","id":"` + connector("rss") + `"}},` +
		`"definition":{"triggers":{},"actions":{` +
		`"List":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"a"}}}}}}}`}
	mail := connref.Reference{LogicalName: "ORC_Mail", Connector: "shared_office365", Connection: "shared-office365-1"}
	return graph.New(graph.Input{Solutions: open(tb, base, market, legacy), Environments: []graph.Inventory{{
		Name: "Orchard <Test>",
		Connections: []connref.Connection{
			{ID: "shared-office365-1", Connector: "shared_office365", DisplayName: "@pat", Status: connref.StatusConnected},
			{
				ID: "press-2", Connector: "shared_" + press + "ffee99887766aa55", DisplayName: "-Press|line\r\nΔ",
				Status: connref.StatusError,
			},
		},
		References: []connref.Reference{
			mail, mail,
			{LogicalName: "orc_Press", Connector: "shared_" + press + "ffee99887766aa55", Connection: "press-2"},
			{LogicalName: "orc_Late", Connector: "shared_teams"},
		},
	}}})
}

// labels are the names that people give to things.
type labels struct{ flow, reference, solution, connection, environment string }

// graph is one flow with one reference, bound to one connection in one environment.
func (l labels) graph(tb testing.TB) *graph.Graph {
	return graph.New(graph.Input{
		Solutions: open(tb, export{
			name: "Named", title: l.solution, refs: []string{"orc_Mail office365 " + l.reference},
			flows: []process{{id: 1, title: l.flow, keys: []string{"m orc_Mail office365"}, steps: []string{"Ask: m", "Tell: m"}}},
		}),
		Environments: []graph.Inventory{{
			Name:        l.environment,
			Connections: []connref.Connection{{ID: "shared-office365-1", Connector: "shared_office365", DisplayName: l.connection}},
			References:  []connref.Reference{{LogicalName: "orc_Mail", Connector: "shared_office365", Connection: "shared-office365-1"}},
		}},
	})
}
