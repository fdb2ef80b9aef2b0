package linttest

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"text/template"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

const (
	manifestName       = "solution.xml"
	customizationsName = "customizations.xml"
	manifestRoot       = "SolutionManifest"
	exportRoot         = "ImportExportXml"
)

// member is one solution as the archive has it, and what is made of that for its metadata.
type member struct {
	name       string // the unique name, unless its solution.xml says another
	path       string // among the solutions of the archive
	files      []File
	References []connref.Reference // of the file references

	UniqueName string
	Flows      []listedFlow
	FlowIDs    []string // which customizations.xml may say otherwise
}

// listedFlow is a flow as the metadata lists it.
type listedFlow struct{ Name, File, ID string }

// exportFile is what an export says of itself, as the newest of which exports are known, around what it holds.
const exportFile = `<ImportExportXml version="9.2.25102.147" SolutionPackageVersion="9.2" languagecode="1033"` +
	` generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` + "\n%s</ImportExportXml>\n"

// The children of both roots. How they are laid out doesn't matter: the file that gets them settles that.
var made = template.Must(template.New("").Parse(`
{{define "solution.xml"}}<SolutionManifest>
	<UniqueName>{{html .UniqueName}}</UniqueName>
	<LocalizedNames><LocalizedName description="{{html .UniqueName}}" languagecode="1033"/></LocalizedNames>
	<Descriptions/><Version>1.0.0.0</Version><Managed>0</Managed>
	<Publisher>
		<UniqueName>contoso</UniqueName>
		<LocalizedNames><LocalizedName description="Contoso" languagecode="1033"/></LocalizedNames>
		<CustomizationPrefix>contoso</CustomizationPrefix>
		<CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix>
	</Publisher>
	<RootComponents>{{range .FlowIDs}}<RootComponent type="29" id="{{html .}}" behavior="0"/>{{end}}</RootComponents>
	<MissingDependencies/>
</SolutionManifest>{{end}}
{{define "customizations.xml"}}<ImportExportXml>
	{{with .Flows}}<Workflows>{{range .}}<Workflow WorkflowId="{{.ID}}" Name="{{html .Name}}">
		<JsonFileName>/{{html .File}}</JsonFileName><Type>1</Type><Category>5</Category>
		<StateCode>1</StateCode><StatusCode>2</StatusCode>
	</Workflow>{{end}}</Workflows>{{end}}
	{{with .References}}<connectionreferences>
		{{range .}}<connectionreference connectionreferencelogicalname="{{html .LogicalName}}">
			<connectionreferencedisplayname>{{html .DisplayName}}</connectionreferencedisplayname>
			<connectorid>{{html .Connector.Path}}</connectorid><iscustomizable>1</iscustomizable>
			<promptingbehavior>0</promptingbehavior><statecode>0</statecode><statuscode>1</statuscode>
		</connectionreference>{{end}}
	</connectionreferences>{{end}}
</ImportExportXml>{{end}}`))

var (
	// unpacked finds the files by which the layout of SolutionPackager is known.
	unpacked = regexp.MustCompile(`(?i)^other/(solution|customizations)\.xml$`)
	// flowFile finds the files of flows, called Name.json or, as in exports, Name-GUID.json.
	flowFile = regexp.MustCompile(`(?i)^workflows/([^/]*?)(?:-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?\.json$`)
)

// complete answers the files of a solution with all that is missing.
func (r *reader) complete(m *member) (files []File) {
	manifest := find(m.files, manifestName).Text
	given := rootOf(manifestName, manifest)
	switch {
	case manifest == "":
		manifest = fmt.Sprintf(exportFile, "  <SolutionManifest />\n")
	case given.Name() == manifestRoot:
		manifest = fmt.Sprintf(exportFile, given.Raw()+"\n")
	}
	m.UniqueName = rootOf(manifestName, manifest).Child(manifestRoot, "UniqueName").Trimmed()
	if m.UniqueName == "" {
		m.UniqueName = m.name
	}
	for _, f := range m.files {
		if match := flowFile.FindStringSubmatch(f.Name); match != nil {
			id, err := connref.ParseGUID(match[2])
			if err != nil {
				id = connref.DeriveGUID("flow", m.UniqueName, match[1])
			}
			m.Flows = append(m.Flows, listedFlow{match[1], f.Name, id.Braced()})
			m.FlowIDs = append(m.FlowIDs, id.Braced())
			f.Text = r.completeFlow(m, f)
		}
		files = append(files, f)
	}
	if slices.ContainsFunc(files, func(f File) bool { return unpacked.MatchString(f.Name) }) { // with its own metadata
		return files
	}
	customizations := find(m.files, customizationsName).Text
	if customizations == "" {
		customizations = fmt.Sprintf(exportFile, "")
	}
	customizations = r.addMissing(m, customizationsName, customizations)
	if listed := rootOf(customizationsName, customizations).Child("Workflows"); listed.Exists() {
		m.FlowIDs = nil
		for flow := range listed.Children() {
			id, _ := flow.Attr("WorkflowId")
			m.FlowIDs = append(m.FlowIDs, id)
		}
	}
	if given.Name() != exportRoot { // else it is whole
		manifest = r.addMissing(m, manifestName, manifest, manifestRoot)
	}
	// What comes last counts more than what was given.
	return append(files, File{Name: customizationsName, Text: customizations}, File{Name: manifestName, Text: manifest})
}

// rootOf is the root of an XML file; none if it isn't well-formed.
func rootOf(name, text string) source.Element {
	doc, err := source.ParseXML(source.NewFile(name, []byte(text)), nil)
	if err != nil {
		return source.Element{}
	}
	return doc.Root()
}

// addMissing gives the element at a path below the root what the template of that name has and it lacks, each in front
// of what comes next there. A file with another root than exports have stays as it is.
func (r *reader) addMissing(m *member, name, given string, path ...string) string {
	root := rootOf(name, given)
	if root.Name() != exportRoot {
		return given
	}
	var (
		whole   bytes.Buffer
		missing []source.NewElement
		edits   []source.Edit
		at      = root.Child(path...)
	)
	_ = made.ExecuteTemplate(&whole, name, m) // what fails is no XML
	doc, err := source.ParseXML(source.NewFile(name, whole.Bytes()), nil)
	if err != nil {
		r.fault(1, err)
		return given
	}
	insert := func(edit source.Edit, fault error) {
		edits, missing, err = append(edits, edit), nil, errors.Join(err, fault)
	}
	for child := range doc.Root().Children() {
		switch next := at.Child(child.Name()); {
		case !next.Exists():
			missing = append(missing, copied(child))
		case len(missing) > 0:
			insert(next.Before(missing...))
		}
	}
	insert(at.Append(missing...))
	file, fault := source.NewFile(name, []byte(given)).Apply(edits...)
	if err = errors.Join(err, fault); err != nil {
		r.fault(1, err)
		return given
	}
	return file.Text()
}

// copied is an element as one to be written.
func copied(e source.Element) source.NewElement {
	c := source.NewElement{Name: e.Name(), Attrs: slices.Collect(e.Attrs())}
	for child := range e.Children() {
		c.Children = append(c.Children, copied(child))
	}
	if len(c.Children) == 0 {
		c.Text = e.Trimmed()
	}
	return c
}
