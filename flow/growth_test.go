package flow_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/connref/connref/flow"
)

// Expressions that grow out of themselves are cut, and stay short, and are one fault.
func TestGrowingExpressions(t *testing.T) {
	for name, grow := range map[string]func(e flow.Expr) flow.Expr{
		"call": func(e flow.Expr) flow.Expr { return flow.Func("f", e, e) },
		"text": func(e flow.Expr) flow.Expr { return flow.Text("a ", e, e) },
		"path": func(e flow.Expr) flow.Expr { return e.Get(e, e) },
	} {
		t.Run(name, func(t *testing.T) {
			e := flow.TriggerBody("a", flow.Var("no")) // what was cut names nothing, or there'd be more faults than one
			for range 64 {
				if e = grow(e); len(e.String()) > 64*flow.MaxExpression {
					t.Fatalf("an expression of %d characters isn't cut", len(e.String()))
				}
			}
			_, err := begunWith(compose(e)).Build()
			if all := wrongs(t, err); len(all) != 1 || all[0].Kind != invalid || len(all[0].Value) > 64*flow.MaxExpression {
				t.Errorf("%d faults, %.200v", len(all), err)
			}
		})
	}
}

// Questions that grow out of themselves end in one fault, wherever they are asked; large ones don't.
func TestGrowingQuestions(t *testing.T) {
	for name, grow := range map[string]func(q flow.Test) flow.Test{
		"and":    func(q flow.Test) flow.Test { return flow.And(q, q) },
		"or":     func(q flow.Test) flow.Test { return flow.Or(q, flow.Not(q), q) },
		"equals": func(q flow.Test) flow.Test { return flow.Equals(q, q) },
	} {
		t.Run(name, func(t *testing.T) {
			q := flow.Equals(1, 1)
			for range 64 {
				q = grow(q)
			}
			for field, ask := range map[string]func(b *flow.Builder){
				"expression": func(b *flow.Builder) { b.Condition("a", q) },
				"inputs":     action(compose(q)),
				"where":      action(flow.Filter{From: []int{}, Where: q}),
			} {
				b := begun("F")
				ask(b)
				_, err := b.Build()
				if all := wrongs(t, err); len(all) != 1 || all[0].Kind != invalid ||
					all[0].Field != "flow F: action a: "+field {
					t.Errorf("%d faults, %.300v", len(all), err)
				}
			}
		})
	}
	many := make([]flow.Test, 1000)
	for i := range many {
		many[i] = flow.Equals(flow.TriggerBody("a"), i)
	}
	b := begun("F")
	b.Condition("a", flow.Or(many...))
	checkFaults(t, b)
}

// What can't be is told once, not again for what stands in its place.
func TestToldOnce(t *testing.T) {
	for name, tc := range map[string]faulty{
		"no list, told once": {func(b *flow.Builder) {
			b.ForEach("a", json.RawMessage(nil), nil)
			b.ForEach("b", make(chan int), nil)
			b.ForEach("c", flow.Expr{}, nil)
		}, []wrong{{"a: items", "", invalid}, {"b: items", "", invalid}, {"c: items", "", invalid}}},
		"defaults that can't be, told once": {parameter(
			flow.Parameter{DisplayName: "a", Type: flow.FloatParameter, Default: math.NaN()},
			flow.Parameter{DisplayName: "b", Type: flow.IntParameter, Default: flow.Func("f")},
			flow.Parameter{DisplayName: "c", Type: flow.StringParameter, Default: "\xff"},
			flow.Parameter{DisplayName: "d", Type: flow.BoolParameter, Default: flow.Equals(1, 1)},
		), []wrong{{"flow F: parameter a: default", "", invalid}, {"flow F: parameter b: default", `"@f()"`, invalid},
			{"flow F: parameter c: default", "\xff", invalid},
			{"flow F: parameter d: default", `"@equals(1, 1)"`, invalid}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := begun("F")
			tc.make(b)
			checkFaults(t, b, within("flow F: action ", tc.want)...)
		})
	}
}

// Expressions that are none of a flow's, and texts that are spelled as expressions, are found.
func TestHiddenExpressions(t *testing.T) {
	for name, tc := range map[string]faulty{
		"text that is spelled as an expression": {func(b *flow.Builder) { b.ForEach("a", "a@@{@{", nil) },
			[]wrong{{"a: items", `"@concat('a@@{@{')"`, invalid}}},
		"a default with an expression inside": {parameter(
			flow.Parameter{DisplayName: "p", Type: flow.ObjectParameter, Default: flow.Object{"a": flow.Func("utcNow")}},
		), []wrong{{"flow F: parameter p: default/a", `"@utcNow()"`, invalid}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := begun("F")
			tc.make(b)
			checkFaults(t, b, within("flow F: action ", tc.want)...)
		})
	}
}
