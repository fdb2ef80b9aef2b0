package solution

import (
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Manifest is what solution.xml says of the solution; of a flow package, only the display name and description are
// known.
type Manifest struct {
	UniqueName          string
	DisplayName         string // in the first language listed
	Description         string
	Version             string // major.minor.build.revision, as written
	Managed             Managed
	Publisher           Publisher
	RootComponents      []RootComponent
	MissingDependencies []MissingDependency
	At                  source.Location
}

// Publisher is who owns the names in a solution.
type Publisher struct {
	UniqueName        string
	DisplayName       string
	Prefix            string // of the logical names it makes; may end in "_"
	OptionValuePrefix string // 10000 to 99999
	At                source.Location
}

// Managed tells whether a solution is managed: the element Managed of solution.xml.
type Managed uint8

// The values of Managed. Both is what SolutionPackager writes into a folder that either can be made of; the platform
// never exports it.
const (
	ManagedUnknown Managed = iota
	ManagedNo
	ManagedYes
	ManagedBoth
)

// String answers "unknown", "unmanaged", "managed" or "both".
func (m Managed) String() string {
	switch m {
	case ManagedNo:
		return "unmanaged"
	case ManagedYes:
		return "managed"
	case ManagedBoth:
		return "both"
	}
	return "unknown"
}

func parseManaged(text string) Managed {
	switch text {
	case "0":
		return ManagedNo
	case "1":
		return ManagedYes
	case "2":
		return ManagedBoth
	}
	return ManagedUnknown
}

// RootComponent is a component that a solution lists. Connection references are never listed.
type RootComponent struct {
	Type       string       // the component type's number: 29 workflow, 300 canvas app, 372 connector, …
	ID         connref.GUID // zero for components that are known by name
	SchemaName string
	Behavior   string // 0 with all inside, 1 without, 2 shell only
	At         source.Location
}

// MissingDependency says that a component of the solution needs one that isn't in it.
type MissingDependency struct {
	Required  Component
	Dependent Component
	At        source.Location
}

// Component is one side of a MissingDependency.
type Component struct {
	Type        string // a number, or a table's name: connectionreference, EnvironmentVariableDefinition, …
	SchemaName  string
	DisplayName string
	ID          string
	// Solution is where the component was in the source environment: "Name (1.0.0.0)", or "Active" if it was in no
	// managed solution, so that no target gets it by installing one.
	Solution string
	// Keys are the attributes with a dot in their name, as in id.connectionreferencelogicalname, in file order.
	Keys []source.Attr
}

// Reference is the logical name of the connection reference that the component is; zero if it is something else.
func (c Component) Reference() connref.LogicalName {
	for _, key := range c.Keys { // the type may be a number, which differs from environment to environment
		if strings.EqualFold(key.Name, referenceKey) {
			return connref.LogicalName(strings.TrimSpace(key.Value))
		}
	}
	return ""
}

// referenceKey is the attribute that names a component that is a connection reference.
const referenceKey = "id.connectionreferencelogicalname"

const manifestRoot = "ImportExportXml/SolutionManifest/"

// manifest reads solution.xml, as far as it goes if it breaks off.
func (r *reader) manifest(file *source.File) {
	m := &r.sol.manifest
	m.At = source.Location{File: file.Name()}
	parts := []struct {
		path string
		read func(source.Element)
	}{
		{"UniqueName", func(e source.Element) { m.UniqueName, m.At = e.Trimmed(), e.At() }},
		{"LocalizedNames/LocalizedName", func(e source.Element) { setFirst(&m.DisplayName, e, "description") }},
		{"Descriptions/Description", func(e source.Element) { setFirst(&m.Description, e, "description") }},
		{"Version", func(e source.Element) { m.Version = e.Trimmed() }},
		{"Managed", func(e source.Element) { m.Managed = parseManaged(e.Trimmed()) }},
		{"Publisher", func(e source.Element) { m.Publisher = publisher(e) }},
		{"RootComponents/RootComponent", func(e source.Element) {
			m.RootComponents = append(m.RootComponents, r.rootComponent(e))
		}},
		{"MissingDependencies/MissingDependency", func(e source.Element) {
			required, dependent := e.Child("Required"), e.Child("Dependent")
			m.MissingDependencies = append(m.MissingDependencies, MissingDependency{
				Required: component(required), Dependent: component(dependent), At: e.At(),
			})
			r.mentionComponent(MentionRequired, required, e)
			r.mentionComponent(MentionDependent, dependent, e)
		}},
	}
	paths := make([]string, len(parts))
	for i, part := range parts {
		paths[i] = manifestRoot + part.path
	}
	r.findXML(file, func(path int, e source.Element) { parts[path].read(e) }, paths...)
	if m.UniqueName == "" && !r.isBroken(file.Name()) {
		r.report(missingPart, source.Location{File: file.Name()}, "no SolutionManifest/UniqueName: the solution has no name")
	}
}

func publisher(e source.Element) Publisher {
	p := Publisher{
		UniqueName:        e.Child("UniqueName").Trimmed(),
		Prefix:            e.Child("CustomizationPrefix").Trimmed(),
		OptionValuePrefix: e.Child("CustomizationOptionValuePrefix").Trimmed(),
		At:                e.At(),
	}
	setFirst(&p.DisplayName, e.Child("LocalizedNames", "LocalizedName"), "description")
	return p
}

func (r *reader) rootComponent(e source.Element) RootComponent {
	c := RootComponent{Type: attr(e, "type"), SchemaName: attr(e, "schemaName"), Behavior: attr(e, "behavior"), At: e.At()}
	if id := attr(e, "id"); id != "" {
		c.ID = r.guid(id, e.AttrAt("id"), "root component")
	}
	return c
}

func component(e source.Element) Component {
	c := Component{
		Type:        attr(e, "type"),
		SchemaName:  attr(e, "schemaName"),
		DisplayName: attr(e, "displayName"),
		ID:          attr(e, "id"),
		Solution:    attr(e, "solution"),
	}
	for a := range e.Attrs() {
		if strings.Contains(a.Name, ".") {
			c.Keys = append(c.Keys, a)
		}
	}
	return c
}

// missing notes the references among the missing dependencies.
func (r *reader) missing() {
	for _, m := range r.sol.manifest.MissingDependencies {
		if ref := m.Required.Reference(); !ref.IsZero() {
			r.sol.external[ref.Fold()] = true
		}
	}
}
