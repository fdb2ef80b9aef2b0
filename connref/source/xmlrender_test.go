package source_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref/source"
)

func TestRenderXML(t *testing.T) {
	root := source.NewElement{
		Name:  "Publisher",
		Attrs: []source.Attr{{Name: "note", Value: "a \"b\"\n<c>"}},
		Children: []source.NewElement{
			{Name: "City", Attrs: []source.Attr{{Name: "xsi:nil", Value: "true"}}},
			{Name: "Empty", Attrs: []source.Attr{{Name: "xsi:nil", Value: "false"}}},
			{Name: "Texts", Children: []source.NewElement{{Name: "Text", Text: "one\ntwo ]]> & \r"}}},
		},
	}
	const want = "<Publisher note=\"a &quot;b&quot;&#xA;&lt;c&gt;\">\r\n" +
		"  <City xsi:nil=\"true\"></City>\r\n" +
		"  <Empty xsi:nil=\"false\" />\r\n" +
		"  <Texts>\r\n" +
		"    <Text>one\r\ntwo ]]&gt; &amp; &#xD;</Text>\r\n" +
		"  </Texts>\r\n" +
		"</Publisher>"
	got, err := source.RenderXML(root, "\r\n")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("RenderXML: %v (-want +got):\n%s", err, diff)
	}
	doc, err := source.ParseXML(source.NewFile("publisher.xml", []byte(got)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if text := doc.Root().Child("Texts", "Text").Text(); text != "one\ntwo ]]> & \r" {
		t.Errorf("the text comes back as %q", text)
	}
}

func TestRenderXMLFaults(t *testing.T) {
	for name, root := range map[string]source.NewElement{
		"name":      {Name: "a b"},
		"attribute": {Name: "a", Attrs: []source.Attr{{Name: "b", Value: "\x00"}}},
		"text":      {Name: "a", Children: []source.NewElement{{Name: "b", Text: "\ufffe"}}},
		"both":      {Name: "a", Text: "b", Children: []source.NewElement{{Name: "c"}}},
	} {
		if text, err := source.RenderXML(root, "\n"); !errors.Is(err, source.ErrInvalid) || text != "" {
			t.Errorf("%s: RenderXML = %q, %v; want ErrInvalid", name, text, err)
		}
	}
}
