package flow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// begin are the ways in which the flows of tests start.
var begin = map[string]flow.Trigger{
	"schedule": flow.Recurrence{Frequency: flow.Day, Interval: 1},
	"event":    flow.Event{Key: "mail", Operation: "On"},
	"button":   flow.Manual{By: flow.ByButton},
	"app":      flow.Manual{By: flow.ByApp},
	"agent":    flow.Manual{By: flow.ByAgent},
	"page":     flow.Manual{By: flow.ByPage},
	"http":     flow.HTTPRequest{Callers: flow.AnyCaller},
}

func compose(v any) flow.Compose { return flow.Compose{Inputs: v} }

var textVariable = flow.Initialize{Variable: "v", Type: flow.StringVariable}

// TestRules has what stands on both sides of the rules about what has ended, what can stand where and what is
// missing. Fields are those of an action, unless they begin otherwise.
func TestRules(t *testing.T) {
	yes := flow.Equals(1, 1)
	for name, tc := range map[string]struct {
		make func(b *flow.Builder)
		want []wrong
	}{
		// actions that have ended
		"after one that failed": {func(b *flow.Builder) {
			b.Add("a", compose(1))
			b.Add("b", compose(1)).RunAfter = flow.RunAfter{"a": {flow.Failed, flow.Skipped}}
			b.Add("c", compose(1)).RunAfter = flow.RunAfter{"a": {flow.Skipped}}
			b.Add("d", compose(flow.Func("f", flow.Outputs("a"), flow.Outputs("c")))).RunAfter =
				flow.RunAfter{"b": {flow.Succeeded}, "c": {flow.TimedOut}}
		}, nil},
		"added before, and run after": {func(b *flow.Builder) {
			b.Add("a", compose(flow.Outputs("b"))).RunAfter = flow.RunAfter{"b": {flow.Succeeded}}
			b.Add("b", compose(1)).RunAfter = flow.RunAfter{}
		}, nil},
		"one of two that run at once": {func(b *flow.Builder) {
			b.Add("a", compose(1))
			b.Add("b", compose(1)).RunAfter = flow.RunAfter{}
			b.Add("c", compose([]any{flow.Outputs("b"), flow.Outputs("a")}))
		}, []wrong{{"c: action", "a", invalid}}},
		"deep in what is before": {func(b *flow.Builder) {
			b.Scope("s").ForEach("e", []int{}, nil).Condition("i", yes).Else.Switch("w", flow.Func("f")).Case("x", 1).
				Add("a", compose(1))
			b.Scope("t").Scope("u").Add("b", compose(flow.Outputs("a")))
		}, nil},
		"in one case, of another's": {func(b *flow.Builder) {
			s := b.Switch("s", flow.Func("f"))
			s.Case("x", 1).Add("a", compose(1))
			s.Case("y", 2).Add("b", compose(flow.Outputs("a")))
			s.Default.Add("c", compose(flow.Outputs("a")))
			b.Add("d", compose(flow.Outputs("a")))
		}, []wrong{{"s (case y) > b: action", "a", invalid}, {"s (default) > c: action", "a", invalid}}},
		"what a loop or a switch is about": {func(b *flow.Builder) {
			b.ForEach("e", flow.Outputs("a"), nil).Add("a", compose(1))
			b.Switch("s", flow.Outputs("b")).Default.Add("b", compose(1))
			b.ForEach("f", flow.Outputs("b"), nil)
		}, []wrong{{"e: action", "a", invalid}, {"s: action", "b", invalid}}},
		"the round before": {func(b *flow.Builder) {
			u := b.Until("u", yes, nil)
			u.Add("a", compose(flow.Outputs("b")))
			u.Add("b", compose(1))
			e := b.ForEach("e", []int{}, nil)
			e.Add("c", compose(flow.Outputs("d")))
			e.Add("d", compose(1))
		}, []wrong{{"u > a: action", "b", invalid}, {"e > c: action", "d", invalid}}},
		"what an until asks": {func(b *flow.Builder) {
			b.Add("before", compose(1))
			b.Until("u", flow.And(flow.Is(flow.Outputs("a")), flow.Is(flow.Outputs("before"))), nil).
				Scope("s").Condition("i", yes).Then.Add("a", compose(1))
			b.Until("w", flow.Is(flow.Outputs("w")), nil)
			b.Until("x", flow.Is(flow.Outputs("y")), nil)
			b.Add("y", compose(1))
			b.Scope("z").Until("in", flow.Is(flow.Results("z")), nil)
		}, []wrong{{"w: action", "w", invalid}, {"x: action", "y", invalid}, {"z > in: action", "z", invalid}}},
		"Try, Catch and Finally": {func(b *flow.Builder) {
			work := b.Try("try", "catch")
			work.Try.Add("a", compose(1))
			work.Catch.Add("b", compose([]any{flow.Results("try"), flow.Outputs("a")}))
			work.Finally("finally").Add("c", compose([]any{flow.Results("try"), flow.Outputs("b")}))
			b.Add("d", compose([]any{flow.Outputs("a"), flow.Results("finally"), flow.Outputs("c")}))
			work.Try.Add("e", compose(flow.Outputs("b")))
		}, []wrong{{"try > e: action", "b", invalid}}},
		"no order": { // tells of the circle alone
			func(b *flow.Builder) {
				b.Add("a", compose(flow.Outputs("b"))).RunAfter = flow.RunAfter{"b": {flow.Succeeded}}
				b.Add("b", compose(1))
				b.Add("c", compose(flow.Outputs("d")))
				b.Add("d", compose(flow.Outputs("no")))
			}, []wrong{{"a: run after", "a", invalid}, {"d: action", "no", notFound}}},
		"actions of an action's other expressions": {func(b *flow.Builder) {
			b.Add("a", flow.HTTP{
				Method: "GET", URI: flow.Text("u/", flow.Body("c")), Headers: flow.Object{"h": flow.Body("d")},
			})
			b.Add("b", flow.Filter{From: flow.Body("c"), Where: flow.Is(flow.Body("no"))})
			b.Add("c", compose(1))
			b.Add("d", compose(1))
		}, []wrong{{"a: action", "c", invalid}, {"a: action", "d", invalid}, {"b: action", "c", invalid},
			{"b: action", "no", notFound}}},

		// items
		"items where there are some": {func(b *flow.Builder) {
			e := b.ForEach("e", []int{}, nil)
			e.Condition("i", flow.Is(flow.Item("a"))).Else.Switch("s", flow.Item("b")).Default.Add("a", compose(flow.Item()))
			e.Until("u", flow.Is(flow.Item()), nil).Add("b", compose([]any{flow.Item(), e.Item("x")}))
			e.ForEach("f", flow.Item("list"), nil)
			e.ForEach("g", e.Item("list"), nil)
		}, nil},
		"items where there are none": {func(b *flow.Builder) {
			b.ForEach("e", flow.Item("list"), nil)
			b.Until("u", yes, nil).Add("a", compose(flow.Item()))
			b.Scope("s").Condition("i", flow.Is(flow.Item()))
			b.Add("c", flow.ParseJSON{Content: flow.Item(), Schema: true})
		}, []wrong{{"e: item", "", notFound}, {"u > a: item", "", notFound}, {"s > i: item", "", notFound},
			{"c: item", "", notFound}}},
		"the item of what has none": {func(b *flow.Builder) {
			s := b.Scope("s")
			s.Add("a", compose(s.Item()))
			u := b.Until("u", yes, nil)
			u.Add("b", compose(u.Item("x")))
			e := b.ForEach("e", []int{}, nil)
			b.Add("c", compose(e.Item()))
		}, []wrong{{"s > a: loop", "s", notFound}, {"u > b: loop", "u", notFound}, {"c: loop", "e", notFound}}},

		// variables
		"variables that are made": {func(b *flow.Builder) {
			b.Add("v", textVariable)
			b.Add("w", flow.Initialize{Variable: "w", Type: flow.ArrayVariable, Value: []any{flow.Var("v")}})
			s := b.Scope("s").ForEach("e", flow.Var("W"), nil)
			s.Add("a", flow.SetVariable{Variable: "V", Value: flow.Var("w", 0)})
			s.Add("b", flow.AppendToArray{Variable: "w", Value: flow.Var("v")})
			s.Until("u", flow.Is(flow.Var("v")), nil)
		}, nil},
		"variables that are made beside": {func(b *flow.Builder) {
			b.Add("v", textVariable)
			b.Add("a", flow.AppendToString{Variable: "v", Value: "x"}).RunAfter = flow.RunAfter{}
			b.Scope("s").Add("b", compose(flow.Var("v")))
		}, []wrong{{"a: variable", "v", invalid}, {"s > b: variable", "v", invalid}}},
		"variables of themselves": {func(b *flow.Builder) {
			b.Add("s", textVariable)
			b.Add("l", flow.Initialize{Variable: "l", Type: flow.ArrayVariable})
			b.Add("n", flow.Initialize{Variable: "n", Type: flow.IntegerVariable})
			b.Add("m", flow.Initialize{Variable: "m", Type: flow.IntegerVariable, Value: flow.Var("m")})
			b.Add("a", flow.SetVariable{Variable: "v", Value: flow.Object{"x": flow.Text("a", flow.Var("V"))}})
			b.Add("b", flow.AppendToString{Variable: "v", Value: flow.Var("v")})
			b.Add("c", flow.AppendToArray{Variable: "L", Value: flow.Func("f", flow.Var("l"))})
			b.Add("d", flow.Increment{Variable: "n", By: flow.Var("n")})
			b.Add("e", flow.Increment{Variable: "n", By: flow.Var("m")})
		}, []wrong{{"m: variable", "m", invalid}, {"a: variable", "V", invalid}, {"b: variable", "v", invalid},
			{"c: variable", "l", invalid}, {"d: variable", "n", invalid}}},

		// where actions stand
		"what no loop can have": {func(b *flow.Builder) {
			end := flow.Terminate{Status: flow.RunCancelled}
			c := b.ForEach("e", []int{}, nil).Condition("i", yes)
			c.Then.Add("a", end)
			c.Else.Add("b", flow.Reply{To: flow.ByParent})
			u := b.Scope("s").Until("u", yes, nil)
			u.Add("c", flow.Response{Status: 200})
			u.Switch("w", flow.Func("f")).Case("x", 1).Add("d", end)
		}, []wrong{{"e > i > a: place", "Terminate", invalid}, {"e > i (else) > b: place", "Response", invalid},
			{"s > u > c: place", "Response", invalid}, {"s > u > w (case x) > d: place", "Terminate", invalid}}},
		"what stands elsewhere": {func(b *flow.Builder) {
			c := b.Scope("s").Condition("i", yes)
			c.Then.Add("a", flow.Terminate{Status: flow.RunSucceeded})
			c.Else.Add("b", flow.Reply{To: flow.ByParent})
			b.ForEach("e", []int{}, nil)
			b.Add("c", flow.Response{Status: 200})
		}, nil},

		// lists
		"lists": {func(b *flow.Builder) {
			for i, list := range []any{
				[]string{"@a"}, []flow.Object(nil), [2]int{}, json.RawMessage(" [1] "), []any{},
				flow.TriggerBody(), flow.RawExpr("createArray(1)"), json.RawMessage(`"@triggerBody()"`),
			} {
				b.ForEach(fmt.Sprint("l", i), list, nil)
			}
		}, nil},
		"no lists": {func(b *flow.Builder) {
			b.ForEach("a", "@triggerBody()", nil)
			b.ForEach("b", 5, nil)
			b.ForEach("c", json.RawMessage(`{"a":[]}`), nil)
			b.ForEach("d", flow.Text("a ", flow.TriggerBody()), nil)
			b.ForEach("e", json.RawMessage(`"@@a"`), nil)
			b.ForEach("f", "[1]", nil)
		}, []wrong{{"a: items", `"@@triggerBody()"`, invalid}, {"b: items", "5", invalid}, {"c: items", `{"a":[]}`, invalid},
			{"d: items", `"a @{triggerBody()}"`, invalid}, {"e: items", `"@@a"`, invalid}, {"f: items", `"[1]"`, invalid}}},

		// what is missing
		"nothing is missing": {func(b *flow.Builder) {
			b.Add("a", flow.Select{From: []int{}, Map: 0})
			b.Add("b", flow.Filter{From: []int(nil), Where: yes})
			b.Add("c", flow.ParseJSON{Content: false, Schema: flow.Object{}})
			b.Add("d", flow.HTTP{Method: "GET", URI: flow.Text()})
			b.Add("e", flow.Delay{Until: flow.Func("utcNow")})
		}, nil},
		"everything is missing": {func(b *flow.Builder) {
			b.Add("a", flow.Select{From: "", Map: ""})
			b.Add("b", flow.Filter{Where: yes})
			b.Add("c", flow.ParseJSON{})
			b.Add("d", flow.HTTP{Method: "GET", URI: ""})
		}, []wrong{{"a: from", "", invalid}, {"a: map", "", invalid}, {"b: from", "", invalid}, {"c: content", "", invalid},
			{"c: schema", "", invalid}, {"d: uri", "", invalid}}},
		"a wait that is none, and an instant": {func(b *flow.Builder) {
			b.Add("a", flow.Delay{For: -time.Second, Until: flow.Func("utcNow")})
		}, []wrong{{"a: for", "-1s", invalid}}},
		"pointers to nothing": {func(b *flow.Builder) {
			var call *flow.Call
			var other *flow.Other
			b.Add("a", call)
			b.Scope("s").Add("b", other)
			b.Add("c", &flow.Compose{})
		}, []wrong{{"a", "", invalid}, {"s > b", "", invalid}}},

		// parameters
		"defaults that fit": {func(b *flow.Builder) {
			for i, p := range []flow.Parameter{
				{Type: flow.StringParameter, Default: "@x"}, {Type: flow.BoolParameter, Default: true},
				{Type: flow.IntParameter, Default: -1}, {Type: flow.IntParameter, Default: 2.0},
				{Type: flow.FloatParameter, Default: 1e-7}, {Type: flow.FloatParameter, Default: json.Number("1e400")},
				{Type: flow.ObjectParameter, Default: struct{ A int }{}}, {Type: flow.ObjectParameter},
				{Type: flow.ObjectParameter, Default: json.RawMessage(` { "a" : 1 } `)},
				{Type: flow.StringParameter, Default: json.RawMessage(`"a"`)},
			} {
				p.DisplayName = fmt.Sprint("p", i)
				b.Parameter(p)
			}
		}, nil},
		"defaults that don't fit": {func(b *flow.Builder) {
			b.Parameter(flow.Parameter{DisplayName: "a", Type: flow.IntParameter, Default: "x"})
			b.Parameter(flow.Parameter{DisplayName: "b", Type: flow.IntParameter, Default: 1.5})
		}, []wrong{{"flow F: parameter a: default", `"x"`, invalid}, {"flow F: parameter b: default", "1.5", invalid}}},
		"schema names": {parameter(
			flow.Parameter{SchemaName: "contoso_A1", DisplayName: "a", Type: flow.IntParameter},
			flow.Parameter{SchemaName: "contoso_a", DisplayName: "b", Type: flow.IntParameter},
			flow.Parameter{SchemaName: "contoso-b", DisplayName: "c", Type: flow.IntParameter},
			flow.Parameter{SchemaName: "contoso_é", DisplayName: "d", Type: flow.IntParameter},
			flow.Parameter{SchemaName: "CONTOSO_A", DisplayName: "e", Type: flow.IntParameter},
			flow.Parameter{DisplayName: "f", Type: flow.IntParameter}, flow.Parameter{DisplayName: "g", Type: flow.IntParameter},
		), []wrong{{"flow F: parameter c (contoso-b): schema name", "contoso-b", invalid},
			{"flow F: parameter d (contoso_é): schema name", "contoso_é", invalid},
			{"flow F: parameter e (CONTOSO_A): schema name", "CONTOSO_A", duplicate}}},

		// expressions
		"braces": {func(b *flow.Builder) {
			for i, text := range []string{"f({})", "}", "f()}@{g()", "f('}', '''{')", "f('{}')['{']"} {
				b.Add(fmt.Sprint("a", i), compose(flow.RawExpr(text)))
			}
		}, []wrong{{"a0: inputs", "f({})", invalid}, {"a1: inputs", "}", invalid}, {"a2: inputs", "f()}@{g()", invalid}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := begun("F")
			tc.make(b)
			checkFaults(t, b, within("flow F: action ", tc.want)...)
		})
	}
}

// within are faults whose fields have what stands before, but those that have a whole path.
func within(before string, all []wrong) []wrong {
	for i := range all {
		if !strings.HasPrefix(all[i].Field, "flow") {
			all[i].Field = before + all[i].Field
		}
	}
	return all
}

// Triggers can name parameters that there are, and nothing that only a run has.
func TestTriggerMentions(t *testing.T) {
	for name, tc := range map[string]struct {
		event flow.Event
		asks  []flow.Test
		want  []wrong
	}{
		"parameters": {event: flow.Event{
			Parameters: flow.Object{"a": flow.Param("P", "x")}, SplitOn: flow.TriggerBody(flow.Param("p")),
		}, asks: []flow.Test{flow.Equals(flow.TriggerBody("a"), flow.Param("p"))}},
		"in conditions": {asks: []flow.Test{
			flow.Is(flow.Var("v")), flow.And(flow.Is(flow.Outputs("a")), flow.Is(flow.Param("q"))), flow.Is(flow.Item()),
			flow.Is(flow.Items("e")), flow.Is(flow.Var("no")), flow.Is(flow.Body("no")),
		}, want: []wrong{{"variable", "v", invalid}, {"action", "a", invalid}, {"parameter", "q", notFound},
			{"item", "", notFound}, {"loop", "e", notFound}, {"variable", "no", notFound}, {"action", "no", notFound}}},
		"in parameters": {event: flow.Event{Parameters: flow.Object{
			"a": flow.Var("v"), "b": []any{flow.Results("s")}, "c": flow.Text("x", flow.Param("q")), "d": flow.Items("e"),
		}}, want: []wrong{{"variable", "v", invalid}, {"action", "s", invalid}, {"parameter", "q", notFound},
			{"loop", "e", notFound}}},
		"in what it splits on": {event: flow.Event{SplitOn: flow.Outputs("a", flow.Var("v"), flow.Param("q"))},
			want: []wrong{{"action", "a", invalid}, {"variable", "v", invalid}, {"parameter", "q", notFound}}},
		"the trigger as an action": {asks: []flow.Test{flow.Is(flow.Outputs("t"))},
			want: []wrong{{"action", "t", notFound}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := flow.NewBuilder("F")
			b.Bind(mailBinding)
			b.Parameter(flow.Parameter{DisplayName: "p", Type: flow.ObjectParameter})
			tc.event.Key, tc.event.Operation = "mail", "On"
			b.Trigger("t", tc.event).Conditions = tc.asks
			b.Add("v", textVariable)
			b.Scope("s").Add("a", compose(1))
			b.ForEach("e", []int{}, nil)
			checkFaults(t, b, within("flow F: trigger t: ", tc.want)...)
		})
	}
}

// Who starts a flow decides on whose connections it runs, and who can be answered.
func TestCallers(t *testing.T) {
	ours, theirs := mailBinding, mailBinding
	ours.Key, theirs.Key, theirs.Source = "ours", "theirs", flow.Invoker
	calls := map[string]flow.Action{
		"ours": flow.Call{Key: "ours", Operation: "Do"}, "theirs": flow.Call{Key: "theirs", Operation: "Do"},
		"theirs, as ours": flow.Call{Key: "theirs", Operation: "Do", Authentication: flow.AuthParameter},
		"ours, as theirs": flow.Call{Key: "ours", Operation: "Do", Authentication: flow.AuthInvoker},
	}
	answers := map[string]flow.Action{
		"button": flow.Reply{To: flow.ByButton}, "parent": flow.Reply{To: flow.ByParent}, "app": flow.Reply{To: flow.ByApp},
		"agent": flow.Reply{To: flow.ByAgent}, "page": flow.Reply{To: flow.ByPage}, "http": flow.Response{Status: 200},
	}
	kinds := map[string]string{ // of answers
		"button": "PowerApp", "parent": "PowerApp", "app": "PowerApp", "agent": "Skills", "page": "PowerPages", "http": "Http",
	}
	hears := map[string]string{ // whom a flow can answer, by what starts it
		"button": "button parent app http", "app": "button parent app http", "http": "button parent app http",
		"agent": "agent http", "page": "page http",
	}
	for start, trigger := range begin {
		flowWith := func(a flow.Action, keys ...flow.Binding) *flow.Builder {
			b := flow.NewBuilder("F")
			b.Bind(keys...)
			if b.Trigger("t", trigger); start == "event" {
				b.Bind(mailBinding)
			}
			b.Add("a", a)
			return b
		}
		called := start != "schedule" && start != "event"
		for name, call := range calls {
			binding := map[bool]flow.Binding{true: ours, false: theirs}[strings.HasPrefix(name, "ours")]
			var want []wrong
			if !called && name != "ours" {
				want = []wrong{{"flow F: action a: key", binding.Key, invalid}}
			}
			t.Run(start+" calls "+name, func(t *testing.T) { checkFaults(t, flowWith(call, binding), want...) })
		}
		for to, answer := range answers {
			var want []wrong
			if !strings.Contains(" "+hears[start]+" ", " "+to+" ") {
				want = []wrong{{"flow F: action a: to", kinds[to], invalid}}
			}
			t.Run(start+" answers "+to, func(t *testing.T) { checkFaults(t, flowWith(answer), want...) })
		}
	}
	for _, event := range []flow.Event{
		{Key: "theirs"}, {Key: "theirs", Authentication: flow.AuthParameter}, {Key: "ours", Authentication: flow.AuthInvoker},
		{Key: "theirs", Notifies: true}, {Key: "theirs", Poll: &flow.Recurrence{Frequency: flow.Day, Interval: 1}},
	} {
		b := flow.NewBuilder("F")
		b.Bind(map[string]flow.Binding{"ours": ours, "theirs": theirs}[event.Key])
		event.Operation = "On"
		b.Trigger("t", event)
		checkFaults(t, b, wrong{"flow F: trigger t: key", event.Key, invalid})
	}
}

// A page starts a flow as an app does, and is answered so.
func TestPages(t *testing.T) {
	b := flow.NewBuilder("F")
	b.Trigger("", flow.Manual{By: flow.ByPage, Inputs: flow.Inputs{{Title: "A", Type: flow.InputText}}})
	b.Add("Answer", flow.Reply{To: flow.ByPage, Outputs: []flow.Output{{Title: "B", Type: flow.OutputString, Value: "x"}}})
	want := []string{"trigger 0 manual: Request PowerPages", "0 Answer: Response PowerPages"}
	if diff := cmp.Diff(want, modelOf(reparsed(t, built(t, b))).Operations); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Clocks of schedules and of polling have the same limits.
func TestClocks(t *testing.T) {
	every := func(n int, zone string) flow.Recurrence {
		return flow.Recurrence{Frequency: flow.Second, Interval: n, TimeZone: zone}
	}
	for name, tc := range map[string]struct {
		clock flow.Recurrence
		want  []wrong
	}{
		"a minute":         {clock: every(60, "W. Europe Standard Time")},
		"seconds":          {every(59, ""), []wrong{{"interval", "59", invalid}}},
		"no seconds":       {every(0, ""), []wrong{{"interval", "0", invalid}}},
		"a minute again":   {clock: flow.Recurrence{Frequency: flow.Minute, Interval: 1, TimeZone: "UTC"}},
		"a zone of others": {every(60, "Europe/Berlin"), []wrong{{"time zone", "Europe/Berlin", invalid}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := flow.NewBuilder("F")
			b.Trigger("t", tc.clock)
			want := within("flow F: trigger t: ", tc.want)
			checkFaults(t, b, want...)
			b = flow.NewBuilder("F")
			b.Bind(mailBinding)
			b.Trigger("t", flow.Event{Key: "mail", Operation: "On", Poll: &tc.clock})
			checkFaults(t, b, want...)
		})
	}
}

// What is missing is told so, and nothing else about it.
func TestReasons(t *testing.T) {
	for want, make := range map[string]func(b *flow.Builder){
		"is missing": action(flow.Select{}), "missing": action(flow.ParseJSON{}), "is nil": action((*flow.Call)(nil)),
		"is no list":   func(b *flow.Builder) { b.ForEach("a", 1, nil) },
		"hasn't ended": action(compose(flow.Outputs("a"))), "nobody calls": func(b *flow.Builder) {
			*b = *flow.NewBuilder("F")
			b.Trigger("", begin["schedule"])
			b.Add("a", flow.Response{Status: 200})
		},
	} {
		b := begun("F")
		make(b)
		_, err := b.Build()
		for _, err := range leaves(err) {
			if f := (*connref.FieldError)(nil); !errors.As(err, &f) || !strings.Contains(f.Reason, want) {
				t.Errorf("%v doesn't say %q", err, want)
			}
		}
		if err == nil {
			t.Errorf("nothing that %s", want)
		}
	}
}

// A trigger that is nil is one fault, under its name.
func TestNilTriggers(t *testing.T) {
	var manual *flow.Manual
	for _, trigger := range []flow.Trigger{nil, manual} {
		b := flow.NewBuilder("F")
		b.Trigger("my start", trigger)
		b.Add("a", compose(1))
		checkFaults(t, b, wrong{"flow F: trigger my_start", "", invalid})
	}
}

// Choices that are empty are none, of any type.
func TestNoChoices(t *testing.T) {
	texts := make([]string, 2)
	for i, choices := range [][]string{nil, {}} {
		b := flow.NewBuilder("F")
		b.Trigger("", flow.Manual{By: flow.ByApp, Inputs: flow.Inputs{
			{Title: "A", Type: flow.InputText, Choices: choices}, {Title: "B", Type: flow.InputNumber, Choices: choices},
		}})
		texts[i] = built(t, b).File().Text()
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" || strings.Contains(texts[1], `"enum"`) {
		t.Errorf("-none +empty:\n%s", diff)
	}
}

// Questions about nothing spell it as exports do.
func TestNothingInQuestions(t *testing.T) {
	b := begun("F")
	b.Condition("c", flow.And(flow.Not(flow.Equals(nil, "a")), flow.Contains(flow.TriggerBody(), nil)))
	b.Condition("d", flow.Greater(nil, nil))
	b.Until("u", flow.Equals(nil, "a"), nil)
	f := built(t, b)
	question := func(name string) any { return part(t, f, "properties", "definition", "actions", name, "expression") }
	want := []any{
		map[string]any{"and": []any{
			map[string]any{"not": map[string]any{"equals": []any{"@null", "a"}}},
			map[string]any{"contains": []any{"@triggerBody()", "@null"}},
		}},
		map[string]any{"greater": []any{"@null", "@null"}}, "@equals(null, 'a')",
	}
	if diff := cmp.Diff(want, []any{question("c"), question("d"), question("u")}); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Each expression can have as many characters as the platform counts, in UTF-16, and not one more.
func TestExpressionLimit(t *testing.T) {
	const most = flow.MaxExpression
	call := func(n int) flow.Expr { return flow.Func("f", strings.Repeat("a", n-len("f('')"))) }
	for name, at := range map[string]func(n int) any{ // n is the length of the longest expression
		"raw":             func(n int) any { return flow.RawExpr(strings.Repeat("é", n)) },
		"astral":          func(n int) any { return flow.RawExpr(strings.Repeat("😀", n/2) + strings.Repeat("a", n%2)) },
		"call":            func(n int) any { return call(n) },
		"path":            func(n int) any { return call(n - len("?['a']")).Get("a") },
		"test":            func(n int) any { return flow.Is(call(n - len("equals(, true)"))) },
		"in a text":       func(n int) any { return flow.Text(strings.Repeat("b", 20000), call(n), "c") },
		"twice in a text": func(n int) any { return flow.Text(call(n), call(most), call(n)) },
		"text as concat": func(n int) any {
			return flow.Text("@", flow.Var("x"), strings.Repeat("a", n-len("concat('@', variables('x'), '')")))
		},
		"path of a text": func(n int) any {
			return flow.Text(strings.Repeat("a", n-len("concat('', variables('x'))?[0]")), flow.Var("x")).Get(0)
		},
		"text in a call": func(n int) any {
			return flow.Func("f", flow.Text(strings.Repeat("a", n-len("f(concat('', variables('x')))")), flow.Var("x")))
		},
		"text in a text": func(n int) any {
			return flow.Text("b ", flow.Text(strings.Repeat("a", n-len("concat('', variables('x'))")), flow.Var("x")))
		},
		"plain text": func(n int) any { return "@{'" + strings.Repeat("a", n-len("concat('@{''')")) },
		"name":       func(n int) any { return flow.Object{"@{" + strings.Repeat("a", n-len("concat('@{')")): 1} },
	} {
		t.Run(name, func(t *testing.T) {
			checkFaults(t, stage(at(most)))
			_, err := stage(at(most + 1)).Build()
			if all := wrongs(t, err); len(all) != 1 || all[0].Kind != invalid ||
				!strings.HasPrefix(all[0].Field, "flow F: action L > V: inputs") {
				t.Errorf("one more: %d faults, %.200v", len(all), err)
			}
		})
	}
	checkFaults(t, stage([]any{
		strings.Repeat("é", 20000), "@" + strings.Repeat("a", 20000), "a@{" + strings.Repeat("a", 20000),
		flow.Text(strings.Repeat("a", 20000), flow.Var("x")),
	}))
}

// A stamp's expressions can name what the template has, where it has it.
func TestStampMentions(t *testing.T) {
	site := "Site (contoso_Site)"
	for name, tc := range map[string]struct {
		stamp flow.Stamp
		want  []wrong
	}{
		"what is there": {stamp: flow.Stamp{Parameters: map[string]flow.Object{"Look": {"a": []any{
			flow.Outputs("send mail"), flow.Items("each"), flow.Item("x"), flow.Param(site), flow.Var("not looked up"),
		}}}}},
		"what isn't": {flow.Stamp{Parameters: map[string]flow.Object{"Look": {
			"a": flow.Outputs("no"), "b": flow.Text("x", flow.Items("Work")), "c": flow.Func("f", flow.Param("Site")),
			"d": flow.Body("When an item is created"),
		}}}, []wrong{{"Work > Each > Look: a: action", "no", notFound}, {"Work > Each > Look: b: loop", "Work", notFound},
			{"Work > Each > Look: c: parameter", "Site", notFound},
			{"Work > Each > Look: d: action", "When_an_item_is_created", notFound}}},
		"items outside": {flow.Stamp{Parameters: map[string]flow.Object{"When an item is created": {
			"a": flow.Item(), "b": flow.Items("Each"), "c": flow.Param(site),
		}}}, []wrong{{"When_an_item_is_created: a: item", "", notFound}, {"When_an_item_is_created: b: loop", "Each", notFound}}},
		"in a default": {flow.Stamp{Defaults: map[string]any{site: flow.Outputs("Look")}},
			[]wrong{{site, `"@outputs('Look')"`, invalid}}},
		"a default of another type": {flow.Stamp{Defaults: map[string]any{site: 1}},
			[]wrong{{"parameter " + site + ": default", "1", invalid}}},
	} {
		t.Run(name, func(t *testing.T) {
			stamped, err := template(t).Stamp(tc.stamp)
			want := tc.want
			for i := range want {
				want[i].Field = "Template.json: " + want[i].Field
			}
			if diff := cmp.Diff(want, wrongs(t, err), cmpopts.EquateErrors()); diff != "" || (stamped == nil) != (err != nil) {
				t.Errorf("-want +got:\n%s\n%v", diff, err)
			}
		})
	}
}
