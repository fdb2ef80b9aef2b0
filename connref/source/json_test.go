package source_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
)

// daily is a flow as designers write it: two spaces, CRLF, escapes that encoding/json would write otherwise.
var daily = strings.ReplaceAll(`{
  "properties": {
    "connectionReferences": {
      "shared_office365": {
        "runtimeSource": "embedded",
        "connection": {
          "connectionReferenceLogicalName": "new_mail"
        },
        "api": { "name": "shared_office365" }
      }
    },
    "definition": {
      "$schema": "https:\/\/schema.management.azure.com#",
      "actions": {
        "Send_/~": {"runAfter": {}, "limit": [1.0, -2e5, true, null, ["deep"]]}
      }
    }
  },
  "schemaVersion": "1.0.0.0"
}`, "\n", "\r\n")

func parseJSON(t *testing.T, text string) *source.JSON {
	t.Helper()
	doc, err := source.ParseJSON(source.NewFile("a.json", []byte(text)), nil)
	require.NoError(t, err)
	return doc
}

func TestJSONGet(t *testing.T) {
	root := parseJSON(t, daily).Root()
	reference := root.Get("properties", "connectionReferences", "shared_office365", "connection",
		"connectionReferenceLogicalName")
	if reference.Text() != "new_mail" || reference.Raw() != `"new_mail"` || reference.Kind() != source.String {
		t.Errorf("Get = %s (%s)", reference.Raw(), reference.Kind())
	}
	if at := reference.At(); at.File != "a.json" || daily[at.Span.Start:at.Span.End] != `"new_mail"` {
		t.Errorf("At() = %v", at)
	}
	if s := reference.TextSpan(); daily[s.Start:s.End] != "new_mail" {
		t.Errorf("TextSpan() = %v", s)
	}
	if got := root.Get("properties", "definition", "$schema").Text(); got != "https://schema.management.azure.com#" {
		t.Errorf("Text() of an escaped string = %q", got)
	}
	if root.Get() != root {
		t.Error("Get of no names isn't the value itself")
	}
	for _, path := range [][]string{{"none"}, {"none", "deeper"}, {"schemaVersion", "x"}, {"Properties"}} {
		if v := root.Get(path...); v.Exists() {
			t.Errorf("Get(%q) = %s, want an absent value", path, v.Raw())
		}
	}
	if m := root.Member("schemaVersion"); m.Name() != "schemaVersion" || m.Value.Text() != "1.0.0.0" ||
		m.Key.Raw() != `"schemaVersion"` {
		t.Errorf("Member = %s: %s", m.Key.Raw(), m.Value.Raw())
	}
	if m := root.Member("none"); m.Key.Exists() || m.Value.Exists() || m.Name() != "" {
		t.Errorf("Member of no such name = %v", m)
	}
}

// A path is followed without checks, so an absent value answers everything.
func TestJSONAbsent(t *testing.T) {
	var v source.Value
	if v.Exists() || v.Kind() != source.Absent || v.Raw() != "" || v.Text() != "" || v.Len() != 0 || !v.At().IsZero() ||
		v.Span() != (source.Span{}) || v.TextSpan() != (source.Span{}) || v.Get("a").Exists() {
		t.Errorf("an absent value isn't: %v", v)
	}
	for range v.Members() {
		t.Error("an absent value has members")
	}
	for range v.Elements() {
		t.Error("an absent value has elements")
	}
	for range v.Repeated() {
		t.Error("an absent value has repeated members")
	}
	var into int
	for name, err := range map[string]error{
		"Decode": v.Decode(&into), "Replace": second(v.Replace("1")), "SetText": second(v.SetText("x")),
		"SetMember": second(v.SetMember("a", "1")), "RemoveMember": second(v.RemoveMember("a")),
	} {
		if !errors.Is(err, source.ErrNotFound) {
			t.Errorf("%s of an absent value: %v, want ErrNotFound", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestJSONKinds(t *testing.T) {
	type outcome struct {
		Kind source.Kind
		Name string
		Text string
		Len  int
	}
	for text, want := range map[string]outcome{
		`null`:           {source.Null, "null", "", 0},
		`false`:          {source.Bool, "a boolean", "", 0},
		`-0.50e+1`:       {source.Number, "a number", "", 0},
		`"x"`:            {source.String, "a string", "x", 0},
		`[1, [2], "3"]`:  {source.Array, "an array", "", 3},
		`{"a":1,"a":{}}`: {source.Object, "an object", "", 2},
	} {
		v := parseJSON(t, " "+text+"\n").Root()
		got := outcome{v.Kind(), v.Kind().String(), v.Text(), v.Len()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
		if v.Raw() != text { // numbers, white space, order: as written
			t.Errorf("Raw() = %q, want %q", v.Raw(), text)
		}
	}
	if got := source.Absent.String(); got != "absent" {
		t.Errorf("Absent = %q", got)
	}
}

func TestJSONMembersAndElements(t *testing.T) {
	doc := parseJSON(t, `{"b": [10, [20], {"x": 30}], "a": {}, "c": {"d": [], "e": ""}}`)
	var members, elements []string
	for m := range doc.Root().Members() {
		members = append(members, m.Name()+"="+m.Value.Raw())
	}
	if diff := cmp.Diff([]string{`b=[10, [20], {"x": 30}]`, "a={}", `c={"d": [], "e": ""}`}, members); diff != "" {
		t.Errorf("members (-want +got)\n%s", diff)
	}
	for e := range doc.Root().Get("b").Elements() {
		elements = append(elements, e.Raw())
	}
	if diff := cmp.Diff([]string{"10", "[20]", `{"x": 30}`}, elements); diff != "" {
		t.Errorf("elements (-want +got)\n%s", diff)
	}
	for range doc.Root().Members() {
		break // a caller may stop
	}
	for range doc.Root().Get("b").Elements() {
		break
	}
}

// Real flows have repeated members: nothing is lost, and every lookup answers what encoding/json would.
func TestJSONRepeated(t *testing.T) {
	doc := parseJSON(t, `{"a": 1, "b": 2, "\u0061": 3, "b": 4, "A": 5, "b": 6}`)
	var repeated []string
	for m := range doc.Root().Repeated() {
		repeated = append(repeated, m.Key.Raw()+m.Value.Raw())
	}
	if diff := cmp.Diff([]string{`"\u0061"3`, `"b"4`, `"b"6`}, repeated); diff != "" {
		t.Errorf("Repeated (-want +got)\n%s", diff)
	}
	for range doc.Root().Repeated() {
		break
	}
	for name, want := range map[string]string{"a": "3", "b": "6", "A": "5"} {
		if got := doc.Root().Get(name).Raw(); got != want {
			t.Errorf("Get(%s) = %s, want %s", name, got, want)
		}
		if got := doc.Lookup("/" + name).Raw(); got != want {
			t.Errorf("Lookup(/%s) = %s, want %s", name, got, want)
		}
	}
	if got := doc.Root().Len(); got != 6 {
		t.Errorf("Len() = %d, want 6", got)
	}
}

func TestJSONText(t *testing.T) {
	for raw, want := range map[string]string{
		`""`: "", `"é𝄞"`: "é𝄞", `"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t", `"\u00e9\uD834\uDD1E"`: "é𝄞",
		`"\uD834"`: "\uFFFD", `"\uDD1Ex"`: "\uFFFDx", "\"\x7F\u2028\"": "\x7F\u2028", `"\\u0041"`: `\u0041`, `"\u0000"`: "\x00",
	} {
		if got := parseJSON(t, raw).Root().Text(); got != want {
			t.Errorf("%s: Text() = %q, want %q", raw, got, want)
		}
	}
}

func TestJSONDecode(t *testing.T) {
	doc := parseJSON(t, daily)
	var got struct{ RunAfter map[string]any }
	require.NoError(t, doc.Lookup("/properties/definition/actions/Send_~1~0").Decode(&got))
	if diff := cmp.Diff(map[string]any{}, got.RunAfter); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var n int
	err := doc.Root().Get("schemaVersion").Decode(&n)
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), "a.json:19:20: ") {
		t.Errorf("error %v: expected the place and encoding/json's error", err)
	}
}

func TestJSONLookup(t *testing.T) {
	doc := parseJSON(t, `{"a": [10, {"b": 20}], "": {"": 30}, "~1": 40, "x/y": 50, "0": 60}`)
	for pointer, want := range map[string]string{
		"": doc.Root().Raw(), "/a/0": "10", "/a/1/b": "20", "/": `{"": 30}`, "//": "30", "/~01": "40", "/x~1y": "50", "/0": "60",
		"/a/2": "", "/a/-1": "", "/a/01": "", "/a/+1": "", "/a/-": "", "/a/": "", "/a/99999999999999999999": "",
		"a": "", "/a/0/x": "", "/none": "", "/none/x": "", "/x/y": "",
	} {
		if got := doc.Lookup(pointer).Raw(); got != want {
			t.Errorf("Lookup(%q) = %s, want %s", pointer, got, want)
		}
	}
}

func TestJSONPointer(t *testing.T) {
	const text = ` {"a": [10, {"b~/": 20}], "c": "d"} `
	doc := parseJSON(t, text)
	for at, want := range map[string]string{
		`{"a"`: "", `"a"`: "/a", `: [`: "/a", `[10`: "/a", `10`: "/a/0", `, {`: "/a", `{"b`: "/a/1", `"b~`: "/a/1/b~0~1",
		`20`: "/a/1/b~0~1", `}]`: "/a/1", `]`: "/a", `, "c`: "", `d"`: "/c", `} `: "",
	} {
		if got := doc.Pointer(strings.Index(text, at)); got != want {
			t.Errorf("Pointer at %s = %s, want %s", at, got, want)
		}
	}
	for _, outside := range []int{-1, 0, len(text), len(text) + 9} {
		if got := doc.Pointer(outside); got != "" {
			t.Errorf("Pointer(%d) = %s, want the root", outside, got)
		}
	}
	want := source.Position{File: "a.json", Line: 1, Column: 14, Pointer: "/a/1/b~0~1"}
	if diff := cmp.Diff(want, doc.Position(strings.Index(text, `"b~`))); diff != "" {
		t.Errorf("Position (-want +got)\n%s", diff)
	}
}

func TestParseJSONRefuses(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"empty":            {"", "1:1: unexpected end of the file: expected a JSON value"},
		"blank":            {" \n\t", "2:2: unexpected end of the file: expected a JSON value"},
		"no value":         {"{\"a\":}", "1:6: expected a JSON value"},
		"two values":       {"{}\n{}", "2:1: text behind the value: expected the end of the file"},
		"comma at the end": {"{\"a\": 1,\r\n}", "2:1: expected a member name in double quotes"},
		"comma in array":   {"[1,]", "1:4: expected a JSON value"},
		"comma first":      {"[,1]", "1:2: expected a JSON value"},
		"no comma":         {"{\"a\": 1\n \"b\": 2}", "2:2: expected ',' or '}' behind the member"},
		"no comma, array":  {"[1 2]", "1:4: expected ',' or ']' behind the element"},
		"wrong bracket":    {"[1}", "1:3: expected ',' or ']' behind the element"},
		"no colon":         {"{\"a\" 1}", "1:6: expected ':' behind the member name"},
		"bare name":        {"{a: 1}", "1:2: expected a member name in double quotes"},
		"single quotes":    {"{'a': 1}", "1:2: expected a member name in double quotes"},
		"number as name":   {"{1: 1}", "1:2: expected a member name in double quotes"},
		"comment":          {"{\n  // no\n}", "2:3: expected a member name in double quotes"},
		"word":             {"[truE]", "1:5: expected true"},
		"capitals":         {"True", "1:1: expected a JSON value"},
		"word goes on":     {"nullx", "1:5: text behind the value: expected the end of the file"},
		"not a number":     {"NaN", "1:1: expected a JSON value"},
		"leading zero":     {"01", "1:2: text behind the value: expected the end of the file"},
		"minus alone":      {"[-]", "1:3: expected a digit"},
		"plus":             {"+1", "1:1: expected a JSON value"},
		"no digit first":   {".5", "1:1: expected a JSON value"},
		"no digit behind":  {"5.", "1:3: unexpected end of the file: expected a digit"},
		"no exponent":      {"[1e]", "1:4: expected a digit"},
		"sign only":        {"[1e+]", "1:5: expected a digit"},
		"open string":      {"\"é", "1:3: unexpected end of the file: expected '\"' to end the string"},
		"newline inside":   {"\"a\nb\"", "1:3: control character in a string: it must be escaped"},
		"tab inside":       {"\"é\t\"", "1:3: control character in a string: it must be escaped"},
		"unknown escape":   {`"\x41"`, "1:3: unknown escape in a string"},
		"short escape":     {`"\u12"`, "1:6: expected four hexadecimal digits behind \\u"},
		"escape cut":       {`"\`, "1:3: unexpected end of the file: unknown escape in a string"},
		"form feed":        {"\f1", "1:1: expected a JSON value"},
		"no-break space":   {"[\u00a01]", "1:2: expected a JSON value"},
		"zero byte":        {"[\x00]", "1:2: expected a JSON value"},
		"second mark":      {bom + bom + "1", "1:1: expected a JSON value"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc, err := source.ParseJSON(source.NewFile("a.json", []byte(test.text)), nil)
			var syntax *source.SyntaxError
			if doc != nil || !errors.As(err, &syntax) || !errors.Is(err, source.ErrInvalid) {
				t.Fatalf("ParseJSON = %v, %v: expected a SyntaxError that is an ErrInvalid", doc, err)
			}
			if diff := cmp.Diff("a.json:"+test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if json.Valid([]byte(test.text)) {
				t.Error("encoding/json accepts it")
			}
		})
	}
}

// A download that broke off must be told from a whole file wherever it broke.
func TestParseJSONCutAnywhere(t *testing.T) {
	for i := range daily {
		_, err := source.ParseJSON(source.NewFile("a.json", []byte(daily[:i])), nil)
		var syntax *source.SyntaxError
		if !errors.As(err, &syntax) {
			t.Fatalf("cut to %q: error %v", daily[:i], err)
		}
		if !strings.Contains(err.Error(), "unexpected end of the file") {
			t.Errorf("cut to …%q: %v: expected it to tell of the end", daily[max(0, i-20):i], err)
		}
	}
}

func TestParseJSONDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	tests := map[string]struct {
		text string
		opts *source.Options
		want string // the error, if any
	}{
		"default":        {nested(1000), nil, ""},
		"beyond":         {nested(1001), nil, "a.json:1:1001: nested deeper than the limit, Options.MaxDepth"},
		"zero Options":   {nested(1001), &source.Options{}, "a.json:1:1001: nested deeper than the limit, Options.MaxDepth"},
		"limit":          {`{"a": [1]}`, &source.Options{MaxDepth: 2}, ""},
		"beyond a limit": {`{"a": [{}]}`, &source.Options{MaxDepth: 2}, "a.json:1:8: nested deeper than the limit, Options.MaxDepth"},
		"side by side":   {`[[],[],[{}]]`, &source.Options{MaxDepth: 3}, ""},
		"no nesting":     {"1", &source.Options{MaxDepth: 1}, ""},
		"far beyond":     {strings.Repeat("[", 1<<20), nil, "a.json:1:1001: nested deeper than the limit, Options.MaxDepth"},
	}
	for name, test := range tests {
		_, err := source.ParseJSON(source.NewFile("a.json", []byte(test.text)), test.opts)
		if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}

// Each row of the package's table of differences that concerns JSON. FuzzJSON looks for others.
func TestJSONDiffersFromStandardLibrary(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	tests := map[string]struct {
		raw        string
		theirs     bool // json.Valid
		ours       bool // ParseJSON
		theirValue any
	}{
		"byte order mark":           {bom + `{}`, false, true, nil},
		"utf-16 with mark":          {string(utf16Of(le, bom+`{}`)), false, true, nil},
		"utf-16 without mark":       {string(utf16Of(be, `{}`)), false, true, nil},
		"invalid utf-8":             {"\"\xFF\"", true, false, "\uFFFD"},
		"repeated members":          {`{"a": 1, "a": 2}`, true, true, map[string]any{"a": 2.0}},
		"lone surrogates in utf-16": {"\xFF\xFE\"\x00\x34\xD8\"\x00", false, false, nil},
		"nesting":                   {deep, true, false, nil},
	}
	for name, test := range tests {
		if got := json.Valid([]byte(test.raw)); got != test.theirs {
			t.Errorf("%s: json.Valid = %t: the table is wrong", name, got)
		}
		if _, err := source.ParseJSON(source.NewFile("a.json", []byte(test.raw)), nil); (err == nil) != test.ours {
			t.Errorf("%s: ParseJSON: %v", name, err)
		}
		if test.theirValue != nil {
			var got any
			require.NoError(t, json.Unmarshal([]byte(test.raw), &got))
			if diff := cmp.Diff(test.theirValue, got); diff != "" {
				t.Errorf("%s: encoding/json (-want +got)\n%s", name, diff)
			}
		}
	}
}

// FuzzJSON holds ParseJSON against encoding/json: it must accept the same texts and read the same values, but for the
// differences that the package documents.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		daily, `[1.0, -0, 1e-9, "\ud834\udd1e\ud834 \/", true, false, null, {"a": {"a": []}, "a": 2}]`, ` "x" `, `{}{}`, "01",
		"[1,]", "\"\t\"", bom + "{}", `{"a~b/c": [[0]]}`, `1E400`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file := source.NewFile("a.json", raw)
		doc, err := source.ParseJSON(file, nil)
		if file.Err() != nil {
			if !errors.Is(err, source.ErrInvalid) {
				t.Fatalf("a file without text: %v", err)
			}
			return
		}
		text := []byte(file.Text()) // without mark and UTF-16
		var syntax *source.SyntaxError
		switch {
		case err == nil && !json.Valid(text):
			t.Fatal("encoding/json refuses it")
		case err != nil && !errors.As(err, &syntax):
			t.Fatalf("error %v isn't a SyntaxError", err)
		case err != nil && json.Valid(text) && !strings.Contains(err.Error(), "nested deeper"):
			t.Fatalf("encoding/json accepts it: %v", err)
		}
		if err != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		var want any
		require.NoError(t, dec.Decode(&want))
		// DeepEqual costs less than cmp.Diff, which makes the report.
		if got := plain(doc.Root()); !reflect.DeepEqual(want, got) {
			t.Fatalf("values (-encoding/json +ours)\n%s", cmp.Diff(want, got))
		}
		checkPointers(t, doc, doc.Root(), "")
	})
}

// plain is the value as encoding/json decodes it into any, by the package's own methods.
func plain(v source.Value) any {
	switch v.Kind() {
	case source.Bool:
		return v.Raw() == "true"
	case source.Number:
		return json.Number(v.Raw())
	case source.String:
		return v.Text()
	case source.Array:
		a := []any{}
		for e := range v.Elements() {
			a = append(a, plain(e))
		}
		return a
	case source.Object:
		o := map[string]any{}
		for m := range v.Members() {
			o[m.Name()] = plain(m.Value)
		}
		return o
	}
	return nil
}

// checkPointers checks that Pointer and Lookup are each other's inverse, but for members that a later one hides.
func checkPointers(t *testing.T, doc *source.JSON, v source.Value, pointer string) {
	if got := doc.Pointer(v.Span().Start); got != pointer {
		t.Fatalf("Pointer(%d) = %q, want %q", v.Span().Start, got, pointer)
	}
	if doc.Lookup(pointer) != v {
		t.Fatalf("Lookup(%q) isn't the value at %v", pointer, v.Span())
	}
	for m := range v.Members() {
		if v.Member(m.Name()) == m {
			checkPointers(t, doc, m.Value, pointer+"/"+source.EscapePointer(m.Name()))
		}
	}
	i := 0
	for e := range v.Elements() {
		checkPointers(t, doc, e, pointer+"/"+strconv.Itoa(i))
		i++
	}
}

// A parse allocates the tree in one piece, and looking things up allocates nothing.
func TestJSONAllocations(t *testing.T) {
	f := source.NewFile("a.json", []byte(daily))
	if got := testing.AllocsPerRun(100, func() { _, _ = source.ParseJSON(f, nil) }); got > 3 {
		t.Errorf("ParseJSON: %v allocations, want at most 3", got)
	}
	doc := parseJSON(t, daily)
	if got := testing.AllocsPerRun(100, func() {
		v := doc.Root().Get("properties", "connectionReferences", "shared_office365", "connection")
		for m := range v.Members() {
			_ = m.Value.Text()
		}
	}); got > 0 {
		t.Errorf("Get and Members: %v allocations, want none", got)
	}
}

func TestJSONRepeatedAnywhere(t *testing.T) {
	t.Parallel()
	var wide strings.Builder // enough members that names are not compared one by one
	for i := range 40 {
		fmt.Fprintf(&wide, `"k%d":0,`, i%39)
	}
	text := `{"a":{"x":1,"y":{"z":1,"\u007a":2},"x":2},"b":[{"c":1,"c":2}],"a":3,"w":{` + wide.String() + `"last":0}}`
	doc, err := source.ParseJSON(source.NewFile("x.json", []byte(text)), nil)
	require.NoError(t, err)
	var got []string
	for m := range doc.Repeated() {
		got = append(got, m.Name()+"="+m.Value.Raw())
	}
	if diff := cmp.Diff([]string{"a=3", "x=2", "z=2", "c=2", "k0=0"}, got); diff != "" {
		t.Errorf("Repeated (-want +got)\n%s", diff)
	}
}

// The pointer of every offset is that of the value which a walk down from the root ends at.
func TestPointerOfEveryOffset(t *testing.T) {
	t.Parallel()
	text := ` {"a" : {"x":[ 1, [], {"y/~":"z"} , 3 ],"é":null }, "" :{}, "b":[[[ ]]] } `
	doc, err := source.ParseJSON(source.NewFile("x.json", []byte(text)), nil)
	require.NoError(t, err)
	var walk func(v source.Value, offset int) string
	walk = func(v source.Value, offset int) string {
		for m := range v.Members() {
			if m.Key.Span().Start <= offset && offset < m.Value.Span().End {
				return "/" + source.EscapePointer(m.Name()) + walk(m.Value, offset)
			}
		}
		index := 0
		for e := range v.Elements() {
			if e.Span().Contains(offset) {
				return "/" + strconv.Itoa(index) + walk(e, offset)
			}
			index++
		}
		return ""
	}
	for offset := -1; offset <= len(text)+1; offset++ {
		if got, want := doc.Pointer(offset), walk(doc.Root(), offset); got != want {
			t.Errorf("offset %d: %q, want %q", offset, got, want)
		}
	}
}

func TestPartSpan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ written, part string }{
		"plain":                 {`abcKEYdef`, `KEY`},
		"escapes before":        {`a\n\u0027\ud834\udd1e\/KEYd`, `KEY`},
		"escapes inside":        {`a\tK\u0045\\Yd`, `K\u0045\\Y`},
		"a pair inside":         {`é\ud834\udd1ex`, `\ud834\udd1e`},
		"a lone surrogate":      {`\ud834KEY`, `KEY`},
		"raw beyond ASCII":      {`€𝄞KEY€`, `KEY`},
		"the whole":             {`K\u0045Y`, `K\u0045Y`},
		"nothing, at the end":   {`abc\n`, ``},
		"nothing, of an escape": {``, ``},
	} {
		t.Run(name, func(t *testing.T) {
			decode := func(written string) string {
				var s string
				require.NoError(t, json.Unmarshal([]byte(`"`+written+`"`), &s))
				return s
			}
			start := strings.LastIndex(decode(test.written), decode(test.part))
			doc, err := source.ParseJSON(source.NewFile("x.json", []byte(` "`+test.written+`"`)), nil)
			require.NoError(t, err)
			got := doc.Root().PartSpan(source.Span{Start: start, End: start + len(decode(test.part))})
			if diff := cmp.Diff(test.part, doc.File().Slice(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	for _, v := range []source.Value{{}, parseJSON(t, `[1]`).Root()} {
		if got := v.PartSpan(source.Span{Start: 0, End: 1}); got != v.TextSpan() {
			t.Errorf("%v of what is no string", got)
		}
	}
}
