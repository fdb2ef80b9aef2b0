package linttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// What a flow has that a case doesn't say.
const (
	wholeFlow = `{"properties":{"connectionReferences":%s,"definition":{"$schema":` +
		`"https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",` +
		`"contentVersion":"1.0.0.0","parameters":%s,"triggers":%s,"actions":%s,"outputs":{}}},"schemaVersion":"1.0.0.0"}`
	defaultParameters = `{"$connections":{"defaultValue":{},"type":"Object"},` +
		`"$authentication":{"defaultValue":{},"type":"SecureObject"}}`
	manualTrigger = `{"manual":{"type":"Request","kind":"Button",` +
		`"inputs":{"schema":{"type":"object","properties":{},"required":[]}}}}`
)

// completeFlow makes a flow's file of what the case gives of it. A file that isn't in short form is answered as it is.
func (r *reader) completeFlow(m *member, f File) string {
	doc, err := source.ParseJSON(source.NewFile(f.Name, []byte(f.Text)), nil)
	if err != nil || !isShort(doc.Root()) {
		return f.Text
	}
	s := shortFlow{reader: r, member: m, doc: doc, line: f.Line, connectors: map[string]connref.ConnectorID{}}
	whole := fmt.Sprintf(wholeFlow,
		object(doc.Root().Get("connectionReferences"), "{}", s.binding),
		object(doc.Root().Get("parameters"), defaultParameters, asWritten),
		object(doc.Root().Get("triggers"), manualTrigger, s.trigger),
		object(doc.Root().Get("actions"), "{}", s.action))
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(whole+"\n"), "", "  "); err != nil {
		r.fault(f.Line, err)
	}
	return indented.String()
}

// isShort tells whether a value is a flow in short form.
func isShort(v source.Value) bool {
	for m := range v.Members() {
		if !slices.Contains([]string{"connectionReferences", "parameters", "triggers", "actions"}, m.Name()) {
			return false
		}
	}
	return v.Kind() == source.Object
}

// shortFlow is a flow in short form. Its methods answer what the values of members are in full.
type shortFlow struct {
	*reader
	*member
	doc        *source.JSON
	line       int                            // of the archive, where it begins
	connectors map[string]connref.ConnectorID // of the bindings, by key
}

// object is an object with its values in full, any other value as it is, and missing where none is.
func object(v source.Value, missing string, long func(source.Member) string) string {
	switch v.Kind() {
	case source.Absent:
		return missing
	case source.Object:
	default:
		return v.Raw()
	}
	var members []string
	for m := range v.Members() {
		members = append(members, m.Key.Raw()+":"+long(m))
	}
	return "{" + strings.Join(members, ",") + "}"
}

func asWritten(m source.Member) string { return m.Value.Raw() }

func (s *shortFlow) binding(b source.Member) string {
	key := b.Name()
	s.connectors[key] = connref.ConnectorID(b.Value.Get("api", "name").Text())
	if b.Value.Kind() != source.String {
		return asWritten(b)
	}
	for _, m := range append([]*member{s.member}, s.members...) { // its own word counts first
		if s.connectors[key].IsZero() {
			s.connectors[key] = m.connector(connref.LogicalName(b.Value.Text()))
		}
	}
	return `{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":` + b.Value.Raw() +
		`},"api":{"name":` + source.QuoteJSON(s.connector(key).Name()) + `}}`
}

// numbered finds the number by which a second key of a connector is told apart.
var numbered = regexp.MustCompile(`[_-][0-9]+$`)

// connector is that of a key, or where there is none the one that the key is named after.
func (s *shortFlow) connector(key string) connref.ConnectorID {
	if id := s.connectors[key]; !id.IsZero() {
		return id
	}
	return connref.ConnectorID("shared_" + strings.TrimPrefix(numbered.ReplaceAllString(key, ""), "shared_"))
}

func (s *shortFlow) trigger(t source.Member) string {
	return s.operation(t, `{"type":"OpenApiConnectionWebhook"`)
}

func (s *shortFlow) action(a source.Member) string {
	return s.operation(a, `{"runAfter":{},"type":"OpenApiConnection"`)
}

// inside is for what stands inside an action: branches, or actions, which its inputs never hold.
func (s *shortFlow) inside(m source.Member) string {
	switch m.Name() {
	case "inputs":
		return asWritten(m)
	case "actions":
		return object(m.Value, "", s.action)
	default:
		return object(m.Value, "", s.inside)
	}
}

// operation is a call of a connector, if the value is a text.
func (s *shortFlow) operation(m source.Member, begin string) string {
	if m.Value.Kind() != source.String {
		return object(m.Value, "", s.inside)
	}
	fields := strings.Fields(m.Value.Text())
	if len(fields) != 2 {
		line := s.line + s.doc.Position(m.Value.Span().Start).Line - 1
		s.invalid(line, "%s: %s: expected KEY OPERATIONID", m.Name(), m.Value.Raw())
		return asWritten(m)
	}
	return begin + `,"inputs":{"host":{"connectionName":` + source.QuoteJSON(fields[0]) +
		`,"operationId":` + source.QuoteJSON(fields[1]) + `,"apiId":` + source.QuoteJSON(s.connector(fields[0]).Path()) +
		`},"parameters":{},"authentication":"@parameters('$authentication')"}}`
}

// connector is what a solution says is a reference's, as far as its customizations.xml can be read.
func (m *member) connector(of connref.LogicalName) (id connref.ConnectorID) {
	for _, ref := range m.References {
		if ref.LogicalName.Equal(of) {
			return ref.Connector
		}
	}
	f := source.NewFile(customizationsName, []byte(find(m.files, customizationsName).Text))
	_ = source.FindXML(f, nil, func(_ int, e source.Element) error {
		if name, _ := e.Attr("connectionreferencelogicalname"); of.Equal(connref.LogicalName(name)) {
			id = connref.ConnectorID(e.Child("connectorid").Trimmed())
		}
		return nil
	}, exportRoot+"/connectionreferences/connectionreference")
	return id
}
