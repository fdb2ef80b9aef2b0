package flow_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// A verb answers a change of a flow.
type verb func(f *flow.Flow) (source.Change, error)

func rebind(key string, to connref.LogicalName) verb {
	return func(f *flow.Flow) (source.Change, error) { return f.Rebind(map[string]connref.LogicalName{key: to}) }
}

func setSource(key string, to flow.RuntimeSource) verb {
	return func(f *flow.Flow) (source.Change, error) { return f.SetSources(map[string]flow.RuntimeSource{key: to}) }
}

func add(bindings ...flow.Binding) verb {
	return func(f *flow.Flow) (source.Change, error) { return f.AddBindings(bindings...) }
}

func drop(keys ...string) verb {
	return func(f *flow.Flow) (source.Change, error) { return f.DropBindings(keys...) }
}

// rename takes old and new keys by turns.
func rename(keys ...string) verb {
	names := map[string]string{}
	for pair := range slices.Chunk(keys, 2) {
		names[pair[0]] = pair[1]
	}
	return func(f *flow.Flow) (source.Change, error) { return f.RenameKeys(names) }
}

func join(keep string, drop ...string) verb {
	into := map[string]string{}
	for _, key := range drop {
		into[key] = keep
	}
	return joinInto(into)
}

func joinInto(into map[string]string) verb {
	return func(f *flow.Flow) (source.Change, error) { return f.JoinKeys(into) }
}

// edited is the file of a flow with a change made, and the change itself, which must have an inverse.
func edited(t testing.TB, f *flow.Flow, do verb) (*source.File, source.Change) {
	t.Helper()
	change, err := do(f)
	require.NoError(t, err)
	after, err := f.File().Apply(change.Edits...)
	require.NoError(t, err)
	if change.File != f.File().Name() || change.Create != nil || change.Remove || !json.Valid([]byte(after.Text())) {
		t.Errorf("the change of %q made %s", change.File, after.Text())
	}
	for i, e := range change.Edits {
		if e.Old == e.New || i > 0 && e.Span.Start < change.Edits[i-1].Span.End {
			t.Errorf("edit %d of %q changes nothing, or stands before the one before", i, e.Old)
		}
	}
	back, err := after.Apply(source.Invert(change.Edits...)...)
	require.NoError(t, err)
	if diff := cmp.Diff(string(f.File().Bytes()), string(back.Bytes())); diff != "" {
		t.Errorf("undone (-want +got):\n%s", diff)
	}
	return after, change
}

// makes checks what a change makes of a flow, however its file is spelled.
func makes(t *testing.T, before, after string, do verb) {
	t.Helper()
	for name, spell := range map[string]func(string) string{
		"as it is":        func(s string) string { return s },
		"byte order mark": func(s string) string { return "\ufeff" + s },
		"UTF-16LE":        func(s string) string { return utf16le("\ufeff" + s) },
		"CRLF":            func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"one line":        func(s string) string { return compact(t, s) },
	} {
		f, _ := flow.Parse(source.NewFile("Workflows/F.json", []byte(spell(before))), nil)
		got, _ := edited(t, f, do)
		if diff := cmp.Diff(spell(after), string(got.Bytes())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRebind(t *testing.T) {
	const ref = `"connectionReferenceLogicalName"`
	for name, tc := range map[string]struct{ before, after string }{
		"reference":        {`{"connection":{` + ref + `:"a_old"},"api":{}}`, `{"connection":{` + ref + `:"new"},"api":{}}`},
		"escapes":          {`{"connection": {` + ref + `: "a\u005fb"}}`, `{"connection": {` + ref + `: "new"}}`},
		"other case":       {`{"connection":{` + ref + `:"NEW"}}`, `{"connection":{` + ref + `:"new"}}`},
		"already":          {`{"connection":{` + ref + `:"new"}}`, `{"connection":{` + ref + `:"new"}}`},
		"already, escaped": {`{"connection":{` + ref + `:"\u006eew"}}`, `{"connection":{` + ref + `:"\u006eew"}}`},
		"direct":           {`{"connection":{},"api":{}}`, `{"connection":{` + ref + `:"new"},"api":{}}`},
		"direct, no text":  {`{"connection":{` + ref + `:""}}`, `{"connection":{` + ref + `:"new"}}`},
		"direct, absent":   {`{"api":{}}`, `{"api":{},"connection":{` + ref + `:"new"}}`},
		"direct, null":     {`{"connection":null}`, `{"connection":{` + ref + `:"new"}}`},
		"direct, by name":  {`{"connection":{"name":"c","id":"/c"}}`, `{"connection":{` + ref + `:"new"}}`},
		"direct, an empty": {`{}`, `{"connection":{` + ref + `:"new"}}`},
		"the designer's":   {`{` + ref + `:"old","connection":{}}`, `{` + ref + `:"new","connection":{}}`},
		"both places": {`{` + ref + `:"x","connection":{` + ref + `:"y"}}`,
			`{` + ref + `:"x","connection":{` + ref + `:"new"}}`},
		"repeated names": {`{"connection":{` + ref + `:"x",` + ref + `:"y"}}`,
			`{"connection":{` + ref + `:"x",` + ref + `:"new"}}`},
		"repeated, direct": {`{"connection":{},"connection":{}}`, `{"connection":{},"connection":{` + ref + `:"new"}}`},
		"a repeated key": {`{"connection":{}},"k":{"api":{},"connection":{}}`,
			`{"connection":{}},"k":{"api":{},"connection":{` + ref + `:"new"}}`},
		"over lines": {"{\n\t\"api\": {}\n}", "{\n\t\"api\": {},\n\t\"connection\": {\n\t  " + ref + ": \"new\"\n\t}\n}"},
		"over lines, empty": {"{\n      \"connection\": {}\n    }",
			"{\n      \"connection\": {\n        " + ref + ": \"new\"\n      }\n    }"},
	} {
		t.Run(name, func(t *testing.T) {
			makes(t, flowOf(`"k":`+tc.before, "", ""), flowOf(`"k":`+tc.after, "", ""), rebind("k", "new"))
		})
	}
	t.Run("many", func(t *testing.T) {
		to := func(name string) string { return `:{"connection":{` + ref + `:"` + name + `"}},` }
		makes(t, flowOf(`"a"`+to("b")+`"b"`+to("a")+`"c":{},"d":{}`, "", ""),
			flowOf(`"a"`+to("a")+`"b"`+to("b")+`"c"`+to("a")+`"d":{}`, "", ""),
			func(f *flow.Flow) (source.Change, error) {
				return f.Rebind(map[string]connref.LogicalName{"a": "a", "b": "b", "c": "a"})
			})
	})
}

func TestSetSources(t *testing.T) {
	for name, tc := range map[string]struct{ before, after string }{
		"other":         {`{"runtimeSource":"embedded","api":{}}`, `{"runtimeSource":"invoker","api":{}}`},
		"already":       {`{"runtimeSource":"Invoker"}`, `{"runtimeSource":"Invoker"}`},
		"absent":        {`{"api":{}}`, `{"api":{},"runtimeSource":"invoker"}`},
		"null":          {`{"runtimeSource":null}`, `{"runtimeSource":"invoker"}`},
		"an empty text": {`{"runtimeSource":""}`, `{"runtimeSource":"invoker"}`},
		"beside a source": {`{"source":"Embedded","runtimeSource":"embedded"}`,
			`{"source":"Embedded","runtimeSource":"invoker"}`},
		"impersonation": {`{"impersonation":{"source":"x"},"runtimeSource":"embedded"}`,
			`{"impersonation":{"source":"x"},"runtimeSource":"invoker"}`},
		"repeated": {`{"runtimeSource":"invoker","runtimeSource":"embedded"}`,
			`{"runtimeSource":"invoker","runtimeSource":"invoker"}`},
		"of a repeated key": {`{"runtimeSource":"embedded"},"k":{"runtimeSource":"embedded"}`,
			`{"runtimeSource":"embedded"},"k":{"runtimeSource":"invoker"}`},
	} {
		t.Run(name, func(t *testing.T) {
			makes(t, flowOf(`"k":`+tc.before, "", ""), flowOf(`"k":`+tc.after, "", ""), setSource("k", flow.Invoker))
		})
	}
}

func TestAddBindings(t *testing.T) {
	const entry = `{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"r"},` +
		`"api":{"name":"shared_x"}}`
	plain := flow.Binding{Key: "k", Reference: "r", Connector: "/providers/Microsoft.PowerApps/apis/shared_x"}
	second := plain
	second.Key = `"é"`
	for name, tc := range map[string]struct {
		before, after string
		do            verb
	}{
		"behind another": {`"connectionReferences":{"a":{}},`,
			`"connectionReferences":{"a":{},"k":` + entry + `},`, add(plain)},
		"two into none": {`"connectionReferences":{},`,
			`"connectionReferences":{"k":` + entry + `,"\"é\"":` + entry + `},`, add(plain, second)},
		"two for null": {`"connectionReferences":null,`,
			`"connectionReferences":{"k":` + entry + `,"\"é\"":` + entry + `},`, add(plain, second)},
		"nothing": {"", "", add()},
		"all there is": {
			`"connectionReferences":{},`,
			`"connectionReferences":{"k":{"impersonation":{"source":"invoker"},"runtimeSource":"invoker",` +
				`"connection":{"connectionReferenceLogicalName":"r"},"api":{"name":"shared_c-5f","logicalName":"c_<5F>"}}},`,
			add(flow.Binding{
				Key: "k", Reference: "r", Connector: "shared_c-5f", ConnectorName: "c_<5F>", Source: flow.Invoker,
				Impersonation: "invoker", Connection: "c0ffee", At: source.Location{File: "another"},
			}),
		},
		"over lines": {
			"\n  \"connectionReferences\": {\n    \"a\": {}\n  },\n  ",
			"\n  \"connectionReferences\": {\n    \"a\": {},\n    \"k\": {\n      \"runtimeSource\": \"embedded\",\n" +
				"      \"connection\": {\n        \"connectionReferenceLogicalName\": \"r\"\n      },\n" +
				"      \"api\": {\n        \"name\": \"shared_x\"\n      }\n    }\n  },\n  ",
			add(plain),
		},
	} {
		t.Run(name, func(t *testing.T) {
			makes(t, `{"properties":{`+tc.before+`"definition":{}}}`, `{"properties":{`+tc.after+`"definition":{}}}`, tc.do)
		})
	}
	t.Run("where there are no references", func(t *testing.T) {
		makes(t, `{"properties":{"definition":{}}}`,
			`{"properties":{"definition":{},"connectionReferences":{"k":`+entry+`}}}`, add(plain))
	})
	t.Run("out of another flow", func(t *testing.T) {
		from := parse(t, read(t, "loans.json"))
		b, ok := from.Binding("Läser's 📚")
		require.True(t, ok)
		file, _ := edited(t, parse(t, flowOf("", "", "")), add(b))
		got, ok := parse(t, string(file.Bytes())).Binding(b.Key)
		if diff := cmp.Diff(b, got, cmpopts.IgnoreTypes(source.Location{})); diff != "" || !ok {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// spelled puts keys into a template: K1 and K2 stand for the keys as JSON spells them, E1 and E2 for the same inside an
// expression.
func spelled(template, one, two string) string {
	inJSON := func(key string) string {
		raw := source.QuoteJSON(key)
		return raw[1 : len(raw)-1]
	}
	quoted := strings.NewReplacer("'", "''")
	return strings.NewReplacer("K1", inJSON(one), "K2", inJSON(two),
		"E1", inJSON(quoted.Replace(one)), "E2", inJSON(quoted.Replace(two))).Replace(template)
}

// users is a flow that names its keys wherever one can, and has texts that only look like it.
var users = `{
"properties":{
"connectionReferences":{
` + k1 + `
"shared_x_1":{"connection":{},"api":{"name":"shared_x"}},
"K2":{"connection":{"connectionReferenceLogicalName":"r"},"api":{"name":"Shared_X"},"runtimeSource":"Embedded"}
},
"definition":{
"description":"shared_x, parameters('$connections')['shared_x']",
"parameters":{"$connections":{"defaultValue":{},"type":"Object"}},
"triggers":{"shared_x":{"inputs":{"host":` + named(byParameter("E2")) + `}}},
"actions":{
"a":{"inputs":{"host":{"connectionName":"K1","operationId":"shared_x","apiId":"/apis/shared_x"},"parameters":{
"path":"/@{encodeURIComponent(parameters('$connections')['E1']['connectionId'])}/it's/@{x()}@{concat('}',` +
	`Parameters( '$connections' ) ? [ 'E2' ]?['id'],parameters('$connections')['E1'],` +
	`'parameters(''$connections'')[''shared_x'']')}",
"invoker":["` + byHeader("E1") + `","@json(x['headers/x-ms-apim-tokens'])['$connections']['E2']",{"x":"@{` + byHeader("E2")[1:] + `}"}],
"another":"` + byParameter("shared_x_1") + `",
"literal":"@` + byParameter("shared_x") + `","interpolation":"a @@{parameters('$connections')['shared_x']}",
"prose":"see parameters('$connections')['shared_x']","behind":"@{x} parameters('$connections')['shared_x']",
"` + byParameter("shared_x") + `":"a name",
"of another flow":"@body('Get_flow')['properties']['$connections']['shared_x']",
"schema":{"properties":{"host":{"connectionName":"shared_x","connectionReferenceName":"shared_x"}}}
}}},
"b":{"type":"compose","inputs":{"host":{"connectionName":"shared_x",
"connection":{"name":"` + byParameter("E1") + `"}}}},
"c":{"actions":{"d":{"inputs":{"host":{"connectionReferenceName":"K1","connection":{"referenceName":"K2"}}}}},
"else":{"actions":{"e":{"inputs":{"host":{"connectionName":"shared_x","x":"` + byParameter("shared_x") + `"},
"host":{"connectionName":"K2","connectionReferenceName":"K1","connection":{"name":"@x['$connections']['E1']"}}}}}}},
"shared_x":{"runAfter":{"shared_x":["Succeeded"]}},
"f":{"inputs":{"host":{"connectionName":"shared_x_1"}}}
},
"outputs":{"o":{"value":"` + byParameter("E1") + `"}}
}},
"shared_x":"shared_x"}`

const k1 = `"K1":{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"shared_x"},` +
	`"api":{"name":"shared_x"}},`

func TestRenameKeys(t *testing.T) {
	for name, tc := range map[string]struct {
		one, two     string // the keys before
		toOne, toTwo string // and behind
		names        []string
	}{
		"one":         {"shared_x", "two", "mail", "two", []string{"shared_x", "mail"}},
		"to a longer": {"shared_x", "two", "shared_x_2", "two", []string{"shared_x", "shared_x_2"}},
		"two":         {"shared_x", "two", "2", "1", []string{"two", "1", "shared_x", "2"}},
		"swap":        {"shared_x", "it's", "it's", "shared_x", []string{"it's", "shared_x", "shared_x", "it's"}},
		"shift":       {"shared_x", "two", "two", "3", []string{"two", "3", "shared_x", "two"}},
		"to itself":   {"shared_x", "two", "shared_x", "two", []string{"shared_x", "shared_x", "two", "two"}},
		"quotes":      {`'"`, `''`, `"''`, "x", []string{`'"`, `"''`, "''", "x"}},
		"expression":  {byParameter("two"), "two", "1", "2", []string{byParameter("two"), "1", "two", "2"}},
		"any text":    {"a\\\n", "📚", "\x01<é>}']['", "a\\", []string{"a\\\n", "\x01<é>}']['", "📚", "a\\"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := spelled(users, tc.one, tc.two)
			makes(t, before, spelled(users, tc.toOne, tc.toTwo), rename(tc.names...))
			f, _ := flow.Parse(source.NewFile("F.json", []byte(before)), nil)
			_, change := edited(t, f, rename(tc.names...))
			keys := strings.Split(spelled("K1\x00K2\x00E1\x00E2", tc.one, tc.two), "\x00")
			for _, e := range change.Edits {
				if !slices.Contains(keys, e.Old) {
					t.Errorf("edited %q, which is more than a key", e.Old)
				}
			}
		})
	}
	t.Run("escaped", func(t *testing.T) {
		const text = `"a":{"inputs":{"host":{"connectionName":"\u006b/'"},` +
			`"x":"\u0040{parameters(\u0027$connections')['k\/\u0027\u0027']}"}}`
		makes(t, flowOf(`"\u006b\/'":{}`, "", text),
			flowOf(`"new":{}`, "", strings.NewReplacer(`\u006b/'`, "new", `k\/\u0027\u0027`, "new").Replace(text)),
			rename("k/'", "new"))
	})
}

func TestJoinKeys(t *testing.T) {
	without := strings.Replace(users, k1+"\n", "", 1)
	makes(t, spelled(users, "shared_x", "it's"), spelled(without, "it's", "it's"), join("it's", "shared_x"))
	makes(t, spelled(users, "shared_x", "it's"), spelled(users, "shared_x", "it's"), join("it's"))
	const entry = `:{"api":{"name":"shared_x"}}`
	host := func(key string) string { return `{"inputs":{"host":{"connectionName":"` + key + `"}}}` }
	makes(t,
		flowOf(`"a"`+entry+`,"b"`+entry+`,"keep"`+entry+`,"c"`+entry, `"t":`+host("c"), `"x":`+host("a")+`,"y":`+host("b")),
		flowOf(`"keep"`+entry, `"t":`+host("keep"), `"x":`+host("keep")+`,"y":`+host("keep")),
		join("keep", "c", "a", "b"))
	makes(t,
		flowOf(`"a"`+entry+`,"b"`+entry+`,"c"`+entry+`,"d"`+entry, `"t":`+host("b"), `"x":`+host("d")+`,"y":`+host("a")),
		flowOf(`"a"`+entry+`,"c"`+entry, `"t":`+host("a"), `"x":`+host("c")+`,"y":`+host("a")),
		joinInto(map[string]string{"b": "a", "d": "c"}))
}

func TestDropBindings(t *testing.T) {
	for name, tc := range map[string]struct {
		before, after string
		keys          []string
	}{
		"first, middle, last": {`"a":{},"b":{},"c":{},"d":{},"e":{}`, `"b":{},"d":{}`, []string{"e", "a", "c"}},
		"neighbours, twice":   {`"a":{},"b":{},"c":{}`, `"a":{}`, []string{"b", "c", "b"}},
		"all":                 {`"a":{},"b":{}`, ``, []string{"a", "b"}},
		"none":                {`"a":{}`, `"a":{}`, nil},
		"over lines":          {"\n\t\"a\": {},\n\t\"b\": {}\n", "\n\t\"a\": {}\n", []string{"b"}},
		"beside repeated":     {`"a":{},"a":{},"b":{}`, `"a":{},"a":{}`, []string{"b"}},
	} {
		t.Run(name, func(t *testing.T) {
			const action = `"a":{"type":"Compose","inputs":{"host":{"connectionName":"b"},` +
				`"x":"@@{parameters('$connections')['a']}"}}`
			makes(t, flowOf(tc.before, "", action), flowOf(tc.after, "", action), drop(tc.keys...))
		})
	}
}
func TestEditsRefuse(t *testing.T) {
	const x, host = `:{"api":{"name":"shared_x"},"runtimeSource":"embedded"`, `"inputs":{"host":{"connectionName":`
	text := "{\"properties\":{\n\"connectionReferences\":{\n\"a\"" + x + "},\"b\"" + x + "},\n\"twice\":{},\"twice\"" + x +
		"},\"broken\":null,\n\"y\":{\"api\":{\"name\":\"shared_y\"},\"runtimeSource\":\"embedded\"},\n" +
		"\"i\":{\"api\":{\"name\":\"shared_x\"}},\n\"m\"" + x + ",\"impersonation\":{\"source\":\"invoker\"}}},\n" +
		`"definition":{"actions":{"If":{"else":{"actions":{"Send":{` + host + "\"a\"}}}}}},\n" +
		`"Get":{"inputs":{"path":"/@{parameters('$connections')['b']}"}},` + "\n\"Lost\":{" + host + `"lost"}}}},` +
		"\n\"outputs\":{\"o\":\"" + byParameter("y") + `"}}}}`
	computed := strings.Replace(text, "['b']", "[variables('b')]", 1)
	fresh := flow.Binding{Key: "k", Reference: "r", Connector: "shared_x"}
	keyed := func(key string) flow.Binding { b := fresh; b.Key = key; return b }
	const (
		noFlow  = "no cloud flow: expected an object with properties.definition: invalid"
		unread  = ":9:25: an expression takes from $connections what can't be read: write the key as ['key']: conflict"
		twice   = `:4:13: key "twice" stands here again: remove all but one first: conflict`
		noC     = `:2:24: no binding has the key "c": not found`
		isTaken = "another binding has that key: duplicate"
		noName  = "logical name: is missing; right would be a publisher's prefix and a purpose, such as contoso_mail"
		letters = "; letters, digits, _ . and - are allowed"
	)
	for name, tc := range map[string]struct {
		text string
		do   verb
		is   error
		want []string // the lines of the message, without the file's name
	}{
		"no flow":                {`{"properties":{}}`, drop("a"), connref.ErrInvalid, []string{": " + noFlow}},
		"no flow, nothing to do": {`[]`, drop(), connref.ErrInvalid, []string{": " + noFlow}},
		"no JSON":                {`{`, add(fresh), connref.ErrInvalid, []string{": " + noFlow}},
		"no text":                {"\xff", rename("a", "c"), connref.ErrInvalid, []string{": " + noFlow}},
		"legacy": {read(t, "legacy/definition.json"), rename("shared_valves", "valves"), connref.ErrInvalid, []string{
			": the flow of a legacy package, which repeats its keys in connectionsMap.json: " +
				"import it into a solution and change it there: invalid",
		}},

		"rebind another case": {text, rebind("A", "r"), connref.ErrNotFound,
			[]string{`:2:24: no binding has the key "A": not found`}},
		"rebind what is broken": {text, rebind("broken", "r"), connref.ErrNotFound,
			[]string{`:2:24: no binding has the key "broken": not found`}},
		"rebind where there is none": {`{"properties":{"definition":{}}}`, rebind("c", "r"), connref.ErrNotFound,
			[]string{`:1:1: no binding has the key "c": not found`}},
		"rebind to nothing": {text, rebind("a", ""), connref.ErrInvalid, []string{`:3:2: binding "a": ` + noName}},
		"many faults": {text, func(f *flow.Flow) (source.Change, error) {
			return f.Rebind(map[string]connref.LogicalName{"z": "r", "b": "a b", "a": "r", "c": "r"})
		}, connref.ErrNotFound, []string{
			`:3:61: binding "b": logical name "a b": has ' '` + letters, noC, `:2:24: no binding has the key "z": not found`,
		}},
		"source that isn't": {text, setSource("a", "Invoker"), connref.ErrInvalid,
			[]string{`:3:2: binding "a": source "Invoker": expected embedded or invoker: invalid`}},

		"add what is there": {text, add(keyed("a")), connref.ErrDuplicate, []string{`: new binding "a": ` + isTaken}},
		"add what is broken": {text, add(keyed("broken")), connref.ErrDuplicate,
			[]string{`: new binding "broken": ` + isTaken}},
		"add one twice": {text, add(fresh, fresh), connref.ErrDuplicate, []string{`: new binding "k": ` + isTaken}},
		"add to a list": {`{"properties":{"connectionReferences":[],"definition":{}}}`, add(fresh), connref.ErrInvalid,
			[]string{":1:39: connection references are an array: expected an object: invalid"}},
		"add with every fault": {text, add(flow.Binding{}, flow.Binding{
			Key: "\xff", Reference: "r\n", Connector: "a b", ConnectorName: "\xff", Source: "Embedded", Impersonation: "me",
		}), connref.ErrInvalid, []string{
			`: new binding "": an empty text is no key: invalid`,
			`: new binding "": ` + noName,
			`: new binding "": connector id: is missing; right would be shared_office365 or ` +
				`/providers/Microsoft.PowerApps/apis/shared_office365`,
			`: new binding "\xff": "\xff" is no key, since it is not utf-8: invalid`,
			`: new binding "\xff": logical name "r\n": has '\n'` + letters,
			`: new binding "\xff": connector id "a b": has white space or a control character, which no id has`,
			`: new binding "\xff": connector name "\xff" is not utf-8: invalid`,
			`: new binding "\xff": source "Embedded": expected embedded or invoker: invalid`,
			`: new binding "\xff": impersonation "me": expected invoker or none: invalid`,
		}},

		"drop what isn't": {text, drop("c", "lost"), connref.ErrNotFound,
			[]string{noC, `:2:24: no binding has the key "lost": not found`}},
		"drop what is used": {text, drop("a", "i", "b", "y"), connref.ErrConflict, []string{
			`:8:95: binding "a" is used here by operation "If (else) > Send": conflict`,
			`:9:57: binding "b" is used here by operation "Get": conflict`,
			`:11:46: binding "y" is used here by an expression outside every operation: conflict`,
		}},
		"drop one of two":              {text, drop("twice"), connref.ErrConflict, []string{twice}},
		"drop where keys are computed": {computed, drop("b"), connref.ErrConflict, []string{unread}},

		"rename what isn't": {text, rename("c", "d"), connref.ErrNotFound, []string{noC}},
		"rename to no text": {text, rename("a", "", "b", "\xff"), connref.ErrInvalid, []string{
			":2:24: rename a key: an empty text is no key: invalid",
			`:2:24: rename a key: "\xff" is no key, since it is not utf-8: invalid`,
		}},
		"rename to another": {text, rename("a", "b", "b", "b"), connref.ErrDuplicate,
			[]string{`:3:60: the key "b" is taken: choose another: duplicate`}},
		"rename to a broken one": {text, rename("a", "broken"), connref.ErrDuplicate,
			[]string{`:4:75: the key "broken" is taken: choose another: duplicate`}},
		"rename two to one": {text, rename("a", "c", "b", "c"), connref.ErrDuplicate,
			[]string{`:2:24: "a" and "b" can't both get the key "c": duplicate`}},
		"rename to one that is lost": {text, rename("a", "lost"), connref.ErrConflict,
			[]string{`:10:45: operation "Lost" names the key "lost" already, which no binding has: conflict`}},
		"rename one of two":              {text, rename("twice", "once"), connref.ErrConflict, []string{twice}},
		"rename where keys are computed": {computed, rename("a", "c"), connref.ErrConflict, []string{unread}},

		"join into what isn't": {text, join("c", "a"), connref.ErrNotFound, []string{noC}},
		"join what isn't":      {text, join("a", "c"), connref.ErrNotFound, []string{noC}},
		"join what doesn't agree": {text, join("a", "b", "y", "i", "m"), connref.ErrInvalid, []string{
			`:6:2: join "i" into "a": source "" is not "embedded": invalid`,
			`:7:2: join "m" into "a": impersonation "invoker" is not "": invalid`,
			`:5:2: join "y" into "a": connector shared_y is not shared_x: invalid`,
		}},
		"join with itself": {text, join("a", "a"), connref.ErrInvalid, []string{
			`:3:2: join "a" into "a": a key can't be joined with itself: invalid`,
		}},
		"join into what goes away": {text, joinInto(map[string]string{"a": "b", "b": "a"}), connref.ErrInvalid, []string{
			`:3:2: join "a" into "b": "b" goes away itself: invalid`,
			`:3:61: join "b" into "a": "a" goes away itself: invalid`,
		}},
		"join one of two":              {text, join("a", "twice"), connref.ErrConflict, []string{twice}},
		"join where keys are computed": {computed, join("a", "b"), connref.ErrConflict, []string{unread}},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := flow.Parse(source.NewFile("F.json", []byte(tc.text)), nil)
			change, err := tc.do(f)
			if !errors.Is(err, tc.is) || change.File != "" || change.Edits != nil {
				t.Fatalf("%v, %v: expected no change and %v", change, err, tc.is)
			}
			got := strings.Split(strings.TrimPrefix(err.Error(), "F.json"), "\nF.json")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// bound is what changes of bindings may change: the bindings, and the key of each operation.
type bound struct {
	Bindings []flow.Binding
	Keys     []string
}

// boundBy is what a flow binds, or would with other names for keys.
func boundBy(f *flow.Flow, names map[string]string) (b bound) {
	name := func(key string) string {
		if to, ok := names[key]; ok {
			return to
		}
		return key
	}
	for have := range f.Bindings() {
		have.Key = name(have.Key)
		b.Bindings = append(b.Bindings, have)
	}
	for op := range f.Operations() {
		key := op.Host.Key
		if key != "" { // an operation that names none doesn't name the empty one
			key = name(key)
		}
		b.Keys = append(b.Keys, op.Path()+": "+key)
	}
	return b
}

// checkEdits checks every verb on a binding of any flow, or none: what it makes is what was asked for and nothing else,
// and can be undone.
func checkEdits(t testing.TB, f *flow.Flow, key, other string) {
	t.Helper()
	check := func(name string, do verb, want func() bound) {
		change, err := do(f)
		if err != nil {
			known := errors.Is(err, connref.ErrInvalid) || errors.Is(err, connref.ErrNotFound) ||
				errors.Is(err, connref.ErrDuplicate) || errors.Is(err, connref.ErrConflict)
			if !known || change.File != "" || change.Edits != nil {
				t.Errorf("%s: %v, %v: expected nothing and one of our errors", name, change, err)
			}
			return
		}
		file, _ := edited(t, f, do)
		after, problems := flow.Parse(file, nil)
		invariants(t, after, problems)
		ignored := cmp.Options{ // a connection goes with the direct binding that named it
			cmpopts.IgnoreTypes(source.Location{}, connref.ConnectionID("")), cmpopts.EquateEmpty(),
		}
		if diff := cmp.Diff(want(), boundBy(after, nil), ignored); diff != "" {
			t.Errorf("%s %q, %q (-want +got):\n%s", name, key, other, diff)
		}
	}
	with := func(change func(b *flow.Binding)) func() bound {
		return func() bound {
			want := boundBy(f, nil)
			for i := range want.Bindings {
				if b := &want.Bindings[i]; b.Key == key {
					change(b)
				}
			}
			return want
		}
	}
	without := func(b bound, key string) bound {
		b.Bindings = slices.DeleteFunc(b.Bindings, func(b flow.Binding) bool { return b.Key == key })
		return b
	}
	check("Rebind", rebind(key, "new_x"), with(func(b *flow.Binding) { b.Reference = "new_x" }))
	check("SetSources", setSource(key, flow.Invoker), with(func(b *flow.Binding) { b.Source = flow.Invoker }))
	fresh := flow.Binding{Key: other, Reference: "new_x", Connector: "shared_x", Source: flow.Embedded}
	check("AddBindings", add(fresh), func() bound {
		want := boundBy(f, nil)
		want.Bindings = append(want.Bindings, fresh)
		return want
	})
	check("DropBindings", drop(key), func() bound { return without(boundBy(f, nil), key) })
	check("RenameKeys", rename(key, other), func() bound { return boundBy(f, map[string]string{key: other}) })
	check("RenameKeys, a swap", rename(key, other, other, key), func() bound {
		return boundBy(f, map[string]string{key: other, other: key})
	})
	check("JoinKeys", join(other, key), func() bound {
		return bound{without(boundBy(f, nil), key).Bindings, boundBy(f, map[string]string{key: other}).Keys}
	})
}

func FuzzFlowEdits(f *testing.F) {
	const two = `"a":{"api":{"name":"x"}},"k":{"api":{"name":"x"},"connection":{"connectionReferenceLogicalName":"r"}}`
	for _, seed := range []string{
		flowOf(two, "", `"o":{"inputs":{"host":{"connectionName":"k"},"x":["/@{parameters('$connections')['a']}"]}}`),
		flowOf(`"k":{"connectionReferenceLogicalName":"a"},"j":{"connection":{}},"k":{}`, "", ""),
		escaped(f, flowOf(`"k":{"connection":{"id":"c"}}`, "", `"o":{"inputs":{"host":`+named(byHeader("k"))+`}}`), true),
		flowOf(`"":{},"k":{}`, "", `"o":{}`), utf16le("\ufeff" + flowOf("", "", "")), `{"properties":{"definition":{"x":"@{parameters('$connections')[k]}"}}}`,
	} {
		f.Add([]byte(seed), "k")
		f.Add([]byte(seed), "it's")
	}
	f.Fuzz(func(t *testing.T, raw []byte, other string) {
		got, _ := flow.Parse(source.NewFile("F.json", raw), nil)
		checkEdits(t, got, other, "k")
		for b := range got.Bindings() {
			checkEdits(t, got, b.Key, other)
		}
	})
}
