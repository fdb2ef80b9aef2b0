package flow_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

var otherChild = connref.DeriveGUID("flow", "other child")

// template is a flow that has all that a Stamp can change.
func template(t testing.TB) *flow.Flow {
	t.Helper()
	b := flow.NewBuilder("Template")
	list := listBinding
	list.Source = flow.Embedded // an event has no caller
	b.Bind(mailBinding, list)
	b.Trigger("When an item is created", flow.Event{
		Key: listBinding.Key, Operation: "GetOnNewItems", Parameters: flow.Object{"table": "Orders"},
		Poll: &flow.Recurrence{Frequency: flow.Day, Interval: 1},
	})
	b.Parameter(flow.Parameter{SchemaName: "contoso_Site", DisplayName: "Site", Type: flow.StringParameter, Default: "old"})
	b.Parameter(flow.Parameter{SchemaName: "contoso_Map", Type: flow.ObjectParameter})
	each := b.Scope("Work").ForEach("Each", []int{1}, nil)
	each.Add("Send mail", flow.Call{Key: "mail", Operation: "Send", Parameters: flow.Object{"to": "a", "subject": "b"}})
	each.Add("Look", flow.Call{Key: "mail", Operation: "Look"})
	b.Add("Run child", flow.RunFlow{Flow: childFlow, Body: flow.Object{"text": childFlow.String()}})
	b.Add("Run it again", flow.RunFlow{Flow: childFlow})
	return built(t, b)
}

// What a stamp says is changed, and nothing else to the byte.
func TestStamp(t *testing.T) {
	const line = "\r\n                      " // of a parameter of a call
	for name, tc := range map[string]struct {
		stamp flow.Stamp
		swap  []string // old and new text by turns
	}{
		"nothing": {},
		"a reference": {
			flow.Stamp{References: map[string]connref.LogicalName{"mail": "contoso_other"}},
			[]string{`"contoso_mail"`, `"contoso_other"`},
		},
		"the reference it has": {flow.Stamp{References: map[string]connref.LogicalName{"mail": "contoso_mail"}}, nil},
		"parameters": {
			flow.Stamp{Parameters: map[string]flow.Object{
				"Send_mail": {"subject": "@{it's}", "to": flow.Items("Each", "mail")},
			}},
			[]string{`"subject": "b"`, `"subject": "@concat('@{it''s}')"`, `"to": "a"`, `"to": "@items('Each')?['mail']"`},
		},
		"a trigger's parameter, by the designer's name": {
			flow.Stamp{Parameters: map[string]flow.Object{"When an item is created": {"table": 5}}},
			[]string{`"table": "Orders"`, `"table": 5`},
		},
		"a new parameter": {
			flow.Stamp{Parameters: map[string]flow.Object{"Send mail": {"@id": []any{"x", "@y"}}}},
			[]string{`"to": "a"`, `"to": "a",` + line + `"@@id": [` + line + `  "x",` + line + `  "@@y"` + line + `]`},
		},
		"the first parameter": {
			flow.Stamp{Parameters: map[string]flow.Object{"Look": {"id": nil}}},
			[]string{`"parameters": {},`, `"parameters": {` + line + `"id": null` + line[:len(line)-2] + `},`},
		},
		"defaults": {
			flow.Stamp{Defaults: map[string]any{"Site (contoso_Site)": "new", "contoso_Map (contoso_Map)": flow.Object{"a": 1}}},
			[]string{`"defaultValue": "old"`, `"defaultValue": "new"`,
				"\"defaultValue\": {},\r\n          \"type\": \"Object\",\r\n          \"metadata\"",
				"\"defaultValue\": {\r\n            \"a\": 1\r\n          },\r\n          \"type\": \"Object\",\r\n          \"metadata\""},
		},
		"a variable": {
			flow.Stamp{Variables: map[string]string{"CONTOSO_SITE": "contoso_Site2"}},
			[]string{`"schemaName": "contoso_Site"`, `"schemaName": "contoso_Site2"`},
		},
		"child flows": {
			flow.Stamp{Flows: map[connref.FlowID]connref.FlowID{childFlow: otherChild}},
			[]string{`"workflowReferenceName": "` + childFlow.String(), `"workflowReferenceName": "` + otherChild.String()},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := template(t)
			before := f.File().Text()
			want := before
			for i := 0; i < len(tc.swap); i += 2 {
				require.Contains(t, want, tc.swap[i])
				want = strings.ReplaceAll(want, tc.swap[i], tc.swap[i+1])
			}
			stamped, err := f.Stamp(tc.stamp)
			require.NoError(t, err)
			if diff := cmp.Diff(want, stamped.File().Text()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			invariants(t, reparsed(t, stamped), nil)
			if diff := cmp.Diff(modelOf(reparsed(t, stamped)), modelOf(stamped)); diff != "" {
				t.Errorf("the stamped flow is another than its file says (-want +got):\n%s", diff)
			}
			if f.File().Text() != before || stamped.File().Name() != f.File().Name() {
				t.Error("the template or the name changed")
			}
		})
	}
}

// Everything at once, in a flow that somebody wrote by hand.
func TestStampByHand(t *testing.T) {
	f := parse(t, `{"properties":{"connectionReferences":{"k":{"connection":{"connectionReferenceLogicalName":"a"}}},`+
		`"definition":{"parameters":{"p":{"metadata":{"schemaName":"s_p"},"type":"Int"}},"actions":{`+
		`"Send mail":{"type":"OpenApiConnection","inputs":{"parameters":{},"host":{"connectionName":"k"}}},`+
		`"Run":{"inputs":{"host":{"workflowReferenceName":"{`+strings.ToUpper(childFlow.String())+`}"}}}}}}}`)
	stamped, err := f.Stamp(flow.Stamp{
		References: map[string]connref.LogicalName{"k": "b"}, Parameters: map[string]flow.Object{"Send mail": {"to": "x"}},
		Defaults: map[string]any{"p": 5}, Variables: map[string]string{"S_P": "s_q"},
		Flows: map[connref.FlowID]connref.FlowID{childFlow: otherChild},
	})
	require.NoError(t, err)
	want := `{"properties":{"connectionReferences":{"k":{"connection":{"connectionReferenceLogicalName":"b"}}},` +
		`"definition":{"parameters":{"p":{"metadata":{"schemaName":"s_q"},"type":"Int","defaultValue":5}},"actions":{` +
		`"Send mail":{"type":"OpenApiConnection","inputs":{"parameters":{"to":"x"},"host":{"connectionName":"k"}}},` +
		`"Run":{"inputs":{"host":{"workflowReferenceName":"` + otherChild.String() + `"}}}}}}}`
	if diff := cmp.Diff(want, stamped.File().Text()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestStampFaults(t *testing.T) {
	nothing := connref.DeriveGUID("nothing")
	all := flow.Stamp{
		References: map[string]connref.LogicalName{"no": "contoso_x", "mail": "a b"},
		Parameters: map[string]flow.Object{
			"No": {"a": 1}, "send mail": {"a": 1}, "Run_child": {"a": 1},
			"Look": {"a": "\xff", "b": []any{flow.Expr{}}},
		},
		Defaults:  map[string]any{"Site": "x", "Site (contoso_Site)": make(chan int)},
		Variables: map[string]string{"contoso_No": "contoso_x", "contoso_Map": "\xff"},
		Flows:     map[connref.FlowID]connref.FlowID{nothing: childFlow, childFlow: {}},
	}
	kinds := func(err error) (kinds []error) {
		for _, err := range leaves(err) {
			for _, kind := range []error{invalid, notFound} {
				if errors.Is(err, kind) {
					kinds = append(kinds, kind)
				}
			}
		}
		return kinds
	}
	for name, tc := range map[string]struct {
		stamp flow.Stamp
		want  []error
	}{
		"references":              {flow.Stamp{References: all.References}, []error{invalid, notFound}},
		"parameters":              {flow.Stamp{Parameters: all.Parameters}, []error{invalid, invalid, invalid, notFound, notFound}},
		"defaults":                {flow.Stamp{Defaults: all.Defaults}, []error{invalid, notFound}},
		"variables":               {flow.Stamp{Variables: all.Variables}, []error{invalid, notFound}},
		"no variable":             {flow.Stamp{Variables: map[string]string{"contoso_Map": ""}}, []error{invalid}},
		"variable called nothing": {flow.Stamp{Variables: map[string]string{"": "contoso_x"}}, []error{notFound}},
		"flows":                   {flow.Stamp{Flows: all.Flows}, []error{invalid, invalid, notFound}},
		"all of them": {all, []error{
			invalid, notFound, invalid, invalid, invalid, notFound, notFound, invalid, invalid, notFound, notFound,
			invalid, invalid, notFound,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			stamped, err := template(t).Stamp(tc.stamp)
			if diff := cmp.Diff(tc.want, kinds(err), cmpopts.EquateErrors()); diff != "" || stamped != nil {
				t.Errorf("-want +got:\n%s\n%v", diff, err)
			}
			_, again := template(t).Stamp(tc.stamp)
			if fmt.Sprint(again) != fmt.Sprint(err) {
				t.Errorf("first %v, then %v", err, again)
			}
		})
	}

	// Values are told with their place.
	_, err := template(t).Stamp(flow.Stamp{Parameters: map[string]flow.Object{"Look": {"b": []any{1, "\xff"}}}})
	want := []wrong{{"Template.json: Work > Each > Look: b: 1", "\xff", invalid}}
	if diff := cmp.Diff(want, wrongs(t, err), cmpopts.EquateErrors()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	for name, raw := range map[string]string{
		"legacy": read(t, "legacy/definition.json"), "no flow": `{"properties":{}}`, "no JSON": `{`, "no text": "\xff",
	} {
		f, _ := flow.Parse(source.NewFile("F.json", []byte(raw)), nil)
		if _, err := f.Stamp(flow.Stamp{}); !errors.Is(err, connref.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
