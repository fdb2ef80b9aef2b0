package linttest

import (
	"slices"

	"github.com/connref/connref/connref/source"
)

const (
	manifestName       = "solution.xml"
	customizationsName = "customizations.xml"
	manifestRoot       = "SolutionManifest"
	exportRoot         = "ImportExportXml"
)

// What an export says of itself, as the newest of which exports are known.
const (
	exportStart = `<ImportExportXml version="9.2.25102.147" SolutionPackageVersion="9.2" languagecode="1033"` +
		` generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` + "\n"
	exportEnd = "</ImportExportXml>\n"
)

// The order of children in exports. Those that a case may have at other places aren't named.
var (
	manifestOrder = []string{
		"UniqueName", "LocalizedNames", "Descriptions", "Version", "Managed", "Publisher", "RootComponents",
		"MissingDependencies",
	}
	customizationsOrder = []string{
		"Entities", "Roles", "Workflows", "FieldSecurityProfiles", "Templates", "EntityMaps", "EntityRelationships",
		"OrganizationSettings", "optionsets", "CustomControls", "AppModules", "EntityDataProviders", "AIModels", "CanvasApps",
		"Connectors", "msdyn_dataflows", "connectionreferences", "Languages",
	}
)

// uniqueName is what solution.xml says, or will say.
func (m *member) uniqueName() string {
	doc, err := source.ParseXML(source.NewFile(manifestName, []byte(m.file(manifestName).Text)), nil)
	if err != nil {
		return m.name
	}
	root := doc.Root()
	if root.Name() == exportRoot {
		root = root.Child(manifestRoot)
	}
	if name := root.Child("UniqueName").Trimmed(); name != "" {
		return name
	}
	return m.name
}

// completeManifest makes solution.xml of what the case gives of it.
func (m *member) completeManifest(given string, flows []listedFlow) (string, error) {
	manifest := "  <SolutionManifest />"
	if given != "" {
		doc, err := source.ParseXML(source.NewFile(manifestName, []byte(given)), nil)
		if err != nil || doc.Root().Name() != manifestRoot {
			return given, nil
		}
		manifest = doc.Root().Raw()
	}
	ids := m.given.workflows
	for _, f := range flows {
		if !m.given.hasWorkflows {
			ids = append(ids, f.id.Braced())
		}
	}
	roots := make([]source.NewElement, len(ids))
	for i, id := range ids {
		roots[i] = source.NewElement{Name: "RootComponent", Attrs: []source.Attr{
			{Name: "type", Value: "29"}, {Name: "id", Value: id}, {Name: "behavior", Value: "0"},
		}}
	}
	return addMissing(manifestName, exportStart+manifest+"\n"+exportEnd, manifestRoot, manifestOrder,
		text("UniqueName", m.name),
		element("LocalizedNames", localized(m.uniqueName())),
		element("Descriptions"),
		text("Version", "1.0.0.0"),
		text("Managed", "0"),
		element("Publisher",
			text("UniqueName", "contoso"),
			element("LocalizedNames", localized("Contoso")),
			text("CustomizationPrefix", "contoso"),
			text("CustomizationOptionValuePrefix", "10000"),
		),
		element("RootComponents", roots...),
		element("MissingDependencies"),
	)
}

// completeCustomizations makes customizations.xml of what the case gives of it.
func (m *member) completeCustomizations(given string, flows []listedFlow) (string, error) {
	if given == "" {
		given = exportStart + exportEnd
	}
	doc, err := source.ParseXML(source.NewFile(customizationsName, []byte(given)), nil)
	if err != nil || doc.Root().Name() != exportRoot {
		return given, nil
	}
	var sections []source.NewElement
	if len(flows) > 0 {
		workflows := make([]source.NewElement, len(flows))
		for i, f := range flows {
			workflows[i] = f.element()
		}
		sections = append(sections, element("Workflows", workflows...))
	}
	if len(m.references) > 0 {
		references := make([]source.NewElement, len(m.references))
		for i, ref := range m.references {
			references[i] = element("connectionreference",
				text("connectionreferencedisplayname", ref.DisplayName),
				text("connectorid", ref.Connector.Path()),
				text("iscustomizable", "1"),
				text("promptingbehavior", "0"),
				text("statecode", "0"),
				text("statuscode", "1"),
			)
			references[i].Attrs = []source.Attr{{Name: "connectionreferencelogicalname", Value: string(ref.LogicalName)}}
		}
		sections = append(sections, element("connectionreferences", references...))
	}
	return addMissing(customizationsName, given, "", customizationsOrder, sections...)
}

// element is the flow's entry: what an export says of a flow that is on.
func (f listedFlow) element() source.NewElement {
	e := element("Workflow",
		text("JsonFileName", "/"+f.file),
		text("Type", "1"),
		text("Category", "5"),
		text("StateCode", "1"),
		text("StatusCode", "2"),
	)
	e.Attrs = []source.Attr{{Name: "WorkflowId", Value: f.id.Braced()}, {Name: "Name", Value: f.name}}
	return e
}

// addMissing gives an element the children that it lacks, each in front of the first that comes later in the order. The
// element is a child of the root, or with no name the root.
func addMissing(file, given, parent string, order []string, children ...source.NewElement) (string, error) {
	f := source.NewFile(file, []byte(given))
	for _, child := range children {
		doc, err := source.ParseXML(f, nil)
		if err != nil {
			return "", err
		}
		at := doc.Root()
		if parent != "" {
			at = at.Child(parent)
		}
		if at.Child(child.Name).Exists() {
			continue
		}
		edit, err := at.Append(child)
		rest := order[slices.Index(order, child.Name):] // itself included, since no name would mean every child
		for later := range at.Children(rest...) {
			edit, err = later.Before(child)
			break
		}
		if err != nil {
			return "", err
		}
		if f, err = f.Apply(edit); err != nil {
			return "", err
		}
	}
	return f.Text(), nil
}

func element(name string, children ...source.NewElement) source.NewElement {
	return source.NewElement{Name: name, Children: children}
}

func text(name, value string) source.NewElement { return source.NewElement{Name: name, Text: value} }

func localized(value string) source.NewElement {
	return source.NewElement{Name: "LocalizedName", Attrs: []source.Attr{
		{Name: "description", Value: value}, {Name: "languagecode", Value: "1033"},
	}}
}
