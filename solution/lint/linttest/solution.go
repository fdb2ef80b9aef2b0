package linttest

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// side is the new or the old version of all solutions.
type side struct {
	folder  string // in which they are
	members []*member
}

// member is one solution as the archive has it.
type member struct {
	name       string // the unique name, unless its solution.xml says another
	inSet      bool
	files      []File
	references []connref.Reference // of the file references
	given      customizations
}

// customizations is what the solution's own customizations.xml says.
type customizations struct {
	connectors   map[connref.LogicalName]connref.ConnectorID // of references that it declares
	hasWorkflows bool
	workflows    []string // their ids
}

// onlyName is what the solution of an archive is called that has only one.
const onlyName = "Test"

func (s *side) isSet() bool { return len(s.members) > 0 && s.members[0].inSet }

// member answers the solution of that name, "" for the only one.
func (s *side) member(name string) *member {
	for _, m := range s.members {
		if !m.inSet || m.name == name {
			return m
		}
	}
	m := &member{name: name, inSet: name != ""}
	if !m.inSet {
		m.name = onlyName
	}
	s.members = append(s.members, m)
	return m
}

// read reads customizations.xml as far as it can be read.
func (m *member) read() {
	m.given.connectors = map[connref.LogicalName]connref.ConnectorID{}
	f := source.NewFile(customizationsName, []byte(m.file(customizationsName).Text))
	found := func(path int, e source.Element) error {
		if path == 0 {
			name, _ := e.Attr("connectionreferencelogicalname")
			m.given.connectors[connref.LogicalName(name).Fold()] = connref.ConnectorID(e.Child("connectorid").Trimmed())
			return nil
		}
		m.given.hasWorkflows = true
		for w := range e.Children("Workflow") {
			id, _ := w.Attr("WorkflowId")
			m.given.workflows = append(m.given.workflows, id)
		}
		return nil
	}
	_ = source.FindXML(f, nil, found, exportRoot+"/connectionreferences/connectionreference", exportRoot+"/Workflows")
}

// connector is the connector of a reference, if any of the solutions tells it.
func connector(of connref.LogicalName, members []*member) connref.ConnectorID {
	for _, m := range members {
		for _, ref := range m.references {
			if ref.LogicalName.Equal(of) {
				return ref.Connector
			}
		}
		if id := m.given.connectors[of.Fold()]; !id.IsZero() {
			return id
		}
	}
	return ""
}

// file is the solution's file of that name, or an empty one.
func (m *member) file(name string) File {
	i := slices.IndexFunc(m.files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}
	}
	return m.files[i]
}

// complete answers the files of the solution with all that is missing. The others tell connectors that it doesn't. What
// is wrong goes to fault.
func (m *member) complete(others []*member, fault func(line int, err error)) (files []File) {
	var flows []listedFlow
	uniqueName := m.uniqueName()
	for _, f := range m.files {
		if ok, _ := path.Match("workflows/*.json", strings.ToLower(f.Name)); ok {
			flows = append(flows, newListedFlow(uniqueName, f.Name))
			f.Text = completeFlow(f, append([]*member{m}, others...), fault)
		}
		files = append(files, f)
	}
	if slices.ContainsFunc(files, func(f File) bool { return unpacked.MatchString(f.Name) }) {
		return files // another layout, which brings its own metadata
	}
	add := func(name string, complete func(given string, flows []listedFlow) (string, error)) {
		given := m.file(name)
		text, err := complete(given.Text, flows)
		if err != nil {
			fault(max(given.Line, 1), err)
		}
		files = append(files, File{Name: name, Text: text}) // which counts more than the one that was given
	}
	add(manifestName, m.completeManifest)
	add(customizationsName, m.completeCustomizations)
	return files
}

// unpacked finds the files by which the layout of SolutionPackager is known.
var unpacked = regexp.MustCompile(`(?i)^other/(solution|customizations)\.xml$`)

// listedFlow is a flow as the metadata lists it.
type listedFlow struct {
	name, file string
	id         connref.GUID
}

// newListedFlow works out name and id of a flow: out of the file's name if that is Name-GUID.json, as in exports.
func newListedFlow(uniqueName, file string) listedFlow {
	name := strings.TrimSuffix(path.Base(file), ".json")
	if cut := len(name) - 37; cut > 0 && name[cut] == '-' {
		if id, err := connref.ParseGUID(name[cut+1:]); err == nil {
			return listedFlow{name[:cut], file, id}
		}
	}
	return listedFlow{name, file, connref.DeriveGUID("flow", uniqueName, name)}
}
