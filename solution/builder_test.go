package solution_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image/png"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// builtLayouts are the layouts that can be built.
var builtLayouts = []solution.Layout{solution.LayoutZip, solution.LayoutFolder, solution.LayoutUnpacked}

func contoso() solution.Manifest {
	return solution.Manifest{
		UniqueName:  "ContosoOrders",
		DisplayName: "Contoso Orders",
		Description: "Orders & \"invoices\"",
		Version:     "1.4.0.0",
		Publisher: solution.Publisher{
			UniqueName: "contoso", DisplayName: "Contoso Ltd.", Prefix: "contoso", OptionValuePrefix: "10047",
		},
	}
}

const ordersAPI = `{
  "swagger": "2.0",
  "info": {"title": "Orders", "version": "1.0"},
  "host": "orders.contoso.com",
  "paths": {
    "/orders": {
      "get": {"operationId": "ListOrders", "parameters": [{"name": "top", "default": 1.0}]},
      "post": {"operationId": "CreateOrder"}
    }
  }
}`

const keyVaultPath = "/subscriptions/0b1e6c1a-52f7-4f0a-9c53-6d2f0a7be101/resourceGroups/orders/providers/" +
	"Microsoft.KeyVault/vaults/contoso/secrets/orders"

func ordersConnector() solution.NewConnector {
	return solution.NewConnector{
		Name:             "contoso_Orders v2",
		DisplayName:      "Orders",
		Description:      "What customers ordered",
		IconBrandColor:   "#1F3864",
		OpenAPI:          json.RawMessage(ordersAPI),
		Parameters:       json.RawMessage(`{"token": {"type": "oauthSetting"}}`),
		ParameterSets:    json.RawMessage(`{"values": [{"name": "a", "parameters": {"token": {"type": "oauthSetting"}}}]}`),
		Policies:         json.RawMessage(`[{"templateId": "setheader", "title": "Header"}]`),
		Script:           "public class Script : ScriptBase\n{\n}\n",
		ScriptOperations: []string{"ListOrders"},
	}
}

func orderVariables() []solution.NewVariable {
	return []solution.NewVariable{
		{SchemaName: "contoso_Site", DisplayName: "Site", Type: solution.VariableDataSource,
			Connector: "shared_sharepointonline", ParameterKey: "dataset", Value: "https://contoso.sharepoint.com"},
		{SchemaName: "contoso_List", DisplayName: "List", Type: solution.VariableDataSource, Parent: "contoso_Site",
			Connector: "/providers/Microsoft.PowerApps/apis/shared_sharepointonline", ParameterKey: "table"},
		{SchemaName: "contoso_Tax", DisplayName: "Tax", Type: solution.VariableNumber, Default: "-0.5", Required: true},
		{SchemaName: "contoso_Active", DisplayName: "Active", Type: solution.VariableBoolean, Default: "yes", Value: "no"},
		{SchemaName: "contoso_Map", Description: "Which is\nwhich", Type: solution.VariableJSON, Default: `{"a": "<b>"}`},
		{SchemaName: "contoso_Greeting", DisplayName: "Greeting", Type: solution.VariableString, Value: "\"Dear\"\r\nall"},
		{SchemaName: "contoso_Key", DisplayName: "Key", Type: solution.VariableSecret, Default: keyVaultPath},
	}
}

// syncName is a flow's name with what the name of its file lacks.
const syncName = "Sync orders: Größe, 100%_now (a name that is longer than files have)"

// orders is a solution with something of everything.
func orders(tb testing.TB, m solution.Manifest) *solution.Builder {
	tb.Helper()
	b := solution.NewBuilder(m)
	b.AddVariable(orderVariables()[0])
	for _, v := range orderVariables()[1:] {
		b.AddVariable(v)
	}
	api := b.AddConnector(ordersConnector())
	b.AddReference(
		connref.Reference{LogicalName: "contoso_orders", DisplayName: "Orders", Connector: api.ID},
		connref.Reference{LogicalName: "Contoso_Mail", DisplayName: "Mail <out>", Description: "Two\nlines",
			Connector: "shared_office365", Prompting: connref.SkipPrompt, Customizable: connref.No},
		connref.Reference{LogicalName: "cr8dc_agent.shared_lost", DisplayName: "Lost",
			Connector:       "/providers/Microsoft.PowerApps/apis/shared_lost-5fapi-5f0123456789abcdef",
			CustomConnector: guid(tb, intakeID), Connection: "shared-lost-1", Owner: connref.Principal{Name: "somebody"}})
	b.AddExternal("ContosoCommon (2.0.0.1)", connref.Reference{LogicalName: "common_files", Connector: "shared_office365"},
		connref.Reference{LogicalName: "common_unused", Connector: "shared_office365"})
	b.AddExternal("", connref.Reference{LogicalName: "common_legacy",
		Connector: "shared_common-5flegacy-20api-5f0123456789abcdef", CustomConnector: guid(tb, digestID)})

	sync := b.NewFlow(solution.Workflow{Name: syncName,
		Description: "Every day\nat night", On: true, Category: solution.CategoryCloudFlow})
	sync.Bind(flow.Binding{Key: "orders", Reference: "contoso_orders", Connector: api.ID},
		flow.Binding{Key: "legacy", Reference: "common_legacy",
			Connector: "shared_common-5flegacy-20api-5f0123456789abcdef"})
	sync.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
	site := sync.Parameter(flow.Parameter{SchemaName: "contoso_Site", DisplayName: "Site", Type: flow.StringParameter})
	other := sync.Parameter(flow.Parameter{SchemaName: "common_Tenant", Type: flow.StringParameter})
	sync.Add("List", flow.Call{Key: "orders", Operation: "ListOrders", Parameters: flow.Object{"site": site}})
	sync.Add("Tell", flow.Call{Key: "legacy", Operation: "Anything", Parameters: flow.Object{"to": other}})
	sync.Add("Report", flow.RunFlow{Flow: b.FlowID("名前")})
	sync.Add("Archive", flow.RunFlow{Flow: guid(tb, erpID)})

	b.AddFlow(solution.Workflow{Name: "名前", Modern: 1},
		parseFlow(tb, manual(flowJSON("mail contoso_mail", "files COMMON_files", "more common_nobody", "direct "))))
	return b
}

// manual is a flow of flowJSON that others can call.
func manual(text string) string {
	return strings.Replace(text, `"Recurrence": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}`,
		`"manual": {"type": "Request", "kind": "Button", "inputs": {}}`, 1)
}

func parseFlow(tb testing.TB, text string) *flow.Flow {
	tb.Helper()
	f, problems := flow.Parse(source.NewFile("somewhere/else.json", []byte(text)), nil)
	require.NoError(tb, problems.Err())
	return f
}

func build(tb testing.TB, b *solution.Builder, layout solution.Layout) *solution.Solution {
	tb.Helper()
	sol, err := b.Build(layout)
	require.NoError(tb, err)
	return sol
}

// filesOf are the files of a solution, in order, and what they hold.
func filesOf(tb testing.TB, sol *solution.Solution) (names []string, files tree) {
	tb.Helper()
	files = tree{}
	for name := range sol.Files() {
		file, err := sol.File(name)
		require.NoError(tb, err)
		names, files[name] = append(names, name), string(file.Bytes())
	}
	return names, files
}

var withoutPlaces = cmp.Options{cmpopts.IgnoreTypes(source.Location{}), cmpopts.EquateEmpty()}

// What is built is what was asked for, the same in every layout.
func TestBuild(t *testing.T) {
	m := contoso()
	apiID := connref.ConnectorID("shared_contoso-5forders-20v2-5f" + ordersTail())
	custom := connref.DeriveGUID("connector", "ContosoOrders", "contoso_Orders v2")
	syncID := connref.DeriveGUID("flow", "ContosoOrders", syncName)
	nameID := connref.DeriveGUID("flow", "ContosoOrders", "名前")
	fileName := func(stem string, id connref.FlowID) string {
		return "Workflows/" + stem + "-" + strings.ToUpper(id.String()) + ".json"
	}
	sync := solution.Workflow{ID: syncID, Name: syncName,
		Description: "Every day\nat night", On: true, Category: solution.CategoryCloudFlow, Listed: true,
		FileName: fileName("SyncordersGre100_nowanamethatislongerthanfileshave", syncID)}
	name := solution.Workflow{ID: nameID, Name: "名前", Modern: 1, Category: solution.CategoryCloudFlow, Listed: true,
		FileName: fileName("", nameID)}
	syncSide, nameSide := solution.DependentFlow(sync), solution.DependentFlow(name)
	required := func(kind, name, from, key string) solution.Component {
		keys := []source.Attr{{Name: key, Value: name}}
		return solution.Component{Type: kind, DisplayName: name, Solution: from, Keys: keys}
	}
	legacy := solution.Component{Type: "372", SchemaName: "common_5Flegacy-20api", Solution: "Active",
		ID: "{" + digestID + "}"}
	lost := solution.Component{Type: "372", SchemaName: "lost_5Fapi", Solution: "Active", ID: "{" + intakeID + "}"}
	lostSide := required("connectionreference", "cr8dc_agent.shared_lost", "", "id.connectionreferencelogicalname")

	for _, layout := range builtLayouts {
		t.Run(layout.String(), func(t *testing.T) {
			sol := build(t, orders(t, m), layout)
			wantProblems(t, sol)
			have := sol.Manifest()
			have.RootComponents, have.MissingDependencies = nil, nil
			want := m
			want.Managed = solution.ManagedNo
			if diff := cmp.Diff(want, have, withoutPlaces); diff != "" {
				t.Errorf("manifest (-want +got):\n%s", diff)
			}
			if sol.Layout() != layout || sol.Path() != "ContosoOrders" {
				t.Errorf("layout %v, path %q", sol.Layout(), sol.Path())
			}
			roots := []solution.RootComponent{ // sorted
				{Type: "29", ID: syncID, Behavior: "0"},
				{Type: "29", ID: nameID, Behavior: "0"},
				{Type: "372", ID: custom, SchemaName: "contoso_5Forders-20v2", Behavior: "0"},
			}
			if diff := cmp.Diff(roots, sol.Manifest().RootComponents, withoutPlaces); diff != "" {
				t.Errorf("root components (-want +got):\n%s", diff)
			}
			missing := []solution.MissingDependency{
				{Required: solution.Component{Type: "29", Solution: "Active", ID: "{" + erpID + "}"}, Dependent: syncSide},
				{Required: legacy, Dependent: syncSide},
				{Required: lost, Dependent: lostSide},
				{Required: required("connectionreference", "common_files", "ContosoCommon (2.0.0.1)",
					"id.connectionreferencelogicalname"), Dependent: nameSide},
				{Required: required("connectionreference", "common_legacy", "Active", "id.connectionreferencelogicalname"),
					Dependent: syncSide},
				{Required: required("connectionreference", "common_nobody", "Active", "id.connectionreferencelogicalname"),
					Dependent: nameSide},
				{Required: required("EnvironmentVariableDefinition", "common_Tenant", "Active", "id.schemaname"),
					Dependent: syncSide},
			}
			if diff := cmp.Diff(missing, sol.Manifest().MissingDependencies, withoutPlaces); diff != "" {
				t.Errorf("missing dependencies (-want +got):\n%s", diff)
			}

			refs := []connref.Reference{
				{LogicalName: "Contoso_Mail", DisplayName: "Mail <out>", Description: "Two\nlines",
					Connector: "/providers/Microsoft.PowerApps/apis/shared_office365", Prompting: connref.SkipPrompt,
					Customizable: connref.No, Status: 1},
				{LogicalName: "contoso_orders", DisplayName: "Orders", CustomConnector: custom,
					Connector: "/providers/Microsoft.PowerApps/apis/" + apiID, Customizable: connref.Yes, Status: 1},
				{LogicalName: "cr8dc_agent.shared_lost", DisplayName: "Lost", CustomConnector: guid(t, intakeID),
					Connector:    "/providers/Microsoft.PowerApps/apis/shared_lost-5fapi-5f0123456789abcdef",
					Customizable: connref.Yes, Status: 1},
			}
			if diff := cmp.Diff(refs, slices.Collect(sol.References()), withoutPlaces); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
			workflows := []solution.Workflow{}
			for f := range sol.Flows() { // sorted by file name
				workflows = append(workflows, f.Workflow)
			}
			if diff := cmp.Diff([]solution.Workflow{name, sync}, workflows, withoutPlaces); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
			connectors := []solution.CustomConnector{{ID: custom, Name: "contoso_5Forders-20v2", DisplayName: "Orders",
				Description: "What customers ordered"}}
			if diff := cmp.Diff(connectors, slices.Collect(sol.Connectors()), withoutPlaces); diff != "" {
				t.Errorf("connectors (-want +got):\n%s", diff)
			}
			site := connref.ConnectorID("/providers/microsoft.powerapps/apis/shared_sharepointonline")
			variables := []solution.Variable{
				{SchemaName: "contoso_Active", DisplayName: "Active", Type: solution.VariableBoolean,
					HasDefault: true, HasValue: true},
				{SchemaName: "contoso_Greeting", DisplayName: "Greeting", Type: solution.VariableString, HasValue: true},
				{SchemaName: "contoso_Key", DisplayName: "Key", Type: solution.VariableSecret, HasDefault: true},
				{SchemaName: "contoso_List", DisplayName: "List", Type: solution.VariableDataSource, ParameterKey: "table",
					Connector: "/providers/Microsoft.PowerApps/apis/shared_sharepointonline"},
				{SchemaName: "contoso_Map", DisplayName: "contoso_Map", Type: solution.VariableJSON, HasDefault: true},
				{SchemaName: "contoso_Site", DisplayName: "Site", Type: solution.VariableDataSource, ParameterKey: "dataset",
					Connector: site, HasValue: true},
				{SchemaName: "contoso_Tax", DisplayName: "Tax", Type: solution.VariableNumber, HasDefault: true},
			}
			if diff := cmp.Diff(variables, slices.Collect(sol.Variables()), withoutPlaces); diff != "" {
				t.Errorf("variables (-want +got):\n%s", diff)
			}
			for f := range sol.Flows() {
				if b, ok := f.Binding("orders"); ok && b.ConnectorName != "contoso_5Forders-20v2" {
					t.Errorf("%s: the custom connector is called %q", f.Name, b.ConnectorName)
				}
			}
			states := map[string]solution.State{}
			for f := range sol.Flows() {
				for b := range f.Bindings() {
					states[b.Key] = sol.State(b)
				}
			}
			wantStates := map[string]solution.State{"orders": solution.Declared, "legacy": solution.External,
				"mail": solution.Declared, "files": solution.External, "more": solution.External, "direct": solution.Direct}
			if diff := cmp.Diff(wantStates, states); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
		})
	}
}

func ordersTail() string {
	id := connref.DeriveGUID("environment", "ContosoOrders")
	return strings.ReplaceAll(id.String(), "-", "")[:16]
}

// What is built can be written, read and changed as what was opened can.
func TestBuiltIsWritten(t *testing.T) {
	for _, layout := range builtLayouts {
		t.Run(layout.String(), func(t *testing.T) {
			sol := build(t, orders(t, contoso()), layout)
			names, files := filesOf(t, sol)
			want := viewOf(sol)

			out := t.TempDir()
			require.NoError(t, writeDir(t, sol, out))
			if diff := cmp.Diff(files, read(t, out)); diff != "" {
				t.Errorf("the folder holds something else:\n%s", diff)
			}
			fromDir, err := solution.Open(t.Context(), out, nil)
			require.NoError(t, err)
			if diff := cmp.Diff(want, viewOf(fromDir)); diff != "" {
				t.Errorf("the folder is another solution:\n%s", diff)
			}

			var packed bytes.Buffer
			err = sol.WriteZip(t.Context(), &packed)
			if layout == solution.LayoutUnpacked {
				if !errors.Is(err, solution.ErrLayout) {
					t.Errorf("WriteZip: %v, want ErrLayout", err)
				}
				return
			}
			require.NoError(t, err)
			fromZip := openZip(t, packed.Bytes())
			if diff := cmp.Diff(want, viewOf(fromZip)); diff != "" {
				t.Errorf("the archive is another solution:\n%s", diff)
			}
			inZip, zipped := filesOf(t, fromZip)
			if diff := cmp.Diff(names, inZip); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(files, zipped); diff != "" {
				t.Errorf("the archive holds something else:\n%s", diff)
			}
			if last := names[len(names)-1]; names[0] != "customizations.xml" || names[1] != "solution.xml" ||
				last != "[Content_Types].xml" {
				t.Errorf("entries are in another order than exports': %q", names)
			}

			ref, err := sol.Reference("contoso_mail")
			require.NoError(t, err)
			next, err := sol.With(source.Change{File: "Other/new.txt", Create: []byte("new")},
				source.Change{File: ref.At.File, Edits: []source.Edit{}})
			require.NoError(t, err)
			types, err := next.File("[Content_Types].xml")
			require.NoError(t, err)
			if !strings.Contains(types.Text(), `Extension="txt"`) {
				t.Errorf("With doesn't keep the content types: %s", types.Text())
			}
		})
	}
}

// Builders that are given the same make the same bytes, in whatever order, and one that goes on makes more.
func TestBuildAgain(t *testing.T) {
	b, other := orders(t, contoso()), orders(t, contoso())
	for _, layout := range builtLayouts {
		_, first := filesOf(t, build(t, b, layout))
		_, again := filesOf(t, build(t, b, layout))
		_, same := filesOf(t, build(t, other, layout))
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("%v: built twice (-first +second):\n%s", layout, diff)
		}
		if diff := cmp.Diff(first, same); diff != "" {
			t.Errorf("%v: built by another (-first +second):\n%s", layout, diff)
		}
	}
	before := build(t, b, solution.LayoutZip)
	names, files := filesOf(t, before)
	view := viewOf(before)
	b.AddReference(connref.Reference{LogicalName: "contoso_a", DisplayName: "A", Connector: "shared_a"})
	after := build(t, b, solution.LayoutZip)
	if _, err := after.Reference("contoso_a"); err != nil {
		t.Error(err)
	}
	if n, f := filesOf(t, before); !slices.Equal(names, n) || !maps.Equal(files, f) || !cmp.Equal(view, viewOf(before)) {
		t.Error("going on changed what was built before")
	}
}

// What callers do with what they passed doesn't matter any more.
func TestBuildSharesNoMemory(t *testing.T) {
	c := ordersConnector()
	c.Icon = []byte("\x89PNG\r\n\x1a\nicon")
	b := solution.NewBuilder(contoso())
	b.AddConnector(c)
	_, want := filesOf(t, build(t, b, solution.LayoutZip))
	for _, raw := range [][]byte{c.OpenAPI, c.Parameters, c.ParameterSets, c.Policies, c.Icon} {
		clear(raw)
	}
	clear(c.ScriptOperations)
	_, got := filesOf(t, build(t, b, solution.LayoutZip))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what was passed is still used:\n%s", diff)
	}
}

// The bytes of a flow that is added stay as they are, whatever the layout.
func TestBuildKeepsFlows(t *testing.T) {
	for _, text := range []string{
		"\ufeff" + flowJSON("mail contoso_mail"),
		strings.ReplaceAll(flowJSON("mail contoso_mail"), "\n", "\r\n"),
		strings.Replace(flowJSON("mail contoso_mail"), `"interval": 1`, `"interval": 1.0, "ü": "\u00fc"`, 1),
	} {
		b := solution.NewBuilder(contoso())
		b.AddReference(connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"})
		b.AddFlow(solution.Workflow{Name: "Kept", ID: guid(t, intakeID)}, parseFlow(t, text))
		for _, layout := range builtLayouts {
			_, files := filesOf(t, build(t, b, layout))
			if got := files["Workflows/Kept-"+strings.ToUpper(intakeID)+".json"]; got != text {
				t.Errorf("%v: the flow is %q, want %q", layout, got, text)
			}
		}
	}
}

// The least that a solution can be.
func TestBuildEmpty(t *testing.T) {
	m := solution.Manifest{UniqueName: "_a", Version: "0.1", Publisher: solution.Publisher{UniqueName: "b", Prefix: "c1"}}
	for _, managed := range []solution.Managed{solution.ManagedUnknown, solution.ManagedNo, solution.ManagedYes,
		solution.ManagedBoth} {
		m.Managed = managed
		sol, err := solution.NewBuilder(m).Build(solution.LayoutUnpacked)
		require.NoError(t, err)
		want := managed
		if managed == solution.ManagedUnknown {
			want = solution.ManagedNo
		}
		have := sol.Manifest()
		if have.Managed != want || have.DisplayName != "_a" || have.Publisher.DisplayName != "b" ||
			len(have.Publisher.OptionValuePrefix) != 5 {
			t.Errorf("manifest is %+v", have)
		}
	}
	m.Managed = solution.ManagedYes
	names, files := filesOf(t, build(t, solution.NewBuilder(m), solution.LayoutZip))
	if diff := cmp.Diff([]string{"customizations.xml", "solution.xml", "[Content_Types].xml"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if strings.Contains(files["customizations.xml"], "onnect") {
		t.Errorf("there are elements of what isn't there: %s", files["customizations.xml"])
	}
}

// A manifest that was read begins a solution of its own.
func TestBuildFromManifest(t *testing.T) {
	m := build(t, orders(t, contoso()), solution.LayoutZip).Manifest()
	require.NotEmpty(t, m.RootComponents)
	require.NotEmpty(t, m.MissingDependencies)
	sol := build(t, solution.NewBuilder(m), solution.LayoutZip)
	have := sol.Manifest()
	if len(have.RootComponents)+len(have.MissingDependencies) > 0 || have.UniqueName != m.UniqueName {
		t.Errorf("manifest is %+v", have)
	}
}

func TestBuildLayout(t *testing.T) {
	for _, layout := range []solution.Layout{0, solution.LayoutFlowPackage, 255} {
		if sol, err := solution.NewBuilder(contoso()).Build(layout); !errors.Is(err, solution.ErrLayout) || sol != nil {
			t.Errorf("Build(%v) = %v, %v; want ErrLayout", layout, sol, err)
		}
	}
}

// Columns count UTF-16 code units.
func TestBuildLongestTexts(t *testing.T) {
	m := contoso()
	m.UniqueName, m.Publisher.Prefix = strings.Repeat("a", 65), "contosoo"
	m.DisplayName, m.Description = strings.Repeat("ä", 256), strings.Repeat("\U0001f600", 1000)
	b := solution.NewBuilder(m)
	b.AddFlow(solution.Workflow{Name: strings.Repeat("\U0001f600", 50)}, parseFlow(t, flowJSON()))
	b.AddVariable(solution.NewVariable{SchemaName: "contosoo_" + strings.Repeat("a", 91), Type: solution.VariableString,
		DisplayName: strings.Repeat("ä", 100), Default: strings.Repeat("ä", 2000)})
	build(t, b, solution.LayoutZip)
}

// Whoever waits for an archive can stop it.
func TestBuiltWriteEnds(t *testing.T) {
	sol := build(t, orders(t, contoso()), solution.LayoutZip)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sol.WriteZip(ctx, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("WriteZip: %v, want %v", err, context.Canceled)
	}
}

func TestFlowID(t *testing.T) {
	b := solution.NewBuilder(contoso())
	b.AddFlow(solution.Workflow{Name: "Known", ID: guid(t, intakeID)}, parseFlow(t, flowJSON()))
	if id := b.FlowID("Known"); id != guid(t, intakeID) {
		t.Errorf("FlowID of a flow with an id = %v", id)
	}
	if id := b.FlowID("Later"); id != connref.DeriveGUID("flow", "ContosoOrders", "Later") {
		t.Errorf("FlowID of a flow to come = %v", id)
	}
	build(t, b, solution.LayoutZip) // nobody calls it
}

func TestAddConnector(t *testing.T) {
	for name, want := range map[string]struct{ id, encoded string }{
		"contoso_orders":      {"shared_contoso-5forders-5f", "contoso_5Forders"},
		"contoso_Orders v2":   {"shared_contoso-5forders-20v2-5f", "contoso_5Forders-20v2"},
		"contoso_orders_v2":   {"shared_contoso-5forders-5fv2-5f", "contoso_5Forders-5Fv2"},
		"contoso_a - b/c.d&e": {"shared_contoso-5fa-20-2d-20b-2fc-2ed-26e-5f", "contoso_5Fa-20-2D-20b-2Fc-2Ed-26e"},
	} {
		b := solution.NewBuilder(contoso())
		got := b.AddConnector(solution.NewConnector{Name: name, OpenAPI: json.RawMessage(ordersAPI)})
		if got.ID != connref.ConnectorID(want.id+ordersTail()) || !got.ID.Custom() || got.DisplayName != "Orders" ||
			got.Premium() != connref.Yes {
			t.Errorf("%s: connector is %+v", name, got)
		}
		sol := build(t, b, solution.LayoutZip)
		for c := range sol.Connectors() {
			if c.Name != want.encoded || c.ID != got.Custom || c.DisplayName != "Orders" {
				t.Errorf("%s: built as %+v, want name %s", name, c, want.encoded)
			}
		}
	}
}

// The picture of a connector without one is a picture.
func TestBuildIcon(t *testing.T) {
	for icon, ending := range map[string]string{"": "Png", "\x89PNG\r\n\x1a\n...": "Png", "\xff\xd8\xff\xe0...": "Jpeg"} {
		b := solution.NewBuilder(contoso())
		b.AddConnector(solution.NewConnector{Name: "contoso_a", OpenAPI: json.RawMessage(ordersAPI), Icon: []byte(icon)})
		sol := build(t, b, solution.LayoutZip)
		file, err := sol.File("Connector/contoso_5Fa_iconblob." + ending)
		require.NoError(t, err)
		if got := string(file.Bytes()); icon != "" && got != icon {
			t.Errorf("icon is %q, want %q", got, icon)
		}
		if icon == "" {
			checkPicture(t, file.Bytes())
		}
		types, err := sol.File("[Content_Types].xml")
		require.NoError(t, err)
		if !strings.Contains(types.Text(), `<Default Extension="`+ending+`" `) {
			t.Errorf("no content type of %s in %s", ending, types.Text())
		}
	}
}

func checkPicture(t *testing.T, raw []byte) {
	t.Helper()
	if _, err := png.Decode(bytes.NewReader(raw)); err != nil {
		t.Errorf("the plain icon is no picture: %v", err)
	}
}

func TestBuildWritesOneZip(t *testing.T) {
	sol := build(t, orders(t, contoso()), solution.LayoutZip)
	path := t.TempDir() + "/orders.zip"
	require.NoError(t, sol.WriteZipFile(t.Context(), path))
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var again bytes.Buffer
	require.NoError(t, sol.WriteZip(t.Context(), &again))
	if !bytes.Equal(raw, again.Bytes()) {
		t.Error("written twice, other bytes")
	}
}

// A common solution holds the references of an estate, without what only its environment knows.
func TestAddEstate(t *testing.T) {
	var e connref.Builder
	e.AddConnection(connref.Connection{ID: "mailbox-1", Connector: "shared_office365"})
	e.AddReference(
		connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365",
			Connection: "mailbox-1"},
		connref.Reference{LogicalName: "contoso_files", DisplayName: "Files", Connector: "shared_onedrive"},
	)
	estate, err := e.Build()
	require.NoError(t, err)
	b := solution.NewBuilder(contoso())
	b.AddEstate(estate)
	var got []string
	for ref := range build(t, b, solution.LayoutZip).References() {
		got = append(got, string(ref.LogicalName)+" "+ref.Connector.Name()+" "+string(ref.Connection))
	}
	if diff := cmp.Diff([]string{"contoso_files shared_onedrive ", "contoso_mail shared_office365 "}, got); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}
