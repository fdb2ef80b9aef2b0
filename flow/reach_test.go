package flow_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// What an expression names has to be there, and to have ended whenever it is asked for.
func TestWhatHasEnded(t *testing.T) {
	say := func(v any) flow.Action { return flow.Compose{Inputs: v} }
	scheduled := func(b *flow.Builder) { b.Trigger("t", flow.Recurrence{Frequency: flow.Day, Interval: 1}) }
	manual := func(b *flow.Builder) { b.Trigger("t", flow.Manual{By: flow.ByButton}) }
	variable := flow.Initialize{Variable: "v", Type: flow.StringVariable}
	invoker := flow.Binding{Key: "k", Reference: "contoso_k", Connector: "shared_k", Source: flow.Invoker}
	for name, tc := range map[string]struct {
		start, make func(b *flow.Builder)
		want        []wrong
	}{
		"before": {manual, func(b *flow.Builder) {
			b.Add("a", say(1))
			b.Add("b", say(flow.Outputs("A")))
		}, nil},
		"long before": {manual, func(b *flow.Builder) {
			b.Add("a", say(1))
			b.Add("b", say(1))
			b.Add("c", say(flow.Body("a")))
		}, nil},
		"in what is before": {manual, func(b *flow.Builder) {
			b.Scope("s").Add("a", say(1))
			b.Add("b", say(flow.Outputs("a")))
		}, nil},
		"before what it is in": {manual, func(b *flow.Builder) {
			b.Add("a", say(1))
			b.ForEach("e", []int{}, nil).Scope("s").Add("b", say(flow.Outputs("a")))
		}, nil},
		"in a round": {manual, func(b *flow.Builder) {
			b.Until("u", flow.Equals(flow.Outputs("a"), 1), nil).Add("a", say(1))
		}, nil},
		"itself": {manual, func(b *flow.Builder) {
			b.Add("a", say(flow.Outputs("a")))
		}, []wrong{{"action a: action", "a", invalid}}},
		"later": {manual, func(b *flow.Builder) {
			b.Add("a", say(flow.Outputs("b")))
			b.Add("b", say(1))
		}, []wrong{{"action a: action", "b", invalid}}},
		"what it is in": {manual, func(b *flow.Builder) { b.Scope("s").Add("a", say(flow.Results("s"))) },
			[]wrong{{"action s > a: action", "s", invalid}}},
		"beside": {manual, func(b *flow.Builder) {
			b.Add("a", say(1))
			b.Add("b", say(flow.Outputs("a"))).RunAfter = flow.RunAfter{}
		}, []wrong{{"action b: action", "a", invalid}}},
		"the other branch": {manual, func(b *flow.Builder) {
			c := b.Condition("c", flow.Is(flow.TriggerBody("x")))
			c.Then.Add("a", say(1))
			c.Else.Add("b", say(flow.Outputs("a")))
		}, []wrong{{"action c (else) > b: action", "a", invalid}}},
		"a question about its answer": {manual, func(b *flow.Builder) {
			b.Condition("c", flow.Is(flow.Outputs("a"))).Then.Add("a", say(1))
		}, []wrong{{"action c: action", "a", invalid}}},
		"when it starts": {func(b *flow.Builder) {
			b.Bind(mailBinding)
			b.Trigger("t", flow.Event{
				Key: "mail", Operation: "On", Parameters: flow.Object{"a": flow.Outputs("a"), "p": flow.Param("p")},
				SplitOn: flow.Item(),
			}).Conditions = []flow.Test{flow.Equals(flow.Var("v"), 1)}
		}, func(b *flow.Builder) { b.Add("v", variable); b.Add("a", say(1)) }, []wrong{
			{"trigger t: variable", "v", invalid}, {"trigger t: action", "a", invalid}, {"trigger t: parameter", "p", notFound},
			{"trigger t: item", "", notFound},
		}},
		"an item of nothing": {manual, func(b *flow.Builder) {
			b.Add("a", say(flow.Item()))
		}, []wrong{{"action a: item", "", notFound}}},
		"items": {manual, func(b *flow.Builder) {
			b.ForEach("e", []int{1}, nil).Scope("s").Add("a", say(flow.Item()))
			b.Add("b", flow.Select{From: []int{1}, Map: flow.Item()})
			b.Add("c", flow.Filter{From: []int{1}, Where: flow.Equals(flow.Item(), 1)})
			b.Add("d", flow.Other{Type: "Table", Inputs: flow.Object{"from": []int{1}, "value": flow.Item()}})
		}, nil},
		"a variable before it is made": {manual, func(b *flow.Builder) {
			b.Add("a", flow.SetVariable{Variable: "v", Value: 1})
			b.Add("b", say(flow.Var("v")))
			b.Add("v", variable)
		}, []wrong{{"action a: variable", "v", invalid}, {"action b: variable", "v", invalid}}},
		"a variable of itself": {manual, func(b *flow.Builder) {
			b.Add("v", variable)
			b.Add("a", flow.SetVariable{Variable: "V", Value: flow.Text(flow.Var("v"), "!")})
		}, []wrong{{"action a: variable", "v", invalid}}},
		"a caller's connection on schedule": {scheduled, func(b *flow.Builder) {
			b.Bind(invoker)
			b.Add("a", flow.Call{Key: "k", Operation: "Do"})
		}, []wrong{{"action a: key", "k", invalid}}},
		"an event on a caller's connection": {func(b *flow.Builder) {
			b.Bind(invoker)
			b.Trigger("t", flow.Event{Key: "k", Operation: "On"})
		}, func(*flow.Builder) {}, []wrong{{"trigger t: key", "k", invalid}}},
		"answers on schedule": {scheduled, func(b *flow.Builder) {
			b.Add("a", flow.Reply{To: flow.ByApp})
			b.Add("b", flow.Response{Status: 200})
		}, []wrong{{"action a: to", "PowerApp", invalid}, {"action b: to", "Http", invalid}}},
		"answers to others": {manual, func(b *flow.Builder) {
			b.Add("a", flow.Reply{To: flow.ByAgent})
			b.Add("b", flow.Reply{To: flow.ByPage})
			b.Add("c", flow.Reply{To: flow.ByApp})
			b.Add("d", flow.Response{Status: 200})
		}, []wrong{{"action a: to", "Skills", invalid}, {"action b: to", "PowerPages", invalid}}},
		"answer of a page": {func(b *flow.Builder) { b.Trigger("t", flow.Manual{By: flow.ByPage}) }, func(b *flow.Builder) {
			b.Add("a", flow.Reply{To: flow.ByPage})
			b.Add("b", flow.Reply{To: flow.ByParent})
		}, []wrong{{"action b: to", "PowerApp", invalid}}},
		"in loops": {manual, func(b *flow.Builder) {
			b.ForEach("e", []int{}, nil).Scope("s").Add("a", flow.Terminate{Status: flow.RunSucceeded})
			b.Until("u", flow.Equals(1, 1), nil).Add("b", flow.Response{Status: 200})
			b.Scope("o").Add("c", flow.Terminate{Status: flow.RunSucceeded})
		}, []wrong{{"action e > s > a: place", "Terminate", invalid}, {"action u > b: place", "Response", invalid}}},
		"notified and polled": {func(b *flow.Builder) {
			b.Bind(mailBinding)
			b.Trigger("t", flow.Event{
				Key: "mail", Operation: "On", Notifies: true, Poll: &flow.Recurrence{Frequency: flow.Day, Interval: 1},
			})
		}, func(*flow.Builder) {}, []wrong{{"trigger t: poll", "", invalid}}},
		"no list": {manual, func(b *flow.Builder) {
			b.ForEach("a", "text", nil)
			b.ForEach("b", nil, nil)
			b.ForEach("c", flow.Object{}, nil)
			b.ForEach("d", flow.TriggerBody("list"), nil)
		}, []wrong{{"action a: items", `"text"`, invalid}, {"action b: items", "null", invalid},
			{"action c: items", "{}", invalid}}},
		"a delay of two kinds": {manual, func(b *flow.Builder) { b.Add("a", flow.Delay{For: time.Hour, Until: "x"}) },
			[]wrong{{"action a: for", "1h0m0s", invalid}}},
		"what is missing": {manual, func(b *flow.Builder) {
			b.Add("a", flow.Select{})
			b.Add("b", flow.ParseJSON{Content: 1})
			b.Add("c", flow.HTTP{Method: "GET"})
		}, []wrong{{"action a: from", "", invalid}, {"action a: map", "", invalid}, {"action b: schema", "", invalid},
			{"action c: uri", "", invalid}}},
		"typed nothing": {manual, func(b *flow.Builder) {
			b.Add("a", (*flow.Call)(nil))
		}, []wrong{{"action a", "", invalid}}},
		"typed no trigger": {func(b *flow.Builder) { b.Trigger("t", (*flow.Event)(nil)) }, func(*flow.Builder) {},
			[]wrong{{"trigger t", "", invalid}}},
		"parameters": {manual, func(b *flow.Builder) {
			b.Parameter(flow.Parameter{DisplayName: "a", Type: flow.IntParameter, Default: "x"})
			b.Parameter(flow.Parameter{DisplayName: "b", Type: flow.IntParameter, Default: 1.5})
			b.Parameter(flow.Parameter{DisplayName: "c", Type: flow.FloatParameter, Default: -1})
			b.Parameter(flow.Parameter{DisplayName: "d", Type: flow.StringParameter, Default: flow.TriggerBody()})
			b.Parameter(flow.Parameter{SchemaName: "contoso V", Type: flow.StringParameter})
			b.Parameter(flow.Parameter{SchemaName: "contoso_V", DisplayName: "e", Type: flow.StringParameter})
			b.Parameter(flow.Parameter{SchemaName: "Contoso_v", DisplayName: "f", Type: flow.BoolParameter})
		}, []wrong{
			{"parameter d: default", `"@triggerBody()"`, invalid},
			{"parameter a: default", `"x"`, invalid}, {"parameter b: default", "1.5", invalid},
			{"parameter contoso V (contoso V): schema name", "contoso V", invalid},
			{"parameter f (Contoso_v): schema name", "Contoso_v", duplicate},
		}},
		"clocks": {func(b *flow.Builder) {
			b.Trigger("t", flow.Recurrence{Frequency: flow.Second, Interval: 59, TimeZone: "Europe/Berlin"})
		}, func(*flow.Builder) {},
			[]wrong{{"trigger t: interval", "59", invalid}, {"trigger t: time zone", "Europe/Berlin", invalid}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := flow.NewBuilder("F")
			tc.start(b)
			tc.make(b)
			for i := range tc.want {
				tc.want[i].Field = "flow F: " + tc.want[i].Field
			}
			checkFaults(t, b, tc.want...)
		})
	}
}

// A Try, a Catch and a Finally run when they should, and so does what follows: judged by what the platform makes of
// runAfter. How an action that runs ends is given; what doesn't run is skipped.
func TestTryRuns(t *testing.T) {
	const s, f, skipped = "Succeeded", "Failed", "Skipped"
	for _, tc := range []struct {
		ends map[string]string // but Succeeded
		want map[string]string
	}{
		{nil, map[string]string{"before": s, "try": s, "catch": skipped, "finally": s, "after": s}},
		{map[string]string{"try": f}, map[string]string{"before": s, "try": f, "catch": s, "finally": s, "after": s}},
		{map[string]string{"try": "TimedOut"},
			map[string]string{"before": s, "try": "TimedOut", "catch": s, "finally": s, "after": s}},
		{map[string]string{"try": f, "catch": f},
			map[string]string{"before": s, "try": f, "catch": f, "finally": s, "after": skipped}},
		{map[string]string{"finally": f},
			map[string]string{"before": s, "try": s, "catch": skipped, "finally": f, "after": skipped}},
		{map[string]string{"before": f},
			map[string]string{"before": f, "try": skipped, "catch": skipped, "finally": skipped, "after": skipped}},
	} {
		for _, finally := range []bool{true, false} {
			b := begun("F")
			b.Add("before", flow.Compose{})
			work := b.Try("try", "catch")
			want := map[string]string{}
			for name, status := range tc.want {
				want[name] = status
			}
			if finally {
				work.Finally("finally")
			} else if delete(want, "finally"); tc.ends["finally"] != "" {
				continue
			}
			b.Add("after", flow.Compose{})
			if diff := cmp.Diff(want, run(after(t, built(t, b)), tc.ends)); diff != "" {
				t.Errorf("%v, with finally %t (-want +got):\n%s", tc.ends, finally, diff)
			}
		}
	}
}

// run answers how each action ends, given after what each runs.
func run(after map[string]any, ends map[string]string) map[string]string {
	ended := map[string]string{}
	for len(ended) < len(after) {
		for name, conditions := range after {
			ready, runs := ended[name] == "", true
			for before, statuses := range conditions.(map[string]any) {
				fits := false
				for _, status := range statuses.([]any) {
					fits = fits || status == ended[before]
				}
				ready, runs = ready && ended[before] != "", runs && fits
			}
			switch {
			case !ready:
			case !runs:
				ended[name] = "Skipped"
			case ends[name] != "":
				ended[name] = ends[name]
			default:
				ended[name] = "Succeeded"
			}
		}
	}
	return ended
}

// A binding is made of a reference, and a loop knows its item.
func TestShortcuts(t *testing.T) {
	ref := connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"}
	want := flow.Binding{Key: "mail", Reference: "contoso_mail", Connector: "shared_office365"}
	if diff := cmp.Diff(want, flow.NewBinding("mail", ref)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	b := begun("F")
	if got := b.ForEach("Each row", []int{}, nil).Item("a", 0).String(); got != "items('Each_row')?['a']?[0]" {
		t.Errorf("the item is %s", got)
	}
}
