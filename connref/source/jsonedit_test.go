package source_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
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

// checkEdit checks that nothing outside the edits' spans changed, and that their inverse gives the file back.
func checkEdit(t *testing.T, before, after *source.File, edits ...source.Edit) {
	t.Helper()
	if want, fits := rebuild(before.Text(), edits); !fits || after.Text() != want {
		t.Errorf("%v made %q of it, want %q (%t)", edits, after.Text(), want, fits)
	}
	if back := apply(t, after, source.Invert(edits...)...); string(back.Bytes()) != string(before.Bytes()) {
		t.Errorf("the inverse of %v made %q, want %q", edits, back.Text(), before.Text())
	}
}

// An editsJSON makes many edits of a document.
type editsJSON func(doc *source.JSON) ([]source.Edit, error)

// setMembers takes names and values by turns.
func setMembers(pointer string, members ...string) editsJSON {
	return func(doc *source.JSON) ([]source.Edit, error) {
		var list []source.NewMember
		for pair := range slices.Chunk(members, 2) {
			list = append(list, source.NewMember{Name: pair[0], JSON: pair[1]})
		}
		return doc.Lookup(pointer).SetMembers(list...)
	}
}

func removeMembers(pointer string, names ...string) editsJSON {
	return func(doc *source.JSON) ([]source.Edit, error) { return doc.Lookup(pointer).RemoveMembers(names...) }
}

func removeElements(pointer string, indexes ...int) editsJSON {
	return func(doc *source.JSON) ([]source.Edit, error) { return doc.Lookup(pointer).RemoveElements(indexes...) }
}

func TestJSONManyEdits(t *testing.T) {
	const lines, four = "{\n\t\"a\": 1,\n\t\"b\": 2,\n\t\"c\": 3\n}", `{"a":1, "b":2 ,"c":3, "d":4 }`
	tests := map[string]struct {
		text  string
		edits editsJSON
		want  string
	}{
		"set none":          {`{"a":1}`, setMembers(""), `{"a":1}`},
		"add two":           {`{"a":1}`, setMembers("", "b", "2", "c", "[3, 4]"), `{"a":1,"b":2,"c":[3,4]}`},
		"add two, spaced":   {`{ "a" : 1 }`, setMembers("", "b", "2", "c", "3"), `{ "a" : 1, "b" : 2, "c" : 3 }`},
		"add two to twins":  {`{"a":1,"a":2}`, setMembers("", "c", "3", "b", "2"), `{"a":1,"a":2,"c":3,"b":2}`},
		"set two":           {four, setMembers("", "d", "0", "a", `"x"`), `{"a":"x", "b":2 ,"c":3, "d":0 }`},
		"set one, add one":  {four, setMembers("", "e", "5", "b", "0"), `{"a":1, "b":0 ,"c":3, "d":4, "e":5 }`},
		"set last, add one": {four, setMembers("", "d", "0", "e", "5"), `{"a":1, "b":2 ,"c":3, "d":0, "e":5 }`},
		"set a twin":        {`{"a":1,"a":2}`, setMembers("", "a", "3", "b", "4"), `{"a":1,"a":3,"b":4}`},
		"add two over lines": {lines, setMembers("", "d", `{"x":1}`, "e", "5"),
			"{\n\t\"a\": 1,\n\t\"b\": 2,\n\t\"c\": 3,\n\t\"d\": {\n\t\t\"x\": 1\n\t},\n\t\"e\": 5\n}"},
		"two into empty": {`[{}]`, setMembers("/0", "a", "1", "b", "{}"), `[{"a":1,"b":{}}]`},
		"two into empty, laid out": {"[\n  {}\n]", setMembers("/0", "a", "1", "b", "2"),
			"[\n  {\n    \"a\": 1,\n    \"b\": 2\n  }\n]"},
		"two into a spread root": {"{\n}\n", setMembers("", "a", "1", "b", "2"), "{\n  \"a\": 1,\n  \"b\": 2\n}\n"},

		"remove none":             {four, removeMembers(""), four},
		"remove none of no one":   {four, removeMembers("/none"), four},
		"remove the first two":    {four, removeMembers("", "b", "a"), `{"c":3, "d":4 }`},
		"remove the last two":     {four, removeMembers("", "c", "d"), `{"a":1, "b":2 }`},
		"remove a run inside":     {four, removeMembers("", "b", "c"), `{"a":1, "d":4 }`},
		"remove every other":      {four, removeMembers("", "c", "a"), `{"b":2 ,"d":4 }`},
		"remove the outer":        {four, removeMembers("", "d", "a"), `{"b":2 ,"c":3 }`},
		"remove all but one":      {four, removeMembers("", "a", "b", "d"), `{"c":3 }`},
		"remove all":              {`{"x":` + four + `}`, removeMembers("/x", "a", "b", "c", "d"), `{"x":{}}`},
		"remove one, named twice": {four, removeMembers("", "c", "c"), `{"a":1, "b":2 ,"d":4 }`},
		"remove twins' last":      {`{"a":1,"a":2,"b":3,"b":4}`, removeMembers("", "a", "b"), `{"a":1,"b":3}`},
		"remove first lines":      {lines, removeMembers("", "a", "b"), "{\n\t\"c\": 3\n}"},
		"remove last lines":       {lines, removeMembers("", "b", "c"), "{\n\t\"a\": 1\n}"},
		"remove all lines":        {lines, removeMembers("", "a", "b", "c"), "{}"},

		"remove no element":       {`[1, 2]`, removeElements(""), `[1, 2]`},
		"remove first elements":   {`[1, 2 ,3 ]`, removeElements("", 1, 0), `[3 ]`},
		"remove last elements":    {`[1, 2 ,3 ]`, removeElements("", 1, 2), `[1 ]`},
		"remove outer elements":   {`[1, [2] ,{} ]`, removeElements("", 0, 2), `[[2] ]`},
		"remove element 0, twice": {`[1, 2]`, removeElements("", 0, 0), `[2]`},
		"remove all elements":     {`{"x": [ 1, 2 ]}`, removeElements("/x", 0, 1), `{"x": []}`},
		"remove lines of a list":  {"[\n  1,\n  2,\n  3\n]", removeElements("", 0, 2), "[\n  2\n]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for spelling, spell := range map[string]func(string) []byte{
				"utf-8":  func(s string) []byte { return []byte(s) },
				"utf-16": func(s string) []byte { return utf16Of(le, bom+s) },
				"CRLF":   func(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) },
			} {
				f := source.NewFile("a.json", spell(test.text))
				doc, err := source.ParseJSON(f, nil)
				require.NoError(t, err)
				edits, err := test.edits(doc)
				require.NoError(t, err)
				got := apply(t, f, edits...)
				if diff := cmp.Diff(string(spell(test.want)), string(got.Bytes())); diff != "" {
					t.Errorf("%s (-want +got)\n%s", spelling, diff)
				}
				checkEdit(t, f, got, edits...)
			}
		})
	}
}

func TestJSONManyEditsRefuse(t *testing.T) {
	tests := map[string]struct {
		edits editsJSON
		is    error
		want  string
	}{
		"set one twice": {setMembers("", "c", "1", "c", "2"), source.ErrDuplicate, `a.json:1:1: set member "c" twice: duplicate`},
		"set there twice": {setMembers("", "a", "1", "a", "2"), source.ErrDuplicate,
			`a.json:1:1: set member "a" twice: duplicate`},
		"set one that isn't JSON": {setMembers("", "c", "1", "d", "x"), source.ErrInvalid,
			`a.json:1:1: set member "d": new text:1:1: expected a JSON value`},
		"set in a list": {setMembers("/a", "c", "1"), source.ErrInvalid,
			"a.json:1:6: set member c: expected an object, not an array: invalid"},
		"set where no one":  {setMembers("/c", "c", "1"), source.ErrNotFound, "set member c: not found"},
		"remove what isn't": {removeMembers("", "a", "c"), source.ErrNotFound, `a.json:1:1: no member "c": not found`},
		"remove in a text": {removeMembers("/b", "c"), source.ErrInvalid,
			"a.json:1:15: remove member c: expected an object, not a string: invalid"},
		"element behind": {removeElements("/a", 0, 1), source.ErrNotFound, "a.json:1:6: element 1 of 1: not found"},
		"element before": {removeElements("/a", -1), source.ErrNotFound, "a.json:1:6: element -1 of 1: not found"},
		"element of a text": {removeElements("/b", 0), source.ErrInvalid,
			"a.json:1:15: remove elements: expected an array, not a string: invalid"},
		"elements of no one": {removeElements("/c"), source.ErrNotFound, "remove elements: not found"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			edits, err := test.edits(parseJSON(t, `{"a":[1],"b": "x"}`))
			if !errors.Is(err, test.is) || edits != nil {
				t.Fatalf("%v, %v: expected no edits and %v", edits, err, test.is)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
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
			removeHalf(t, file, v)
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

// removeHalf removes every other name of an object, of twins the last.
func removeHalf(t *testing.T, file *source.File, v source.Value) {
	t.Helper()
	var names []string
	odd := false
	for m := range v.Members() {
		if odd = !odd; odd {
			names = append(names, m.Name())
		}
	}
	edits, err := v.RemoveMembers(names...)
	require.NoError(t, err)
	got := apply(t, file, edits...)
	checkEdit(t, file, got, edits...)
	want := map[string]any{}
	for m := range v.Members() {
		if m != v.Member(m.Name()) || !slices.Contains(names, m.Name()) {
			want[m.Name()] = plain(m.Value)
		}
	}
	compare(t, file, got, v, want)
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
