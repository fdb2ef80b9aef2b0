package source_test

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
)

// An editXML makes one edit of the root of a document.
type editXML func(root source.Element) (source.Edit, error)

// at makes an edit of the element that a path of names leads to; "" is the root.
func at(path string, edit editXML) editXML {
	return func(root source.Element) (source.Edit, error) {
		if path == "" {
			return edit(root)
		}
		return edit(root.Child(strings.Split(path, "/")...))
	}
}

func setXMLText(text string) editXML {
	return func(e source.Element) (source.Edit, error) { return e.SetText(text) }
}

func setAttr(name, value string) editXML {
	return func(e source.Element) (source.Edit, error) { return e.SetAttr(name, value) }
}

func appendXML(children ...source.NewElement) editXML {
	return func(e source.Element) (source.Edit, error) { return e.Append(children...) }
}

func before(siblings ...source.NewElement) editXML {
	return func(e source.Element) (source.Edit, error) { return e.Before(siblings...) }
}

func clearXML(e source.Element) (source.Edit, error) { return e.Clear() }

func remove(e source.Element) (source.Edit, error) { return e.Remove() }

var (
	leaf, other = source.NewElement{Name: "n"}, source.NewElement{Name: "m"}
	nested      = source.NewElement{Name: "p", Children: []source.NewElement{leaf}}
	// reference is an element with all that one can have.
	reference = source.NewElement{
		Name:  "ref",
		Attrs: []source.Attr{{Name: "name", Value: "<\"é\">\r\n\t&'"}},
		Children: []source.NewElement{
			{Name: "id", Text: "a<b>\n&c"},
			{Name: "custom", Children: []source.NewElement{{Name: "x:nil"}}},
		},
	}
)

const referenceTag = `<ref name="&lt;&quot;é&quot;&gt;&#xD;&#xA;&#x9;&amp;'">`

func TestXMLEdits(t *testing.T) {
	tests := map[string]struct {
		text string
		edit editXML
		want string
	}{
		// SetText
		"text":               {"<a><b>x</b></a>", at("b", setXMLText("y")), "<a><b>y</b></a>"},
		"text of the root":   {"<a>x</a>\n", at("", setXMLText("")), "<a></a>\n"},
		"text to be escaped": {"<a></a>", at("", setXMLText("<é>&]]>'\"\t\r")), "<a>&lt;é&gt;&amp;]]&gt;'\"\t&#xD;</a>"},
		"text over lines":    {"<a>\r\n<b/></a>", at("b", setXMLText("1\n2")), "<a>\r\n<b>1\r\n2</b></a>"},
		"text, no newline":   {"<a>x</a>", at("", setXMLText("1\n2")), "<a>1\n2</a>"},
		"text for a comment": {"<a>x<!-- y --><![CDATA[z]]></a>", at("", setXMLText("w")), "<a>w</a>"},
		"text in <a />":      {"<a><b x='1' /></a>", at("b", setXMLText("y")), "<a><b x='1'>y</b></a>"},
		"text in <a/>":       {"<a><b/></a>", at("b", setXMLText("y")), "<a><b>y</b></a>"},
		"text in a prefixed": {"<a><x:b /></a>", at("x:b", setXMLText("y")), "<a><x:b>y</x:b></a>"},
		"keep the end tag":   {"<a ><b >x</b ></a >", at("b", setXMLText("y")), "<a ><b >y</b ></a >"},
		"the first of twins": {"<a><b>1</b><b>2</b></a>", at("b", setXMLText("3")), "<a><b>3</b><b>2</b></a>"},
		"the outer of nested": {"<a><c><b>1</b></c><b>2</b></a>", at("b", setXMLText("3")),
			"<a><c><b>1</b></c><b>3</b></a>"},

		// SetAttr
		"attribute":               {`<a x="1" y="2"/>`, at("", setAttr("y", "3")), `<a x="1" y="3"/>`},
		"attribute in apostrophe": {`<a x = '1'/>`, at("", setAttr("x", `"<'>&`)), `<a x = "&quot;&lt;'&gt;&amp;"/>`},
		"attribute over lines":    {`<a x=""></a>`, at("", setAttr("x", "1\r\n2\t3")), `<a x="1&#xD;&#xA;2&#x9;3"></a>`},
		"new attribute":           {"<a  x='1' />", at("", setAttr("y", "2")), `<a  x='1' y="2" />`},
		"first attribute":         {"<a\n/>", at("", setAttr("xsi:nil", "true")), "<a xsi:nil=\"true\"\n/>"},
		"first, with end tag":     {"<a></a>", at("", setAttr("x", "")), `<a x=""></a>`},
		"other case":              {`<a X="1"/>`, at("", setAttr("x", "2")), `<a X="1" x="2"/>`},

		// Append
		"into <a />":   {"<r>\n  <a />\n</r>", at("a", appendXML(leaf)), "<r>\n  <a>\n    <n />\n  </a>\n</r>"},
		"into <a/>":    {"<r>\n  <a/>\n</r>", at("a", appendXML(leaf)), "<r>\n  <a>\n    <n/>\n  </a>\n</r>"},
		"into <a></a>": {"<r>\n  <a></a>\n</r>", at("a", appendXML(leaf)), "<r>\n  <a>\n    <n />\n  </a>\n</r>"},
		"into a spread one": {"<r>\n  <a>\n  </a>\n</r>", at("a", appendXML(leaf)),
			"<r>\n  <a>\n    <n />\n  </a>\n</r>"},
		"behind a child": {"<r>\n  <a x='1'>\n  </a>\n</r>\n", at("", appendXML(leaf)),
			"<r>\n  <a x='1'>\n  </a>\n  <n />\n</r>\n"},
		"behind children": {"<r>\n   <b/>\n   <c/>\n</r>", at("", appendXML(leaf)),
			"<r>\n   <b/>\n   <c/>\n   <n/>\n</r>"},
		"behind an empty line": {"<r>\n  <b />\n\n  <c />\n</r>", at("", appendXML(leaf)),
			"<r>\n  <b />\n\n  <c />\n\n  <n />\n</r>"},
		"behind a comment": {"<r>\n  <a /><!-- x -->\n</r>", at("", appendXML(leaf)),
			"<r>\n  <a />\n  <n /><!-- x -->\n</r>"},
		"only a comment":  {"<r>\n  <!-- x -->\n</r>", at("", appendXML(leaf)), "<r>\n  <!-- x -->\n  <n />\n</r>"},
		"one line":        {"<r><a /></r>", at("", appendXML(leaf)), "<r><a /><n /></r>"},
		"one line, empty": {"<r><a></a></r>", at("a", appendXML(leaf)), "<r><a><n /></a></r>"},
		"one line, declared": {"<?xml version='1.0'?>\n<r><a/></r>", at("a", appendXML(reference)),
			"<?xml version='1.0'?>\n<r><a>" + referenceTag + "<id>a&lt;b&gt;\n&amp;c</id><custom><x:nil/></custom></ref></a></r>"},
		"one line, end of file": {"<r><a/></r>\r\n", at("", appendXML(reference)),
			"<r><a/>" + referenceTag + "<id>a&lt;b&gt;\r\n&amp;c</id><custom><x:nil/></custom></ref></r>\r\n"},
		"empty root, declared": {"<?xml version='1.0'?>\r\n<r/>", at("", appendXML(leaf)),
			"<?xml version='1.0'?>\r\n<r>\r\n  <n/>\r\n</r>"},
		"CRLF": {"<r>\r\n  <a />\r\n</r>", at("", appendXML(reference)),
			"<r>\r\n  <a />\r\n  " + referenceTag + "\r\n    <id>a&lt;b&gt;\r\n&amp;c</id>\r\n    <custom>\r\n      <x:nil />\r\n    </custom>\r\n  </ref>\r\n</r>"},
		"tabs": {"<r>\n\t<a/>\n</r>", at("a", appendXML(reference)),
			"<r>\n\t<a>\n\t\t" + referenceTag + "\n\t\t\t<id>a&lt;b&gt;\n&amp;c</id>\n\t\t\t<custom>\n\t\t\t\t<x:nil/>\n\t\t\t</custom>\n\t\t</ref>\n\t</a>\n</r>"},
		"four spaces": {"<r>\n    <a />\n</r>", at("a", appendXML(leaf)),
			"<r>\n    <a>\n        <n />\n    </a>\n</r>"},
		"old Mac": {"<r>\r    <a />\r</r>", at("a", appendXML(leaf)),
			"<r>\r    <a>\r        <n />\r    </a>\r</r>"},
		"no indentation": {"<r>\n<a />\n</r>", at("", appendXML(leaf)), "<r>\n<a />\n<n />\n</r>"},
		"attributes on lines": {"<r\n      x='1'>\n  <a />\n</r>", at("a", appendXML(leaf)),
			"<r\n      x='1'>\n  <a>\n    <n />\n  </a>\n</r>"},

		"two":             {"<r>\n  <a />\n</r>", at("", appendXML(leaf, other)), "<r>\n  <a />\n  <n />\n  <m />\n</r>"},
		"two in one line": {"<r><a/></r>", at("", appendXML(leaf, other)), "<r><a/><n/><m/></r>"},
		"two into <a />": {"<r>\r\n\t<a />\r\n</r>", at("a", appendXML(leaf, other)),
			"<r>\r\n\t<a>\r\n\t\t<n />\r\n\t\t<m />\r\n\t</a>\r\n</r>"},
		"two into <a></a>": {"<r><a></a></r>", at("a", appendXML(leaf, other)), "<r><a><n /><m /></a></r>"},
		"two with children": {"<r>\n  <a />\n</r>", at("", appendXML(nested, nested)),
			"<r>\n  <a />\n  <p>\n    <n />\n  </p>\n  <p>\n    <n />\n  </p>\n</r>"},
		"none":           {"<r>\n  <a />\n</r>", at("", appendXML()), "<r>\n  <a />\n</r>"},
		"none into <a/>": {"<r>\n  <a/>\n</r>", at("a", appendXML()), "<r>\n  <a/>\n</r>"},

		// Before
		"two before":           {"<r>\n  <a />\n</r>", at("a", before(leaf, other)), "<r>\n  <n />\n  <m />\n  <a />\n</r>"},
		"two before, one line": {"<r><a/><b/></r>", at("b", before(leaf, other)), "<r><a/><n/><m/><b/></r>"},
		"none before":          {"<r>\n  <a />\n</r>", at("a", before()), "<r>\n  <a />\n</r>"},
		"before the first":     {"<r>\n  <a />\n</r>", at("a", before(leaf)), "<r>\n  <n />\n  <a />\n</r>"},
		"before, one line":     {"<r><a/><b/></r>", at("b", before(leaf)), "<r><a/><n/><b/></r>"},
		"before, deep, CRLF": {"<r>\r\n\t<p>\r\n\t\t<a/>\r\n\t</p>\r\n</r>",
			at("p/a", before(nested)),
			"<r>\r\n\t<p>\r\n\t\t<p>\r\n\t\t\t<n/>\r\n\t\t</p>\r\n\t\t<a/>\r\n\t</p>\r\n</r>"},

		// Clear
		"clear":             {"<r>\n  <a>x</a>\n</r>", at("a", clearXML), "<r>\n  <a />\n</r>"},
		"clear as others":   {"<r>\n  <a>x</a>\n  <b/>\n</r>", at("a", clearXML), "<r>\n  <a/>\n  <b/>\n</r>"},
		"clear, with space": {"<r><a\t>x</a><b\n/></r>", at("a", clearXML), "<r><a /><b\n/></r>"},
		"clear children":    {"<r>\r\n  <a>\r\n    <b/>\r\n  </a>\r\n</r>", at("a", clearXML), "<r>\r\n  <a/>\r\n</r>"},
		"clear <a></a>":     {"<r><a></a></r>", at("a", clearXML), "<r><a /></r>"},
		"clear <a/>":        {"<r><b /><a  /><a/></r>", at("a", clearXML), "<r><b /><a  /><a/></r>"},
		"clear, attributes": {"<r><x:a y='>' z=\"\"\n>x<!-- > --></x:a ></r>", at("x:a", clearXML), "<r><x:a y='>' z=\"\" /></r>"},
		"clear the root":    {"<?xml version='1.0'?>\n<r>\n  <a/>\n</r>\n", at("", clearXML), "<?xml version='1.0'?>\n<r/>\n"},

		// Remove
		"remove the first":   {"<r>\n  <a />\n  <b />\n</r>", at("a", remove), "<r>\n  <b />\n</r>"},
		"remove the last":    {"<r>\r\n  <a />\r\n  <b>x</b>\r\n</r>\r\n", at("b", remove), "<r>\r\n  <a />\r\n</r>\r\n"},
		"remove the only":    {"<r>\n  <a>\n    <b />\n  </a>\n</r>", at("a", remove), "<r>\n</r>"},
		"remove in one line": {"<r><a/><b/><c/></r>", at("b", remove), "<r><a/><c/></r>"},
		"remove, comment":    {"<r>\n  <!-- x -->\n  <a />\n</r>", at("a", remove), "<r>\n  <!-- x -->\n</r>"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for encoding, f := range map[string]*source.File{
				"utf-8":  source.NewFile("a.xml", []byte(test.text)),
				"utf-16": source.NewFile("a.xml", utf16Of(be, bom+test.text)),
			} {
				doc, err := source.ParseXML(f, nil)
				require.NoError(t, err)
				edit, err := test.edit(doc.Root())
				require.NoError(t, err)
				got := apply(t, f, edit)
				if diff := cmp.Diff(test.want, got.Text()); diff != "" {
					t.Errorf("%s (-want +got)\n%s", encoding, diff)
				}
				checkEdit(t, f, got, edit)
				if _, err := source.ParseXML(got, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// An element that FindXML found is edited as one of the whole tree is, its surroundings included.
func TestFindXMLEdits(t *testing.T) {
	text := "<r>\n    <list>\n    </list>\n    <list><a/></list>\n</r>"
	var edits []source.Edit
	f := source.NewFile("a.xml", []byte(text))
	err := source.FindXML(f, nil, func(_ int, list source.Element) error {
		edit, err := list.Append(leaf)
		edits = append(edits, edit)
		return err
	}, "r/list")
	require.NoError(t, err)
	want := "<r>\n    <list>\n        <n/>\n    </list>\n    <list><a/><n/></list>\n</r>"
	if diff := cmp.Diff(want, apply(t, f, edits...).Text()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	var removed source.Edit
	err = source.FindXML(f, nil, func(_ int, list source.Element) (err error) {
		removed, err = list.Remove()
		return err
	}, "r/list")
	require.NoError(t, err)
	if got := apply(t, f, removed).Text(); got != "<r>\n    <list>\n    </list>\n</r>" {
		t.Errorf("removed: %q", got)
	}
	err = source.FindXML(f, nil, func(_ int, root source.Element) error { return second(root.Remove()) }, "r")
	if !errors.Is(err, source.ErrInvalid) {
		t.Errorf("remove the document's root: %v, want ErrInvalid", err)
	}

	// An empty tag ends as the file's others do, of which only some were parsed.
	err = source.FindXML(f, nil, func(i int, list source.Element) error {
		removed, err = list.Clear()
		return err
	}, "r/list")
	require.NoError(t, err)
	if got := apply(t, f, removed).Text(); got != "<r>\n    <list>\n    </list>\n    <list/>\n</r>" {
		t.Errorf("cleared: %q", got)
	}
}

func TestXMLEditsRefuse(t *testing.T) {
	named := func(name string) source.NewElement { return source.NewElement{Name: name} }
	with := func(attrs ...source.Attr) source.NewElement { return source.NewElement{Name: "n", Attrs: attrs} }
	tests := map[string]struct {
		edit editXML
		want string
	}{
		"text over children": {at("", setXMLText("x")),
			"a.xml:1:1: set text of <r>, which has child elements: invalid"},
		"control character": {at("a", setXMLText("x\x00")),
			`a.xml:2:3: <a>: the text has U+0000 at byte 1, which XML can't spell: invalid`},
		"non-character": {at("a", setXMLText("\uFFFE")),
			`a.xml:2:3: <a>: the text has U+FFFE at byte 0, which XML can't spell: invalid`},
		"text and children": {
			at("a", appendXML(source.NewElement{Name: "n", Text: "x", Children: []source.NewElement{{Name: "b"}}})),
			"new element <n>: both text and children: give one: invalid"},
		"text not utf-8": {at("a", setXMLText("\xFF")), `a.xml:2:3: <a>: the text is not utf-8: invalid`},
		"control in attribute": {at("a", setAttr("x", "\x1b")),
			`a.xml:2:3: <a x>: the text has U+001B at byte 0, which XML can't spell: invalid`},
		"attribute name":    {at("a", setAttr("x y", "1")), `a.xml:2:3: <a x y>: "x y" is no XML name: invalid`},
		"no attribute name": {at("a", setAttr("", "1")), `a.xml:2:3: <a >: "" is no XML name: invalid`},
		"element name":      {at("a", appendXML(named("1"))), `new element <1>: "1" is no XML name: invalid`},
		"two colons":        {at("a", before(named("a:b:c"))), `new element <a:b:c>: "a:b:c" is no XML name: invalid`},
		"name not utf-8": {at("a", appendXML(named("a\xFF"))),
			"new element <a\xFF>: \"a\\xff\" is no XML name: invalid"},
		"markup as name": {at("", appendXML(named("a><b"))), `new element <a><b>: "a><b" is no XML name: invalid`},
		"new attribute's name": {at("a", appendXML(with(source.Attr{Name: "="}))),
			`new element <n =>: "=" is no XML name: invalid`},
		"new attribute's value": {at("a", appendXML(with(source.Attr{Name: "x", Value: "\b"}))),
			`new element <n x>: the text has U+0008 at byte 0, which XML can't spell: invalid`},
		"new attribute twice": {at("a", appendXML(with(source.Attr{Name: "x"}, source.Attr{Name: "x"}))),
			`new element <n x>: the attribute is there twice: invalid`},
		"new text": {at("a", appendXML(source.NewElement{Name: "n", Text: "\v"})),
			`new element <n>: the text has U+000B at byte 0, which XML can't spell: invalid`},
		"new child": {at("a", appendXML(source.NewElement{Name: "n", Children: []source.NewElement{{Name: "m", Text: "\v"}}})),
			`new element <m>: the text has U+000B at byte 0, which XML can't spell: invalid`},
		"root removed":    {at("", remove), "a.xml:1:1: remove <r>: a document has one root: invalid"},
		"before the root": {at("", before(leaf)), "a.xml:1:1: add <n> before <r>: a document has one root: invalid"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			edit, err := test.edit(parseXML(t, "<r>\n  <a />\n</r>").Root())
			if !errors.Is(err, source.ErrInvalid) || edit != (source.Edit{}) {
				t.Fatalf("%v, %v: expected no edit and ErrInvalid", edit, err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Edits made of one tree either give the text that both mean or are refused.
func TestXMLEditsTogether(t *testing.T) {
	tests := map[string]struct {
		text     string
		one, two editXML
		want     string // "" for a conflict
	}{
		"two into <a />":     {"<r><a /></r>", at("a", appendXML(leaf)), at("a", appendXML(leaf)), ""},
		"two into <a></a>":   {"<r><a></a></r>", at("a", appendXML(leaf)), at("a", appendXML(leaf)), ""},
		"two behind one":     {"<r><a/></r>", at("", appendXML(leaf)), at("", appendXML(leaf)), ""},
		"two before one":     {"<r><a/></r>", at("a", before(leaf)), at("a", before(leaf)), ""},
		"text and child":     {"<r><a></a></r>", at("a", appendXML(leaf)), at("a", setXMLText("x")), ""},
		"two new attributes": {"<r/>", at("", setAttr("x", "1")), at("", setAttr("y", "2")), ""},
		"two attributes": {"<r x='' y=''/>", at("", setAttr("x", "1")), at("", setAttr("y", "2")),
			`<r x="1" y="2"/>`},
		"attribute and child": {"<r><a /></r>", at("a", setAttr("x", "1")), at("a", appendXML(leaf)),
			`<r><a x="1"><n /></a></r>`},
		"attribute and text":      {"<r x='1' />", at("", setAttr("x", "2")), at("", setXMLText("y")), `<r x="2">y</r>`},
		"neighbours out":          {"<r>\n  <a/>\n  <b/>\n</r>", at("a", remove), at("b", remove), "<r>\n</r>"},
		"last out, one in":        {"<r>\n  <a/>\n</r>", at("a", remove), at("", appendXML(leaf)), "<r>\n  <n/>\n</r>"},
		"out with what changes":   {"<r><a><b/></a></r>", at("a", remove), at("a/b", setXMLText("x")), ""},
		"clear and child":         {"<r><a><b/></a></r>", at("a", clearXML), at("a", appendXML(leaf)), ""},
		"clear and first child":   {"<r><a></a></r>", at("a", clearXML), at("a", appendXML(leaf)), ""},
		"clear and text inside":   {"<r><a><b>x</b></a></r>", at("a", clearXML), at("a/b", setXMLText("y")), ""},
		"clear and new attribute": {"<r><a >x</a></r>", at("a", clearXML), at("a", setAttr("y", "1")), `<r><a y="1" /></r>`},
		"clear neighbours":        {"<r><a>x</a><b>y</b></r>", at("a", clearXML), at("b", clearXML), "<r><a /><b /></r>"},
		"before and behind":       {"<r><a/></r>", at("a", before(leaf)), at("", appendXML(leaf)), "<r><n/><a/><n/></r>"},
		"child of last and behind": {"<r><a/></r>", at("a", appendXML(leaf)), at("", appendXML(leaf)),
			"<r><a><n/></a><n/></r>"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := parseXML(t, test.text)
			one, err := test.one(doc.Root())
			require.NoError(t, err)
			two, err := test.two(doc.Root())
			require.NoError(t, err)
			applyTogether(t, doc.File(), one, two, test.want)
		})
	}
}

// FuzzXMLEdit makes every kind of edit of every element of any document: what comes of it parses, in encoding/xml too,
// reads as what was asked for, and differs nowhere else.
func FuzzXMLEdit(f *testing.F) {
	for _, text := range []string{
		customizations, "<a/>", "<r>\n\t<a />\r</r>",
		"<?xml version='1.0'?>\r\n<r><a x='1'/>text<b>\n</b></r>", "<r><![CDATA[x ]]> <!-- --></r>",
	} {
		f.Add(text, "n", "x <&>\r\n")
		f.Add(text, "x:é", "")
	}
	f.Fuzz(func(t *testing.T, text, name, value string) {
		file := source.NewFile("a.xml", []byte(text))
		doc, err := source.ParseXML(file, nil)
		if err != nil {
			return
		}
		child := source.NewElement{Name: name, Attrs: []source.Attr{{Name: name, Value: value}}, Text: value}
		nth := 0 // of the elements in preorder
		eachElement(doc.Root(), func(e source.Element) {
			made := func(edit source.Edit, err error, verb string, check func(root *element)) {
				if err != nil {
					if !errors.Is(err, source.ErrInvalid) {
						t.Fatalf("%s: error %v, want ErrInvalid", verb, err)
					}
					return
				}
				got := apply(t, file, edit)
				checkEdit(t, file, got, edit)
				after, err := source.ParseXML(got, nil)
				if err != nil {
					t.Fatalf("%s made %q: %v", verb, got.Text(), err)
				}
				if name == "n" { // an ASCII name, which both editions of XML have
					if err := theirXML(got.Text()).err; err != nil && theirXML(text).err == nil {
						t.Fatalf("%s made %q: encoding/xml: %v", verb, got.Text(), err)
					}
				}
				check(readXML(after.Root()))
			}
			want := func(change func(e, parent *element, index int)) func(root *element) {
				return func(got *element) {
					root := readXML(doc.Root())
					place, parent, index := lookup(root, nth)
					change(place, parent, index)
					// White space between elements is layout, which other tests pin.
					if diff := cmp.Diff(squeeze(root), squeeze(got)); diff != "" {
						t.Fatalf("<%s> number %d (-want +got)\n%s", e.Name(), nth, diff)
					}
				}
			}
			written := func() *element {
				return &element{Name: name, Attrs: []source.Attr{{Name: name, Value: value}}, Text: value}
			}
			edit, err := e.SetText(value)
			made(edit, err, "SetText", want(func(e, _ *element, _ int) { e.Text = value }))
			edit, err = e.SetAttr(name, value)
			made(edit, err, "SetAttr", want(func(e, _ *element, _ int) {
				for i := range e.Attrs {
					if e.Attrs[i].Name == name {
						e.Attrs[i].Value = value
						return
					}
				}
				e.Attrs = append(e.Attrs, source.Attr{Name: name, Value: value})
			}))
			edit, err = e.Append(child)
			made(edit, err, "Append", want(func(e, _ *element, _ int) { e.Children = append(e.Children, written()) }))
			edit, err = e.Append(child, leaf)
			made(edit, err, "Append two", want(func(e, _ *element, _ int) {
				e.Children = append(e.Children, written(), &element{Name: leaf.Name})
			}))
			edit, err = e.Clear()
			made(edit, err, "Clear", want(func(e, _ *element, _ int) { e.Text, e.Children = "", nil }))
			edit, err = e.Before(child)
			made(edit, err, "Before", want(func(_, parent *element, index int) {
				parent.Children = append(parent.Children[:index:index],
					append([]*element{written()}, parent.Children[index:]...)...)
			}))
			edit, err = e.Remove()
			made(edit, err, "Remove", want(func(_, parent *element, index int) {
				parent.Children = append(parent.Children[:index:index], parent.Children[index+1:]...)
			}))
			nth++
		})
	})
}

func eachElement(e source.Element, do func(source.Element)) {
	do(e)
	for child := range e.Children() {
		eachElement(child, do)
	}
}

// lookup is the nth element in preorder, its parent and its place there.
func lookup(root *element, nth int) (found, parent *element, index int) {
	var visit func(e, up *element, i int)
	visit = func(e, up *element, i int) {
		if nth == 0 {
			found, parent, index = e, up, i
		}
		nth--
		for i, child := range e.Children {
			visit(child, e, i)
		}
	}
	visit(root, nil, 0)
	return found, parent, index
}

// squeeze takes the white space out of texts.
func squeeze(e *element) *element {
	s := &element{Name: e.Name, Attrs: e.Attrs, Text: strings.Join(strings.Fields(e.Text), "")}
	for _, child := range e.Children {
		s.Children = append(s.Children, squeeze(child))
	}
	return s
}

// What is written reads back, with encoding/xml too: the texts a flow's name and description may have.
func TestXMLEscapes(t *testing.T) {
	for _, value := range []string{
		"", " ", "\n", "\r\n", "a\rb", "\t", "]]>", "<![CDATA[x]]>", "&amp;", "&#65;", `"'`, "é𝄞\uFFFD",
	} {
		doc := parseXML(t, "<a/>")
		n := source.NewElement{Name: "n", Attrs: []source.Attr{{Name: "x", Value: value}}, Text: value}
		edit, err := doc.Root().Append(n)
		require.NoError(t, err)
		text := apply(t, doc.File(), edit).Text()
		back := parseXML(t, text).Root().Child("n")
		if got, _ := back.Attr("x"); got != value || back.Text() != value {
			t.Errorf("%q: wrote %s, read back %q and %q", value, text, got, back.Text())
		}
		var their struct {
			N struct {
				X    string `xml:"x,attr"`
				Text string `xml:",chardata"`
			} `xml:"n"`
		}
		require.NoError(t, xml.Unmarshal([]byte(text), &their))
		if their.N.X != value || their.N.Text != value {
			t.Errorf("%q: wrote %s, encoding/xml read %q and %q", value, text, their.N.X, their.N.Text)
		}
	}
}
