package source_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
)

// An editJSON makes one edit of a document.
type editJSON func(doc *source.JSON) (source.Edit, error)

func replace(pointer, text string) editJSON {
	return func(doc *source.JSON) (source.Edit, error) { return doc.Lookup(pointer).Replace(text) }
}

func setText(pointer, text string) editJSON {
	return func(doc *source.JSON) (source.Edit, error) { return doc.Lookup(pointer).SetText(text) }
}

func setMember(pointer, name, text string) editJSON {
	return func(doc *source.JSON) (source.Edit, error) { return doc.Lookup(pointer).SetMember(name, text) }
}

func removeMember(pointer, name string) editJSON {
	return func(doc *source.JSON) (source.Edit, error) { return doc.Lookup(pointer).RemoveMember(name) }
}

// rename replaces a member's name.
func rename(pointer, name, text string) editJSON {
	return func(doc *source.JSON) (source.Edit, error) { return doc.Lookup(pointer).Member(name).Key.Replace(text) }
}

func TestJSONEdits(t *testing.T) {
	tests := map[string]struct {
		text string
		edit editJSON
		want string
	}{
		// Replace and SetText
		"replace a word":        {`{"a": true, "b": 1}`, replace("/a", "false"), `{"a": false, "b": 1}`},
		"replace the root":      {" 1\n", replace("", ` "x" `), " \"x\"\n"},
		"keep a number's text":  {`[1]`, replace("/0", "1.0E+2"), `[1.0E+2]`},
		"replace the last twin": {`{"a": 1, "a": 2}`, replace("/a", "3"), `{"a": 1, "a": 3}`},
		"compact on one line":   {`{"a":1}`, replace("/a", "{ \"x\" : [ 1,\n 2 ] }"), `{"a":{"x":[1,2]}}`},
		"laid out in a file": {"{\n  \"a\": 1\n}", replace("/a", `{"x":[1]}`),
			"{\n  \"a\": {\n    \"x\": [\n      1\n    ]\n  }\n}"},
		"laid out with CRLF": {"{\r\n\t\"a\": 1\r\n}", replace("/a", `{"x":1}`),
			"{\r\n\t\"a\": {\r\n\t\t\"x\": 1\r\n\t}\r\n}"},
		"laid out with CR":        {"{\r \"a\": 1\r}", replace("/a", `{"x":1}`), "{\r \"a\": {\r  \"x\": 1\r }\r}"},
		"newline behind the root": {"{\"a\":1}\n", replace("/a", "[1, 2]"), "{\"a\":[1,2]}\n"},
		"empty object stays so":   {"{\n  \"a\": 1\n}", replace("/a", " {} "), "{\n  \"a\": {}\n}"},
		"brackets in a string":    {"{\n  \"a\": 1\n}", replace("/a", ` "{[<>&]}" `), "{\n  \"a\": \"{[<>&]}\"\n}"},
		"text":                    {`{"a": "b"}`, setText("/a", "<\"é\"\\\n\u2028>"), `{"a": "<\"é\"\\\n\u2028>"}`},
		"text for a number":       {`[1, 2]`, setText("/1", ""), `[1, ""]`},
		"rename":                  {`{"a": 1, "b": 2}`, rename("", "a", `"c"`), `{"c": 1, "b": 2}`},

		// SetMember where the member is there
		"set it":              {`{"a": 1, "b": 2}`, setMember("", "a", "3"), `{"a": 3, "b": 2}`},
		"set the last twin":   {`{"a": 1, "a": 2, "b": 3}`, setMember("", "a", "4"), `{"a": 1, "a": 4, "b": 3}`},
		"set an escaped name": {`{"\u0061": 1}`, setMember("", "a", "2"), `{"\u0061": 2}`},

		// SetMember where it isn't
		"add in one line":         {`{"a":1}`, setMember("", "b", `[1, 2]`), `{"a":1,"b":[1,2]}`},
		"add in one line, spaced": {`{ "a" : 1, "b" : 2 }`, setMember("", "c", "3"), `{ "a" : 1, "b" : 2, "c" : 3 }`},
		"add, two spaces": {"{\n  \"a\": 1\n}\n", setMember("", "b", `{"c":2}`),
			"{\n  \"a\": 1,\n  \"b\": {\n    \"c\": 2\n  }\n}\n"},
		"add, tabs and CRLF": {"{\r\n\t\"a\": 1\r\n}", setMember("", "b", "[]"),
			"{\r\n\t\"a\": 1,\r\n\t\"b\": []\r\n}"},
		"add, no space": {"{\n\"a\":1\n}", setMember("", "b", "2"), "{\n\"a\":1,\n\"b\":2\n}"},
		"add behind a nested one": {"{\n  \"a\": {\n    \"x\": 1\n  }\n}", setMember("", "b", "2"),
			"{\n  \"a\": {\n    \"x\": 1\n  },\n  \"b\": 2\n}"},
		"add to a nested one": {"{\n  \"a\": {\n    \"x\": 1\n  }\n}", setMember("/a", "y", "2"),
			"{\n  \"a\": {\n    \"x\": 1,\n    \"y\": 2\n  }\n}"},
		"add a name to be escaped": {`{"a":1}`, setMember("", "\"\\<\n", "2"), `{"a":1,"\"\\<\n":2}`},
		"add, other case":          {`{"a":1}`, setMember("", "A", "2"), `{"a":1,"A":2}`},
		"add to twins":             {`{"a":1,"a":2}`, setMember("", "b", "3"), `{"a":1,"a":2,"b":3}`},
		"add to empty, one line":   {`{"a":{}}`, setMember("/a", "b", "1"), `{"a":{"b":1}}`},
		"add to empty, laid out": {"{\n  \"a\": {}\n}", setMember("/a", "b", "1"),
			"{\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"add to empty, tabs": {"{\r\n\t\"a\": {}\r\n}", setMember("/a", "b", "{\"c\":1}"),
			"{\r\n\t\"a\": {\r\n\t\t\"b\": {\r\n\t\t\t\"c\": 1\r\n\t\t}\r\n\t}\r\n}"},
		"add to empty, four": {"{\n    \"a\": [\n        {}\n    ]\n}", setMember("/a/0", "b", "1"),
			"{\n    \"a\": [\n        {\n            \"b\": 1\n        }\n    ]\n}"},
		"add to empty with space": {"{\n  \"a\": { }\n}", setMember("/a", "b", "1"),
			"{\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"add to empty over lines": {"{\n  \"a\": {\n  }\n}", setMember("/a", "b", "1"),
			"{\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"add to an empty root":      {"{}", setMember("", "a", "1"), `{"a":1}`},
		"add to a spread root":      {"{\r\n}\r\n", setMember("", "a", "1"), "{\r\n  \"a\": 1\r\n}\r\n"},
		"add to a root with spaces": {" { } ", setMember("", "a", "1"), ` {"a":1} `},

		// RemoveMember
		"remove the first":   {`{"a":1,"b":2,"c":3}`, removeMember("", "a"), `{"b":2,"c":3}`},
		"remove the middle":  {`{"a":1, "b":2, "c":3}`, removeMember("", "b"), `{"a":1, "c":3}`},
		"remove the last":    {`{"a":1, "b":2 }`, removeMember("", "b"), `{"a":1 }`},
		"remove the only":    {`{"x": {"a":1}}`, removeMember("/x", "a"), `{"x": {}}`},
		"remove, first line": {"{\n  \"a\": 1,\n  \"b\": 2\n}", removeMember("", "a"), "{\n  \"b\": 2\n}"},
		"remove, middle line": {"{\r\n  \"a\": 1,\r\n  \"b\": {},\r\n  \"c\": 2\r\n}", removeMember("", "b"),
			"{\r\n  \"a\": 1,\r\n  \"c\": 2\r\n}"},
		"remove, last line":    {"{\n  \"a\": 1,\n  \"b\": 2\n}\n", removeMember("", "b"), "{\n  \"a\": 1\n}\n"},
		"remove, only line":    {"{\n  \"a\": 1\n}", removeMember("", "a"), "{}"},
		"remove the last twin": {`{"a":1,"a":2,"b":3}`, removeMember("", "a"), `{"a":1,"b":3}`},
		"remove at the end":    {`{"b":3,"a":1,"a":2}`, removeMember("", "a"), `{"b":3,"a":1}`},
		"remove, space inside": {`{"a":1 , "b" : 2 , "c":3}`, removeMember("", "c"), `{"a":1 , "b" : 2}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for encoding, f := range map[string]*source.File{
				"utf-8":  source.NewFile("a.json", []byte(test.text)),
				"utf-16": source.NewFile("a.json", utf16Of(le, bom+test.text)),
			} {
				doc, err := source.ParseJSON(f, nil)
				require.NoError(t, err)
				edit, err := test.edit(doc)
				require.NoError(t, err)
				got := apply(t, f, edit)
				if diff := cmp.Diff(test.want, got.Text()); diff != "" {
					t.Errorf("%s (-want +got)\n%s", encoding, diff)
				}
				checkEdit(t, f, got, edit)
				if !json.Valid([]byte(got.Text())) {
					t.Errorf("%s: %q isn't JSON", encoding, got.Text())
				}
			}
		})
	}
}

// checkEdit checks that nothing outside the edit's span changed, and that its inverse gives the file back.
func checkEdit(t *testing.T, before, after *source.File, edit source.Edit) {
	t.Helper()
	start, end := edit.Span.Start, edit.Span.End
	if want := before.Text()[:start] + edit.New + before.Text()[end:]; after.Text() != want {
		t.Errorf("the edit of %q made %q of it, want %q", before.Text()[start:end], after.Text(), want)
	}
	inverse := source.Edit{Span: source.Span{Start: start, End: start + len(edit.New)}, Old: edit.New, New: edit.Old}
	if back := apply(t, after, inverse); string(back.Bytes()) != string(before.Bytes()) {
		t.Errorf("the inverse made %q, want %q", back.Text(), before.Text())
	}
}

func TestJSONEditsRefuse(t *testing.T) {
	const text = "{\n  \"a\": [1],\n  \"b\": \"x\"\n}"
	tests := map[string]struct {
		edit editJSON
		is   error
		want string
	}{
		"text that isn't JSON": {replace("/b", "x"), source.ErrInvalid, "a.json:3:8: replace: new text:1:1: expected a JSON value"},
		"no text": {replace("/b", ""), source.ErrInvalid,
			"a.json:3:8: replace: new text:1:1: unexpected end of the file: expected a JSON value"},
		"two values": {replace("/b", "1, 2"), source.ErrInvalid,
			"a.json:3:8: replace: new text:1:2: text behind the value: expected the end of the file"},
		"text with a mark": {replace("/b", bom+"1"), source.ErrInvalid, "a.json:3:8: replace: new text:1:1: expected a JSON value"},
		"text that looks UTF-16": {replace("/b", "1\x00"), source.ErrInvalid,
			"a.json:3:8: replace: new text:1:2: text behind the value: expected the end of the file"},
		"text not utf-8": {replace("/b", "\"\xFF\""), source.ErrInvalid,
			"a.json:3:8: replace: new text: not utf-8: invalid"},
		"set text not utf-8": {setText("/b", "\xFF"), source.ErrInvalid, "a.json:3:8: set text: the text is not utf-8: invalid"},
		"name that is no string": {rename("", "b", "1"), source.ErrInvalid,
			"a.json:3:3: replace name \"b\": expected a string, not 1: invalid"},
		"member of an array": {setMember("/a", "x", "1"), source.ErrInvalid,
			"a.json:2:8: set member x: expected an object, not an array: invalid"},
		"member not JSON": {setMember("", "c", "{"), source.ErrInvalid,
			"a.json:1:1: set member \"c\": new text:1:2: unexpected end of the file: expected a member name in double quotes"},
		"same, in place": {setMember("", "b", "{"), source.ErrInvalid,
			"a.json:3:8: replace: new text:1:2: unexpected end of the file: expected a member name in double quotes"},
		"name not utf-8": {setMember("", "\xFF", "1"), source.ErrInvalid,
			`a.json:1:1: set member "\xff": the name is not utf-8: invalid`},
		"remove from a text": {removeMember("/b", "x"), source.ErrInvalid,
			"a.json:3:8: remove member x: expected an object, not a string: invalid"},
		"remove what isn't":   {removeMember("", "B"), source.ErrNotFound, "a.json:1:1: no member \"B\": not found"},
		"remove where no one": {removeMember("/none", "B"), source.ErrNotFound, "remove member B: not found"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			edit, err := test.edit(parseJSON(t, text))
			if !errors.Is(err, test.is) || edit != (source.Edit{}) {
				t.Fatalf("%v, %v: expected no edit and %v", edit, err, test.is)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Edits made of one tree either give the text that both mean or are refused; no pair may lose or leave a comma.
func TestJSONEditsTogether(t *testing.T) {
	tests := map[string]struct {
		text     string
		one, two editJSON
		want     string // "" for a conflict
	}{
		"two into one empty object": {`{}`, setMember("", "a", "1"), setMember("", "b", "2"), ""},
		"two into one spread":       {"{\n}", setMember("", "a", "1"), setMember("", "b", "2"), ""},
		"two behind one":            {`{"x":0}`, setMember("", "a", "1"), setMember("", "b", "2"), ""},
		"two removed of three":      {`{"a":1,"b":2,"c":3}`, removeMember("", "a"), removeMember("", "b"), `{"c":3}`},
		"first and last":            {`{"a":1,"b":2,"c":3}`, removeMember("", "a"), removeMember("", "c"), `{"b":2}`},
		"last two":                  {`{"a":1,"b":2,"c":3}`, removeMember("", "b"), removeMember("", "c"), ""},
		"both":                      {`{"a":1,"b":2}`, removeMember("", "a"), removeMember("", "b"), ""},
		"only one out, one in":      {`{"a":1}`, removeMember("", "a"), setMember("", "b", "2"), ""},
		"last out, one in":          {`{"a":1,"b":2}`, removeMember("", "b"), setMember("", "c", "3"), `{"a":1,"c":3}`},
		"first out, one in":         {`{"a":1,"b":2}`, removeMember("", "a"), setMember("", "c", "3"), `{"b":2,"c":3}`},
		"last set, one in":          {`{"a":1}`, setMember("", "a", "2"), setMember("", "c", "3"), `{"a":2,"c":3}`},
		"inner and outer": {`{"a":{"b":1}}`, setMember("/a", "c", "2"), setMember("", "d", "3"),
			`{"a":{"b":1,"c":2},"d":3}`},
		"inner and outer, empty": {`{"a":{}}`, setMember("/a", "c", "2"), setMember("", "d", "3"),
			`{"a":{"c":2},"d":3}`},
		"out with what changes": {`{"a":{"b":1}}`, setMember("/a", "b", "2"), removeMember("", "a"), ""},
		"name and value":        {`{"a":1}`, rename("", "a", `"b"`), replace("/a", "2"), `{"b":2}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := parseJSON(t, test.text)
			one, err := test.one(doc)
			require.NoError(t, err)
			two, err := test.two(doc)
			require.NoError(t, err)
			applyTogether(t, doc.File(), one, two, test.want)
		})
	}
}

func TestQuoteJSON(t *testing.T) {
	for text, want := range map[string]string{
		"": `""`, "<é&>'": `"<é&>'"`, "\"\\\n": `"\"\\\n"`, "a\xFFb": `"a\ufffdb"`, "a/b": `"a/b"`, "\x01": `"\u0001"`,
	} {
		if got := source.QuoteJSON(text); got != want {
			t.Errorf("QuoteJSON(%q) = %s, want %s", text, got, want)
		}
	}
}

// FuzzJSONEdit sets and removes a member of every object of any document and holds the outcome against a map.
func FuzzJSONEdit(f *testing.F) {
	for _, text := range []string{
		daily, `{}`, "{\n}", `{"a":1,"b":2,"a":3}`,
		"{\r\t\"x\": {}\r}", `[{"a":{}}, { }]`, "{\"a\":{\n\"b\":1}}", ` {"a":[1 ] , "b":{}} `,
	} {
		f.Add(text, "a", `{"x": [1.0, {}]}`)
		f.Add(text, "\"\n", "1")
	}
	f.Fuzz(func(t *testing.T, text, name, value string) {
		file := source.NewFile("a.json", []byte(text))
		doc, err := source.ParseJSON(file, nil)
		if err != nil || !utf8.ValidString(name) {
			return
		}
		var inserted any
		valueErr := json.Unmarshal([]byte(value), &inserted)
		eachObject(doc.Root(), func(v source.Value) {
			before := decode(t, v.Raw())
			if edit, err := v.SetMember(name, value); err == nil {
				if valueErr != nil && !strings.Contains(valueErr.Error(), "cannot unmarshal number") {
					t.Fatalf("SetMember took %q: %v", value, valueErr)
				}
				got := apply(t, file, edit)
				checkEdit(t, file, got, edit)
				want := maps.Clone(before)
				want[name] = decode(t, "{\"v\":"+value+"}")["v"]
				compare(t, file, got, v, want)
			} else if valueErr == nil && utf8.ValidString(value) {
				t.Fatalf("SetMember(%q, %q): %v", name, value, err)
			}
			edit, err := v.RemoveMember(name)
			if had := v.Member(name).Key.Exists(); had != (err == nil) {
				t.Fatalf("RemoveMember(%q), which is there: %t: %v", name, had, err)
			}
			if err != nil {
				return
			}
			got := apply(t, file, edit)
			checkEdit(t, file, got, edit)
			want := maps.Clone(before)
			delete(want, name)
			for m := range v.Members() { // a hidden twin comes to light
				if m != v.Member(name) && m.Name() == name {
					want[name] = plain(m.Value)
				}
			}
			compare(t, file, got, v, want)
		})
	})
}

func eachObject(v source.Value, do func(source.Value)) {
	for m := range v.Members() {
		eachObject(m.Value, do)
	}
	for e := range v.Elements() {
		eachObject(e, do)
	}
	if v.Kind() == source.Object {
		do(v)
	}
}

// compare checks that the object that stood at v's place is want now, and that all else is as it was.
func compare(t *testing.T, file, after *source.File, v source.Value, want map[string]any) {
	t.Helper()
	doc, err := source.ParseJSON(after, nil)
	require.NoError(t, err)
	tail := len(file.Text()) - v.Span().End
	raw := after.Text()[v.Span().Start : len(after.Text())-tail]
	if got := decode(t, raw); !reflect.DeepEqual(want, got) {
		t.Fatalf("%q: (-want +got)\n%s", raw, cmp.Diff(want, got))
	}
	if json.Valid([]byte(after.Text())) != doc.Root().Exists() {
		t.Fatalf("encoding/json refuses %q", after.Text())
	}
}

func decode(t *testing.T, raw string) map[string]any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(raw))
	dec.UseNumber()
	into := map[string]any{}
	require.NoError(t, dec.Decode(&into))
	return into
}
