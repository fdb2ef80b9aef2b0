package flow_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

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

// Encodings, newlines, indents and escapes are spelling: the model is the same, and every place is right in its text.
func TestParseSpellings(t *testing.T) {
	text := read(t, "loans.json")
	want := parse(t, text)
	for name, raw := range map[string]string{
		"byte order mark":     "\ufeff" + text,
		"CRLF":                strings.ReplaceAll(text, "\n", "\r\n"),
		"UTF-16LE":            utf16le("\ufeff" + text),
		"UTF-16LE, no mark":   utf16le(text),
		"UTF-16LE, one line":  utf16le("\ufeff" + compact(t, text)),
		"one line":            compact(t, text),
		"escapes":             escaped(t, text, false),
		"everything escaped":  escaped(t, text, true),
		"escapes in UTF-16LE": utf16le("\ufeff" + escaped(t, text, true)),
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, raw)
			invariants(t, f, nil)
			options := cmp.Options{cmpopts.IgnoreTypes(source.Location{}), cmpopts.IgnoreFields(flow.Operation{}, "Parent")}
			if diff := cmp.Diff(slices.Collect(want.Operations()), slices.Collect(f.Operations()), options); diff != "" {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(slices.Collect(want.Bindings()), slices.Collect(f.Bindings()), options); diff != "" {
				t.Errorf("bindings (-want +got):\n%s", diff)
			}
			if strings.Contains(name, "line") || strings.Contains(name, "escape") {
				return
			}
			// The same lines, so the same places.
			if diff := cmp.Diff(loanOperations, operationsOf(f)); diff != "" {
				t.Errorf("operations with places (-want +got):\n%s", diff)
			}
		})
	}
}

func utf16le(text string) string {
	var raw []byte
	for _, u := range utf16.Encode([]rune(text)) {
		raw = append(raw, byte(u), byte(u>>8))
	}
	return string(raw)
}

func compact(t testing.TB, text string) string {
	t.Helper()
	doc, err := source.ParseJSON(source.NewFile("", []byte(text)), nil)
	require.NoError(t, err)
	var b strings.Builder
	respell(&b, doc.Root(), source.Value.Raw)
	return b.String()
}

// escaped spells strings with escapes: all of them, or as some serializers do what isn't safe in HTML.
func escaped(t testing.TB, text string, all bool) string {
	t.Helper()
	doc, err := source.ParseJSON(source.NewFile("", []byte(text)), nil)
	require.NoError(t, err)
	var b strings.Builder
	respell(&b, doc.Root(), func(v source.Value) string {
		if v.Kind() != source.String {
			return v.Raw()
		}
		s := `"`
		for _, r := range v.Text() {
			switch {
			case all && r == '/':
				s += `\/` // the short escapes have a width of their own
			case all || r >= 0x80 || strings.ContainsRune(`"\<>&'`, r):
				for _, u := range utf16.Encode([]rune{r}) {
					s += fmt.Sprintf(`\u%04X`, u)
				}
			default:
				s += string(r)
			}
		}
		return s + `"`
	})
	require.True(t, json.Valid([]byte(b.String())))
	return b.String()
}

func respell(b *strings.Builder, v source.Value, leaf func(source.Value) string) {
	separator := ""
	switch v.Kind() {
	case source.Object:
		b.WriteString("{")
		for m := range v.Members() {
			b.WriteString(separator + leaf(m.Key) + ":")
			respell(b, m.Value, leaf)
			separator = ","
		}
		b.WriteString("}")
	case source.Array:
		b.WriteString("[")
		for e := range v.Elements() {
			b.WriteString(separator)
			respell(b, e, leaf)
			separator = ","
		}
		b.WriteString("]")
	default:
		b.WriteString(leaf(v))
	}
}

func TestBindingShapes(t *testing.T) {
	for name, tc := range map[string]struct {
		entry string
		want  flow.Binding
	}{
		"reference": {
			`{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"a_B"},"api":{"name":"shared_x"}}`,
			flow.Binding{Reference: "a_B", Connector: "shared_x", Source: flow.Embedded},
		},
		"direct": {
			`{"runtimeSource":"embedded","connection":{},"api":{"name":"shared_x"}}`,
			flow.Binding{Connector: "shared_x", Source: flow.Embedded},
		},
		"invoker who is not impersonated": {
			`{"api":{"name":"shared_x"},"connection":{"connectionReferenceLogicalName":"a"},"runtimeSource":"invoker",` +
				`"impersonation":{}}`,
			flow.Binding{Reference: "a", Connector: "shared_x", Source: flow.Invoker},
		},
		"impersonated, but embedded": {
			`{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"a"},"api":{"name":"shared_x"},` +
				`"impersonation":{"source":"invoker"}}`,
			flow.Binding{Reference: "a", Connector: "shared_x", Source: flow.Embedded, Impersonation: "invoker"},
		},
		"direct and impersonated": {
			`{"runtimeSource":"embedded","connection":{},"api":{"name":"shared_x"},"impersonation":{"source":"invoker"}}`,
			flow.Binding{Connector: "shared_x", Source: flow.Embedded, Impersonation: "invoker"},
		},
		"custom connector": {
			`{"connection":{"connectionReferenceLogicalName":"a"},"api":{"name":"shared_c-5fx-5f00","logicalName":"c_5Fx"}}`,
			flow.Binding{Reference: "a", Connector: "shared_c-5fx-5f00", ConnectorName: "c_5Fx"},
		},
		"source beside runtimeSource": {
			`{"source":"Embedded","runtimeSource":"invoker","connection":{"connectionReferenceLogicalName":"a"},"api":{}}`,
			flow.Binding{Reference: "a", Source: flow.Invoker},
		},
		"legacy": {
			`{"connectionName":"c0ffee","source":"Invoker","id":"/providers/Microsoft.PowerApps/apis/shared_x","tier":"x"}`,
			flow.Binding{
				Connector: "/providers/Microsoft.PowerApps/apis/shared_x", Connection: "c0ffee", Source: flow.Invoker,
			},
		},
		"the designer's, flat": {
			`{"connectionReferenceLogicalName":"a","api":{"name":"shared_x"}}`,
			flow.Binding{Reference: "a", Connector: "shared_x"},
		},
		"both places: the solution's counts": {
			`{"connectionReferenceLogicalName":"a","connection":{"connectionReferenceLogicalName":"b"}}`,
			flow.Binding{Reference: "b"},
		},
		"connection by name": {`{"connection":{"name":"c0ffee","id":"/x"}}`, flow.Binding{Connection: "c0ffee"}},
		"api by id":          {`{"api":{"id":"/apis/shared_x"}}`, flow.Binding{Connector: "/apis/shared_x"}},
		"empty":              {`{}`, flow.Binding{}},
		"empty texts": {
			`{"runtimeSource":"","connection":{"connectionReferenceLogicalName":""},"api":{"name":""}}`, flow.Binding{},
		},
		"connection by resource id": {
			`{"connection":{"id":"/providers/Microsoft.PowerApps/apis/shared_x/connections/c0ffee"}}`,
			flow.Binding{Connection: "c0ffee"},
		},
		"escapes": {
			`{"connection":{"connectionReferenceLogicalName":"a\u005Fb"},"api":{"name":"shared\u005fx"}}`,
			flow.Binding{Reference: "a_b", Connector: "shared_x"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, flowOf(`"key":`+tc.entry, "", ""))
			invariants(t, f, nil)
			got, ok := f.Binding("key")
			require.True(t, ok)
			tc.want.Key = "key"
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreTypes(source.Location{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got.Direct() != (tc.want.Reference == "") || got.ReferenceAt.IsZero() != got.Direct() {
				t.Errorf("Direct() = %t, ReferenceAt = %v", got.Direct(), got.ReferenceAt)
			}
		})
	}
}

// An action can hold actions in five ways. Each holder here holds one that uses a connection, at a known place.
func TestContainers(t *testing.T) {
	const leaf = `{"a":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"k"}}}}`
	for name, tc := range map[string]struct{ holder, want string }{
		"scope":               {`{"type":"Scope","actions":` + leaf + `}`, "h > a"},
		"foreach":             {`{"type":"Foreach","foreach":"@x","actions":` + leaf + `}`, "h > a"},
		"until":               {`{"type":"Until","limit":{"count":1},"actions":` + leaf + `}`, "h > a"},
		"condition":           {`{"type":"If","actions":` + leaf + `,"expression":{}}`, "h > a"},
		"else":                {`{"type":"If","actions":{},"else":{"actions":` + leaf + `}}`, "h (else) > a"},
		"else alone":          {`{"type":"If","else":{"actions":` + leaf + `}}`, "h (else) > a"},
		"case":                {`{"type":"Switch","cases":{"One":{"case":1,"actions":` + leaf + `}}}`, "h (case One) > a"},
		"default":             {`{"type":"Switch","cases":{},"default":{"actions":` + leaf + `}}`, "h (default) > a"},
		"a type nobody knows": {`{"type":"Portal","actions":` + leaf + `}`, "h > a"},
		"no type":             {`{"actions":` + leaf + `}`, "h > a"},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, flowOf("", "", `"h":`+tc.holder))
			invariants(t, f, nil)
			var got []string
			for op := range f.UsersOf("k") {
				got = append(got, op.Path())
			}
			if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}

	t.Run("file order", func(t *testing.T) {
		f := parse(t, flowOf("", "", `"h":{"default":{"actions":{"1":{}}},"else":{"actions":{"2":{}}},`+
			`"cases":{"b":{"actions":{"3":{"actions":{"4":{}}}}},"a":{"actions":{"5":{}}}},`+
			`"actions":{"6":{}},"type":"Switch"}`))
		var got []string
		for op := range f.Operations() {
			got = append(got, op.Name)
		}
		if diff := cmp.Diff([]string{"h", "1", "2", "3", "4", "5", "6"}, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})

	t.Run("deep", func(t *testing.T) {
		const depth = 60
		actions := leaf[1 : len(leaf)-1]
		for i := range depth {
			actions = fmt.Sprintf(`"%d":{"type":"Scope","actions":{%s}}`, depth-1-i, actions)
		}
		f := parse(t, flowOf("", "", actions))
		invariants(t, f, nil)
		for op := range f.UsersOf("k") {
			if op.Depth != depth || !strings.HasPrefix(op.Path(), "0 > 1 > 2 > ") {
				t.Errorf("depth %d: %s", op.Depth, op.Path())
			}
		}
	})

	t.Run("triggers hold no actions", func(t *testing.T) {
		f := parse(t, flowOf("", `"t":{"type":"Request","actions":`+leaf+`,"else":1}`, ""))
		if f.OperationCount() != 1 {
			t.Errorf("Len() = %d, want the trigger alone", f.OperationCount())
		}
	})
}

type hostCase struct {
	host  string
	form  flow.HostForm
	key   string
	keyAt string // as written
}

func TestHostForms(t *testing.T) {
	cases := map[string]hostCase{
		"key":              {`{"connectionName":"k","operationId":"o"}`, flow.HostKey, "k", "k"},
		"key with escapes": {`{"connectionName":"\u006b\/"}`, flow.HostKey, "k/", `\u006b\/`},
		"key beside an expression": {
			`{"connection":{"name":"@parameters('$connections')['x']"},"connectionName":"k"}`,
			flow.HostKey, "k", "k",
		},
		"empty key":                {`{"connectionName":"","operationId":"o"}`, flow.HostOther, "", ""},
		"parameters":               {named(byParameter("k")), flow.HostParameters, "k", "k"},
		"legacy":                   {`{"api":{"runtimeUrl":"u"},` + named(byParameter("k"))[1:], flow.HostParameters, "k", "k"},
		"parameters, a quote":      {named(byParameter("k''s")), flow.HostParameters, "k's", "k''s"},
		"parameters, quotes only":  {named(byParameter("''''")), flow.HostParameters, "''", "''''"},
		"parameters, an empty key": {named(byParameter("")), flow.HostOther, "", ""},
		"parameters, brackets":     {named(byParameter("k']['")), flow.HostParameters, "k", "k"},
		"non-ASCII":                {named(byParameter("ключ 🔑")), flow.HostParameters, "ключ 🔑", "ключ 🔑"},
		"parameters, escaped quote": {
			named(`@parameters(\u0027$connections\u0027)[\u0027k\u0027][\u0027connectionId\u0027]`),
			flow.HostParameters, "k", "k",
		},
		"parameters, escaped key": {
			named(`@parameters('$connections')['\ud83d\udd11\u00e9\"\ud800x\n']['c']`),
			flow.HostParameters, "🔑é\"\ufffdx\n", `\ud83d\udd11\u00e9\"\ud800x\n`,
		},
		"parameters, escapes before and behind": {
			named(`\u0040parameters('\u0024connections')['a\u0027\u0027b']\u005b'connectionId'\u005d`),
			flow.HostParameters, "a'b", `a\u0027\u0027b`,
		},
		// The platform forgives spaces and case, and knows safe access and interpolation.
		"spaces":                {named(`@ parameters( '$connections' ) [ 'k' ] [ 'connectionId' ]`), flow.HostParameters, "k", "k"},
		"safe":                  {named(`@parameters('$connections')?['k']?['connectionId']`), flow.HostParameters, "k", "k"},
		"capitals":              {named(`@Parameters('$connections')['K']['connectionId']`), flow.HostParameters, "K", "K"},
		"interpolated":          {named(`@{parameters('$connections')['k']['connectionId']}`), flow.HostParameters, "k", "k"},
		"trigger data":          {named(byHeader("k")), flow.HostTriggerData, "k", "k"},
		"trigger data, a quote": {named(byHeader("''k")), flow.HostTriggerData, "'k", "''k"},
		"trigger data, safe": {
			named(`@json(decodeBase64(triggerOutputs()?['headers']?['x']))?['$connections']?['k']?['id']`),
			flow.HostTriggerData, "k", "k",
		},
		"child flow":               {`{"workflowReferenceName":"c"}`, flow.HostChildFlow, "", ""},
		"child flow, no name":      {`{"workflowReferenceName":""}`, flow.HostOther, "", ""},
		"designer":                 {`{"connectionReferenceName":"k"}`, flow.HostDesigner, "k", "k"},
		"designer, nested":         {`{"connection":{"referenceName":"k"}}`, flow.HostDesigner, "k", "k"},
		"designer, beside an id":   {named(`shared-x-1","referenceName":"k`), flow.HostDesigner, "k", "k"},
		"designer, beside the key": {`{"connectionReferenceName":"x","connectionName":"k"}`, flow.HostKey, "k", "k"},
		"other":                    {`{"operationId":"o"}`, flow.HostOther, "", ""},
		"empty":                    {`{}`, flow.HostOther, "", ""},
		"a text":                   {`"k"`, flow.HostNone, "", ""},
		"null":                     {`null`, flow.HostNone, "", ""},
		"a list":                   {`[{"connectionName":"k"}]`, flow.HostNone, "", ""},
		"expression elsewhere":     {`{"connection":"` + byParameter("k") + `"}`, flow.HostOther, "", ""},
	}
	for name, expression := range map[string]string{
		"literal":                  `@@parameters('$connections')['k']['connectionId']`,
		"prose":                    `see parameters('$connections')['k']`,
		"prose with a mark":        `@see '$connections')['k']`,
		"an id":                    `/providers/x/connections/shared-x-1`,
		"another parameter":        `@parameters('connections')['k']['connectionId']`,
		"another function":         `@variables('$connections')['k']['connectionId']`,
		"quoted":                   `@concat('parameters(''$connections'')[''k'']')`,
		"computed key":             `@parameters('$connections')[variables('k')]['connectionId']`,
		"key that isn't closed":    `@parameters('$connections')['k`,
		"key that ends in a quote": `@parameters('$connections')['k''`,
		"index that isn't closed":  `@parameters('$connections')['k'`,
		"no key":                   `@parameters('$connections')`,
		"data that isn't indexed":  `@x['$connections']`,
		"half an expression":       `@x['$connections'`,
		"a mark":                   `@`,
		"a mark and a brace":       `@{`,
	} {
		cases[name+", which only looks like it"] = hostCase{named(expression), flow.HostOther, "", ""}
	}
	for name, tc := range cases {
		for what, text := range map[string]string{
			"action":  flowOf("", "", `"op":{"type":"ApiConnection","inputs":{"host":`+tc.host+`}}`),
			"trigger": flowOf("", `"op":{"inputs":{"host":`+tc.host+`},"kind":"ApiConnection","type":"Request"}`, ""),
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				for encoding, raw := range map[string]string{"utf-8": text, "utf-16le": utf16le("\ufeff" + text)} {
					f := parse(t, raw)
					invariants(t, f, nil)
					ops := slices.Collect(f.Operations())
					require.Len(t, ops, 1)
					h := ops[0].Host
					if h.Form != tc.form || h.Key != tc.key {
						t.Errorf("%s: %s %q, want %s %q", encoding, h.Form, h.Key, tc.form, tc.key)
					}
					if got := f.File().Slice(h.KeyAt.Span); got != tc.keyAt || h.KeyAt.IsZero() != (tc.keyAt == "") {
						t.Errorf("%s: key at %v is %q, want %q", encoding, h.KeyAt, got, tc.keyAt)
					}
				}
			})
		}
	}
}

// named is a host whose connection has an expression for a name, as written in JSON.
func named(expression string) string { return `{"connection":{"name":"` + expression + `"}}` }

func byParameter(key string) string {
	return "@parameters('$connections')['" + key + "']['connectionId']"
}

func byHeader(key string) string {
	return "@json(decodeBase64(triggerOutputs().headers['X-MS-APIM-Tokens']))['$connections']['" + key + "']['connectionId']"
}

// Only inputs.host of an operation is a host, and only what a container holds is an operation.
func TestDataIsNoStructure(t *testing.T) {
	const host = `"host":{"connectionName":"k","connectionReferenceName":"k","operationId":"o",` +
		`"workflowReferenceName":"w","connection":{"name":"@parameters('$connections')['k']['connectionId']"}}`
	const fake = host + `,"inputs":{` + host + `},"authentication":"@parameters('$authentication')",` +
		`"actions":{"x":{"type":"OpenApiConnection","inputs":{` + host + `}}},"triggers":{"t":{"inputs":{` + host + `}}}`
	for name, action := range map[string]string{
		"parse json":      `{"type":"ParseJson","inputs":{"content":"@x","schema":{"properties":{` + fake + `}}}}`,
		"compose":         `{"type":"Compose","inputs":{` + fake + `}}`,
		"compose, sorted": `{"inputs":{` + fake + `},"runAfter":{},"type":"compose"}`,
		"compose list":    `{"type":"Compose","inputs":[{` + fake + `}]}`,
		"compose text":    `{"type":"Compose","inputs":"@parameters('$connections')['k']['connectionId']"}`,
		"http":            `{"type":"Http","inputs":{"body":{` + fake + `},"queries":{` + fake + `}}}`,
		"response":        `{"type":"Response","kind":"Http","inputs":{"body":{` + fake + `},"schema":{` + fake + `}}}`,
		"variable":        `{"type":"SetVariable","inputs":{"name":"v","value":{` + fake + `}}}`,
		"child flow":      `{"type":"Workflow","inputs":{"body":{` + fake + `}}}`,
		"metadata":        `{"type":"Scope","metadata":{` + fake + `},"runtimeConfiguration":{` + fake + `}}`,
		"host of its own": `{"type":"OpenApiConnection",` + host + `}`,
		"parameters":      `{"type":"OpenApiConnection","inputs":{"parameters":{` + fake + `}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, `{"properties":{`+host+`,"definition":{"actions":{"op":`+action+`},"outputs":{`+fake+
				`},"staticResults":{`+fake+`},"metadata":{`+fake+`}},"actions":{"y":{}},"templateName":null}}`)
			want := []*flow.Operation{{Name: "op"}}
			ignored := cmpopts.IgnoreFields(flow.Operation{}, "Type", "Kind", "At")
			if diff := cmp.Diff(want, slices.Collect(f.Operations()), ignored); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestTrigger(t *testing.T) {
	for trigger, want := range map[string]struct {
		kind   flow.TriggerKind
		caller bool
	}{
		``:                                 {flow.TriggerNone, false},
		`"t":{"type":"Recurrence"}`:        {flow.TriggerScheduled, false},
		`"t":{"type":"SlidingWindow"}`:     {flow.TriggerScheduled, false},
		`"t":{"type":"OpenApiConnection"}`: {flow.TriggerAutomated, false},
		`"t":{"type":"OpenApiConnectionWebhook"}`:                {flow.TriggerAutomated, false},
		`"t":{"type":"OpenApiConnectionNotification"}`:           {flow.TriggerAutomated, false},
		`"t":{"type":"ApiConnection"}`:                           {flow.TriggerAutomated, false},
		`"t":{"type":"ApiConnectionWebhook"}`:                    {flow.TriggerAutomated, false},
		`"t":{"type":"ApiConnectionNotification"}`:               {flow.TriggerAutomated, false},
		`"t":{"type":"Request","kind":"Button"}`:                 {flow.TriggerButton, true},
		`"t":{"type":"Request","kind":"ApiConnection"}`:          {flow.TriggerButton, true},
		`"t":{"type":"Request","kind":"PowerApp"}`:               {flow.TriggerApp, true},
		`"t":{"type":"Request","kind":"PowerAppV2"}`:             {flow.TriggerApp, true},
		`"t":{"type":"Request","kind":"PowerPages"}`:             {flow.TriggerApp, true},
		`"t":{"type":"Request","kind":"Skills"}`:                 {flow.TriggerAgent, true},
		`"t":{"type":"Request","kind":"VirtualAgent"}`:           {flow.TriggerAgent, true},
		`"t":{"type":"Request","kind":"Http"}`:                   {flow.TriggerHTTP, true},
		`"t":{"type":"Request"}`:                                 {flow.TriggerHTTP, true},
		`"t":{"kind":"buTTon","type":"reQuest"}`:                 {flow.TriggerButton, true},
		`"t":{"type":"Request","kind":"Telepathy"}`:              {flow.TriggerOther, false},
		`"t":{"type":"HttpWebhook"}`:                             {flow.TriggerOther, false},
		`"t":{}`:                                                 {flow.TriggerOther, false},
		`"t":{"type":"Recurrence"},"u":{"type":"ApiConnection"}`: {flow.TriggerScheduled, false},
	} {
		got := parse(t, flowOf("", trigger, `"a":{"type":"Request","kind":"Button"}`)).TriggerKind()
		if got != want.kind || got.HasCaller() != want.caller {
			t.Errorf("{%s}: %s, caller %t, want %s, %t", trigger, got, got.HasCaller(), want.kind, want.caller)
		}
	}
}

func TestAuthentication(t *testing.T) {
	for authentication, want := range map[string]flow.Authentication{
		`null`:                             {},
		`"@parameters('$authentication')"`: {Kind: flow.AuthParameter},
		`"@\u0070arameters(\u0027$authentication\u0027)"`: {Kind: flow.AuthParameter},
		`"@parameters('')"`:                 {Kind: flow.AuthExpression},
		`"@@parameters('$authentication')"`: {Kind: flow.AuthExpression},
		`"@variables('who')"`:               {Kind: flow.AuthExpression},
		`{"type":"Raw","value":"@json(decodeBase64(triggerOutputs().headers['X-MS-APIM-Tokens']))['$ConnectionKey']"}`: {
			Kind: flow.AuthInvoker, Type: "Raw",
		},
		`{"value":"@json(decodeBase64(triggerOutputs()['headers']['X-MS-APIM-Tokens']))?['$ConnectionKey']","type":"raw"}`: {
			Kind: flow.AuthInvoker, Type: "raw",
		},
		`{"type":"Raw","value":"Key $ConnectionKey"}`:    {Kind: flow.AuthOwn, Type: "Raw"},
		`{"type":"Raw","value":"@@x['$ConnectionKey']"}`: {Kind: flow.AuthOwn, Type: "Raw"},
		`{"type":"Raw","value":"@parameters('key')"}`:    {Kind: flow.AuthOwn, Type: "Raw"},
		`{"type":"Basic","username":"@x"}`:               {Kind: flow.AuthOwn, Type: "Basic"},
		`{"type":"ActiveDirectoryOAuth","value":"@x['$ConnectionKey']"}`: {
			Kind: flow.AuthOwn, Type: "ActiveDirectoryOAuth",
		},
		`{}`: {Kind: flow.AuthOwn},
	} {
		for _, text := range []string{
			flowOf("", "", `"o":{"type":"Http","inputs":{"authentication":`+authentication+`}}`),
			flowOf("", `"o":{"type":"OpenApiConnection","inputs":{"authentication":`+authentication+`}}`, ""),
		} {
			for op := range parse(t, text).Operations() {
				if diff := cmp.Diff(want, op.Authentication); diff != "" {
					t.Errorf("%s (-want +got):\n%s", authentication, diff)
				}
			}
		}
	}
	for op := range parse(t, flowOf("", "", `"o":{"inputs":{}},"p":{"inputs":"x"},"q":{"authentication":{}}`)).Operations() {
		if op.Authentication != (flow.Authentication{}) {
			t.Errorf("%s has authentication %v", op.Name, op.Authentication)
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
