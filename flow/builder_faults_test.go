package flow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// wrong is what a test says about a fault that Build tells: where it is, the value, and which error it is.
type wrong struct {
	Field, Value string
	Kind         error
}

var (
	invalid   = connref.ErrInvalid
	duplicate = connref.ErrDuplicate
	notFound  = connref.ErrNotFound
)

// leaves are the errors that an error joins.
func leaves(err error) (all []error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	for _, err := range joined.Unwrap() {
		all = append(all, leaves(err)...)
	}
	return all
}

// wrongs are the faults that an error joins, each of which has to be a *FieldError, and of one kind.
func wrongs(t testing.TB, err error) (all []wrong) {
	t.Helper()
	if err == nil {
		return nil
	}
	for _, err := range leaves(err) {
		f, ok := err.(*connref.FieldError)
		if !ok || f.Reason == "" {
			t.Fatalf("not a fault of a field, or without a reason: %v", err)
		}
		w := wrong{Field: f.Field, Value: f.Value}
		for _, kind := range []error{invalid, duplicate, notFound} {
			if errors.Is(err, kind) && w.Kind != nil {
				t.Errorf("both %v and %v: %v", w.Kind, kind, err)
			} else if errors.Is(err, kind) {
				w.Kind = kind
			}
		}
		all = append(all, w)
	}
	return all
}

// checkFaults compares the faults of a flow, in order, with those that are wanted.
func checkFaults(t testing.TB, b *flow.Builder, want ...wrong) {
	t.Helper()
	_, err := b.Build()
	if diff := cmp.Diff(want, wrongs(t, err), cmpopts.EquateErrors()); diff != "" {
		t.Errorf("-want +got:\n%s\n%v", diff, err)
	}
}

// faulty is a flow that can't be, and what Build says.
type faulty struct {
	make func(b *flow.Builder)
	want []wrong
}

// oneFault is a flow with one fault.
func oneFault(make func(b *flow.Builder), field, value string, kind error) faulty {
	return faulty{make, []wrong{{field, value, kind}}}
}

// action adds an action as a.
func action(a flow.Action) func(b *flow.Builder) {
	return func(b *flow.Builder) { b.Add("a", a) }
}

// set adds an action as a, and sets its fields.
func set(a flow.Action, set func(s *flow.Step)) func(b *flow.Builder) {
	return func(b *flow.Builder) { set(b.Add("a", a)) }
}

// badValue is a value that a Compose can't have. The field is that of the value inside.
func badValue(v any, field, value string) faulty {
	return oneFault(action(flow.Compose{Inputs: v}), "flow F: action a: inputs"+field, value, invalid)
}

// badBinding is a binding that can't be.
func badBinding(change func(binding *flow.Binding)) faulty {
	binding := mailBinding
	change(&binding)
	return oneFault(func(b *flow.Builder) {
		b.Bind(binding)
		b.Add("a", flow.Call{Key: binding.Key, Operation: "Send"})
	}, "flow F: binding "+binding.Key, "", invalid)
}

// badCall is a call that can't be, on a binding.
func badCall(call flow.Call, field, value string) faulty {
	call.Key = "mail"
	return oneFault(func(b *flow.Builder) {
		b.Bind(mailBinding)
		b.Add("a", call)
	}, "flow F: action a: "+field, value, invalid)
}

func badStart(field, value string, kind error, set func(s *flow.Start)) faulty {
	return oneFault(func(b *flow.Builder) { set(b.Trigger("t", flow.Manual{By: flow.ByApp})) },
		"flow F: trigger t: "+field, value, kind)
}

func badTrigger(t flow.Trigger, field, value string) faulty {
	return oneFault(func(b *flow.Builder) { b.Trigger("t", t) }, "flow F: trigger t: "+field, value, invalid)
}

func badEvent(e flow.Event, field, value string, kind error) faulty {
	e.Key, e.Operation = "mail", "OnMail"
	return oneFault(func(b *flow.Builder) {
		b.Bind(mailBinding)
		b.Trigger("t", e)
	}, "flow F: trigger t: "+field, value, kind)
}

// TestTriggerFaults has all that can be wrong with a flow's trigger.
func TestTriggerFaults(t *testing.T) {
	long := strings.Repeat("é", 257)
	for name, tc := range map[string]faulty{
		"none": oneFault(func(*flow.Builder) {}, "flow F: trigger", "0", invalid),
		"two": oneFault(func(b *flow.Builder) {
			b.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
			b.Trigger("", flow.Manual{By: flow.ByApp})
		}, "flow F: trigger", "2", invalid),
		"nil": oneFault(func(b *flow.Builder) { b.Trigger("t", nil) }, "flow F: trigger t", "", invalid),
		"no name": oneFault(func(b *flow.Builder) { b.Bind(mailBinding); b.Trigger("", flow.Event{Key: "mail", Operation: "O"}) },
			"flow F: trigger: name", "", invalid),
		"name": oneFault(func(b *flow.Builder) { b.Trigger("a/b", flow.Manual{By: flow.ByApp}) },
			"flow F: trigger a/b: name", "a/b", invalid),
		"description": badStart("description", long, invalid, func(s *flow.Start) { s.Description = long }),
		"description's bytes": badStart("description", "\xff", invalid,
			func(s *flow.Start) { s.Description = "\xff" }),
		"runs": badStart("concurrency", "101", invalid, func(s *flow.Start) { s.Concurrency = 101 }),
		"runs below none": badStart("concurrency", "-1", invalid,
			func(s *flow.Start) { s.Concurrency = -1 }),
		"no condition": badStart("condition 2", "null", invalid,
			func(s *flow.Start) { s.Conditions = []flow.Test{flow.Is(flow.Func("f")), {}} }),
		"condition names an action": badStart("action", "x", notFound,
			func(s *flow.Start) { s.Conditions = []flow.Test{flow.Is(flow.Outputs("x"))} }),

		"frequency":       badTrigger(flow.Recurrence{Frequency: "Year", Interval: 1}, "frequency", "Year"),
		"no frequency":    badTrigger(flow.Recurrence{Interval: 1}, "frequency", ""),
		"no interval":     badTrigger(flow.Recurrence{Frequency: flow.Day}, "interval", "0"),
		"long interval":   badTrigger(flow.Recurrence{Frequency: flow.Month, Interval: 17}, "interval", "17"),
		"hours of a hour": badTrigger(flow.Recurrence{Frequency: flow.Hour, Interval: 1, Hours: []int{1}}, "schedule", "Hour"),
		"minutes of a month": badTrigger(
			flow.Recurrence{Frequency: flow.Month, Interval: 1, Minutes: []int{1}}, "schedule", "Month"),
		"days of a day": badTrigger(
			flow.Recurrence{Frequency: flow.Day, Interval: 1, WeekDays: []time.Weekday{0}}, "week days", "Day"),
		"day": badTrigger(
			flow.Recurrence{Frequency: flow.Week, Interval: 1, WeekDays: []time.Weekday{6, 7}}, "week days", "7"),
		"hour":   badTrigger(flow.Recurrence{Frequency: flow.Day, Interval: 1, Hours: []int{23, 24}}, "hours", "24"),
		"minute": badTrigger(flow.Recurrence{Frequency: flow.Day, Interval: 1, Minutes: []int{59, 60}}, "minutes", "60"),
		"hour below none": badTrigger(
			flow.Recurrence{Frequency: flow.Day, Interval: 1, Hours: []int{-1}}, "hours", "-1"),
		"time zone": badTrigger(
			flow.Recurrence{Frequency: flow.Day, Interval: 1, TimeZone: "\xff"}, "timeZone", "\xff"),

		"caller":  badTrigger(flow.Manual{}, "by", ""),
		"callers": badTrigger(flow.HTTPRequest{Callers: "Everyone"}, "callers", "Everyone"),
		"method":  badTrigger(flow.HTTPRequest{Callers: flow.AnyCaller, Method: "get"}, "method", "get"),
		"schema":  badTrigger(flow.HTTPRequest{Callers: flow.AnyCaller, Schema: math.NaN()}, "schema", ""),
		"notified, polled": badEvent(flow.Event{
			Notifies: true, Poll: &flow.Recurrence{Frequency: flow.Day, Interval: 1},
		}, "poll", "", invalid),
		"poll":            badEvent(flow.Event{Poll: &flow.Recurrence{Interval: 1}}, "frequency", "", invalid),
		"parameter":       badEvent(flow.Event{Parameters: flow.Object{"a": flow.Expr{}}}, "parameters/a", "", invalid),
		"split on":        badEvent(flow.Event{SplitOn: flow.RawExpr("(")}, "split on", "(", invalid),
		"parameter names": badEvent(flow.Event{Parameters: flow.Object{"a": flow.Param("p")}}, "parameter", "p", notFound),
		"split on names":  badEvent(flow.Event{SplitOn: flow.Body("x")}, "action", "x", notFound),
		"authentication":  badEvent(flow.Event{Authentication: flow.AuthOwn}, "authentication", "own", invalid),

		"input's type":  badInputs("input A", "int", invalid, flow.Input{Title: "A", Type: "int"}),
		"input's title": badInputs("input ", "", invalid, flow.Input{Type: flow.InputText}),
		"input's key": badInputs("input B", "text", duplicate,
			flow.Input{Title: "A", Type: flow.InputText}, flow.Input{Title: "B", Type: flow.InputDate, Key: "text"}),
		"input's choices": badInputs("input A", "number", invalid,
			flow.Input{Title: "A", Type: flow.InputNumber, Choices: []string{"1"}}),
		"input's description": badInputs("input A/description", "\xff", invalid,
			flow.Input{Title: "A", Type: flow.InputText, Description: "\xff"}),
		"input's choice": badInputs("input A/enum/1", "\xff", invalid,
			flow.Input{Title: "A", Type: flow.InputText, Choices: []string{"a", "\xff"}}),
	} {
		t.Run(name, func(t *testing.T) {
			b := flow.NewBuilder("F")
			tc.make(b)
			checkFaults(t, b, tc.want...)
		})
	}
}

func badInputs(field, value string, kind error, in ...flow.Input) faulty {
	return oneFault(func(b *flow.Builder) { b.Trigger("t", flow.Manual{By: flow.ByApp, Inputs: in}) },
		"flow F: trigger t: "+field, value, kind)
}

// TestFaults has all else that can be wrong with a flow.
func TestFaults(t *testing.T) {
	const a = "flow F: action a: "
	anAction := flow.Compose{}
	long := strings.Repeat("é", 81)
	for name, tc := range map[string]faulty{
		// bindings
		"key":                badBinding(func(b *flow.Binding) { b.Key = "" }),
		"key's bytes":        badBinding(func(b *flow.Binding) { b.Key = "\xff" }),
		"direct":             badBinding(func(b *flow.Binding) { b.Reference = "" }),
		"connector":          badBinding(func(b *flow.Binding) { b.Connector = "a b" }),
		"no connector":       badBinding(func(b *flow.Binding) { b.Connector = "" }),
		"connector's name":   badBinding(func(b *flow.Binding) { b.ConnectorName = "\xff" }),
		"source":             badBinding(func(b *flow.Binding) { b.Source = "Embedded" }),
		"impersonation":      badBinding(func(b *flow.Binding) { b.Impersonation = "owner" }),
		"bound and not used": oneFault(func(b *flow.Builder) { b.Bind(mailBinding) }, "flow F: binding mail", "", invalid),
		"bound twice": oneFault(func(b *flow.Builder) {
			b.Bind(mailBinding, mailBinding)
			b.Add("a", flow.Call{Key: "mail", Operation: "Send"})
		}, "flow F: binding mail: key", "mail", duplicate),

		// parameters
		"parameter's name": oneFault(parameter(flow.Parameter{Type: flow.IntParameter}),
			"flow F: parameter : name", "", invalid),
		"parameter's control character": oneFault(parameter(flow.Parameter{DisplayName: "a\n", Type: flow.IntParameter}),
			"flow F: parameter a\n: name", "a\n", invalid),
		"parameter's description": oneFault(
			parameter(flow.Parameter{DisplayName: "a", Type: flow.IntParameter, Description: "\xff"}),
			"flow F: parameter a: name", "a", invalid),
		"reserved": oneFault(parameter(flow.Parameter{DisplayName: "$Connections", Type: flow.ObjectParameter}),
			"flow F: parameter $Connections: name", "$Connections", invalid),
		"reserved schema name": oneFault(
			parameter(flow.Parameter{SchemaName: "$authentication", DisplayName: "a", Type: flow.ObjectParameter}),
			"flow F: parameter a ($authentication): name", "a ($authentication)", invalid),
		"parameter twice": oneFault(parameter(
			flow.Parameter{DisplayName: "a", Type: flow.IntParameter}, flow.Parameter{DisplayName: "A", Type: flow.IntParameter}),
			"flow F: parameter A: name", "A", duplicate),
		"parameter's type": oneFault(parameter(flow.Parameter{DisplayName: "a", Type: "string"}),
			"flow F: parameter a: type", "string", invalid),
		"parameter's default": oneFault(
			parameter(flow.Parameter{DisplayName: "a", Type: flow.ObjectParameter, Default: flow.Object{"b": math.Inf(1)}}),
			"flow F: parameter a: default/b", "", invalid),

		// names
		"no name":       oneFault(func(b *flow.Builder) { b.Add("", anAction) }, "flow F: action : name", "", invalid),
		"name's bytes":  badName("\xff"),
		"expression":    badName("@a"),
		"slash":         badName("a/b"),
		"quote":         badName(`a"`),
		"tab":           badName("a\tb"),
		"name too long": badName(long),
		"name in a loop": oneFault(func(b *flow.Builder) { b.ForEach("L", []int{}, nil).Add("%", anAction) },
			"flow F: action L > %: name", "%", invalid),
		"name in an else": oneFault(func(b *flow.Builder) { b.Condition("C", flow.Equals(1, 1)).Else.Add("%", anAction) },
			"flow F: action C (else) > %: name", "%", invalid),
		"name in a case": oneFault(func(b *flow.Builder) { b.Switch("S", flow.Func("f")).Case("x y", 1).Add("%", anAction) },
			"flow F: action S (case x_y) > %: name", "%", invalid),
		"name in a default": oneFault(func(b *flow.Builder) { b.Switch("S", flow.Func("f")).Default.Add("%", anAction) },
			"flow F: action S (default) > %: name", "%", invalid),
		"name twice": oneFault(func(b *flow.Builder) {
			b.Add("a b", anAction)
			b.Scope("s").Add("A_B", anAction)
		}, "flow F: action s > A_B: name", "A_B", duplicate),
		"name twice in a block": oneFault(func(b *flow.Builder) {
			b.Add("a", anAction)
			b.Add("a", anAction)
		}, "flow F: action a: name", "a", duplicate),
		"name of the trigger": oneFault(func(b *flow.Builder) { b.Add("Manual", anAction) },
			"flow F: action Manual: name", "Manual", duplicate),
		"description": oneFault(set(anAction, func(s *flow.Step) { s.Description = strings.Repeat(long, 4) }),
			a+"description", strings.Repeat(long, 4), invalid),

		// calls
		"key is not bound": oneFault(action(flow.Call{Key: "mail", Operation: "Send"}), a+"key", "mail", notFound),
		"key in other capitals": {func(b *flow.Builder) {
			b.Bind(mailBinding)
			b.Add("a", flow.Call{Key: "Mail", Operation: "Send"})
		}, []wrong{{a + "key", "Mail", notFound}, {"flow F: binding mail", "", invalid}}},
		"no operation":      badCall(flow.Call{}, "operation", ""),
		"operation":         badCall(flow.Call{Operation: "@a"}, "operation", "@a"),
		"operation's bytes": badCall(flow.Call{Operation: "\xff"}, "operation", "\xff"),
		"authentication": badCall(flow.Call{Operation: "Send", Authentication: flow.AuthExpression},
			"authentication", "expression"),
		"pagination":            badCall(flow.Call{Operation: "Send", Pagination: 100001}, "pagination", "100001"),
		"pagination below none": badCall(flow.Call{Operation: "Send", Pagination: -1}, "pagination", "-1"),
		"parameter": badCall(flow.Call{Operation: "Send", Parameters: flow.Object{"a/b": []any{flow.Test{}}}},
			"parameters/a/b/0", "null"),
		"no child flow": oneFault(action(flow.RunFlow{}), a+"flow", "", invalid),
		"child's body": oneFault(action(flow.RunFlow{Flow: childFlow, Body: flow.Object{"text": flow.Expr{}}}),
			a+"body/text", "", invalid),

		// timeouts and retries
		"timeout below none": oneFault(set(http, func(s *flow.Step) { s.Timeout = -time.Second }),
			a+"timeout", "-1s", invalid),
		"timeout of a part": oneFault(set(http, func(s *flow.Step) { s.Timeout = 1500 * time.Millisecond }),
			a+"timeout", "1.5s", invalid),
		"timeout of what doesn't wait": oneFault(set(anAction, func(s *flow.Step) { s.Timeout = time.Minute }),
			a+"timeout", "1m0s", invalid),
		"timeout twice": oneFault(func(b *flow.Builder) { b.Until("a", flow.Equals(1, 1), nil).Timeout = time.Minute },
			a+"timeout", "1h0m0s", invalid),
		"until's timeout": oneFault(until(&flow.UntilOptions{Timeout: -time.Minute}), a+"timeout", "-1m0s", invalid),
		"until's count":   oneFault(until(&flow.UntilOptions{Count: 5001}), a+"count", "5001", invalid),
		"until's count below none": oneFault(until(&flow.UntilOptions{Count: -1}),
			a+"count", "-1", invalid),
		"retry of what makes no request": oneFault(set(anAction, func(s *flow.Step) { s.Retry = &flow.Retry{Type: flow.RetryNone} }),
			a+"retry", "none", invalid),
		"retry's type":   badRetry(flow.Retry{Type: "linear", Count: 1, Interval: time.Minute}),
		"no retry type":  badRetry(flow.Retry{Count: 1, Interval: time.Minute}),
		"no retries":     badRetry(flow.Retry{Type: flow.RetryFixed, Interval: time.Minute}),
		"many retries":   badRetry(flow.Retry{Type: flow.RetryFixed, Count: 91, Interval: time.Minute}),
		"short interval": badRetry(flow.Retry{Type: flow.RetryExponential, Count: 1, Interval: 4 * time.Second}),
		"long interval":  badRetry(flow.Retry{Type: flow.RetryFixed, Count: 1, Interval: 25 * time.Hour}),
		"part of a second": badRetry(
			flow.Retry{Type: flow.RetryFixed, Count: 1, Interval: 5*time.Second + time.Millisecond}),

		// containers
		"items": oneFault(func(b *flow.Builder) { b.ForEach("a", flow.Expr{}, nil) }, a+"items", "", invalid),
		"concurrency": oneFault(func(b *flow.Builder) { b.ForEach("a", []int{}, &flow.ForEachOptions{Concurrency: 51}) },
			a+"concurrency", "51", invalid),
		"concurrency below none": oneFault(
			func(b *flow.Builder) { b.ForEach("a", []int{}, &flow.ForEachOptions{Concurrency: -1}) },
			a+"concurrency", "-1", invalid),
		"until nothing": oneFault(func(b *flow.Builder) { b.Until("a", flow.Test{}, nil) }, a+"expression", "null", invalid),
		"no condition":  oneFault(func(b *flow.Builder) { b.Condition("a", flow.Test{}) }, a+"expression", "", invalid),
		"nothing in a condition": oneFault(func(b *flow.Builder) { b.Condition("a", flow.And(flow.Equals(1, 1), flow.Or())) },
			a+"expression", "", invalid),
		"operand": oneFault(func(b *flow.Builder) { b.Condition("a", flow.Not(flow.Less(1, "\xff"))) },
			a+"expression", "\xff", invalid),
		"switch": oneFault(func(b *flow.Builder) { b.Switch("a", flow.Expr{}) }, a+"expression", "", invalid),
		"case's name": oneFault(func(b *flow.Builder) { b.Switch("a", flow.Func("f")).Case("%", 1) },
			a+"case %", "%", invalid),
		"case's name twice": oneFault(cases("b", 1, "B", 2), a+"case B", "B", duplicate),
		"case twice":        oneFault(cases("b", "x", "c", "x"), a+"case c", `"x"`, duplicate),
		"case of nothing":   oneFault(cases("b", nil), a+"case b", "", invalid),
		"case of anything":  oneFault(cases("b", flow.Func("f")), a+"case b", "", invalid),
		"case's bytes":      oneFault(cases("b", "\xff"), a+"case b", "\xff", invalid),

		// variables
		"variable's type": oneFault(action(flow.Initialize{Variable: "v", Type: "String"}), a+"type", "String", invalid),
		"variable's name": oneFault(action(flow.Initialize{Type: flow.ArrayVariable}), a+"variable", "", invalid),
		"variable's expression": oneFault(action(flow.Initialize{Variable: "@v", Type: flow.ArrayVariable}),
			a+"variable", "@v", invalid),
		"variable's value": oneFault(
			action(flow.Initialize{Variable: "v", Type: flow.FloatVariable, Value: math.NaN()}), a+"value", "", invalid),
		"variable twice": oneFault(func(b *flow.Builder) {
			b.Add("b", flow.Initialize{Variable: "v", Type: flow.StringVariable})
			b.Add("a", flow.Initialize{Variable: "V", Type: flow.StringVariable})
		}, a+"variable", "V", duplicate),
		"variable in a scope": oneFault(func(b *flow.Builder) {
			b.Scope("s").Add("a", flow.Initialize{Variable: "v", Type: flow.StringVariable})
		}, "flow F: action s > a: variable", "v", invalid),
		"no variable":        oneFault(action(flow.SetVariable{Variable: "v"}), a+"variable", "v", notFound),
		"increment a text":   oneFault(onText(flow.Increment{Variable: "V"}), a+"variable", "V", invalid),
		"append to no array": oneFault(onText(flow.AppendToArray{Variable: "v"}), a+"variable", "v", invalid),
		"append to no text": oneFault(func(b *flow.Builder) {
			b.Add("i", flow.Initialize{Variable: "v", Type: flow.IntegerVariable})
			b.Add("a", flow.AppendToString{Variable: "v"})
		}, a+"variable", "v", invalid),
		"increment": oneFault(func(b *flow.Builder) {
			b.Add("i", flow.Initialize{Variable: "v", Type: flow.IntegerVariable})
			b.Add("a", flow.Increment{Variable: "v", By: "1"})
		}, a+"by", "", invalid),

		// what expressions name
		"no action": oneFault(action(flow.Compose{Inputs: flow.Outputs("b c")}), a+"action", "b_c", notFound),
		"no scope":  oneFault(action(flow.Compose{Inputs: flow.Results("s")}), a+"action", "s", notFound),
		"the trigger is no action": oneFault(action(flow.Compose{Inputs: flow.Body("manual")}),
			a+"action", "manual", notFound),
		"no variable named": oneFault(action(flow.Compose{Inputs: flow.Object{"x": flow.Text("a", flow.Var("v"))}}),
			a+"variable", "v", notFound),
		"no parameter": oneFault(action(flow.Compose{Inputs: flow.Func("f", flow.Param("p"))}), a+"parameter", "p", notFound),
		"no loop":      oneFault(action(flow.Compose{Inputs: []any{flow.Items("L")}}), a+"loop", "L", notFound),
		"a loop elsewhere": oneFault(func(b *flow.Builder) {
			b.ForEach("L", []int{}, nil)
			b.Add("a", flow.Compose{Inputs: flow.Items("L")})
		}, a+"loop", "L", notFound),
		"a loop in itself": oneFault(func(b *flow.Builder) { b.ForEach("a", flow.Items("a", "x"), nil) },
			a+"loop", "a", notFound),
		"no loop over items": oneFault(func(b *flow.Builder) {
			b.Until("L", flow.Equals(1, 1), nil).Add("a", flow.Compose{Inputs: flow.Items("L")})
		}, "flow F: action L > a: loop", "L", notFound),
		"a scope is no loop": oneFault(func(b *flow.Builder) {
			b.Scope("L").Add("a", flow.Compose{Inputs: flow.Items("L")})
		}, "flow F: action L > a: loop", "L", notFound),
		"a case names what isn't there": oneFault(func(b *flow.Builder) { b.Switch("a", flow.Var("v")) },
			a+"variable", "v", notFound),

		// order
		"after nothing": oneFault(set(anAction, func(s *flow.Step) { s.RunAfter = flow.RunAfter{"b": {flow.Failed}} }),
			a+"run after", "b", notFound),
		"after the trigger": oneFault(
			set(anAction, func(s *flow.Step) { s.RunAfter = flow.RunAfter{"manual": {flow.Succeeded}} }),
			a+"run after", "manual", notFound),
		"after one in another block": oneFault(func(b *flow.Builder) {
			b.Scope("s").Add("b", anAction)
			b.Add("a", anAction).RunAfter = flow.RunAfter{"b": {flow.Failed}}
		}, a+"run after", "b", notFound),
		"after other capitals": oneFault(func(b *flow.Builder) {
			b.Add("b", anAction)
			b.Add("a", anAction).RunAfter = flow.RunAfter{"B": {flow.Failed}}
		}, a+"run after", "B", notFound),
		"after no status": oneFault(func(b *flow.Builder) {
			b.Add("b", anAction)
			b.Add("a", anAction).RunAfter = flow.RunAfter{"b": nil}
		}, a+"run after", "b", invalid),
		"after no such status": oneFault(func(b *flow.Builder) {
			b.Add("b", anAction)
			b.Add("a", anAction).RunAfter = flow.RunAfter{"b": {flow.Failed, "failed"}}
		}, a+"run after", "failed", invalid),
		"after one in two spellings": oneFault(func(b *flow.Builder) {
			b.Add("b c", anAction)
			b.Add("a", anAction).RunAfter = flow.RunAfter{"b c": {flow.Failed}, "b_c": {flow.Failed}}
		}, a+"run after", "b_c", duplicate),
		"after itself": oneFault(set(anAction, func(s *flow.Step) { s.RunAfter = flow.RunAfter{"a": {flow.Failed}} }),
			a+"run after", "a", invalid),
		"in a circle": oneFault(func(b *flow.Builder) {
			b.Add("before", anAction)
			b.Add("a", anAction).RunAfter = flow.RunAfter{"before": {flow.Failed}, "c": {flow.Failed}}
			b.Add("b", anAction)
			b.Add("c", anAction)
			b.Add("behind", anAction)
		}, a+"run after", "a", invalid),
		"in a circle inside": oneFault(func(b *flow.Builder) {
			s := b.Scope("s")
			s.Add("a", anAction).RunAfter = flow.RunAfter{"b": {flow.Failed}}
			s.Add("b", anAction)
		}, "flow F: action s > a: run after", "a", invalid),

		// actions
		"nil":              oneFault(action(nil), "flow F: action a", "", invalid),
		"no delay":         oneFault(action(flow.Delay{}), a+"for", "0s", invalid),
		"delay below none": oneFault(action(flow.Delay{For: -time.Hour}), a+"for", "-1h0m0s", invalid),
		"delay of a part":  oneFault(action(flow.Delay{For: time.Millisecond}), a+"for", "1ms", invalid),
		"delay until":      oneFault(action(flow.Delay{Until: flow.Expr{}}), a+"timestamp", "", invalid),
		"terminate":        oneFault(action(flow.Terminate{Status: "failed"}), a+"status", "failed", invalid),
		"code of no failure": oneFault(action(flow.Terminate{Status: flow.RunSucceeded, Code: "1"}),
			a+"code", "1", invalid),
		"code": oneFault(action(flow.Terminate{Status: flow.RunFailed, Code: "\xff"}),
			a+"code", "\xff", invalid),
		"message": oneFault(action(flow.Terminate{Status: flow.RunFailed, Message: "\xff"}),
			a+"message", "\xff", invalid),
		"method": oneFault(action(flow.HTTP{URI: "u"}), a+"method", "", invalid),
		"no uri": oneFault(action(flow.HTTP{Method: "GET", URI: ""}), a+"uri", "", invalid),
		"uri": oneFault(action(flow.HTTP{Method: "GET", URI: flow.RawExpr("@a()")}),
			a+"uri", "@a()", invalid),
		"header": oneFault(action(flow.HTTP{Method: "GET", URI: "u", Headers: flow.Object{"\xff": 1}}),
			a+"headers/\xff", "\xff", invalid),
		"query": oneFault(action(flow.HTTP{Method: "GET", URI: "u", Queries: flow.Object{"q": "\xff"}}),
			a+"queries/q", "\xff", invalid),
		"body": oneFault(action(flow.HTTP{Method: "GET", URI: "u", Body: make(chan int)}),
			a+"body", "", invalid),
		"content":     oneFault(action(flow.ParseJSON{Content: "\xff", Schema: true}), a+"content", "\xff", invalid),
		"schema":      oneFault(action(flow.ParseJSON{Content: 1, Schema: json.RawMessage("{")}), a+"schema", "", invalid),
		"select from": oneFault(action(flow.Select{From: flow.Expr{}, Map: 1}), a+"from", "", invalid),
		"select":      oneFault(action(flow.Select{From: []int{}, Map: flow.Expr{}}), a+"select", "", invalid),
		"filter from": oneFault(action(flow.Filter{From: flow.Expr{}, Where: flow.Equals(1, 1)}),
			a+"from", "", invalid),
		"filter":  oneFault(action(flow.Filter{From: []int{}}), a+"where", "null", invalid),
		"no type": oneFault(action(flow.Other{}), a+"type", " ", invalid),
		"type":    oneFault(action(flow.Other{Type: "a b"}), a+"type", "a b ", invalid),
		"kind": oneFault(action(flow.Other{Type: "Expression", Kind: "@"}),
			a+"type", "Expression @", invalid),
		"type of a method": oneFault(action(flow.Other{Type: "scope"}), a+"type", "scope ", invalid),
		"type of ours":     oneFault(action(flow.Other{Type: "ApiConnection"}), a+"type", "ApiConnection ", invalid),
		"other's inputs":   oneFault(action(flow.Other{Type: "Join", Inputs: flow.Expr{}}), a+"inputs", "", invalid),
		"response":         oneFault(action(flow.Response{Status: 199}), a+"status", "199", invalid),
		"response beyond":  oneFault(action(flow.Response{Status: 600}), a+"status", "600", invalid),
		"response's header": oneFault(action(flow.Response{Status: 200, Headers: flow.Object{"h": math.NaN()}}),
			a+"headers/h", "", invalid),
		"response's body":   oneFault(action(flow.Response{Status: 200, Body: flow.Expr{}}), a+"body", "", invalid),
		"response's schema": oneFault(action(flow.Response{Status: 200, Schema: flow.Expr{}}), a+"schema", "", invalid),
		"reply":             oneFault(action(flow.Reply{To: "PowerApp"}), a+"to", "PowerApp", invalid),
		"output's title":    badOutputs("output ", "", invalid, flow.Output{Type: flow.OutputString}),
		"output's type":     badOutputs("output A", "file", invalid, flow.Output{Title: "A", Type: "file"}),
		"output's value":    badOutputs("a", "", invalid, flow.Output{Title: "A", Type: flow.OutputString, Value: flow.Expr{}}),
		"output's title twice": badOutputs("output a_B", "a_b", duplicate, flow.Output{Title: "A b", Type: flow.OutputString},
			flow.Output{Title: "a_B", Type: flow.OutputNumber}),

		// values
		"text's bytes":         badValue([]any{1, "a\xff"}, "/1", "a\xff"),
		"name's bytes inside":  badValue(flow.Object{"a": flow.Object{"\xff": 1}}, "/a/\xff", "\xff"),
		"no expression":        badValue(flow.Expr{}, "", ""),
		"no test":              badValue(map[string]flow.Test{"t": {}}, "/t", "null"),
		"long expression":      badValue(flow.RawExpr(strings.Repeat("a", 8193)), "", strings.Repeat("a", 8193)),
		"no JSON":              badValue(json.RawMessage(`[1,]`), "", ""),
		"empty JSON":           badValue(json.RawMessage(nil), "", ""),
		"NaN":                  badValue([]float64{0, math.NaN()}, "/1", ""),
		"channel":              badValue(flow.Object{"c": make(chan int)}, "/c", ""),
		"no function":          badValue(flow.Func("a b"), "", "a b()"),
		"function's argument":  badValue(flow.Func("f", []int{1}), "", "f(null)"),
		"function's bytes":     badValue(flow.Func("f", "\xff"), "", "f('\xff')"),
		"function of nothing":  badValue(flow.Func("f", flow.Func("g", flow.Expr{})), "", "f(g())"),
		"path":                 badValue(flow.TriggerBody("a", 1.5, int8(1)), "", "triggerBody()?['a']?[1.5]?[null]"),
		"text of nothing":      badValue(flow.Text("a", flow.Expr{}), "", "concat('a', )"),
		"text's part's bytes":  badValue(flow.Text("a", "\xff"), "", "concat('a\xff')"),
		"raw, empty":           badValue(flow.RawExpr(" "), "", " "),
		"raw with @":           badValue(flow.RawExpr("@a"), "", "@a"),
		"raw, unclosed":        badValue(flow.RawExpr("f(')')['"), "", "f(')')['"),
		"raw, crossed":         badValue(flow.RawExpr("f([)]"), "", "f([)]"),
		"raw, closed":          badValue(flow.RawExpr("f)"), "", "f)"),
		"raw, bytes":           badValue(flow.RawExpr("'\xff'"), "", "'\xff'"),
		"no input":             badValue(flow.Inputs{{Title: "A", Type: flow.InputText}}.Get("B"), "", "triggerBody()?['']"),
		"expression in struct": badValue(struct{ E any }{flow.Item()}, "", ""),
		"test in struct":       badValue(&struct{ T flow.Test }{flow.Equals(1, 1)}, "", ""),
	} {
		t.Run(name, func(t *testing.T) {
			b := begun("F")
			tc.make(b)
			checkFaults(t, b, tc.want...)
		})
	}
}

var http = flow.HTTP{Method: "GET", URI: "https://contoso.example"}

func parameter(ps ...flow.Parameter) func(b *flow.Builder) {
	return func(b *flow.Builder) {
		for _, p := range ps {
			b.Parameter(p)
		}
	}
}

func badName(name string) faulty {
	return oneFault(func(b *flow.Builder) { b.Add(name, flow.Compose{}) }, "flow F: action "+name+": name", name, invalid)
}

func badRetry(r flow.Retry) faulty {
	return oneFault(set(http, func(s *flow.Step) { s.Retry = &r }), "flow F: action a: retry", string(r.Type), invalid)
}

func badOutputs(field, value string, kind error, outputs ...flow.Output) faulty {
	return oneFault(action(flow.Reply{To: flow.ByParent, Outputs: outputs}), "flow F: action a: "+field, value, kind)
}

func until(opts *flow.UntilOptions) func(b *flow.Builder) {
	return func(b *flow.Builder) { b.Until("a", flow.Equals(1, 1), opts) }
}

// onText adds an action on the variable v, a string.
func onText(a flow.Action) func(b *flow.Builder) {
	return func(b *flow.Builder) {
		b.Add("i", flow.Initialize{Variable: "v", Type: flow.StringVariable})
		b.Add("a", a)
	}
}

// cases adds a switch as a, with names of cases and their values by turns.
func cases(of ...any) func(b *flow.Builder) {
	return func(b *flow.Builder) {
		s := b.Switch("a", flow.Func("f"))
		for i := 0; i < len(of); i += 2 {
			s.Case(of[i].(string), of[i+1])
		}
	}
}

// Faults of all kinds come at once, in one order, whatever the flow's name is.
func TestFaultsTogether(t *testing.T) {
	b := flow.NewBuilder("")
	b.Bind(listBinding)
	b.Parameter(flow.Parameter{DisplayName: "p"})
	b.Trigger("", flow.Manual{By: "me"})
	s := b.Scope("s")
	s.Add("a%", flow.Call{Key: "no", Parameters: flow.Object{"b": flow.Var("v"), "a": "\xff"}}).Description = "\xff"
	s.Add("b", flow.Compose{Inputs: []any{flow.RawExpr(""), flow.Func("")}}).RunAfter = flow.RunAfter{"s": {}, "x": {"y"}}
	checkFaults(t, b,
		wrong{"flow: parameter p: type", "", invalid},
		wrong{"flow: action s > b: run after", "s", notFound},
		wrong{"flow: action s > b: run after", "s", invalid},
		wrong{"flow: action s > b: run after", "x", notFound},
		wrong{"flow: action s > b: run after", "y", invalid},
		wrong{"flow: trigger manual: by", "me", invalid},
		wrong{"flow: action s > a%: name", "a%", invalid},
		wrong{"flow: action s > a%: parameters/a", "\xff", invalid},
		wrong{"flow: action s > a%: key", "no", notFound},
		wrong{"flow: action s > a%: operation", "", invalid},
		wrong{"flow: action s > a%: description", "\xff", invalid},
		wrong{"flow: action s > a%: variable", "v", notFound},
		wrong{"flow: action s > b: inputs/0", "", invalid},
		wrong{"flow: action s > b: inputs/1", "()", invalid},
		wrong{"flow: binding shared_sharepointonline_1", "", invalid},
	)
}

// Each limit can be reached, and not passed.
func TestLimits(t *testing.T) {
	for name, tc := range map[string]struct {
		make  func(b *flow.Builder, n int)
		limit int
		want  func(n int) wrong // of one more
	}{
		"actions": {func(b *flow.Builder, n int) {
			s := b.Scope("s")
			for i := range n - 1 {
				s.Add(fmt.Sprint(i), flow.Compose{})
			}
		}, 500, func(n int) wrong { return wrong{"flow F: actions", fmt.Sprint(n), invalid} }},
		"depth": {func(b *flow.Builder, n int) {
			block := b.Block
			for i := range n {
				block = block.Scope(fmt.Sprint(i)).Block
			}
			block.Add("a", flow.Compose{})
		}, 8, func(n int) wrong {
			return wrong{"flow F: action 0 > 1 > 2 > 3 > 4 > 5 > 6 > 7 > 8 > a: actions around it", fmt.Sprint(n), invalid}
		}},
		"cases": {func(b *flow.Builder, n int) {
			s := b.Switch("s", flow.Func("f"))
			for i := range n {
				s.Case(fmt.Sprint(i), i)
			}
		}, 25, func(n int) wrong { return wrong{"flow F: action s: cases", fmt.Sprint(n), invalid} }},
		"characters of a name": {func(b *flow.Builder, n int) {
			b.Add("é"+strings.Repeat("😀", n/2-1)+strings.Repeat("a", 1+n%2), flow.Compose{}) // the platform counts UTF-16
		}, 80, func(int) wrong {
			name := "é" + strings.Repeat("😀", 39) + "aa"
			return wrong{"flow F: action " + name + ": name", name, invalid}
		}},
		"characters of a description": {func(b *flow.Builder, n int) {
			b.Add("a", flow.Compose{}).Description = strings.Repeat("é", n)
		}, 256, func(n int) wrong { return wrong{"flow F: action a: description", strings.Repeat("é", n), invalid} }},
		"variables": {func(b *flow.Builder, n int) {
			for i := range n {
				b.Add(fmt.Sprint(i), flow.Initialize{Variable: fmt.Sprint(i), Type: flow.StringVariable})
			}
		}, 250, func(n int) wrong { return wrong{"flow F: variables", fmt.Sprint(n), invalid} }},
		"characters of an expression": {func(b *flow.Builder, n int) {
			b.Add("a", flow.Compose{Inputs: flow.RawExpr(strings.Repeat("é", n))})
		}, 8192, func(n int) wrong { return wrong{"flow F: action a: inputs", strings.Repeat("é", n), invalid} }},
		"retries": {func(b *flow.Builder, n int) {
			b.Add("a", http).Retry = &flow.Retry{Type: flow.RetryFixed, Count: n, Interval: 5 * time.Second}
		}, 90, func(int) wrong { return wrong{"flow F: action a: retry", "fixed", invalid} }},
		"seconds between retries": {func(b *flow.Builder, n int) {
			b.Add("a", http).Retry = &flow.Retry{Type: flow.RetryFixed, Count: 1, Interval: time.Duration(n) * time.Second}
		}, 86400, func(int) wrong { return wrong{"flow F: action a: retry", "fixed", invalid} }},
		"iterations": {func(b *flow.Builder, n int) { until(&flow.UntilOptions{Count: n})(b) }, 5000,
			func(n int) wrong { return wrong{"flow F: action a: count", fmt.Sprint(n), invalid} }},
		"iterations at once": {func(b *flow.Builder, n int) { b.ForEach("a", []int{}, &flow.ForEachOptions{Concurrency: n}) },
			50, func(n int) wrong { return wrong{"flow F: action a: concurrency", fmt.Sprint(n), invalid} }},
	} {
		t.Run(name, func(t *testing.T) {
			b := begun("F")
			tc.make(b, tc.limit)
			checkFaults(t, b)
			b = begun("F")
			tc.make(b, tc.limit+1)
			checkFaults(t, b, tc.want(tc.limit+1))
		})
	}
	for frequency, most := range map[flow.Frequency]int{
		flow.Second: 9999999, flow.Minute: 72000, flow.Hour: 12000, flow.Day: 500, flow.Week: 71, flow.Month: 16,
	} {
		b := flow.NewBuilder("F")
		b.Trigger("t", flow.Recurrence{Frequency: frequency, Interval: most})
		checkFaults(t, b)
		b = flow.NewBuilder("F")
		b.Trigger("t", flow.Recurrence{Frequency: frequency, Interval: most + 1})
		checkFaults(t, b, wrong{"flow F: trigger t: interval", fmt.Sprint(most + 1), invalid})
	}
}
