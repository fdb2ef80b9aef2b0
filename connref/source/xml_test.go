package source_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
)

// customizations is a file as the platform exports it: no declaration, CRLF, both kinds of empty element, a name that
// occurs at two depths.
var customizations = strings.ReplaceAll(`<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Entities></Entities>
  <Workflows>
    <Workflow WorkflowId="{0a}" Name="Daily &amp; &quot;more&quot;" Description="one&#xA;two">
      <Subprocess xsi:nil="true" />
      <!-- <Type>9</Type> -->
      <Type>1</Type>
    </Workflow>
  </Workflows>
  <connectionreferences>
    <connectionreference connectionreferencelogicalname="new_mail">
      <connectionreferencedisplayname>Mail &lt;all&gt;</connectionreferencedisplayname>
      <connectorid>/apis/shared_office365</connectorid>
      <customconnector>
        <connectorid>inner</connectorid>
      </customconnector>
    </connectionreference>
    <connectionreference connectionreferencelogicalname='new_sql'/>
  </connectionreferences>
</ImportExportXml>`, "\n", "\r\n")

func parseXML(t *testing.T, text string) *source.XML {
	t.Helper()
	doc, err := source.ParseXML(source.NewFile("a.xml", []byte(text)), nil)
	require.NoError(t, err)
	return doc
}

func TestXMLElements(t *testing.T) {
	doc := parseXML(t, customizations)
	root := doc.Root()
	if root.Name() != "ImportExportXml" || root.Raw() != customizations || doc.File().Name() != "a.xml" {
		t.Errorf("root <%s>", root.Name())
	}
	workflow := root.Child("Workflows", "Workflow")
	var attrs []source.Attr
	for a := range workflow.Attrs() {
		attrs = append(attrs, a)
	}
	want := []source.Attr{
		{Name: "WorkflowId", Value: "{0a}"},
		{Name: "Name", Value: `Daily & "more"`},
		{Name: "Description", Value: "one\ntwo"},
	}
	if diff := cmp.Diff(want, attrs); diff != "" {
		t.Errorf("Attrs (-want +got)\n%s", diff)
	}
	for range workflow.Attrs() {
		break // a caller may stop
	}
	if value, ok := workflow.Child("Subprocess").Attr("xsi:nil"); value != "true" || !ok {
		t.Errorf("xsi:nil = %q, %t", value, ok)
	}
	if value, ok := workflow.Attr("name"); value != "" || ok {
		t.Errorf("name, in another case, = %q, %t", value, ok)
	}
	if s := workflow.AttrAt("Name").Span; customizations[s.Start:s.End] != "Daily &amp; &quot;more&quot;" {
		t.Errorf("AttrAt(Name) = %v", s)
	}
	if got := workflow.AttrAt("none"); got != workflow.At() || got.File != "a.xml" {
		t.Errorf("AttrAt(none) = %v, want the element's place", got)
	}
	if got := workflow.Child("Type").Text(); got != "1" { // not the one in the comment
		t.Errorf("Type = %q", got)
	}
	var names []string
	for e := range workflow.Children() {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{"Subprocess", "Type"}, names); diff != "" {
		t.Errorf("Children (-want +got)\n%s", diff)
	}
	if root.Child() != root {
		t.Error("Child of no names isn't the element itself")
	}
}

// The connector of a reference is its child; the same name one floor down is another thing.
func TestXMLSameNameAtTwoDepths(t *testing.T) {
	reference := parseXML(t, customizations).Root().Child("connectionreferences", "connectionreference")
	var ids []string
	for e := range reference.Children("connectorid") {
		ids = append(ids, e.Text())
	}
	if diff := cmp.Diff([]string{"/apis/shared_office365"}, ids); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := reference.Child("customconnector", "connectorid").Text(); got != "inner" {
		t.Errorf("inner connectorid = %q", got)
	}
	var several []string
	for e := range reference.Children("customconnector", "none", "connectorid") {
		several = append(several, e.Name())
	}
	if diff := cmp.Diff([]string{"connectorid", "customconnector"}, several); diff != "" {
		t.Errorf("Children of two names, in file order (-want +got)\n%s", diff)
	}
	for range reference.Children() {
		break
	}
}

// A path is followed without checks, so an absent element answers everything.
func TestXMLAbsent(t *testing.T) {
	e := parseXML(t, customizations).Root().Child("none", "deeper")
	if value, ok := e.Attr("a"); e.Exists() || e.Name() != "" || e.Raw() != "" || e.Text() != "" || e.Trimmed() != "" ||
		value != "" || ok || !e.At().IsZero() || !e.AttrAt("a").IsZero() || e.Span() != (source.Span{}) ||
		e.TextSpan() != (source.Span{}) || e.Child("a").Exists() {
		t.Errorf("an absent element isn't: %v", e)
	}
	for range e.Children() {
		t.Error("an absent element has children")
	}
	for range e.Attrs() {
		t.Error("an absent element has attributes")
	}
	some := source.NewElement{Name: "a"}
	for name, err := range map[string]error{
		"SetText": second(e.SetText("x")), "SetAttr": second(e.SetAttr("a", "x")), "Append": second(e.Append(some)),
		"Before": second(e.Before(some)), "Remove": second(e.Remove()), "Clear": second(e.Clear()),
	} {
		if !errors.Is(err, source.ErrNotFound) {
			t.Errorf("%s of an absent element: %v, want ErrNotFound", name, err)
		}
	}
}

func TestXMLText(t *testing.T) {
	for inside, want := range map[string]string{
		"":                              "",
		" x ":                           " x ",
		"&lt;&gt;&amp;&apos;&quot;":     `<>&'"`,
		"&#65;&#x1D11E;&#xd;&#0000066;": "A𝄞\rB",
		"a<!-- no -->b<?no?>c":          "abc",
		"a<![CDATA[<b>&amp;]]]>c":       "a<b>&amp;]c",
		"a<![CDATA[]]>b":                "ab",
		"a<b>no</b>c<b/>d":              "acd",
		"<!---->":                       "",
		"1\r\n2\r3\n":                   "1\n2\n3\n",
		"<![CDATA[1\r\n2\r]]>\n":        "1\n2\n\n",
		"&#xD;\n":                       "\r\n",
		"é𝄞":                            "é𝄞",
		"a > b, ]] >":                   "a > b, ]] >",
		"<!-- > & < --><?p > & < ?>":    "",
	} {
		doc := parseXML(t, "<a>"+inside+"</a>")
		if got := doc.Root().Text(); got != want {
			t.Errorf("%s: Text() = %q, want %q", inside, got, want)
		}
		if s := doc.Root().TextSpan(); doc.File().Slice(s) != inside {
			t.Errorf("%s: TextSpan() = %q", inside, doc.File().Slice(s))
		}
	}
	if got := parseXML(t, "<a>\r\n  x &#x20; </a>").Root().Trimmed(); got != "x" {
		t.Errorf("Trimmed() = %q", got)
	}
	if s := parseXML(t, "<a />").Root().TextSpan(); s != (source.Span{Start: 5, End: 5}) {
		t.Errorf("TextSpan() of an empty tag = %v, want its end", s)
	}
}

func TestXMLPartSpan(t *testing.T) {
	for name, test := range map[string]struct {
		inside   string // « and » stand where the part is written
		from, to int    // in the text
	}{
		"plain":                 {"abc«KEY»def", 3, 6},
		"entities before":       {"&lt;&#x1D11E;&amp;«KEY»&gt;", 6, 9},
		"entities inside":       {"a«K&#69;Y»b", 1, 4},
		"newlines":              {"\r\n\r\n«K\r\nY»\r", 2, 5},
		"beyond ASCII":          {"€«𝄞KEY»€", 3, 10},
		"behind a comment":      {"a<!-- K -->«KEY»", 1, 4},
		"over a comment":        {"a«K<!-- X -->EY»", 1, 4},
		"before a comment":      {"a«KEY»<!-- X -->b", 1, 4},
		"in CDATA":              {"&amp;<![CDATA[&amp;\r\n«KEY»<b>]]>", 7, 10},
		"into CDATA":            {"«K<![CDATA[&»Y]]>", 0, 2},
		"out of CDATA":          {"<![CDATA[&«Y]]>&amp;»c", 1, 3},
		"behind a child":        {"a<b>KEY</b>«KEY»", 1, 4},
		"over a child":          {"a«K<b>X</b>Y»c", 1, 3},
		"the whole":             {"«a&lt;b<!-- -->c»", 0, 4},
		"more than the whole":   {"a«bc<!-- -->»", 1, 9},
		"nothing":               {"a&lt;«»b", 2, 2},
		"nothing, at the start": {"«»ab", 0, 0},
		"nothing, at the end":   {"ab«»", 2, 2},
		"behind the end":        {"ab«»", 7, 9},
		"no part":               {"«ab»", 1, 0},
		"no part either":        {"«ab»", -1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			before, rest, _ := strings.Cut(test.inside, "«")
			part, behind, _ := strings.Cut(rest, "»")
			root := parseXML(t, "<a>"+before+part+behind+"</a>").Root()
			start := len("<a>" + before)
			want := source.Span{Start: start, End: start + len(part)}
			if got := root.PartSpan(source.Span{Start: test.from, End: test.to}); got != want {
				t.Errorf("%v, want %v", got, want)
			}
			checkParts(t, root)
		})
	}
	if got := (source.Element{}).PartSpan(source.Span{Start: 0, End: 1}); got != (source.Span{}) {
		t.Errorf("%v of an absent element", got)
	}
}

// checkParts checks of every part of an element's text that what its span spells, if there is no markup inside, is that
// part.
func checkParts(t *testing.T, e source.Element) {
	t.Helper()
	text, offset := e.Text(), e.Span().Start
	for from := range text + "." {
		for to := range text + "." {
			if to < from {
				continue
			}
			span := e.PartSpan(source.Span{Start: from, End: to})
			raw := e.Raw()[span.Start-offset : span.End-offset]
			if strings.Contains(raw, "<") || strings.Contains(raw, "]]>") {
				continue
			}
			spells := func(inside string) bool {
				doc, err := source.ParseXML(source.NewFile("a.xml", []byte("<a>"+inside+"</a>")), nil)
				return err == nil && doc.Root().Text() == text[from:to]
			}
			if !spells(raw) && !spells("<![CDATA["+raw+"]]>") {
				t.Fatalf("%q: part %d to %d, %q, is written %q", e.Raw(), from, to, text[from:to], raw)
			}
		}
	}
}

func TestXMLAttributeSpelling(t *testing.T) {
	root := parseXML(t, "<a b='\"' c = \"'>\"\r\n\td=\"1\r\n2&#xA;\" e=''f=\"]]>\"/>").Root()
	want := map[string]string{"b": `"`, "c": "'>", "d": "1\n2\n", "e": "", "f": "]]>"}
	got := map[string]string{}
	for a := range root.Attrs() {
		got[a.Name] = a.Value
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseXMLAccepts(t *testing.T) {
	for name, text := range map[string]string{
		"declaration":            `<?xml version="1.0" encoding="utf-8" standalone="yes"?><a/>`,
		"declaration, bare":      `<?xml?><a/>`,
		"declaration in capital": `<?xml version='1.0' encoding='UTF-8'?><a/>`,
		"around the root":        " \n<!-- b --><?p x?><a/>\r\n<?q?><!---->\t",
		"instruction like it":    `<?xml-stylesheet href="version='2.0'"?><a/>`,
		"odd names":              "<_:b-.1><x:y/><ü/><:/></_:b-.1>",
		"space inside tags":      "<a\n\tx = '1' ><b\r\n/></a \n>",
		"attributes in a row":    `<a x="1"y='2'/>`,
		"several colons":         "<a><?a:b:c?></a>",
	} {
		if _, err := source.ParseXML(source.NewFile("a.xml", []byte(text)), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := theirXML(text).err; err != nil {
			t.Errorf("%s: encoding/xml refuses it: %v", name, err)
		}
	}
}

func TestParseXMLRefuses(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"end first":          {"</a>", "1:1: expected the root element"},
		"open element":       {"<a>\n<b></b>", "2:8: unexpected end of the file: expected </a>"},
		"wrong end":          {"<a>\n  <b></a></b>", "2:6: expected </b>, not </a>"},
		"other case":         {"<a></A>", "1:4: expected </a>, not </A>"},
		"other prefix":       {"<x:a></y:a>", "1:6: expected </x:a>, not </y:a>"},
		"end twice":          {"<a></a></a>", "1:8: a second root element: a document has one"},
		"end with attribute": {"<a></a b='1'>", "1:8: expected '>' to end the tag"},
		"no name":            {"<a>< b/></a>", "1:5: expected an element's name behind '<'"},
		"digit first":        {"<1a/>", "1:2: expected an element's name behind '<'"},
		"dash first":         {"<-a/>", "1:2: expected an element's name behind '<'"},
		"two colons":         {"<a:b:c/>", "1:2: a name with more than one colon"},
		"character in name":  {"<aé×/>", "1:4: a character that no XML name has there"},
		"mark first in name": {"<\u0301a/>", "1:2: a character that no XML name has there"},
		"less-than in text":  {"<a>1 < 2</a>", "1:7: expected an element's name behind '<'"},
		"ampersand":          {"<a>A & B</a>", "1:6: '&' that begins no known entity: it must be &amp;"},
		"no semicolon":       {"<a>&#65</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"unknown entity":     {"<a>&nbsp;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"entity in capitals": {"<a>&LT;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"number of no one":   {"<a>&#x110000;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"number forbidden":   {"<a>&#1;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"number with sign":   {"<a>&#+65;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"no number":          {"<a>&#;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"no hex number":      {"<a>&#x;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"capital X":          {"<a>&#X41;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"huge number":        {"<a>&#99999999999999999999;</a>", "1:4: '&' that begins no known entity: it must be &amp;"},
		"in an attribute":    {"<a x='&'/>", "1:7: '&' that begins no known entity: it must be &amp;"},
		"control character":  {"<a>\x01</a>", "1:4: a control character, which XML forbids"},
		"zero byte":          {"<a x='\x00'/>", "1:7: a control character, which XML forbids"},
		"non-character":      {"<a>é\uFFFE</a>", "1:5: a character that XML forbids"},
		"in CDATA":           {"<a><![CDATA[\uFFFF]]></a>", "1:13: a character that XML forbids"},
		"section's end":      {"<a>]]></a>", "1:4: ']]>' in text: it must be ]]&gt;"},
		"no value":           {"<a x/>", "1:5: expected '=' behind the attribute's name"},
		"value unquoted":     {"<a x=1/>", "1:6: expected the attribute's value in quotes"},
		"tag in a value":     {"<a x='<'/>", "1:7: '<' inside an attribute's value: it must be &lt;"},
		"slash in a tag":     {"<a / >", "1:4: expected an attribute, '>' or '/>'"},
		"digit as attribute": {"<a 1='x'/>", "1:4: expected an attribute, '>' or '/>'"},
		"dashes in comment":  {"<a><!-- -- --></a>", "1:9: '--' inside a comment"},
		"three dashes":       {"<a><!-- x---></a>", "1:10: '--' inside a comment"},
		"no target":          {"<a><? x?></a>", "1:6: expected an instruction's name"},
		"unknown section": {"<a><![IGNORE[]]></a>",
			"1:4: a document type or other declaration: solutions have none, and it could define entities"},
		"version": {`<?xml version="1.1"?><a/>`, "1:1: XML version 1.1: expected 1.0"},
		"encoding": {`<?xml version="1.0" encoding="iso-8859-1"?><a/>`,
			"1:1: declares encoding iso-8859-1 but is utf-8"},
		"utf-16 in name": {`<?xml version="1.0" encoding="utf-16"?><a/>`,
			"1:1: declares encoding utf-16 but is utf-8"},
		"version, not first": {`<?xml standalone="version" version="1.1"?><a/>`, "1:1: XML version 1.1: expected 1.0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc, err := source.ParseXML(source.NewFile("a.xml", []byte(test.text)), nil)
			var syntax *source.SyntaxError
			if doc != nil || !errors.As(err, &syntax) || !errors.Is(err, source.ErrInvalid) {
				t.Fatalf("ParseXML = %v, %v: expected a SyntaxError that is an ErrInvalid", doc, err)
			}
			if diff := cmp.Diff("a.xml:"+test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if theirXML(test.text).err == nil {
				t.Error("encoding/xml accepts it")
			}
		})
	}
}

// A download that broke off must be told from a whole file wherever it broke.
func TestParseXMLCutAnywhere(t *testing.T) {
	text := `<?xml version="1.0"?><!-- é --><?p é?>` + strings.TrimSuffix(customizations, "</ImportExportXml>") +
		`<a b='1' >&#xe9;<![CDATA[é]]></a></ImportExportXml>`
	parseXML(t, text)
	for i := range text {
		f := source.NewFile("a.xml", []byte(text[:i]))
		if f.Err() != nil {
			t.Fatalf("cut to %q: %v", text[:i], f.Err())
		}
		_, err := source.ParseXML(f, nil)
		findErr := source.FindXML(f, nil, func(int, source.Element) error { return nil }, "ImportExportXml/a")
		var syntax *source.SyntaxError
		if !errors.As(err, &syntax) || !errors.As(findErr, &syntax) {
			t.Fatalf("cut to %q: ParseXML: %v, FindXML: %v", text[:i], err, findErr)
		}
	}
}

func TestParseXMLDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	tests := map[string]struct {
		text string
		opts *source.Options
		want string
	}{
		"default":        {nested(1000), nil, ""},
		"beyond":         {nested(1001), nil, "a.xml:1:3001: nested deeper than the limit, Options.MaxDepth"},
		"empty tag":      {strings.Replace(nested(1000), "><", "><b/><", 1), nil, ""},
		"limit":          {"<a><b/><b></b></a>", &source.Options{MaxDepth: 2}, ""},
		"beyond a limit": {"<a><b><c/></b></a>", &source.Options{MaxDepth: 2}, "a.xml:1:7: nested deeper than the limit, Options.MaxDepth"},
		"far beyond":     {strings.Repeat("<a>", 1<<18), nil, "a.xml:1:3001: nested deeper than the limit, Options.MaxDepth"},
	}
	for name, test := range tests {
		f := source.NewFile("a.xml", []byte(test.text))
		_, err := source.ParseXML(f, test.opts)
		// An element found is parsed by the other parser: the limit counts from the root all the same.
		find := func(path string) error {
			return source.FindXML(f, test.opts, func(int, source.Element) error { return nil }, path)
		}
		for verb, err := range map[string]error{
			"ParseXML": err, "FindXML": find("none"), "FindXML of the root": find("a"), "FindXML of a child": find("a/b"),
		} {
			if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want) {
				t.Errorf("%s: %s: error %v, want %q", name, verb, err, test.want)
			}
		}
	}
}

// A tag with very many attributes takes no longer than its length asks; comparing each with each took seconds.
func TestParseXMLManyAttributes(t *testing.T) {
	var b strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&b, ` a%d=""`, i)
	}
	root := parseXML(t, "<a"+b.String()+"/>").Root()
	n := 0
	for range root.Attrs() {
		n++
	}
	if n != 20000 {
		t.Errorf("%d attributes", n)
	}
	for _, twice := range []string{"<a" + b.String() + ` a0=""/>`, "<a" + b.String() + ` b="" b=""/>`} {
		if _, err := source.ParseXML(source.NewFile("a.xml", []byte(twice)), nil); err == nil {
			t.Error("a repeated attribute among many is accepted")
		}
	}
	// Names count for one tag only.
	parseXML(t, "<r><a"+b.String()+"/><a"+b.String()+"/></r>")
}

// Each row of the package's table of differences that concerns XML. FuzzXML looks for others.
func TestXMLDiffersFromStandardLibrary(t *testing.T) {
	deep := strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000)
	utf16Declared := `<?xml version="1.0" encoding="utf-16"?><a/>`
	tests := map[string]struct {
		raw          string
		theirs, ours bool
		want         string // our error, if any
	}{
		"utf-16 with mark":            {string(utf16Of(le, bom+"<a/>")), false, true, ""},
		"utf-16 without mark":         {string(utf16Of(be, "<a/>")), false, true, ""},
		"utf-16 that declares utf-16": {string(utf16Of(le, bom+utf16Declared)), false, true, ""},
		"utf-16 that declares utf-8": {string(utf16Of(le, bom+strings.Replace(utf16Declared, "16", "8", 1))),
			false, true, ""},
		"invalid utf-8 in a comment": {"<a><!-- \xFF --></a>", true, false,
			"a.xml: not valid utf-8 at byte 8: save the file as utf-8"},
		"lone surrogate as number": {"<a>&#xD800;</a>", true, false,
			"a.xml:1:4: '&' that begins no known entity: it must be &amp;"},
		"lone surrogate in decimal": {"<a x='&#57343;'/>", true, false,
			"a.xml:1:7: '&' that begins no known entity: it must be &amp;"},
		"document type": {"<!DOCTYPE a><a/>", true, false,
			"a.xml:1:1: a document type or other declaration: solutions have none, and it could define entities"},
		"other declaration": {"<a><!ELEMENT b></a>", true, false,
			"a.xml:1:4: a document type or other declaration: solutions have none, and it could define entities"},
		"declaration behind space": {"\n<?xml version='1.0'?><a/>", true, false,
			"a.xml:2:1: an XML declaration that isn't at the start of the file"},
		"declaration inside": {"<a><?xml version='1.0'?></a>", true, false,
			"a.xml:1:4: an XML declaration that isn't at the start of the file"},
		"declaration at the end": {"<a/><?xml?>", true, false,
			"a.xml:1:5: an XML declaration that isn't at the start of the file"},
		"repeated attribute": {"<a x='1' y='2' x='1'/>", true, false, "a.xml:1:16: attribute x is there twice"},
		"no root":            {"<!-- -->", true, false, "a.xml:1:9: expected the root element"},
		"empty file":         {"", true, false, "a.xml:1:1: expected the root element"},
		"two roots": {"<a/>\n<b/>", true, false,
			"a.xml:2:1: a second root element: a document has one"},
		"text before the root":         {"x<a/>", true, false, "a.xml:1:1: text outside the root element"},
		"text behind the root":         {"<a/>x", true, false, "a.xml:1:5: text outside the root element"},
		"section outside the root":     {"<a/><![CDATA[]]>", true, false, "a.xml:1:5: text outside the root element"},
		"mark that is text":            {bom + bom + "<a/>", true, false, "a.xml:1:1: text outside the root element"},
		"name of the 5th edition only": {"<\u0132/>", false, true, ""},
		"name of the 4th edition only": {"<a\u0E46/>", true, true, ""}, // in both; the 5th took nothing back
		"nesting":                      {deep, true, false, "a.xml:1:3001: nested deeper than the limit, Options.MaxDepth"},
	}
	for name, test := range tests {
		if err := theirXML(test.raw).err; (err == nil) != test.theirs {
			t.Errorf("%s: encoding/xml: %v: the table is wrong", name, err)
		}
		_, err := source.ParseXML(source.NewFile("a.xml", []byte(test.raw)), nil)
		if (err == nil) != test.ours || err != nil && err.Error() != test.want {
			t.Errorf("%s: ParseXML: %v, want %s", name, err, test.want)
		}
	}
	// A byte order mark is text to encoding/xml; here it belongs to the file.
	parseXML(t, bom+"<?xml version='1.0' encoding='utf-8'?><a/>")
}

// element is an element as both sides read it.
type element struct {
	Name     string
	Attrs    []source.Attr
	Text     string
	Children []*element
}

// theirs is what encoding/xml makes of a text, and what it lets pass that this package documents it doesn't.
type theirs struct {
	err        error
	root       *element
	exempt     bool // a documented reason for ParseXML to refuse it
	outOfASCII bool // names
}

// theirXML reads a text with encoding/xml in strict mode.
func theirXML(text string) (got theirs) {
	// Token checks nesting, RawToken keeps prefixes as written.
	check, raw := xml.NewDecoder(strings.NewReader(text)), xml.NewDecoder(strings.NewReader(text))
	outside := &element{}
	open := []*element{outside}
	for first := true; ; first = false {
		_, err := check.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return theirs{err: err, outOfASCII: strings.Contains(err.Error(), "invalid XML name")}
		}
		token, err := raw.RawToken()
		if err != nil {
			return theirs{err: err}
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{Name: joined(token.Name)}
			seen := map[string]bool{}
			for _, a := range token.Attr {
				name := joined(a.Name)
				got.exempt = got.exempt || seen[name]
				seen[name] = true
				e.Attrs = append(e.Attrs, source.Attr{Name: name, Value: a.Value})
			}
			top.Children = append(top.Children, e)
			open = append(open, e)
			got.exempt = got.exempt || len(open) > 1001
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.Text += string(token)
			got.exempt = got.exempt || top == outside && strings.Trim(string(token), " \t\r\n") != ""
		case xml.ProcInst:
			got.exempt = got.exempt || token.Target == "xml" && !first
		case xml.Directive:
			got.exempt = true
		}
	}
	if len(outside.Children) != 1 {
		got.exempt = true
		return got
	}
	got.root = outside.Children[0]
	return got
}

func joined(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}

// FuzzXML holds ParseXML against encoding/xml in strict mode: it must accept the same texts and read the same names,
// attributes and texts, but for the differences that the package documents.
func FuzzXML(f *testing.F) {
	for _, seed := range []string{
		customizations,
		bom + `<?xml version="1.0" encoding="utf-8"?><a/>`, `<a x="1"x='2'>&#xD800;</a>`, "<a>]]&gt;<![CDATA[]]]]></a>",
		"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
		"<a:b xmlns:a='u' a:c=\"&#10;\r\n\"><?p?></a:b>", "<a/><b/>", "<\u0301:é/>",
		"<?xml version = '2'?><a/>", "<?a:b:c?><a><!----></a>", "<a>\r&#xD;\n<!-- \x00 --></a>", "<?xml\"1\"?><a/>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file := source.NewFile("a.xml", raw)
		doc, err := source.ParseXML(file, nil)
		if file.Err() != nil {
			if !errors.Is(err, source.ErrInvalid) {
				t.Fatalf("a file without text: %v", err)
			}
			return
		}
		var syntax *source.SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Fatalf("error %v isn't a SyntaxError", err)
		}
		text := file.Text() // without mark and UTF-16
		want := theirXML(text)
		switch {
		case err == nil && want.exempt:
			t.Fatal("the table of differences says it is refused")
		case err == nil && want.err != nil:
			if want.outOfASCII || file.Encoding() != source.UTF8 && strings.Contains(want.err.Error(), "encoding") {
				return
			}
			t.Fatalf("encoding/xml refuses it: %v", want.err)
		case err != nil && want.err == nil:
			if !want.exempt && !exemptPlace(text[syntax.At.Span.Start:], syntax.Msg) {
				t.Fatalf("encoding/xml accepts it: %v", err)
			}
		case err == nil:
			// DeepEqual costs less than cmp.Diff, which makes the report.
			if got := readXML(doc.Root()); !reflect.DeepEqual(want.root, got) {
				t.Fatalf("(-encoding/xml +ours)\n%s", cmp.Diff(want.root, got))
			}
			eachElement(doc.Root(), func(e source.Element) {
				if len(e.Text()) < 16 { // parts grow with the square
					checkParts(t, e)
				}
			})
		}
	})
}

// exemptPlace tells whether the text that was refused begins with what the tokens of encoding/xml no longer show: a
// character of one edition's names, a section outside the root, a surrogate that became U+FFFD.
func exemptPlace(rest, msg string) bool {
	switch {
	case strings.HasPrefix(msg, "a character that no XML name has"):
		return rest[0] > unicode.MaxASCII
	case msg == "text outside the root element":
		return strings.HasPrefix(rest, "<![CDATA[")
	case strings.HasPrefix(rest, "&#"):
		number, _, _ := strings.Cut(rest, ";")
		got := theirXML("<a>" + number + ";</a>")
		return got.err == nil && got.root.Text == "\uFFFD"
	}
	return false
}

// readXML is the element by the package's own methods.
func readXML(e source.Element) *element {
	got := &element{Name: e.Name(), Text: e.Text()}
	for a := range e.Attrs() {
		got.Attrs = append(got.Attrs, a)
	}
	for child := range e.Children() {
		got.Children = append(got.Children, readXML(child))
	}
	return got
}

// A parse allocates a few growing slices, whatever it finds; following a path allocates nothing.
func TestXMLAllocations(t *testing.T) {
	f := source.NewFile("customizations.xml", []byte(customizations))
	if got := testing.AllocsPerRun(100, func() { _, _ = source.ParseXML(f, nil) }); got > 12 {
		t.Errorf("ParseXML: %v allocations, want at most 12", got)
	}
	root := parseXML(t, customizations).Root()
	if got := testing.AllocsPerRun(100, func() {
		reference := root.Child("connectionreferences", "connectionreference")
		_, _ = reference.Attr("connectionreferencelogicalname")
		_ = reference.Child("connectorid").Text()
	}); got > 0 {
		t.Errorf("Child, Attr and Text: %v allocations, want none", got)
	}
}
