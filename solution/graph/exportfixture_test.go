package graph_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// exportSolution is a solution to be written as files, in the folder of its name.
type exportSolution struct {
	name, title string
	missing     string // what solution.xml lists as missing
	references  []exportReference
	flows       []exportFlow
	parts       string            // further elements of customizations.xml
	files       map[string]string // further files
}

// exportReference is a reference that a solution declares. Custom is the row of a custom connector.
type exportReference struct{ name, title, connector, custom string }

// exportFlow is a flow. It calls the flow of an id and takes a variable, unless they are "".
type exportFlow struct {
	id, title    string
	off          bool
	binds        []exportBinding
	calls, takes string
}

// exportBinding is a binding with a number of operations, all but the first of them inside of an action.
type exportBinding struct {
	key, reference, connector string
	source                    string // "" for embedded
	operations                int
}

// exportText spells a text for XML. What XML has no way to hold becomes U+FFFD.
func exportText(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err)
	}
	return b.String()
}

// exportJSON spells a value in JSON, its members sorted.
func exportJSON(value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func (s exportSolution) write(files fstest.MapFS) {
	var references, workflows strings.Builder
	for _, r := range s.references {
		fmt.Fprintf(&references, "\n<connectionreference connectionreferencelogicalname=%q>"+
			"<connectionreferencedisplayname>%s</connectionreferencedisplayname>"+
			"<connectorid>/providers/Microsoft.PowerApps/apis/%s</connectorid>", r.name, exportText(r.title), r.connector)
		if r.custom != "" {
			fmt.Fprintf(&references, "<customconnectorid><connectorid>%s</connectorid></customconnectorid>", r.custom)
		}
		references.WriteString("</connectionreference>")
	}
	texts := maps.Clone(s.files)
	if texts == nil {
		texts = map[string]string{}
	}
	for _, f := range s.flows {
		file, state := "Workflows/Flow-"+strings.ToUpper(f.id)+".json", 1
		if f.off {
			state = 0
		}
		fmt.Fprintf(&workflows, "\n<Workflow WorkflowId=\"{%s}\" Name=\"%s\"><JsonFileName>/%s</JsonFileName>"+
			"<Category>5</Category><StateCode>%d</StateCode></Workflow>", f.id, exportText(f.title), file, state)
		texts[file] = f.definition()
	}
	texts["solution.xml"] = fmt.Sprintf(`<ImportExportXml><SolutionManifest><UniqueName>%s</UniqueName>`+
		`<LocalizedNames><LocalizedName description="%s" languagecode="1033" /></LocalizedNames><Version>1.0.0.0</Version>`+
		`<Managed>0</Managed><MissingDependencies>%s</MissingDependencies></SolutionManifest></ImportExportXml>`,
		s.name, exportText(s.title), s.missing)
	texts["customizations.xml"] = "<ImportExportXml>\n<Workflows>" + workflows.String() + "</Workflows>\n" + s.parts +
		"<connectionreferences>" + references.String() + "</connectionreferences>\n</ImportExportXml>"
	for name, text := range texts {
		files[s.name+"/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
}

func (f exportFlow) definition() string {
	type object = map[string]any
	bindings, parameters, inner := object{}, object{}, object{}
	actions := object{}
	for _, b := range f.binds {
		connection, source := object{}, "embedded"
		if b.reference != "" {
			connection["connectionReferenceLogicalName"] = b.reference
		}
		if b.source != "" {
			source = b.source
		}
		bindings[b.key] = object{"runtimeSource": source, "connection": connection, "api": object{"name": b.connector}}
		for i := range b.operations {
			into := actions
			if i > 0 {
				into = inner
			}
			into[fmt.Sprintf("Run %s %d", b.key, i+1)] = object{"type": "OpenApiConnection", "inputs": object{
				"host": object{"connectionName": b.key, "operationId": "Run", "apiId": b.connector},
			}}
		}
	}
	if f.calls != "" {
		actions["Ask the other"] = object{"type": "Workflow", "inputs": object{
			"host": object{"workflowReferenceName": f.calls},
		}}
	}
	if len(inner) > 0 {
		actions[`Each "crate" | #`] = object{"type": "Foreach", "actions": inner}
	}
	if f.takes != "" {
		parameters["Site ("+f.takes+")"] = object{"type": "String", "metadata": object{"schemaName": f.takes}}
	}
	return exportJSON(object{"properties": object{
		"connectionReferences": bindings,
		"definition": object{
			"parameters": parameters,
			"triggers":   object{"manual": object{"type": "Request", "kind": "Button"}},
			"actions":    actions,
		},
	}})
}

// exportGraph reads solutions, sorted by name, and further files.
func exportGraph(tb testing.TB, solutions []exportSolution, more map[string]string, envs ...graph.Inventory) *graph.Graph {
	tb.Helper()
	files := fstest.MapFS{}
	for _, s := range solutions {
		s.write(files)
	}
	for name, text := range more {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	in := graph.Input{Environments: envs}
	for place, err := range solution.FindFS(tb.Context(), files, nil) {
		require.NoError(tb, err)
		sol, err := place.Open(tb.Context(), nil)
		require.NoError(tb, err)
		in.Solutions = append(in.Solutions, sol)
	}
	return graph.New(in)
}

// The flows of the orchard.
const (
	weigh = "3a1f9c40-52d7-4e0b-8a64-0c1d7e5b9f01"
	press = "3a1f9c40-52d7-4e0b-8a64-0c1d7e5b9f02"
	stall = "3a1f9c40-52d7-4e0b-8a64-0c1d7e5b9f03"
	juice = "3a1f9c40-52d7-4e0b-8a64-0c1d7e5b9f04"
)

// orchard holds every kind of node and of edge in two solutions and a legacy flow package, and in its names every
// character that some export could stumble over.
func orchard(tb testing.TB) *graph.Graph {
	const customRow = "{b7c4e6a2-90f1-4d3c-a5b8-2e6f1d0c9a77}"
	const pressConnector = "shared_orc-5fpress-20monitor-5f"
	base := exportSolution{
		name:  "OrchardBase",
		title: `Orchard "Base" | shared`,
		references: []exportReference{
			{name: "orc_Mail", title: `Mail <office> & "friends"`, connector: "shared_office365"},
			{name: "orc_Press", title: "Press #1; monitor", connector: pressConnector + "00aa11bb22cc33dd", custom: customRow},
			{name: "orc_Idle", title: `=HYPERLINK("http://x.example";"click")`, connector: "shared_teams"},
		},
		flows: []exportFlow{
			{id: weigh, title: `Weigh apples\crates`, takes: "orc_Site", binds: []exportBinding{
				{key: "shared_office365", reference: "orc_mail", connector: "shared_office365", operations: 3},
				{key: "shared_office365_1", reference: "orc_Mail", connector: "shared_office365", operations: 1},
			}},
			{id: press, title: "1. Press *all* %%{init: {'theme':'dark'}}%% style:\"x\"", binds: []exportBinding{
				{key: "p", reference: "orc_Press", connector: pressConnector + "00aa11bb22cc33dd", operations: 1},
				{key: "m", reference: "orc_Mail", connector: "shared_office365", source: "invoker", operations: 1},
			}},
		},
		parts: `<CanvasApps><CanvasApp><Name>orc_pickers_1a2b3</Name><DisplayName>Picker's &lt;app&gt;</DisplayName>` +
			`<ConnectionReferences>` + exportText(exportJSON(map[string]any{
			"1": map[string]any{
				"id":                                "/providers/microsoft.powerapps/apis/shared_office365",
				"xrmConnectionReferenceLogicalName": "orc_Mail",
			},
			"2": map[string]any{
				"id":                 "/providers/microsoft.powerapps/apis/shared_sharepointonline",
				"sharedConnectionId": "shared-sharepointonl-9",
			},
		})) + `</ConnectionReferences></CanvasApp></CanvasApps>` +
			`<Connectors><Connector><connectorid>` + customRow + `</connectorid><displayname>Press + &amp;lt; monitor` +
			`</displayname><name>orc_5Fpress-20monitor</name></Connector></Connectors>`,
		files: map[string]string{
			"environmentvariabledefinitions/orc_Site/environmentvariabledefinition.xml": `<environmentvariabledefinition ` +
				`schemaname="orc_Site"><apiid>/providers/Microsoft.PowerApps/apis/shared_sharepointonline</apiid>` +
				`<displayname default="@Site -- of the year" /><type>100000004</type></environmentvariabledefinition>`,
		},
	}
	market := exportSolution{
		name:  "OrchardMarket",
		title: "Orchard Market 🍏",
		missing: `<MissingDependency><Required type="connectionreference" solution="OrchardBase (1.0.0.0)" ` +
			`id.connectionreferencelogicalname="orc_Mail" /><Dependent type="29" /></MissingDependency>`,
		references: []exportReference{{name: "orc_stall", connector: "shared_sharepointonline"}},
		flows: []exportFlow{
			{id: stall, title: "Close `stall` #5; then 50% off", off: true, binds: []exportBinding{
				{key: "shared_office365", reference: "orc_Mail", connector: "shared_office365", operations: 2},
				{key: "gone", reference: "orc_gone", connector: "shared_sql", operations: 1},
			}},
			{id: juice, title: "Sell\njuice – a name that is far too long for one line of any drawing", calls: weigh, binds: []exportBinding{
				{key: "s", reference: "orc_stall", connector: "shared_sharepointonline", operations: 1},
				{key: "r", connector: "shared_rss", operations: 1},
			}},
		},
		files: map[string]string{
			"Assets/botcomponent_connectionreferenceset.xml": `<botcomponent_connectionreferenceset>` +
				`<botcomponent_connectionreference botcomponentid.schemaname="orc_helper.topic.Prices" ` +
				`connectionreferenceid.connectionreferencelogicalname="orc_Mail" /></botcomponent_connectionreferenceset>`,
			"Assets/botcomponent_workflowset.xml": `<botcomponent_workflowset><botcomponent_workflow ` +
				`botcomponentid.schemaname="orc_helper.topic.Prices" workflowid.workflowid="` + juice +
				`" /></botcomponent_workflowset>`,
		},
	}
	legacy := map[string]string{
		"legacy/manifest.json": `{"details":{"displayName":"Old \u0001 pump"},"resources":{}}`,
		"legacy/Microsoft.Flow/flows/7d/definition.json": `{"properties":{"displayName":"Pump\u0007 \u202etuo",` +
			`"connectionReferences":{"shared_rss":{"connectionName":"shared-rss-1","source":"Embedded",` +
			`"id":"/providers/Microsoft.PowerApps/apis/shared_rss"}},"definition":{"triggers":{},"actions":{` +
			`"List":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"shared_rss"}}}}}}}`,
	}
	return exportGraph(tb, []exportSolution{base, market}, legacy, graph.Inventory{
		Name: "Orchard <Test>",
		Connections: []connref.Connection{
			{ID: "shared-office365-1", Connector: "shared_office365", DisplayName: "@pat", Status: connref.StatusConnected},
			{
				ID: "press-2", Connector: pressConnector + "ffee99887766aa55", DisplayName: "-Press|line\r\nΔ",
				Status: connref.StatusError,
			},
		},
		References: []connref.Reference{
			{LogicalName: "ORC_Mail", Connector: "shared_office365", Connection: "shared-office365-1"},
			{LogicalName: "orc_Press", Connector: pressConnector + "ffee99887766aa55", Connection: "press-2"},
			{LogicalName: "orc_Late", Connector: "shared_teams"},
		},
	})
}

// exportNames are the names that people give to things.
type exportNames struct{ flow, reference, solution, connection, environment string }

// exportNamed is one flow with one reference, bound to one connection in one environment.
func exportNamed(tb testing.TB, names exportNames) *graph.Graph {
	return exportGraph(tb, []exportSolution{{
		name:       "Named",
		title:      names.solution,
		references: []exportReference{{name: "orc_Mail", title: names.reference, connector: "shared_office365"}},
		flows: []exportFlow{{id: weigh, title: names.flow, binds: []exportBinding{
			{key: "m", reference: "orc_Mail", connector: "shared_office365", operations: 2},
		}}},
	}}, nil, graph.Inventory{
		Name: names.environment,
		Connections: []connref.Connection{
			{ID: "shared-office365-1", Connector: "shared_office365", DisplayName: names.connection},
		},
		References: []connref.Reference{
			{LogicalName: "orc_Mail", Connector: "shared_office365", Connection: "shared-office365-1"},
		},
	})
}

// hundredFlows are 5 solutions of 20 flows each. The first declares 4 references that all of them use, and each has 3
// or 4 of its own.
func hundredFlows(tb testing.TB) *graph.Graph {
	connectors := []string{
		"shared_office365", "shared_commondataserviceforapps", "shared_sharepointonline", "shared_teams", "shared_sql",
		"shared_approvals",
	}
	areas := []string{"Common", "Harvest", "Storage", "Sales", "Finance"}
	verbs := []string{"Notify", "Archive", "Check", "Remind about", "Import"}
	things := []string{"deliveries", "open orders", "cold rooms", "weekly figures of the press"}
	var solutions []exportSolution
	for i, area := range areas {
		s := exportSolution{name: fmt.Sprintf("Orchard%d%s", i, area), title: "Orchard " + area}
		own := 3
		if i == 0 {
			own = 4
		}
		for j := range own {
			s.references = append(s.references, exportReference{
				name:      fmt.Sprintf("orc_%s%d", area, j),
				title:     fmt.Sprintf("%s connection %d", area, j+1),
				connector: connectors[(i+j)%len(connectors)],
			})
		}
		if i > 0 {
			for j := range 4 {
				s.missing += fmt.Sprintf(`<MissingDependency><Required type="connectionreference" `+
					`solution="Orchard0Common (1.0.0.0)" id.connectionreferencelogicalname="orc_Common%d" />`+
					`<Dependent type="29" /></MissingDependency>`, j)
			}
		}
		for j := range 20 {
			f := exportFlow{
				id:    fmt.Sprintf("9e6d0b52-7f14-4c3a-b1d8-0000000%02d%03d", i, j),
				title: fmt.Sprintf("%s: %s %s", area, verbs[j%len(verbs)], things[j/len(verbs)]),
				off:   j%9 == 8,
			}
			ref := s.references[j%own]
			f.binds = append(f.binds, exportBinding{
				key: "own", reference: ref.name, connector: ref.connector, operations: 1 + j%4,
			})
			if common := j % 7; i > 0 && common < 4 {
				f.binds = append(f.binds, exportBinding{
					key: "common", reference: fmt.Sprintf("orc_Common%d", common),
					connector: connectors[common%len(connectors)], operations: 1 + j%2,
				})
			}
			s.flows = append(s.flows, f)
		}
		solutions = append(solutions, s)
	}
	return exportGraph(tb, solutions, nil)
}
