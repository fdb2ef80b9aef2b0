package flow_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

var update = flag.Bool("update", false, "write the golden files of built flows anew")

// The bytes of built flows are as they were, and laid out as the platform's own.
func TestBuiltFiles(t *testing.T) {
	for name, show := range showcases {
		t.Run(name, func(t *testing.T) {
			f := built(t, show())
			raw, golden := f.File().Bytes(), "testdata/builder/"+name+".json"
			if *update {
				require.NoError(t, os.WriteFile(golden, raw, 0o644))
			}
			if diff := cmp.Diff(read(t, "builder/"+name+".json"), string(raw)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
			platformsLayout(t, raw)
			if f.File().Name() != show().Name()+".json" {
				t.Errorf("the file is named %s", f.File().Name())
			}
		})
	}
}

var loneLineFeed = regexp.MustCompile(`(^|[^\r])\n`)

// platformsLayout tells whether bytes are JSON, laid out as the platform does.
func platformsLayout(t testing.TB, raw []byte) {
	t.Helper()
	var want bytes.Buffer
	require.NoError(t, json.Indent(&want, raw, "", "  "))
	indented := bytes.ReplaceAll(want.Bytes(), []byte("\n"), []byte("\r\n"))
	indented = bytes.ReplaceAll(indented, []byte("\r\r\n"), []byte("\r\n"))
	switch {
	case !bytes.HasPrefix(raw, []byte("{\r\n  \"")):
		t.Errorf("it begins with %q, not with a brace, \\r\\n and two spaces", raw[:min(8, len(raw))])
	case loneLineFeed.Match(raw):
		t.Errorf("a line ends without \\r")
	case bytes.HasSuffix(raw, []byte("\n")):
		t.Errorf("a line end stands at the end")
	case !bytes.Equal(raw, indented):
		t.Errorf("json.Indent lays it out otherwise (-want +got):\n%s", cmp.Diff(string(indented), string(raw)))
	}
}

// model is what a parse sees of a flow, in words.
type model struct {
	Trigger    flow.TriggerKind
	Bindings   []flow.Binding
	Operations []string // depth, path, type, kind; and of those with a host what it names and how they sign in
	Variables  []flow.Variable
}

func modelOf(f *flow.Flow) model {
	m := model{
		Trigger: f.TriggerKind(), Bindings: slices.Collect(f.Bindings()), Variables: slices.Collect(f.Variables()),
	}
	for op := range f.Operations() {
		row := fmt.Sprint(op.Depth, " ", op.Path(), ": ", op.Type)
		row += strings.TrimRight(" "+op.Kind, " ")
		if op.IsTrigger {
			row = "trigger " + row
		}
		if h := op.Host; h.Form != flow.HostNone {
			row += fmt.Sprintf(", %s %s, %s %s, %s", h.Form, h.Key+h.ChildFlow, h.OperationID, h.Connector,
				op.Authentication.Kind)
		}
		m.Operations = append(m.Operations, row)
	}
	return m
}

// What was said to a builder is what a parse of the flow answers.
func TestBuiltModels(t *testing.T) {
	const (
		apis   = "/providers/Microsoft.PowerApps/apis/"
		manual = "trigger 0 manual: Request Button"
	)
	mail, list, own := mailBinding, listBinding, ownBinding
	owned := listBinding
	owned.Source = flow.Embedded
	mail.Source, list.Connector = flow.Embedded, "shared_sharepointonline"
	for name, want := range map[string]model{
		"actions": {Trigger: flow.TriggerButton, Operations: []string{
			manual, "0 Compose_it: Compose", "0 Parse: ParseJson", "0 Select: Select", "0 Filter: Query", "0 Delay: Wait",
			"0 Delay_until: Wait", "0 Ask: Http", "0 Get: Http", "0 Join: Join",
			"0 Convert_time: Expression ConvertTimeZone", "0 Cancel: Terminate", "0 Fail: Terminate",
		}},
		"containers": {Trigger: flow.TriggerButton, Operations: []string{
			manual,
			"0 Try: Scope",
			"1 Try > Each: Foreach",
			"2 Try > Each > Has_it: If",
			"3 Try > Each > Has_it > Then: Compose",
			"3 Try > Each > Has_it (else) > Otherwise: Compose",
			"3 Try > Each > Has_it (else) > Which: Switch",
			"4 Try > Each > Has_it (else) > Which (case First_one) > One: Compose",
			"4 Try > Each > Has_it (else) > Which (default) > None: Compose",
			"0 Catch: Scope",
			"1 Catch > Tell: Compose",
			"1 Catch > Until_it_is: Until",
			"2 Catch > Until_it_is > Look: Compose",
			"0 Finally: Scope",
			"1 Finally > Long: Until",
			"0 Only_then: If",
			"0 Plain: Foreach",
		}},
		"calls": {
			Trigger:  flow.TriggerButton,
			Bindings: []flow.Binding{own, mail, list},
			Operations: []string{
				manual,
				"0 Get_items: OpenApiConnection, key shared_sharepointonline_1, GetItems " + apis + "shared_sharepointonline, invoker",
				"0 Send: OpenApiConnection, key mail, SendEmailV2 " + apis + "shared_office365, parameter",
				"0 Approve: OpenApiConnectionWebhook, key mail, SendApprovalMail " + apis + "shared_office365, parameter",
				"0 Upload: OpenApiConnection, key läser's key, Upload " + apis +
					"shared_contoso-5forders-5f0123456789abcdef, invoker",
				"0 Look: OpenApiConnection, key shared_sharepointonline_1, GetItem " + apis + "shared_sharepointonline, parameter",
				"0 Run_child: Workflow, child flow " + childFlow.String() + ",  , none",
				"0 Run_other_child: Workflow, child flow " + childFlow.String() + ",  , none",
			},
		},
		"variables": {Trigger: flow.TriggerButton, Operations: []string{
			manual, "0 Text: InitializeVariable", "0 Count: InitializeVariable", "0 Sum: InitializeVariable",
			"0 Done: InitializeVariable", "0 Row: InitializeVariable", "0 Rows: InitializeVariable", "0 Set_row: SetVariable",
			"0 Count_on: IncrementVariable", "0 Sum_up: IncrementVariable", "0 Append_row: AppendToArrayVariable",
			"0 Append_text: AppendToStringVariable",
		}},
		"parameters": {Trigger: flow.TriggerButton, Operations: []string{manual, "0 Use_them: Compose"}, Variables: []flow.Variable{
			{Parameter: "Site (contoso_Site)", SchemaName: "contoso_Site", Type: "String"},
			{Parameter: "contoso_On (contoso_On)", SchemaName: "contoso_On", Type: "Bool"},
			{Parameter: "Count (contoso_Count)", SchemaName: "contoso_Count", Type: "Int"},
			{Parameter: "Share (contoso_Share)", SchemaName: "contoso_Share", Type: "Float"},
			{Parameter: "Map (contoso_Map)", SchemaName: "contoso_Map", Type: "Object"},
		}},
		"scheduled": {Trigger: flow.TriggerScheduled, Operations: []string{"trigger 0 Recurrence: Recurrence", "0 Work: Compose"}},
		"polled": {Trigger: flow.TriggerAutomated, Bindings: []flow.Binding{owned}, Operations: []string{
			"trigger 0 When_an_item_is_created: OpenApiConnection, key shared_sharepointonline_1, GetOnNewItems " + apis +
				"shared_sharepointonline, parameter",
			"0 Work: Compose",
		}},
		"pushed": {Trigger: flow.TriggerAutomated, Bindings: []flow.Binding{mail}, Operations: []string{
			"trigger 0 When_a_mail_arrives: OpenApiConnectionNotification, key mail, OnNewEmailV3 " + apis +
				"shared_office365, parameter",
			"0 Work: Compose",
		}},
		"button": {Trigger: flow.TriggerButton, Operations: []string{
			manual, "0 Work: Compose", "0 Answer_parent: Response PowerApp",
		}},
		"app": {Trigger: flow.TriggerApp, Operations: []string{
			"trigger 0 PowerApps: Request PowerAppV2", "0 Answer_app: Response PowerApp",
		}},
		"agent": {Trigger: flow.TriggerAgent, Operations: []string{
			"trigger 0 manual: Request Skills", "0 Answer_agent: Response Skills",
		}},
		"http": {Trigger: flow.TriggerHTTP, Operations: []string{
			"trigger 0 manual: Request Http", "0 Answer: Response Http", "0 Plain_answer: Response Http",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := reparsed(t, built(t, showcases[name]()))
			invariants(t, f, nil)
			agree(t, f)
			places := cmpopts.IgnoreFields(flow.Binding{}, "At", "ReferenceAt")
			if diff := cmp.Diff(want, modelOf(f), places, cmpopts.IgnoreFields(flow.Variable{}, "At")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// part is what the file of a built flow has at a path, decoded.
func part(t testing.TB, f *flow.Flow, path ...string) any {
	t.Helper()
	var root any
	d := json.NewDecoder(strings.NewReader(f.File().Text()))
	d.UseNumber()
	require.NoError(t, d.Decode(&root))
	return get(root, path...)
}

// after are the actions of a flow, each with those that it runs after.
func after(t testing.TB, f *flow.Flow) map[string]any {
	t.Helper()
	all := map[string]any{}
	for name, action := range part(t, f, "properties", "definition", "actions").(map[string]any) {
		all[name] = get(action, "runAfter")
	}
	return all
}

// An action runs after the one that was added before it, unless it says otherwise.
func TestRunAfter(t *testing.T) {
	b := begun("F")
	b.Add("a", flow.Compose{})
	b.Add("b b", flow.Compose{})
	b.Add("c", flow.Compose{}).RunAfter = flow.RunAfter{}
	b.Add("d", flow.Compose{}).RunAfter = flow.RunAfter{"b b": {flow.Failed, flow.Succeeded}, "a": {flow.Skipped}}
	work := b.Try("try", "catch")
	work.Try.Add("inner", flow.Compose{})
	b.Add("e", flow.Compose{})
	work.Finally("finally")
	b.Add("f", flow.Compose{})
	succeeded, ran := []any{"Succeeded"}, []any{"Succeeded", "Failed", "TimedOut"}
	want := map[string]any{
		"a": map[string]any{}, "b_b": map[string]any{"a": succeeded}, "c": map[string]any{},
		"d":       map[string]any{"a": []any{"Skipped"}, "b_b": []any{"Failed", "Succeeded"}},
		"try":     map[string]any{"d": succeeded},
		"catch":   map[string]any{"try": []any{"Failed", "TimedOut"}},
		"e":       map[string]any{"try": ran, "catch": []any{"Succeeded", "Skipped"}},
		"finally": map[string]any{"try": ran, "catch": []any{"Succeeded", "Failed", "Skipped", "TimedOut"}},
		"f":       map[string]any{"catch": []any{"Succeeded", "Skipped"}, "finally": succeeded},
	}
	if diff := cmp.Diff(want, after(t, built(t, b))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Ids are derived from the flow's name and the operation's, in any case.
func TestOperationIDs(t *testing.T) {
	b := begun("My Flow")
	b.Scope("S").Add("A B", flow.Compose{})
	definition := part(t, built(t, b), "properties", "definition")
	id := func(path ...string) any {
		return get(definition, append(path, "metadata", "operationMetadataId")...)
	}
	want := map[string]any{}
	for _, name := range []string{"manual", "S", "A_B"} {
		want[name] = connref.DeriveGUID("operation", "my flow", name).String()
	}
	got := map[string]any{
		"manual": id("triggers", "manual"), "S": id("actions", "S"), "A_B": id("actions", "S", "actions", "A_B"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
