package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// found are findings as tests compare them: by rule and place, never by prose.
func found(problems diag.List) []string {
	rows := []string{}
	for _, d := range problems {
		rows = append(rows, d.Rule+" "+d.Severity.String()+" "+strings.TrimPrefix(d.Position.String(), "Workflows/")+
			" "+d.Position.Pointer)
	}
	return rows
}

func TestBroken(t *testing.T) {
	const deep = 10_000
	for name, tc := range map[string]struct {
		text  string
		want  []string
		flow  bool
		names []string // of the operations that could be read all the same
	}{
		"empty":        {text: ``, want: []string{"CR122 error F.json:1:1 "}},
		"blank":        {text: "\n ", want: []string{"CR122 error F.json:2:2 "}},
		"only a mark":  {text: "\ufeff", want: []string{"CR122 error F.json:1:1 "}},
		"prose":        {text: "Dear all,", want: []string{"CR122 error F.json:1:1 "}},
		"comment":      {text: "{\n  // no\n}", want: []string{"CR122 error F.json:2:3 "}},
		"merge marker": {text: "{\n<<<<<<< HEAD\n}", want: []string{"CR122 error F.json:2:1 "}},
		"two values":   {text: "{}\n{}", want: []string{"CR122 error F.json:2:1 "}},
		"text behind":  {text: flowOf("", "", "") + "x", want: []string{"CR122 error F.json:1:111 "}},

		"null":             {text: `null`, want: []string{"CR122 error F.json:1:1 "}},
		"list":             {text: `[{"properties":{}}]`, want: []string{"CR122 error F.json:1:1 "}},
		"text":             {text: "\n\"properties\"", want: []string{"CR122 error F.json:2:1 "}},
		"no properties":    {text: `{"schemaVersion":"1.0.0.0"}`, want: []string{"CR122 error F.json:1:1 "}},
		"properties null":  {text: `{"properties":null}`, want: []string{"CR122 error F.json:1:15 /properties"}},
		"properties list":  {text: `{"properties":[]}`, want: []string{"CR122 error F.json:1:15 /properties"}},
		"capitals":         {text: `{"Properties":{"definition":{}}}`, want: []string{"CR122 error F.json:1:1 "}},
		"bare definition":  {text: ` {"definition":{"actions":{"a":{}}}}`, want: []string{"CR122 error F.json:1:2 "}},
		"barer definition": {text: `{"$schema":"x","triggers":{},"actions":{}}`, want: []string{"CR122 error F.json:1:1 "}},
		"no definition":    {text: `{"properties":{}}`, want: []string{"CR122 error F.json:1:15 /properties"}},
		"definition list": {
			text: `{"properties":{"definition":[]}}`, want: []string{"CR122 error F.json:1:29 /properties/definition"},
		},
		"definition text": {
			text: "{\"properties\":{\n\"definition\":\"{}\"}}",
			want: []string{"CR122 error F.json:2:14 /properties/definition"},
		},

		"the least": {text: `{"properties":{"definition":{}}}`, want: []string{}, flow: true},
		"null where optional": {
			text: `{"properties":{"connectionReferences":null,"definition":` +
				`{"triggers":null,"actions":null,"parameters":null}}}`,
			want: []string{}, flow: true,
		},
		"references list": {
			text: `{"properties":{"connectionReferences":[{"key":"k"}],"definition":{"actions":{"a":{}}}}}`, flow: true,
			want: []string{"CR122 error F.json:1:39 /properties/connectionReferences"}, names: []string{"a"},
		},
		"entries": {
			text: flowOf(`"a":"x","b":null,"c":{},"d":[]`, "", ""), flow: true,
			want: []string{
				"CR122 error F.json:1:44 /properties/connectionReferences/a",
				"CR122 error F.json:1:52 /properties/connectionReferences/b",
				"CR122 error F.json:1:68 /properties/connectionReferences/d",
			},
		},
		"actions list": {
			text: `{"properties":{"definition":{"actions":[{"type":"Http"}],"triggers":"x","parameters":7}}}`, flow: true,
			want: []string{
				"CR122 error F.json:1:69 /properties/definition/triggers",
				"CR122 error F.json:1:40 /properties/definition/actions",
				"CR122 error F.json:1:86 /properties/definition/parameters",
			},
		},
		"action null": {
			text: `{"properties":{"definition":{"actions":{"a":null,"b":{},"c/d":1}}}}`, flow: true, names: []string{"b"},
			want: []string{
				"CR122 error F.json:1:45 /properties/definition/actions/a",
				"CR122 error F.json:1:63 /properties/definition/actions/c~1d",
			},
		},
		"trigger, parameter": {
			text: `{"properties":{"definition":{"triggers":{"t":true},"parameters":{"p":"x"}}}}`, flow: true,
			want: []string{
				"CR122 error F.json:1:46 /properties/definition/triggers/t",
				"CR122 error F.json:1:70 /properties/definition/parameters/p",
			},
		},
		"nested actions": {
			text: `{"properties":{"definition":{"actions":{"a":{"actions":{"b":false,"c":{"actions":[]}}}}}}}`, flow: true,
			names: []string{"a", "c"},
			want: []string{
				"CR122 error F.json:1:61 /properties/definition/actions/a/actions/b",
				"CR122 error F.json:1:82 /properties/definition/actions/a/actions/c/actions",
			},
		},
		"branches": {
			text: `{"properties":{"definition":{"actions":{"a":{"else":[],"default":"x","cases":[]},` +
				`"b":{"cases":{"c":1,"d":null,"e":{"actions":1},"f":{}},"else":null,"default":{"actions":null}},` +
				`"g":{"else":{"actions":[]},"default":{"actions":{"h":{}}}}}}}}`,
			flow: true, names: []string{"a", "b", "g", "h"},
			want: []string{
				"CR122 error F.json:1:53 /properties/definition/actions/a/else",
				"CR122 error F.json:1:66 /properties/definition/actions/a/default",
				"CR122 error F.json:1:78 /properties/definition/actions/a/cases",
				"CR122 error F.json:1:100 /properties/definition/actions/b/cases/c",
				"CR122 error F.json:1:106 /properties/definition/actions/b/cases/d",
				"CR122 error F.json:1:126 /properties/definition/actions/b/cases/e/actions",
				"CR122 error F.json:1:200 /properties/definition/actions/g/else/actions",
			},
		},
		"inputs of any kind": {
			text: flowOf("", "", `"a":{"inputs":null},"b":{"inputs":[]},"c":{"inputs":{"host":1}}`),
			want: []string{}, flow: true, names: []string{"a", "b", "c"},
		},
		"members of an operation": {
			text: flowOf("", "", `"a":{"type":{}},"b":{"inputs":{"host":{"connectionName":["k"]}}}`),
			flow: true, names: []string{"a", "b"},
			want: []string{
				"CR122 error F.json:1:93 /properties/definition/actions/a/type",
				"CR122 error F.json:1:137 /properties/definition/actions/b/inputs/host/connectionName",
			},
		},
		"members of an entry": {
			text: flowOf(`"a":{"runtimeSource":1,"connection":"r","api":"x"},`+
				`"b":{"connection":{"connectionReferenceLogicalName":5},"api":{"name":[]},"impersonation":null}`, "", ""),
			flow: true,
			want: []string{
				"CR122 error F.json:1:86 /properties/connectionReferences/a/api",
				"CR122 error F.json:1:76 /properties/connectionReferences/a/connection",
				"CR122 error F.json:1:61 /properties/connectionReferences/a/runtimeSource",
				"CR122 error F.json:1:160 /properties/connectionReferences/b/api/name",
				"CR122 error F.json:1:143 /properties/connectionReferences/b/connection/connectionReferenceLogicalName",
			},
		},

		"nested too deep": {
			text: `{"properties":{"definition":{` + strings.Repeat(`"actions":{"a":{`, deep) + strings.Repeat(`}}`, deep) +
				`}}}`,
			want: []string{"CR122 error F.json:1:8013 "},
		},
		"lists nested too deep": {text: strings.Repeat(`[`, deep), want: []string{"CR122 error F.json:1:1001 "}},

		// What spells no text has no lines either.
		"invalid UTF-8":       {text: flowOf("", "", "\"\xff\":{}"), want: []string{"CR002 error F.json "}},
		"half a surrogate":    {text: "\xff\xfe{\x00\x00\xd8}\x00", want: []string{"CR002 error F.json "}},
		"odd UTF-16":          {text: "\xff\xfe{\x00}", want: []string{"CR002 error F.json "}},
		"broken UTF-16 JSON":  {text: utf16le("\ufeff{\n\"é\":\n}"), want: []string{"CR122 error F.json:3:1 "}},
		"broken behind a BOM": {text: "\ufeff{\n\"é\" 1}", want: []string{"CR122 error F.json:2:5 "}},
	} {
		t.Run(name, func(t *testing.T) {
			f, problems := flow.Parse(source.NewFile("Workflows/F.json", []byte(tc.text)), nil)
			invariants(t, f, problems)
			if diff := cmp.Diff(tc.want, found(problems)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			var names []string
			for op := range f.Operations() {
				names = append(names, op.Name)
			}
			if diff := cmp.Diff(tc.names, names); diff != "" {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
			if f.IsFlow() != tc.flow {
				t.Errorf("IsFlow() = %t", f.IsFlow())
			}
			for _, d := range problems {
				if strings.Contains(d.Message, "F.json") || strings.Contains(d.Message, "\n") {
					t.Errorf("message repeats the place or breaks the line: %s", d)
				}
			}
		})
	}
}

// The place that a file which isn't JSON is broken at is all that there is: everything else is empty and safe to ask.
func TestNoFlow(t *testing.T) {
	for _, text := range []string{`{`, `[]`, "\xff", `{"properties":{"definition":[],"connectionReferences":{"k":{}}}}`} {
		file := source.NewFile("F.json", []byte(text))
		f, problems := flow.Parse(file, nil)
		require.Error(t, problems.Err())
		_, bound := f.Binding("k")
		if f.OperationCount() != 0 || f.TriggerKind() != flow.TriggerNone || f.DisplayName() != "" || f.IsFlow() || bound ||
			f.File() != file {
			t.Errorf("%q: not empty", text)
		}
		for range f.Bindings() {
			t.Errorf("%q has bindings", text)
		}
	}
}

// A copy that was cut off anywhere is one finding, at its end.
func TestPrefixes(t *testing.T) {
	text := compact(t, read(t, "loans.json"))
	for n := range len(text) {
		f, problems := flow.Parse(source.NewFile("F.json", []byte(text[:n])), nil)
		invariants(t, f, problems)
		if len(problems) != 1 || f.IsFlow() {
			t.Fatalf("the first %d bytes: %v", n, problems)
		}
	}
}

func TestRepeated(t *testing.T) {
	t.Run("binding", func(t *testing.T) {
		f, problems := flow.Parse(source.NewFile("Workflows/F.json", []byte(`{"properties":{"connectionReferences":{
"k":{"api":{"name":"shared_x"},"connection":{"connectionReferenceLogicalName":"a"}},
"m":{"api":{"name":"shared_m"}},
"k":{"api":{"name":"shared_y"},"api":{"name":"shared_z"}},
"\u006d":"broken, and it counts"
},"definition":{"actions":{"o":{"inputs":{"host":{"connectionName":"x","connectionName":"k"}}}}}}}`)), nil)
		invariants(t, f, problems)
		want := []string{
			"CR005 warning F.json:4:1 /properties/connectionReferences/k",
			"CR005 warning F.json:5:1 /properties/connectionReferences/m",
			"CR005 warning F.json:4:32 /properties/connectionReferences/k/api",
			"CR005 warning F.json:6:72 /properties/definition/actions/o/inputs/host/connectionName",
			"CR122 error F.json:5:10 /properties/connectionReferences/m",
		}
		if diff := cmp.Diff(want, found(problems)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		got := slices.Collect(f.Bindings())
		bindings := []flow.Binding{{Key: "k", Connector: "shared_z"}}
		if diff := cmp.Diff(bindings, got, cmpopts.IgnoreTypes(source.Location{})); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if p := f.Position(got[0].At); p.Line != 4 {
			t.Errorf("the binding stands at %s, want the last of its key", p)
		}
	})

	// A shadowed member is as good as not there: it has no fault either.
	t.Run("actions", func(t *testing.T) {
		f, problems := flow.Parse(source.NewFile("Workflows/F.json", []byte(`{"properties":{"definition":{"actions":{
"a":{"type":"Scope","actions":{"gone":{}}},
"b":[],
"a":{"type":"If","runAfter":{},"runAfter":{},"actions":[],"actions":{"x":{},"x":{"type":"Http"}},"else":1,"else":{}},
"b":{"type":"Compose","type":null,"inputs":1,"inputs":{"host":{"connectionName":"k"}}},
"s":{"cases":{"c":1,"c":{"actions":{"y":{}}}},"cases":{"d":{"actions":{"z":{}}}}}
}},"definition":{"actions":{
"w":{"type":"Wait"}
}}}}`)), nil)
		invariants(t, f, problems)
		if got := slices.Collect(f.Operations()); len(got) != 1 || got[0].Name != "w" {
			t.Errorf("operations = %v, want those of the last definition", got)
		}
		if got := problems.Count(diag.Error); got != 0 {
			t.Errorf("%d errors in members that don't count: %v", got, problems)
		}

		text := f.File().Text()
		text = text[:strings.Index(text, `},"definition":{"actions":{`+"\n\"w\"")] + "}}}"
		f, problems = flow.Parse(source.NewFile("Workflows/F.json", []byte(text)), nil)
		invariants(t, f, problems)
		require.NoError(t, problems.Err())
		var got []string
		for op := range f.Operations() {
			got = append(got, op.Path()+": "+op.Type+" "+op.Host.Key)
		}
		if diff := cmp.Diff([]string{
			"a: If ", "a > x: Http ", "b:  k", "s:  ", "s (case d) > z:  ",
		}, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if got := problems.Count(diag.Warning); got != 10 {
			t.Errorf("%d warnings, want 10: %v", got, problems)
		}
	})
}

// A file of nothing but faults is told in time that grows with the file, not with its square, which would not end here,
// and no error hides behind the warnings.
func TestManyFaults(t *testing.T) {
	const n = 50_000
	var actions strings.Builder
	actions.WriteString(strings.Repeat(`"a":{},`, n))
	for i := range 2 * diag.MaxOfRule {
		fmt.Fprintf(&actions, `"b%d":1,`, i)
	}
	f, problems := flow.Parse(source.NewFile("F.json", []byte(flowOf("", "", actions.String()+`"c":{}`))), nil)
	invariants(t, f, problems)
	count := map[string]int{}
	for _, d := range problems {
		count[d.Rule]++
	}
	if diff := cmp.Diff(map[string]int{"CR005": diag.MaxOfRule + 1, "CR122": diag.MaxOfRule + 1}, count); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if f.OperationCount() != 2 {
		t.Errorf("OperationCount() = %d, want 2", f.OperationCount())
	}
}

func TestDepthOption(t *testing.T) {
	text := []byte(flowOf("", "", `"a":{"inputs":{"b":{"c":{}}}}`))
	for depth, want := range map[int]bool{0: true, 8: true, 7: false} {
		f, problems := flow.Parse(source.NewFile("F.json", text), &source.Options{MaxDepth: depth})
		if f.IsFlow() != want || (problems.Err() == nil) != want {
			t.Errorf("MaxDepth %d: %v", depth, problems)
		}
	}
}
