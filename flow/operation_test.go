package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

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

func TestBody(t *testing.T) {
	const backwards = `{"properties":{"definition":{` +
		`"actions":{"x":{"type":"Lost"},"s":{"else":{"actions":{"i":{"type":"I"}}},"actions":{"":{"type":"E"}},"type":"S"},` +
		`"x":{"type":"X"}},"triggers":{"t":{"type":"T"},"u":{"type":"U"}}}}}`
	other := parse(t, read(t, "loans.json"))
	for name, raw := range map[string]string{"loans": read(t, "loans.json"), "backwards": backwards} {
		f, _ := flow.Parse(source.NewFile("Workflows/F.json", []byte(raw)), nil)
		var last *flow.Operation
		for op := range f.Operations() {
			body := f.Body(op)
			if got := body.Get("type").Text(); body.Kind() != source.Object || got != op.Type {
				t.Errorf("%s: body of %s is %s of type %q, want type %q", name, op.Path(), body.Kind(), got, op.Type)
			}
			if other.Body(op).Exists() {
				t.Errorf("%s: another flow has a body of %s", name, op.Path())
			}
			last = op
		}
		if last == nil || f.Body(nil).Exists() || f.Body(&flow.Operation{}).Exists() {
			t.Errorf("%s: no operations, or a body of none", name)
		}
	}
}
