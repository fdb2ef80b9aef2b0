package flow_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

type (
	word  string
	count uint16
	words []word
	bag   map[word]any
	row   struct {
		Name  word   `json:"name"`
		Tags  []word `json:"tags,omitempty"`
		inner string
		Next  *row `json:"next,omitempty"`
	}
	loud string
)

func (l loud) MarshalText() ([]byte, error) { return []byte(strings.ToUpper(string(l)) + "!"), nil }

// Whatever encoding/json takes is written as it would write it, but for the order of what a struct or a map of
// somebody's own has inside, and its strings are texts.
func TestValues(t *testing.T) {
	var none *row
	for name, v := range map[string]any{
		"null": nil, "nil pointer": none, "empty list": []string{},
		"bools":   []bool{true, false},
		"int":     []any{0, -1, int8(-128), int16(1), int32(-1), int64(math.MinInt64), math.MaxInt64},
		"uint":    []any{uint(1), uint8(255), uint16(1), uint32(1), uint64(math.MaxUint64), uintptr(1), count(7)},
		"float":   []any{0.1, float32(0.1), -1e300, 5e-324, 1e21, 100000.0, math.Copysign(0, -1)},
		"numbers": []json.Number{"1e400", "123456789012345678901234567890", "1.0", "-0", ""},
		"texts":   []string{"", "a", "\x00\x1f\x7f", "\u2028\u2029", "<&>'", "]]>", `"\`, "\t\r\n", "é😀", "\ufffd", `\ufffd`, `\ud800`},
		"words":   []any{word("a\"<"), words{"é", "\ufffd", `\ufffd`}, bag{"k": word("v")}, [2]word{"a", "b"}},
		"maps":    []any{map[string]int{"b": 1, "a": 2}, map[int]string{-1: "a"}, map[count]bool{1: true}, map[word]words{"w": {"x"}}},
		"objects": []flow.Object{{"a": 1}, {"b": []flow.Object{{"c": nil}}}},
		"names":   flow.Object{"": 1, "a b/c": 2, `"\`: 3, "\u2028": 4, "é": 5, "\n": 6, "]]>": 7},
		"structs": []any{row{Name: "a", inner: "x"}, &row{Name: "b", Tags: []word{"t"}, Next: &row{}}, struct{}{}},
		"bytes":   []byte("\xff\x00"),
		"times":   []any{time.Unix(0, 0).UTC(), time.Second},
		"of text": []any{loud("a"), map[loud]int{"a": 1}, []loud{"b"}},
		"pasted":  json.RawMessage(" { \"b\" : [ 1.0, 1e400, -0 ] ,\r\n\t\"a\" : \"\\u00e9\\ud83d\\ude00 \\/ \\u2028\u2028 @{x}\" } "),
		"raws":    []json.RawMessage{[]byte(`"@utcNow()"`), []byte("true"), []byte(`{"\ud83d\ude00":"\\ud800"}`)},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := json.Marshal(v)
			require.NoError(t, err)
			if diff := cmp.Diff(decoded(t, raw), inputsOf(t, built(t, stage(v)))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func nested(depth int) (v any) {
	for range depth {
		v = []any{v}
	}
	return v
}

func decoded(t testing.TB, raw []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

// Members are sorted by name, but those of pasted JSON, which keeps the spelling of all but white space, and expressions
// stand in values of every type that can hold one.
func TestSpellingsOfValues(t *testing.T) {
	for want, v := range map[string]any{
		`[{},[],[],{}]`:                                   []any{flow.Object(nil), []any(nil), []word(nil), bag(nil)}, // encoding/json would write null
		`{"B":1,"a":2,"é":3}`:                             flow.Object{"é": 3, "a": 2, "B": 1},
		`{"b":[1.0,1e400,-0,"\u0041\/@{x}"],"a":{}}`:      json.RawMessage(`{"b": [1.0, 1e400, -0, "\u0041\/@{x}"], "a": { }}`),
		`[123456789012345678901234567890,1.0]`:            []json.Number{"123456789012345678901234567890", "1.0"},
		`["@item()",{"a":"@item()"},["@equals(1, 1)"]]`:   []any{flow.Item(), map[word]flow.Expr{"a": flow.Item()}, []flow.Test{flow.Equals(1, 1)}},
		`[{"a":"@item()"}]`:                               []bag{{"a": flow.Item()}},
		`["@@a",{"@@b":"@@c"},"@@d",["@@e"],{"A":"@@f"}]`: []any{"@a", flow.Object{"@b": "@c"}, word("@d"), [1]string{"@e"}, struct{ A string }{"@f"}},
		`"\u0000\u001f<&>\u2028 \"\\"`:                    "\x00\x1f<&>\u2028 \"\\",
	} {
		doc := built(t, stage(v)).Document().Root()
		got := doc.Get("properties", "definition", "actions", "L", "actions", "V", "inputs").Raw()
		if diff := cmp.Diff(want, compact(t, got)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// What no JSON can be is refused where it stands, and nothing is refused but that.
func TestBadValues(t *testing.T) {
	selfish := map[string]any{}
	selfish["a"] = []any{selfish}
	list := make([]any, 1)
	list[0] = list
	ring := &row{}
	ring.Next = ring
	bags := bag{}
	bags["b"] = bags
	for name, tc := range map[string]struct {
		value        any
		field, wrong string
	}{
		"text":                {"\xff", "", "\xff"},
		"text inside":         {flow.Object{"a": []any{0, "é\xc3"}}, "/a/1", "é\xc3"},
		"texts":               {[]string{"a", "\xed\xa0\x80"}, "/1", "\xed\xa0\x80"},
		"name":                {flow.Object{"a": flow.Object{"\xff": 1}}, "/a/\xff", "\xff"},
		"name of a word":      {map[word]int{"\xff": 1}, "/\xff", "\xff"},
		"word":                {[]word{"a", "\xff"}, "/1", ""},
		"in a struct":         {flow.Object{"r": row{Tags: []word{"\xff"}}}, "/r", ""},
		"NaN":                 {[]any{1, math.NaN()}, "/1", ""},
		"infinite":            {[]float32{float32(math.Inf(-1))}, "/0", ""},
		"NaN in a struct":     {struct{ F float64 }{math.NaN()}, "", ""},
		"channel":             {flow.Object{"c": make(chan int)}, "/c", ""},
		"function":            {func() {}, "", ""},
		"complex":             {[]any{1i}, "/0", ""},
		"number":              {json.Number("1x"), "", ""},
		"pasted":              {json.RawMessage(`{"a":}`), "", ""},
		"pasted, two":         {json.RawMessage(`1 2`), "", ""},
		"pasted, empty":       {json.RawMessage(" "), "", ""},
		"pasted, bytes":       {[]any{json.RawMessage("\"\xff\"")}, "/0", ""},
		"pasted, name":        {json.RawMessage("{\"\xff\":1}"), "", ""},
		"pasted, surrogate":   {json.RawMessage(`["\ud800"]`), "", ""},
		"pasted, second half": {json.RawMessage(`"a\udc00"`), "", ""},
		"pasted, name's half": {json.RawMessage(`{"\ud83d":1}`), "", ""},
		"pasted, halves":      {json.RawMessage(`"\ud83da\ude00"`), "", ""},
		"pasted, reversed":    {json.RawMessage(`"\ude00\ud83d"`), "", ""},
		"pasted, high twice":  {json.RawMessage(`"\ud83d\ud83d\ude00"`), "", ""},
		"pasted, escaped":     {json.RawMessage(`"\ud83d\\ude00"`), "", ""},
		"pasted, repeated":    {flow.Object{"r": json.RawMessage(`{"a":1,"b":{"c":1,"\u0063":2}}`)}, "/r", "c"},
		"pasted, too deep":    {json.RawMessage(strings.Repeat("[", 5000) + strings.Repeat("]", 5000)), "", ""},
		"too deep":            {nested(100000), "", ""},
		"object in itself":    {selfish, "", ""},
		"list in itself":      {[]any{list}, "", ""},
		"struct in itself":    {flow.Object{"ring": ring}, "/ring", ""},
		"bag in itself":       {bags, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			checkFaults(t, begunWith(flow.Compose{Inputs: tc.value}),
				wrong{"flow F: action a: inputs" + tc.field, tc.wrong, invalid})
		})
	}
}

// A value that is as deep as it can be is read again, however deep the action stands.
func TestDeepValues(t *testing.T) {
	b := begun("F")
	block := b.Block
	for i := range flow.MaxDepth {
		block = block.Condition(fmt.Sprint(i), flow.Equals(1, 1)).Else
	}
	block.Add("a", flow.Compose{Inputs: nested(499)})
	block.Add("b", flow.Compose{Inputs: json.RawMessage(strings.Repeat("[", 500) + strings.Repeat("]", 500))})
	doc, err := source.ParseJSON(built(t, b).File(), nil)
	require.NoError(t, err)
	if n := strings.Count(doc.File().Text(), "[\r\n"); n < 990 {
		t.Errorf("%d lists", n)
	}
}

// A question that is too deep is refused as a value is.
func TestDeepQuestions(t *testing.T) {
	for _, depth := range []int{400, 2000} {
		question := flow.Equals(1, 1)
		for range depth {
			question = flow.Not(question)
		}
		b := begun("F")
		b.Condition("a", question)
		if depth < 500 {
			checkFaults(t, b)
		} else {
			checkFaults(t, b, wrong{"flow F: action a: expression", "", invalid})
		}
	}
}
