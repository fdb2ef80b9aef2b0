package flow_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// parse parses a flow that must be sound.
func parse(t testing.TB, raw string) *flow.Flow {
	t.Helper()
	f, problems := flow.Parse(source.NewFile("Workflows/F.json", []byte(raw)), nil)
	require.Empty(t, problems)
	require.True(t, f.IsFlow())
	return f
}

func read(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(raw)
}

// flowOf is a flow of connection references, triggers and actions, each as JSON without its braces.
func flowOf(references, triggers, actions string) string {
	return `{"properties":{"connectionReferences":{` + references + `},"definition":{"triggers":{` + triggers +
		`},"actions":{` + actions + `}}},"schemaVersion":"1.0.0.0"}`
}

// operation is what a test says about an operation: its form and place in words.
type operation struct {
	At, Path, Type, Host, Key, KeyAt, OperationID, Connector, ChildFlow, Authentication string
	Depth                                                                               int
}

func operationsOf(f *flow.Flow) (all []operation) {
	for op := range f.Operations() {
		p := f.Position(op.At)
		row := operation{
			At: fmt.Sprintf("%d:%d", p.Line, p.Column), Path: op.Path(), Type: op.Type, Depth: op.Depth,
			Host: op.Host.Form.String(), Key: op.Host.Key, OperationID: op.Host.OperationID,
			Connector: string(op.Host.Connector), ChildFlow: op.Host.ChildFlow,
			Authentication: strings.TrimSpace(op.Authentication.Kind.String() + " " + op.Authentication.Type),
		}
		if op.Kind != "" {
			row.Type += " " + op.Kind
		}
		if !op.Host.KeyAt.IsZero() {
			p := f.Position(op.Host.KeyAt)
			row.KeyAt = fmt.Sprintf("%d:%d %s", p.Line, p.Column, f.File().Slice(op.Host.KeyAt.Span))
		}
		all = append(all, row)
	}
	return all
}

var loanOperations = []operation{
	{
		At: "78:10", Path: "For a selected book", Type: "Request ApiConnection", Host: "parameters",
		Key: "shared_sharepointonline", KeyAt: "91:55 shared_sharepointonline", OperationID: "GetItemTrigger",
		Authentication: "none",
	},
	{At: "99:10", Path: "Try", Type: "Scope", Host: "none", Authentication: "none"},
	{At: "102:14", Path: "Try > Each copy", Type: "Foreach", Host: "none", Authentication: "none", Depth: 1},
	{At: "106:18", Path: "Try > Each copy > Is lent", Type: "If", Host: "none", Authentication: "none", Depth: 2},
	{
		At: "112:22", Path: "Try > Each copy > Is lent > Recall it", Type: "OpenApiConnection", Host: "key",
		Key: "shared_office365_1", KeyAt: "116:46 shared_office365_1", OperationID: "SendEmailV2",
		Connector: "/providers/Microsoft.PowerApps/apis/shared_office365", Authentication: "parameter", Depth: 3,
	},
	{
		At: "129:24", Path: "Try > Each copy > Is lent (else) > Until shelved", Type: "Until", Host: "none",
		Authentication: "none", Depth: 3,
	},
	{
		At: "137:28", Path: "Try > Each copy > Is lent (else) > Until shelved > Look at the shelf", Type: "ApiConnection",
		Host: "trigger data", Key: "Läser's 📚", KeyAt: "142:127 Läser''s 📚", Authentication: "invoker Raw", Depth: 4,
	},
	{At: "160:14", Path: "Try > Which desk", Type: "Switch", Host: "none", Authentication: "none", Depth: 1},
	{
		At: "165:20", Path: "Try > Which desk (default) > Ask someone", Type: "Workflow", Host: "child flow",
		ChildFlow: "6f1a2b3c-0d4e-4f50-8a61-72839405a6b7", Authentication: "none", Depth: 2,
	},
	{
		At: "184:22", Path: "Try > Which desk (case North) > Read the card", Type: "OpenApiConnectionWebhook",
		Host: "key", Key: "Läser's 📚", KeyAt: "190:46 Läser's 📚", OperationID: "ReadCard",
		Authentication: "none", Depth: 2,
	},
	{At: "204:10", Path: "Catch", Type: "Scope", Host: "none", Authentication: "none"},
	{
		At: "210:14", Path: "Catch > Report", Type: "Http", Host: "none", Authentication: "own ActiveDirectoryOAuth",
		Depth: 1,
	},
	{
		At: "233:14", Path: "Catch > Guess", Type: "OpenApiConnection", Host: "key", Key: "shared_sharepointonline-2",
		KeyAt: "237:38 shared_sharepointonline-2", OperationID: "aibuilderpredict_text",
		Connector:      "providers/Microsoft.ProcessSimple/operationGroups/aibuilder",
		Authentication: "expression", Depth: 1,
	},
	{At: "244:14", Path: "Catch > Compose a host", Type: "Compose", Host: "none", Authentication: "none", Depth: 1},
}

func TestParse(t *testing.T) {
	f := parse(t, read(t, "loans.json"))
	if diff := cmp.Diff(loanOperations, operationsOf(f)); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if f.OperationCount() != len(loanOperations) || f.TriggerKind() != flow.TriggerButton || f.DisplayName() != "" {
		t.Errorf("Len, Trigger, DisplayName = %d, %s, %q", f.OperationCount(), f.TriggerKind(), f.DisplayName())
	}

	want := []flow.Binding{
		{
			Key: "shared_sharepointonline", Reference: "lib_Catalogue", Connector: "shared_sharepointonline",
			Source: flow.Embedded,
		},
		{
			Key: "shared_sharepointonline-2", Reference: "lib_catalogue.shared.B4", Connector: "shared_sharepointonline",
			Source: flow.Invoker, Impersonation: "invoker",
		},
		{Key: "shared_office365_1", Connector: "shared_office365", Source: flow.Embedded},
		{
			Key: "Läser's 📚", Reference: "lib_readers", Connector: "shared_lib-5freaders-5f0123456789abcdef",
			ConnectorName: "lib_5Freaders", Source: flow.Embedded,
		},
	}
	got := slices.Collect(f.Bindings())
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(source.Location{})); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
	places := [][2]string{}
	for _, b := range got {
		places = append(places, [2]string{f.Position(b.At).String(), ""})
		if !b.Direct() {
			places[len(places)-1][1] = f.Position(b.ReferenceAt).String()
		}
	}
	const name = "Workflows/F.json:"
	if diff := cmp.Diff([][2]string{
		{name + "4:8", name + "7:46"}, {name + "13:8", name + "16:46"}, {name + "25:8", ""}, {name + "33:8", name + "39:46"},
	}, places); diff != "" {
		t.Errorf("places of keys and references (-want +got):\n%s", diff)
	}
	if p := f.Position(got[3].ReferenceAt).Pointer; p !=
		"/properties/connectionReferences/Läser's 📚/connection/connectionReferenceLogicalName" {
		t.Errorf("pointer of a reference = %s", p)
	}

	variables := []flow.Variable{
		{Parameter: "Desk (lib_Desk)", SchemaName: "lib_Desk", Type: "String"},
		{Parameter: "Days of a loan", SchemaName: "lib_LoanDays", Type: "Int"},
	}
	if diff := cmp.Diff(variables, slices.Collect(f.Variables()), cmpopts.IgnoreTypes(source.Location{})); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	for v := range f.Variables() {
		if got := f.File().Slice(v.At.Span); got != v.Parameter {
			t.Errorf("variable %s stands at %q", v.Parameter, got)
		}
	}
}

func TestLegacyPackage(t *testing.T) {
	f := parse(t, read(t, "legacy/definition.json"))
	want := []flow.Binding{
		{
			Key: "shared_sensors", Connector: "/providers/Microsoft.PowerApps/apis/shared_sensors",
			Connection: "shared-sensors-5b0cf3a1-6d2e-4f70-9a8b-1c2d3e4f5a6b", Source: flow.Embedded,
		},
		{
			Key: "shared_valves", Connector: "/providers/Microsoft.PowerApps/apis/shared_valves",
			Connection: "5b0cf3a16d2e4f709a8b1c2d3e4f5a6b", Source: flow.Invoker,
		},
	}
	got := slices.Collect(f.Bindings())
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(source.Location{})); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
	uses := map[string][]string{}
	for _, b := range got {
		for op := range f.UsersOf(b.Key) {
			uses[b.Key] = append(uses[b.Key], op.Name+": "+op.Host.Form.String())
		}
	}
	if diff := cmp.Diff(map[string][]string{
		"shared_sensors": {"Read moisture: parameters"}, "shared_valves": {"Open the valve: key"},
	}, uses); diff != "" {
		t.Errorf("uses (-want +got):\n%s", diff)
	}
	if f.DisplayName() != "Water the plants" || f.TriggerKind() != flow.TriggerScheduled {
		t.Errorf("DisplayName, Trigger = %q, %s", f.DisplayName(), f.TriggerKind())
	}
}

func TestLookups(t *testing.T) {
	f := parse(t, read(t, "loans.json"))
	if b, ok := f.Binding("shared_office365_1"); !ok || !b.Direct() {
		t.Errorf("Binding = %+v, %t", b, ok)
	}
	for _, key := range []string{"Shared_Office365_1", "shared_office365", "lib_readers", ""} {
		if b, ok := f.Binding(key); ok {
			t.Errorf("Binding(%q) = %+v, want none: keys are compared exactly", key, b)
		}
		for op := range f.UsersOf(key) {
			t.Errorf("UsersOf(%q) has %s", key, op.Name)
		}
	}
	for call := range f.Calls() {
		if call.Name != "Ask someone" {
			t.Errorf("Calls has %s", call.Name)
		}
	}
	// Whoever has enough can stop.
	for range f.Bindings() {
		break
	}
	for range f.Variables() {
		break
	}
	for op := range f.Operations() {
		if op.Parent != nil {
			break
		}
	}
}

func TestVariables(t *testing.T) {
	f := parse(t, `{"properties":{"definition":{"parameters":{
		"$connections":{"defaultValue":{"metadata":{"schemaName":"x_Data"}},"type":"Object"},
		"Site (a_Site)":{"defaultValue":"https://a.example","type":"String","metadata":{"schemaName":"a_Site"}},
		"Site (a_Site) ":{"type":"String","metadata":{"schemaName":"A_site"}},
		"Said (a_Other)":{"type":"String","metadata":{"description":"not a variable"}},
		"No name":{"type":"String","metadata":{"schemaName":""}},
		"Number":{"type":"String","metadata":{"schemaName":7}},
		"Text":{"type":"String","metadata":"schemaName"},
		"\u0042are":{"metadata":{"schemaName":"b_\u0042are"}}
	},"actions":{"x":{"inputs":{"metadata":{"schemaName":"x_Data"}}}}},
	"parameters":{"P":{"metadata":{"schemaName":"x_Outside"}}}}}`)
	want := []flow.Variable{
		{Parameter: "Site (a_Site)", SchemaName: "a_Site", Type: "String"},
		{Parameter: "Site (a_Site) ", SchemaName: "A_site", Type: "String"},
		{Parameter: "Bare", SchemaName: "b_Bare"},
	}
	if diff := cmp.Diff(want, slices.Collect(f.Variables()), cmpopts.IgnoreTypes(source.Location{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
