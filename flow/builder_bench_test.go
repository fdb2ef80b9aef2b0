package flow_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/flow"
)

// large is a flow of n actions: calls in conditions in loops.
func large(n int) *flow.Builder {
	b := begun("Large")
	b.Bind(mailBinding)
	for i := range n / 10 {
		each := b.ForEach(fmt.Sprint("Each row of ", i), flow.TriggerBody("rows"), nil)
		has := each.Condition(fmt.Sprint("Has mail ", i),
			flow.And(flow.Greater(flow.Items(each.Name(), "count"), 0), flow.Not(flow.Equals(flow.Items(each.Name(), "mail"), ""))))
		for j := range 8 {
			has.Then.Add(fmt.Sprint("Send mail ", j, " of ", i), flow.Call{
				Key: "mail", Operation: "SendEmailV2", Parameters: flow.Object{
					"emailMessage/To": flow.Items(each.Name(), "mail"), "emailMessage/Subject": "Your order",
					"emailMessage/Body": flow.Text("<p>Dear ", flow.Items(each.Name(), "name"), ",</p>"), "emailMessage/Count": j,
				},
			})
		}
	}
	return b
}

// BenchmarkBuild makes a flow of 500 actions, and compares with what encoding/json needs for the same content.
func BenchmarkBuild(b *testing.B) {
	f := built(b, large(flow.MaxActions))
	var content map[string]any
	require.NoError(b, json.Unmarshal(f.File().Bytes(), &content))
	b.SetBytes(int64(len(f.File().Bytes())))
	b.ReportAllocs()
	var floor time.Duration
	for b.Loop() {
		if _, err := large(flow.MaxActions).Build(); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		start := time.Now()
		if _, err := json.Marshal(content); err != nil {
			b.Fatal(err)
		}
		floor += time.Since(start)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed())/float64(floor), "x-of-floor")
}

// allocated is how many bytes a function allocates, whatever else it does.
func allocated(do func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// What there is ten times as much of takes ten times as much memory, or a little more: nothing is looked up, compared
// or copied again for each other.
func TestBuildIsLinear(t *testing.T) {
	binding := func(i int) flow.Binding {
		binding := mailBinding
		binding.Key = fmt.Sprint("k", i)
		return binding
	}
	mentions := func(n int) (all []any) {
		for range n {
			all = append(all, flow.Var("x"))
		}
		return all
	}
	for name, add := range map[string]func(b *flow.Builder, n int){
		"actions": func(b *flow.Builder, n int) {
			for i := range n {
				b.Add(fmt.Sprint(i), flow.Compose{})
			}
		},
		"blocks": func(b *flow.Builder, n int) {
			for i := range n {
				b.Scope(fmt.Sprint("s", i)).Add(fmt.Sprint(i), flow.Compose{})
			}
		},
		"bindings": func(b *flow.Builder, n int) {
			for i := range n {
				b.Bind(binding(i))
			}
		},
		"calls": func(b *flow.Builder, n int) {
			for i := range n {
				b.Bind(binding(i))
				b.Add(fmt.Sprint(i), flow.Call{Key: binding(i).Key, Operation: "o"})
			}
		},
		"parameters": func(b *flow.Builder, n int) {
			for i := range n {
				b.Parameter(flow.Parameter{DisplayName: fmt.Sprint(i), Type: flow.IntParameter})
			}
		},
		"cases": func(b *flow.Builder, n int) {
			s := b.Switch("s", flow.Item())
			for i := range n {
				s.Case(fmt.Sprint(i), i)
			}
		},
		"mentions": func(b *flow.Builder, n int) {
			b.Add("X", flow.Initialize{Variable: "x", Type: flow.StringVariable})
			b.Add("a", flow.Compose{Inputs: mentions(n)})
		},
		"mentions of one expression": func(b *flow.Builder, n int) {
			b.Add("a", flow.Compose{Inputs: []any{flow.Func("f", mentions(n)...), flow.Text(mentions(n)...)}})
		},
		"operands": func(b *flow.Builder, n int) {
			var tests []flow.Test
			for range n {
				tests = append(tests, flow.Is(flow.Var("x")))
			}
			b.Add("X", flow.Initialize{Variable: "x", Type: flow.BooleanVariable})
			b.Condition("a", flow.And(tests...))
		},
		"run after": func(b *flow.Builder, n int) {
			last := flow.RunAfter{}
			for i := range n {
				b.Add(fmt.Sprint(i), flow.Compose{}).RunAfter = flow.RunAfter{}
				last[fmt.Sprint(i)] = []flow.Status{flow.Failed}
			}
			b.Add("last", flow.Compose{}).RunAfter = last
		},
		"a circle": func(b *flow.Builder, n int) {
			first := b.Add("first", flow.Compose{})
			for i := range n {
				b.Add(fmt.Sprint(i), flow.Compose{})
			}
			first.RunAfter = flow.RunAfter{fmt.Sprint(n - 1): {flow.Failed}}
		},
		"values": func(b *flow.Builder, n int) {
			object, list := flow.Object{}, make([]row, n)
			for i := range n {
				object[fmt.Sprint(i)] = []any{"text", i}
			}
			b.Add("a", flow.Compose{Inputs: []any{object, list}})
		},
		"strings": func(b *flow.Builder, n int) {
			texts := make([]any, n)
			for i := range texts {
				texts[i] = "it's @{a}"
			}
			b.Add("a", flow.Compose{Inputs: flow.Text(texts...)})
		},
		"triggers": func(b *flow.Builder, n int) {
			for range n {
				b.Trigger("", flow.Manual{By: flow.ByButton})
			}
		},
		"inputs": func(b *flow.Builder, n int) {
			b.Trigger("t", flow.Manual{By: flow.ByApp, Inputs: make(flow.Inputs, n)})
		},
		"outputs": func(b *flow.Builder, n int) {
			b.Add("a", flow.Reply{To: flow.ByApp, Outputs: make([]flow.Output, n)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			cost := func(n int) float64 {
				return allocated(func() {
					b := begun("F")
					add(b, n)
					_, _ = b.Build() // which fails where a limit is passed
				})
			}
			cost(1)
			few, some, many := cost(100), cost(1000), cost(10000)
			if some > 15*few || many > 15*some {
				t.Errorf("100, 1,000 and 10,000 take %.0f, %.0f and %.0f bytes", few, some, many)
			}
		})
	}
}
