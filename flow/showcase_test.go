package flow_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// showcases are flows that together have every kind of trigger and action, and every option that those have.
var showcases = map[string]func() *flow.Builder{
	"actions": actions, "containers": containers, "calls": calls, "variables": variables, "parameters": parameters,
	"scheduled": scheduled, "polled": polled, "pushed": pushed,
	"button": button, "app": app, "agent": agent, "http": httpRequest,
}

var (
	mailBinding = flow.Binding{Key: "mail", Reference: "contoso_mail", Connector: "shared_office365"}
	listBinding = flow.Binding{
		Key: "shared_sharepointonline_1", Reference: "contoso_List",
		Connector: "/providers/Microsoft.PowerApps/apis/shared_sharepointonline", Source: flow.Invoker,
	}
	ownBinding = flow.Binding{
		Key: "läser's key", Reference: "contoso_own", Connector: "shared_contoso-5forders-5f0123456789abcdef",
		ConnectorName: "contoso_5Forders", Source: flow.Embedded, Impersonation: "invoker",
	}
	childFlow = connref.DeriveGUID("flow", "child")
)

// built is the flow that a builder must make.
func built(t testing.TB, b *flow.Builder) *flow.Flow {
	t.Helper()
	f, err := b.Build()
	require.NoError(t, err)
	return f
}

// begun is a flow with a trigger and no actions.
func begun(name string) *flow.Builder {
	b := flow.NewBuilder(name)
	b.Trigger("", flow.Manual{By: flow.ByButton})
	return b
}

// actions has each action that holds no others and runs on no connection.
func actions() *flow.Builder {
	b := begun("Actions")
	compose := b.Add("Compose it", flow.Compose{Inputs: flow.Object{
		"@odata.type": "#x", "list": []any{1, "@utcNow()", flow.Func("utcNow"), nil, true}, "empty": flow.Object{},
	}})
	compose.Description = "Says <it> & \"more\""
	parsed := b.Add("Parse", flow.ParseJSON{
		Content: compose.Outputs(), Schema: json.RawMessage(`{"type":"object","properties":{"z":{},"a":{"type":"array"}}}`),
	})
	b.Add("Select", flow.Select{From: parsed.Body("a"), Map: flow.Object{"name": flow.Item("name")}})
	b.Add("Filter", flow.Filter{From: []string{"a", "b"}, Where: flow.Not(flow.Equals(flow.Item(), "a"))})
	b.Add("Delay", flow.Delay{For: 90 * time.Minute})
	b.Add("Delay until", flow.Delay{Until: "2027-01-31T08:00:00Z"})
	http := b.Add("Ask", flow.HTTP{
		Method: "PATCH", URI: flow.Text("https://contoso.example/", flow.Outputs("Compose it", "id")),
		Headers: flow.Object{"Accept": "application/json"}, Queries: flow.Object{"top": 5}, Body: flow.Object{"a": 1.5},
	})
	http.Timeout = 26*time.Hour + 90*time.Second
	http.Retry = &flow.Retry{Type: flow.RetryFixed, Count: 4, Interval: 20 * time.Second}
	http.SecureInputs, http.SecureOutputs = true, true
	b.Add("Get", flow.HTTP{Method: "GET", URI: "https://contoso.example"}).Retry = &flow.Retry{Type: flow.RetryNone}
	b.Add("Join", flow.Other{Type: "Join", Inputs: flow.Object{"from": flow.Body("Filter"), "joinWith": ", "}})
	b.Add("Convert time", flow.Other{Type: "Expression", Kind: "ConvertTimeZone", Inputs: json.RawMessage(
		`{"baseTime":"@{utcNow()}","sourceTimeZone":"UTC","destinationTimeZone":"W. Europe Standard Time"}`)})
	b.Add("Cancel", flow.Terminate{Status: flow.RunCancelled}).RunAfter =
		flow.RunAfter{"Ask": {flow.TimedOut}, "Get": {flow.Failed, flow.Skipped}}
	b.Add("Fail", flow.Terminate{Status: flow.RunFailed, Code: "42", Message: "no @{answer}"}).RunAfter = flow.RunAfter{}
	return b
}

// containers has each action that holds others, and its branches.
func containers() *flow.Builder {
	b := begun("Containers")
	work := b.Try("Try", "Catch")
	each := work.Try.ForEach("Each", []any{1, 2}, &flow.ForEachOptions{Concurrency: 20})
	has := each.Condition("Has it", flow.And(
		flow.Or(flow.Greater(flow.Items("Each"), 1), flow.LessOrEquals(flow.Items("Each"), -1.5)),
		flow.Not(flow.StartsWith(flow.Func("string", flow.Items("Each")), "@")),
		flow.Is(flow.Func("empty", "")),
	))
	has.Then.Add("Then", flow.Compose{Inputs: each.Item("name")})
	has.Else.Add("Otherwise", flow.Compose{})
	choice := has.Else.Switch("Which", flow.Items("Each", "kind"))
	choice.Case("First one", "first").Add("One", flow.Compose{Inputs: 1})
	choice.Case("Two", 2)
	choice.Default.Add("None", flow.Compose{})
	work.Catch.Add("Tell", flow.Compose{Inputs: flow.Results("Try", 0, "name")})
	until := work.Catch.Until("Until it is", flow.Equals(flow.Outputs("Look"), "done"), nil)
	until.Add("Look", flow.Compose{Inputs: "done"})
	work.Finally("Finally").Until("Long", flow.GreaterOrEquals(1, flow.Func("rand", 0, 1)),
		&flow.UntilOptions{Count: 5000, Timeout: 7 * 24 * time.Hour})
	alone := b.Condition("Only then", flow.Contains(flow.Func("createArray", "a"), "a"))
	alone.Description = "has nothing to do"
	b.ForEach("Plain", flow.Func("createArray"), nil)
	return b
}

// calls has what runs on connections, and child flows.
func calls() *flow.Builder {
	b := begun("Calls")
	b.Bind(mailBinding, listBinding)
	b.Bind(ownBinding)
	rows := b.Add("Get items", flow.Call{
		Key: listBinding.Key, Operation: "GetItems",
		Parameters: flow.Object{"dataset": "https://contoso.example", "table": "Orders", "$top": 10}, Pagination: 100000,
	})
	rows.SecureOutputs = true
	send := b.Add("Send", flow.Call{
		Key: "mail", Operation: "SendEmailV2", Parameters: flow.Object{
			"emailMessage/To":   flow.TriggerBody("email"),
			"emailMessage/Body": flow.Text("<p>", rows.Body("value", 0, "it's"), "</p>"),
		},
	})
	send.Retry = &flow.Retry{Type: flow.RetryExponential, Count: 90, Interval: 24 * time.Hour}
	send.Timeout = time.Hour
	b.Add("Approve", flow.Call{Key: "mail", Operation: "SendApprovalMail", Waits: true}).Timeout = 7 * 24 * time.Hour
	b.Add("Upload", flow.Call{Key: ownBinding.Key, Operation: "Upload", Authentication: flow.AuthInvoker, Chunked: true})
	b.Add("Look", flow.Call{Key: listBinding.Key, Operation: "GetItem", Authentication: flow.AuthParameter})
	b.Add("Run child", flow.RunFlow{Flow: childFlow, Body: flow.Object{"text": "a", "number": 1}})
	b.Add("Run other child", flow.RunFlow{Flow: childFlow})
	return b
}

// variables has every action on variables, of every type.
func variables() *flow.Builder {
	b := begun("Variables")
	b.Add("Text", flow.Initialize{Variable: "text", Type: flow.StringVariable, Value: "@"})
	b.Add("Count", flow.Initialize{Variable: "count", Type: flow.IntegerVariable, Value: 0})
	b.Add("Sum", flow.Initialize{Variable: "sum", Type: flow.FloatVariable, Value: 0.5})
	b.Add("Done", flow.Initialize{Variable: "done", Type: flow.BooleanVariable, Value: false})
	b.Add("Row", flow.Initialize{Variable: "row", Type: flow.ObjectVariable, Value: flow.Object{}})
	b.Add("Rows", flow.Initialize{Variable: "rows", Type: flow.ArrayVariable})
	b.Add("Set row", flow.SetVariable{Variable: "row", Value: flow.Object{"a": flow.Var("text")}})
	b.Add("Count on", flow.Increment{Variable: "count"})
	b.Add("Sum up", flow.Increment{Variable: "Sum", By: flow.Var("count")})
	b.Add("Append row", flow.AppendToArray{Variable: "rows", Value: flow.Var("row", "a")})
	b.Add("Append text", flow.AppendToString{Variable: "text", Value: flow.Text("\r\n", flow.Var("count"))})
	return b
}

// parameters has a parameter of each type, of environment variables and of its own.
func parameters() *flow.Builder {
	b := begun("Parameters")
	b.Add("Use them", flow.Compose{Inputs: []any{
		b.Parameter(flow.Parameter{
			SchemaName: "contoso_Site", DisplayName: "Site", Type: flow.StringParameter, Default: "https://contoso.example",
			Description: "Where the list is",
		}),
		b.Parameter(flow.Parameter{SchemaName: "contoso_On", Type: flow.BoolParameter, Default: true}),
		b.Parameter(flow.Parameter{SchemaName: "contoso_Count", DisplayName: "Count", Type: flow.IntParameter}),
		b.Parameter(flow.Parameter{SchemaName: "contoso_Share", DisplayName: "Share", Type: flow.FloatParameter, Default: 0.25}),
		b.Parameter(flow.Parameter{
			SchemaName: "contoso_Map", DisplayName: "Map", Type: flow.ObjectParameter, Default: flow.Object{"b": 1, "a": 2},
		}).Get("a"),
		b.Parameter(flow.Parameter{DisplayName: "Own", Type: flow.StringParameter}),
	}})
	return b
}

func scheduled() *flow.Builder {
	b := flow.NewBuilder("Scheduled")
	start := b.Trigger("", flow.Recurrence{
		Frequency: flow.Week, Interval: 2, Start: time.Date(2027, 1, 31, 9, 30, 0, 0, time.FixedZone("", 3600)),
		TimeZone: "W. Europe Standard Time", Hours: []int{8, 17}, Minutes: []int{0, 30},
		WeekDays: []time.Weekday{time.Monday, time.Sunday},
	})
	start.Description = "In the morning and at five"
	b.Add("Work", flow.Compose{})
	return b
}

func polled() *flow.Builder {
	b := flow.NewBuilder("Polled")
	list := listBinding
	list.Source = flow.Embedded // an event has no caller
	b.Bind(list)
	start := b.Trigger("When an item is created", flow.Event{
		Key: listBinding.Key, Operation: "GetOnNewItems", Parameters: flow.Object{"table": "Orders"},
		Authentication: flow.AuthParameter, Poll: &flow.Recurrence{Frequency: flow.Minute, Interval: 3},
		SplitOn: flow.TriggerOutputs("body/value"),
	})
	start.Conditions = []flow.Test{
		flow.Equals(flow.TriggerBody("status"), "new"), flow.Less(flow.TriggerBody("size"), 100),
	}
	start.Concurrency = 100
	start.SecureInputs = true
	b.Add("Work", flow.Compose{})
	return b
}

func pushed() *flow.Builder {
	b := flow.NewBuilder("Pushed")
	b.Bind(mailBinding)
	b.Trigger("When a mail arrives", flow.Event{Key: "mail", Operation: "OnNewEmailV3", Notifies: true}).SecureOutputs = true
	b.Add("Work", flow.Compose{})
	return b
}

func button() *flow.Builder {
	b := flow.NewBuilder("Button")
	in := flow.Inputs{
		{Title: "Name", Type: flow.InputText},
		{Title: "Colour", Type: flow.InputText, Choices: []string{"red", "@green"}, Optional: true},
		{Title: "Sure?", Type: flow.InputBoolean, Description: "Really?"},
		{Title: "How many", Type: flow.InputNumber, Key: "count"},
		{Title: "Who", Type: flow.InputEmail},
		{Title: "When", Type: flow.InputDate},
		{Title: "Which", Type: flow.InputFile},
	}
	b.Trigger("", flow.Manual{By: flow.ByButton, Inputs: in})
	b.Add("Work", flow.Compose{Inputs: flow.Object{"colour": in.Get("Colour"), "many": in.Get("How many")}})
	b.Add("Answer parent", flow.Reply{To: flow.ByParent, Outputs: []flow.Output{
		{Title: "Big Answer", Type: flow.OutputString, Value: flow.Outputs("Work")},
		{Title: "Count", Type: flow.OutputNumber, Value: 42},
		{Title: "sure", Type: flow.OutputBoolean, Value: true},
	}})
	return b
}

func app() *flow.Builder {
	b := flow.NewBuilder("App")
	b.Trigger("PowerApps", flow.Manual{By: flow.ByApp})
	b.Add("Answer app", flow.Reply{To: flow.ByApp})
	return b
}

func agent() *flow.Builder {
	b := flow.NewBuilder("Agent")
	b.Trigger("", flow.Manual{By: flow.ByAgent, Inputs: flow.Inputs{{Title: "Question", Type: flow.InputText}}})
	b.Add("Answer agent", flow.Reply{
		To: flow.ByAgent, Outputs: []flow.Output{{Title: "Answer", Type: flow.OutputString, Value: "42"}},
	})
	return b
}

func httpRequest() *flow.Builder {
	b := flow.NewBuilder("HTTP")
	b.Trigger("", flow.HTTPRequest{
		Method: "PUT", Schema: flow.Object{"type": "object"}, Callers: flow.TenantCaller,
	})
	b.Add("Answer", flow.Response{
		Status: 201, Headers: flow.Object{"Location": flow.TriggerBody("id")}, Body: flow.Object{"ok": true},
		Schema: flow.Object{"type": "object"},
	})
	b.Add("Plain answer", flow.Response{Status: 599})
	return b
}

// reparsed is a built flow read from its bytes again.
func reparsed(t testing.TB, f *flow.Flow) *flow.Flow {
	t.Helper()
	again, problems := flow.Parse(source.NewFile(f.File().Name(), f.File().Bytes()), nil)
	require.Empty(t, problems)
	return again
}
