package source_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/connref/connref/connref/source"
)

// Point one connection of a flow at another reference, and leave every other byte as it is.
func Example() {
	raw := []byte(`{
  "properties": {
    "connectionReferences": {
      "shared_office365": {
        "connection": { "connectionReferenceLogicalName": "new_mail" }
      }
    }
  }
}`)
	f := source.NewFile("Workflows/Daily.json", raw)
	doc, err := source.ParseJSON(f, nil)
	if err != nil {
		log.Fatal(err) // names file, line and column
	}
	name := doc.Root().Get("properties", "connectionReferences", "shared_office365", "connection",
		"connectionReferenceLogicalName")
	edit, err := name.SetText("contoso_mail")
	if err != nil {
		log.Fatal(err)
	}
	f, err = f.Apply(edit)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Line(5))
	// Output:
	//         "connection": { "connectionReferenceLogicalName": "contoso_mail" }
}

func ExampleParseJSON() {
	_, err := source.ParseJSON(source.NewFile("Workflows/Daily.json", []byte("{\n  \"properties\": {},\n}")), nil)
	fmt.Println(err)
	fmt.Println(errors.Is(err, source.ErrInvalid))
	// Output:
	// Workflows/Daily.json:3:1: expected a member name in double quotes
	// true
}

func ExampleJSON_Position() {
	f := source.NewFile("Workflows/Daily.json", []byte("{\n  \"actions\": [\n    {\"type\": \"Http\"}\n  ]\n}"))
	doc, err := source.ParseJSON(f, nil)
	if err != nil {
		log.Fatal(err)
	}
	at := doc.Lookup("/actions/0/type").At()
	p := doc.Position(at.Span.Start)
	fmt.Println(p, p.Pointer)
	// Output:
	// Workflows/Daily.json:3:14 /actions/0/type
}

func ExampleValue_SetMember() {
	f := source.NewFile("settings.json", []byte("{\n\t\"ConnectionReferences\": []\n}"))
	doc, err := source.ParseJSON(f, nil)
	if err != nil {
		log.Fatal(err)
	}
	edit, err := doc.Root().SetMember("EnvironmentVariables", `[{"SchemaName": "new_url"}]`)
	if err != nil {
		log.Fatal(err)
	}
	f, err = f.Apply(edit)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Text())
	// Output:
	// {
	// 	"ConnectionReferences": [],
	// 	"EnvironmentVariables": [
	// 		{
	// 			"SchemaName": "new_url"
	// 		}
	// 	]
	// }
}

func ExampleValue_Repeated() {
	f := source.NewFile("Workflows/Daily.json", []byte(`{"runAfter": {"A": []}, "runAfter": {}}`))
	doc, err := source.ParseJSON(f, nil)
	if err != nil {
		log.Fatal(err)
	}
	for m := range doc.Root().Repeated() {
		fmt.Printf("%s: %q is there twice\n", doc.Position(m.Key.Span().Start), m.Name())
	}
	// Output:
	// Workflows/Daily.json:1:25: "runAfter" is there twice
}

func ExampleParseXML() {
	doc, err := source.ParseXML(source.NewFile("Other/Solution.xml", []byte(
		`<ImportExportXml><SolutionManifest><UniqueName>Daily &amp; more</UniqueName></SolutionManifest></ImportExportXml>`,
	)), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(doc.Root().Child("SolutionManifest", "UniqueName").Text())
	// Output:
	// Daily & more
}

// Read the connection references out of a file of any size without a tree of all of it.
func ExampleFindXML() {
	f := source.NewFile("customizations.xml", []byte(`<ImportExportXml>
  <Entities><!-- megabytes --></Entities>
  <connectionreferences>
    <connectionreference connectionreferencelogicalname="new_mail">
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>
    </connectionreference>
  </connectionreferences>
</ImportExportXml>`))
	err := source.FindXML(f, nil, func(_ int, e source.Element) error {
		name, _ := e.Attr("connectionreferencelogicalname")
		fmt.Println(f.Position(e.Span().Start), name, e.Child("connectorid").Text())
		return nil
	}, "ImportExportXml/connectionreferences/connectionreference")
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// customizations.xml:4:5 new_mail /providers/Microsoft.PowerApps/apis/shared_office365
}

func ExampleElement_Append() {
	f := source.NewFile("customizations.xml", []byte("<ImportExportXml>\n  <connectionreferences />\n</ImportExportXml>"))
	doc, err := source.ParseXML(f, nil)
	if err != nil {
		log.Fatal(err)
	}
	edit, err := doc.Root().Child("connectionreferences").Append(source.NewElement{
		Name:     "connectionreference",
		Attrs:    []source.Attr{{Name: "connectionreferencelogicalname", Value: "new_mail"}},
		Children: []source.NewElement{{Name: "statecode", Text: "0"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	f, err = f.Apply(edit)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Text())
	// Output:
	// <ImportExportXml>
	//   <connectionreferences>
	//     <connectionreference connectionreferencelogicalname="new_mail">
	//       <statecode>0</statecode>
	//     </connectionreference>
	//   </connectionreferences>
	// </ImportExportXml>
}

// An edit knows what it replaces, so one that was made for another text isn't applied.
func ExampleFile_Apply() {
	f := source.NewFile("notes.txt", []byte("one two"))
	edit := f.NewEdit(source.Span{Start: 4, End: 7}, "2")
	f, err := f.Apply(edit)
	fmt.Println(f.Text(), err)
	_, err = f.Apply(edit)
	fmt.Println(err)
	fmt.Println(errors.Is(err, source.ErrConflict))
	// Output:
	// one 2 <nil>
	// notes.txt: edit of bytes 4 to 7, but the text has 5: conflict
	// true
}
