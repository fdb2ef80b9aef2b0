package solution

import (
	"path"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// newline ends the lines of all that the platform and, on Windows, SolutionPackager write. The last line has none.
const newline = "\r\n"

// declaration is what stands in front of the XML files that SolutionPackager takes apart; exports have none.
const declaration = "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>"

// files are the solution's files in the order of its layout's: of an archive as exports have it, of a folder sorted.
func (c *construction) files() ([]madeFile, error) {
	w := fileWriter{unpacked: c.layout == LayoutUnpacked}
	w.xml(w.place("customizations.xml", "Other/Customizations.xml"), w.declares(), c.customizationsXML())
	w.xml(w.place("solution.xml", "Other/Solution.xml"), w.declares(), c.manifestXML())
	for _, f := range c.flows {
		w.files = append(w.files, madeFile{name: f.FileName, file: f.File()})
		if w.unpacked {
			w.xml(f.FileName+".data.xml", declaration+newline, f.element(c.manifest.Version, xsi))
		}
	}
	for _, n := range c.connectors {
		folder := w.place("Connector/", "Connectors/")
		for _, part := range n.parts() {
			w.add(folder+n.name+"_"+part.end, part.raw)
		}
		if w.unpacked {
			root := n.element()
			root.Attrs = append(root.Attrs, xsi)
			w.xml(folder+n.name+".xml", declaration+newline, root)
		}
	}
	for _, v := range c.variables {
		folder := "environmentvariabledefinitions/" + v.SchemaName + "/"
		w.xml(folder+"environmentvariabledefinition.xml", "", v.element(c.manifest.Version))
		if v.Value != "" {
			w.add(folder+"environmentvariablevalues.json", []byte(v.valuesJSON()))
		}
	}
	if w.unpacked {
		slices.SortFunc(w.files, func(a, b madeFile) int { return strings.Compare(a.name, b.name) })
	} else {
		w.contentTypes()
	}
	return w.files, w.err
}

type fileWriter struct {
	unpacked bool
	files    []madeFile
	err      error // the first
}

// place chooses what differs between an archive and an unpacked folder.
func (w *fileWriter) place(packed, unpacked string) string {
	if w.unpacked {
		return unpacked
	}
	return packed
}

func (w *fileWriter) declares() string { return w.place("", declaration+newline) }

func (w *fileWriter) add(name string, raw []byte) {
	w.files = append(w.files, madeFile{name: name, raw: raw})
}

func (w *fileWriter) xml(name, start string, root source.NewElement) {
	w.xmlLines(name, start, root, newline)
}

func (w *fileWriter) xmlLines(name, start string, root source.NewElement, newline string) {
	text, err := source.RenderXML(root, newline)
	if err != nil && w.err == nil {
		w.err = &connref.FieldError{Field: name, Reason: err.Error()} // not found by the checks
	}
	w.add(name, []byte(start+text))
}

// contentTypes adds [Content_Types].xml, on a single line: a Default for each ending, in the order in which they come.
// An export of the platform's names parts only if they have no ending, as none of a Builder's do; it is pac that names
// the definitions of environment variables.
func (w *fileWriter) contentTypes() {
	types := source.NewElement{Name: "Types", Attrs: []source.Attr{
		{Name: "xmlns", Value: "http://schemas.openxmlformats.org/package/2006/content-types"},
	}}
	seen := map[string]bool{}
	for _, file := range w.files {
		ext := strings.TrimPrefix(path.Ext(file.name), ".")
		if seen[connref.Fold(ext)] {
			continue
		}
		seen[connref.Fold(ext)] = true
		types.Children = append(types.Children, source.NewElement{Name: "Default", Attrs: []source.Attr{
			{Name: "Extension", Value: ext}, {Name: "ContentType", Value: "application/octet-stream"},
		}})
	}
	w.xmlLines(contentTypesName, declaration, types, "")
}
