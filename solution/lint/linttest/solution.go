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
type side struct{ members []*member }

// member is one solution as the archive has it.
type member struct {
	name       string // the unique name, unless its solution.xml says another
	inSet      bool
	files      []File
	references []connref.Reference
	connectors map[connref.LogicalName]connref.ConnectorID // of references, as far as the archive tells
}

// completionFault is why a solution can't be completed.
type completionFault struct {
	line int
	err  error
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

// knowConnectors finds out which connector each reference has. What a solution doesn't declare, another may.
func (s *side) knowConnectors() {
	all := map[connref.LogicalName]connref.ConnectorID{}
	for _, m := range s.members {
		m.connectors = map[connref.LogicalName]connref.ConnectorID{}
		for _, ref := range append(m.declared(), m.references...) {
			m.connectors[ref.LogicalName.Fold()] = ref.Connector
			all[ref.LogicalName.Fold()] = ref.Connector
		}
	}
	for _, m := range s.members {
		for name, connector := range all {
			if m.connectors[name].IsZero() {
				m.connectors[name] = connector
			}
		}
	}
}

// declared are the references that the solution's own customizations.xml declares.
func (m *member) declared() (list []connref.Reference) {
	f := source.NewFile(customizationsName, []byte(m.file(customizationsName).Text))
	_ = source.FindXML(f, nil, func(_ int, e source.Element) error { // one that is broken is carried
		name, _ := e.Attr("connectionreferencelogicalname")
		list = append(list, connref.Reference{
			LogicalName: connref.LogicalName(name), Connector: connref.ConnectorID(e.Child("connectorid").Trimmed()),
		})
		return nil
	}, "ImportExportXml/connectionreferences/connectionreference")
	return list
}

// file is the solution's file of that name, or an empty one.
func (m *member) file(name string) File {
	i := slices.IndexFunc(m.files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}
	}
	return m.files[i]
}

// complete answers the files of the solution with all that is missing.
func (m *member) complete() (files []File, faults []completionFault) {
	var flows []listedFlow
	uniqueName := m.uniqueName()
	for _, f := range m.files {
		if ok, _ := path.Match("Workflows/*.json", f.Name); ok {
			flows = append(flows, newListedFlow(uniqueName, f.Name))
			var wrong []completionFault
			f.Text, wrong = m.completeFlow(f)
			faults = append(faults, wrong...)
		}
		files = append(files, f)
	}
	if slices.ContainsFunc(files, func(f File) bool { return unpacked.MatchString(f.Name) }) {
		return files, faults // another layout, which brings its own metadata
	}
	for _, meta := range []struct {
		name     string
		complete func(given string, flows []listedFlow) (string, error)
	}{{manifestName, m.completeManifest}, {customizationsName, m.completeCustomizations}} {
		given := m.file(meta.name)
		text, err := meta.complete(given.Text, flows)
		if err != nil {
			faults = append(faults, completionFault{max(given.Line, 1), err})
		}
		files = slices.DeleteFunc(files, func(f File) bool { return f.Name == meta.name })
		files = append(files, File{Name: meta.name, Text: text})
	}
	return files, faults
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
