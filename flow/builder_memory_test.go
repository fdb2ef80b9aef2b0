package flow_test

import (
	"encoding/json"
	"testing"

	"github.com/connref/connref/flow"
	"github.com/google/go-cmp/cmp"
)

// A builder makes the same bytes each time, and so does another one that was told the same.
func TestBuildTwice(t *testing.T) {
	for name, show := range showcases {
		b := show()
		first := built(t, b).File().Text()
		for range 5 {
			again := []string{built(t, b).File().Text(), built(t, show()).File().Text()}
			if diff := cmp.Diff([]string{first, first}, again); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// A builder can be added to between builds, after faults too, and no flow that was built changes.
func TestBuildOn(t *testing.T) {
	b := begun("F")
	each := b.ForEach("Each", []int{1}, nil)
	empty := built(t, b)
	emptyText := empty.File().Text()

	send := each.Add("Send", flow.Call{Key: "mail", Operation: "Send"})
	checkFaults(t, b, wrong{"flow F: action Each > Send: key", "mail", notFound})
	b.Bind(mailBinding)
	send.Description = "at last"
	full := built(t, b)

	want := model{
		Trigger: flow.TriggerButton, Operations: []string{"trigger 0 manual: Request Button", "0 Each: Foreach"},
	}
	if diff := cmp.Diff(want, modelOf(empty)); diff != "" || empty.File().Text() != emptyText {
		t.Errorf("the flow that was built first (-want +got):\n%s", diff)
	}
	whole := begun("F")
	whole.Bind(mailBinding)
	whole.ForEach("Each", []int{1}, nil).Add("Send", flow.Call{Key: "mail", Operation: "Send"}).Description = "at last"
	if diff := cmp.Diff(built(t, whole).File().Text(), full.File().Text()); diff != "" {
		t.Errorf("made in one go (-want +got):\n%s", diff)
	}
}

// What was passed to a builder is the caller's to change, once it was passed; the fields of a step, until Build.
func TestBuilderSharesNothing(t *testing.T) {
	bindings := []flow.Binding{mailBinding, listBinding}
	object := flow.Object{"list": []any{"a"}, "object": flow.Object{"a": "b"}}
	raw := json.RawMessage(`{"a":"b"}`)
	texts := []string{"a", "b"}
	in := flow.Inputs{{Title: "A", Type: flow.InputText, Choices: texts}}
	outputs := []flow.Output{{Title: "A", Type: flow.OutputString, Value: raw}}
	hours := []int{7}
	poll := flow.Recurrence{Frequency: flow.Day, Interval: 1, Hours: hours}
	parts := []any{"a", "b", flow.TriggerBody()}
	tests := []flow.Test{flow.Equals("a", "b")}
	opts := flow.ForEachOptions{Concurrency: 2}
	limits := flow.UntilOptions{Count: 2}
	after := flow.RunAfter{"Call": {flow.Succeeded}}
	retry := flow.Retry{Type: flow.RetryFixed, Count: 2, Interval: 20e9}
	conditions := []flow.Test{flow.Equals(1, "a")}

	b := flow.NewBuilder("F")
	b.Bind(bindings...)
	start := b.Trigger("t", flow.Manual{By: flow.ByButton, Inputs: in})
	start.Conditions = conditions
	b.Parameter(flow.Parameter{DisplayName: "p", Type: flow.ObjectParameter, Default: object})
	b.Add("Mail", flow.Call{Key: "mail", Operation: "Do"})
	b.Add("Call", flow.Call{Key: bindings[1].Key, Operation: "Do", Parameters: object})
	step := b.Add("Compose", flow.Compose{Inputs: []any{object, raw, texts, flow.Text(parts...), flow.And(tests...)}})
	step.RunAfter = after
	b.Add("Ask", flow.HTTP{Method: "GET", URI: "u", Headers: object, Body: raw}).Retry = &retry
	b.Add("Reply", flow.Reply{To: flow.ByParent, Outputs: outputs})
	b.Add("Child", flow.RunFlow{Flow: childFlow, Body: object})
	b.ForEach("Each", texts, &opts)
	b.Until("Until", tests[0], &limits)
	b.Condition("If", flow.Or(tests...))
	other := flow.NewBuilder("G")
	other.Bind(mailBinding)
	other.Trigger("t", flow.Event{Key: "mail", Operation: "On", Parameters: object, Poll: &poll})
	f, g := built(t, b), built(t, other)
	text, otherText := f.File().Text(), g.File().Text()

	change := func() {
		bindings[0], bindings[1] = flow.Binding{}, flow.Binding{}
		object["list"].([]any)[0] = "changed"
		object["object"].(flow.Object)["a"] = "changed"
		object["new"] = "changed"
		copy(raw, `["changed"`)
		texts[0], parts[0], hours[0] = "changed", "changed", 8
		in[0], outputs[0], tests[0] = flow.Input{}, flow.Output{}, flow.Test{}
		opts.Concurrency, limits.Count, poll.Interval = 3, 3, 3
	}
	change()
	if diff := cmp.Diff([]string{text, otherText}, []string{f.File().Text(), g.File().Text()}); diff != "" {
		t.Errorf("the flow that was built (-want +got):\n%s", diff)
	}
	again := []string{built(t, b).File().Text(), built(t, other).File().Text()}
	if diff := cmp.Diff([]string{text, otherText}, again); diff != "" {
		t.Errorf("the flow that is built next (-want +got):\n%s", diff)
	}

	// Fields count until Build.
	after["Call"][0], retry.Count, conditions[0] = flow.Failed, 9, flow.Equals(2, "a")
	if f.File().Text() != text {
		t.Error("the flow that was built changed with the fields of a step")
	}
	definition := part(t, built(t, b), "properties", "definition")
	got := []any{
		get(definition, "actions", "Compose", "runAfter", "Call"),
		get(definition, "actions", "Ask", "inputs", "retryPolicy", "count"), get(definition, "triggers", "t", "conditions"),
	}
	want := []any{[]any{"Failed"}, json.Number("9"), []any{map[string]any{"expression": "@equals(2, 'a')"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("built with other fields (-want +got):\n%s", diff)
	}
}
