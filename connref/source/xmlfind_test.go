package source_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
)

// find answers what FindXML hands over, as "path: element".
func find(text string, paths ...string) (found []string, err error) {
	f := source.NewFile("a.xml", []byte(text))
	err = source.FindXML(f, nil, func(path int, e source.Element) error {
		found = append(found, paths[path]+": "+e.Raw())
		return nil
	}, paths...)
	return found, err
}

func TestFindXML(t *testing.T) {
	tests := map[string]struct {
		text  string
		paths []string
		want  []string
	}{
		"children of the root": {"<r><a>1</a><b/><a x='2' /></r>", []string{"r/a"},
			[]string{"r/a: <a>1</a>", "r/a: <a x='2' />"}},
		"the root":      {"<?xml version='1.0'?>\n<r>x</r>\n", []string{"r"}, []string{"r: <r>x</r>"}},
		"an empty root": {"<r/>", []string{"r", "r/a"}, []string{"r: <r/>"}},
		"two paths in file order": {"<r><b/><a/><b/></r>", []string{"r/a", "r/b"},
			[]string{"r/b: <b/>", "r/a: <a/>", "r/b: <b/>"}},
		"only at its depth": {"<r><a/><b><a>no</a></b><r><a/></r></r>", []string{"r/a"}, []string{"r/a: <a/>"}},
		"under each parent": {"<r><p><a>1</a></p><q><a/></q><p><a>2</a></p></r>", []string{"r/p/a"},
			[]string{"r/p/a: <a>1</a>", "r/p/a: <a>2</a>"}},
		"not inside a found one": {"<r><a><a/><b/></a></r>", []string{"r/a/b", "r/a"}, []string{"r/a: <a><a/><b/></a>"}},
		"the first of one path":  {"<r><a/></r>", []string{"r/a", "r/a"}, []string{"r/a: <a/>"}},
		"whole names": {"<r><ab/><a/><a.b/><x:a/></r>", []string{"r/a", "r/x:a"},
			[]string{"r/a: <a/>", "r/x:a: <x:a/>"}},
		"as written":            {"<r><A/></r>", []string{"r/a"}, nil},
		"other root":            {"<s><a/></s>", []string{"r/a", "a"}, nil},
		"no paths":              {"<r><a/></r>", nil, nil},
		"odd paths":             {"<r><a/></r>", []string{"", "/", "r/", "/r", "r//a", "r/a/"}, nil},
		"not in a comment":      {"<r><!-- <a/> --><a>1</a><!--<a>--></r>", []string{"r/a"}, []string{"r/a: <a>1</a>"}},
		"not in a section":      {"<r><![CDATA[<a/>]]><a/><![CDATA[</r>]]></r>", []string{"r/a"}, []string{"r/a: <a/>"}},
		"not in an instruction": {"<r><?p <a/> ?><a/></r>", []string{"r/a"}, []string{"r/a: <a/>"}},
		"comments around":       {"<!-- <r><a/></r> --><r><a/></r><!-- <a/> -->", []string{"r/a"}, []string{"r/a: <a/>"}},
		"'>' in a value": {"<r x='>' y=\"/>\"><b z='<a/>'/><a x='/'>1</a ><a y='>'/></r>", []string{"r/a"},
			[]string{"r/a: <a x='/'>1</a >", "r/a: <a y='>'/>"}},
		"quotes in a value":  {"<r><b x='\"' y=\"'\"><a/></b></r>", []string{"r/b/a"}, []string{"r/b/a: <a/>"}},
		"newlines in a tag":  {"<r\r\n x='1'\r\n><a\n/></r\n>", []string{"r/a"}, []string{"r/a: <a\n/>"}},
		"names beyond ASCII": {"<ü><é/></ü>", []string{"ü/é"}, []string{"ü/é: <é/>"}},
		"what it doesn't look at": {"<r><b x='&none;'>&none; \x01 ]]></b><a/></r>", []string{"r/a"},
			[]string{"r/a: <a/>"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := find(test.text, test.paths...)
			require.NoError(t, err)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// An element found is the root of its own tree, with places in the whole file.
func TestFindXMLElement(t *testing.T) {
	f := source.NewFile("customizations.xml", utf16Of(le, bom+customizations))
	var names []string
	err := source.FindXML(f, nil, func(path int, e source.Element) error {
		name, _ := e.Attr("connectionreferencelogicalname")
		place := f.Position(e.AttrAt("connectionreferencelogicalname").Span.Start)
		names = append(names, fmt.Sprintf("%d %s %s %s", path, name, e.Child("connectorid").Text(), place))
		edit, err := e.SetAttr("x", "1")
		require.NoError(t, err)
		apply(t, f, edit)
		return nil
	}, "ImportExportXml/none", "ImportExportXml/connectionreferences/connectionreference")
	require.NoError(t, err)
	want := []string{
		"1 new_mail /apis/shared_office365 customizations.xml:11:58",
		"1 new_sql  customizations.xml:18:58",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFindXMLRefuses(t *testing.T) {
	tests := map[string]struct {
		text, want string
		found      []string // what had been handed over by then
	}{
		"wrong end":          {"<r>\n<a/><b></r>", "2:8: expected </b>, not </r>", []string{"r/a: <a/>"}},
		"wrong end inside":   {"<r><a/><a><b></a></r>", "1:14: expected </b>, not </a>", []string{"r/a: <a/>"}},
		"never ends":         {"<r><a/>", "1:8: unexpected end of the file: expected </r>", []string{"r/a: <a/>"}},
		"found, never ends":  {"<r><a>", "1:7: unexpected end of the file: expected </a>", nil},
		"found, ill-formed":  {"<r><a x=1/></r>", "1:9: expected the attribute's value in quotes", nil},
		"tag never ends":     {"<r><b x='", "1:10: unexpected end of the file inside a tag", nil},
		"value never ends":   {"<r><b x='></b></r>", "1:19: unexpected end of the file inside a tag", nil},
		"tag in a tag":       {"<r><b <a/></b></r>", "1:7: '<' inside a tag", nil},
		"no name":            {"<r>< a/></r>", "1:5: expected an element's name", nil},
		"odd name":           {"<r><a'/></r>", "1:6: a character that no element's name has", nil},
		"end without name":   {"<r></></r>", "1:6: expected an element's name", nil},
		"end with more":      {"<r></r x='1'>", "1:8: expected '>' to end the tag", nil},
		"comment never ends": {"<r><!-- <a/></r>", "1:17: unexpected end of the file inside a comment", nil},
		"section never ends": {"<r><![CDATA[<a/></r>", "1:21: unexpected end of the file inside a CDATA section", nil},
		"document type": {"<r><!DOCTYPE a></r>",
			"1:4: a document type or other declaration: solutions have none, and it could define entities", nil},
		"empty":     {"", "1:1: expected the root element", nil},
		"end first": {"</r>", "1:1: expected the root element", nil},
		"two roots": {"<r/><r><a/></r>", "1:5: a second root element: a document has one", nil},
		"two roots, found": {"<r><a/></r><r><a/></r>", "1:12: a second root element: a document has one",
			[]string{"r/a: <a/>"}},
		"text behind": {"<r><a/></r>x", "1:12: text outside the root element", []string{"r/a: <a/>"}},
		"text before": {"x<r><a/></r>", "1:1: text outside the root element", nil},
		"version":     {"<?xml version='2.0'?><r/>", "1:1: XML version 2.0: expected 1.0", nil},
		"declaration, inside": {"<r><?xml version='1.0'?></r>",
			"1:4: an XML declaration that isn't at the start of the file", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			found, err := find(test.text, "r/a")
			var syntax *source.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("error %v: expected a SyntaxError", err)
			}
			if diff := cmp.Diff("a.xml:"+test.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.found, found); diff != "" {
				t.Errorf("found (-want +got)\n%s", diff)
			}
		})
	}
}

// What the callback answers ends the scan and comes back as it is.
func TestFindXMLStops(t *testing.T) {
	stop := errors.New("enough")
	f := source.NewFile("a.xml", []byte("<r><a/><a/></broken>"))
	calls := 0
	err := source.FindXML(f, nil, func(int, source.Element) error { calls++; return stop }, "r/a")
	if err != stop || calls != 1 {
		t.Errorf("error %v after %d calls, want %v after 1", err, calls, stop)
	}
}

func TestFindXMLPathLimit(t *testing.T) {
	paths := make([]string, 65)
	for i := range paths {
		paths[i] = fmt.Sprintf("r/a%d", i)
	}
	found, err := find("<r><a64/><a63/><a0/></r>", paths[:64]...)
	require.NoError(t, err)
	if diff := cmp.Diff([]string{"r/a63: <a63/>", "r/a0: <a0/>"}, found); diff != "" {
		t.Errorf("64 paths (-want +got)\n%s", diff)
	}
	if _, err := find("<r/>", paths...); !errors.Is(err, source.ErrInvalid) {
		t.Errorf("65 paths: error %v, want ErrInvalid", err)
	}
}

// FuzzFindXML holds FindXML against the tree of ParseXML: they find the same elements in every text that has a tree.
func FuzzFindXML(f *testing.F) {
	f.Add(customizations, "ImportExportXml/Workflows/Workflow", "ImportExportXml/connectionreferences")
	f.Add("<r x='>'><!--<a/>--><a/><![CDATA[<a/>]]><b><a></a ></b></r>", "r/a", "r/b/a")
	f.Add("<r><a></b></r>", "r/a", "r")
	f.Add("<?xml version='1.0'?><:><a b=\"/\"/></:>", ":/a", "")
	f.Fuzz(func(t *testing.T, text, one, two string) {
		file := source.NewFile("a.xml", []byte(text))
		paths := []string{one, two}
		found, findErr := find(text, paths...)
		doc, err := source.ParseXML(file, nil)
		if err != nil {
			var syntax *source.SyntaxError
			if findErr != nil && file.Err() == nil && !errors.As(findErr, &syntax) {
				t.Fatalf("error %v isn't a SyntaxError", findErr)
			}
			return
		}
		if findErr != nil {
			t.Fatalf("ParseXML accepts it: %v", findErr)
		}
		if want := walk(doc.Root(), "", paths); !slices.Equal(want, found) {
			t.Fatalf("(-tree +scan)\n%s", cmp.Diff(want, found))
		}
	})
}

// walk finds elements by path in a tree.
func walk(e source.Element, parent string, paths []string) (found []string) {
	path := strings.TrimPrefix(parent+"/"+e.Name(), "/")
	if slices.Contains(paths, path) {
		return []string{path + ": " + e.Raw()}
	}
	for child := range e.Children() {
		found = append(found, walk(child, path, paths)...)
	}
	return found
}

// The scan allocates for what it finds and for nothing else.
func TestFindXMLAllocations(t *testing.T) {
	f := source.NewFile("a.xml", []byte("<r>"+strings.Repeat("<b x='1'><c>text</c></b>", 1000)+"<a><d/></a></r>"))
	got := testing.AllocsPerRun(100, func() {
		_ = source.FindXML(f, nil, func(int, source.Element) error { return nil }, "r/a", "r/b/none")
	})
	if got > 16 {
		t.Errorf("%v allocations, want at most 16", got)
	}
}
