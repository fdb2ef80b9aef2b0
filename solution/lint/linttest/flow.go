package linttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// What a flow has that a case doesn't say.
const (
	definitionSchema = "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/" +
		"workflowdefinition.json#"
	defaultParameters = `{"$connections":{"defaultValue":{},"type":"Object"},` +
		`"$authentication":{"defaultValue":{},"type":"SecureObject"}}`
	manualTrigger = `{"manual":{"type":"Request","kind":"Button",` +
		`"inputs":{"schema":{"type":"object","properties":{},"required":[]}}}}`
)

// completeFlow makes a flow's file of what the case gives of it. The solutions tell connectors. A file that isn't in
// short form is answered as it is.
func completeFlow(f File, members []*member, fault func(line int, err error)) string {
	doc, err := source.ParseJSON(source.NewFile(f.Name, []byte(f.Text)), nil)
	if err != nil || !isShort(doc.Root()) {
		return f.Text
	}
	w := flowWriter{members: members, bindings: map[string]connref.ConnectorID{}}
	w.fault = func(at source.Value, err error) { fault(f.Line+doc.Position(at.Span().Start).Line-1, err) }
	w.flow(doc.Root())
	var indented bytes.Buffer
	if err := json.Indent(&indented, w.Bytes(), "", "  "); err != nil {
		fault(f.Line, err)
	}
	return indented.String() + "\n"
}

// isShort tells whether a value is a flow in short form.
func isShort(v source.Value) bool {
	for m := range v.Members() {
		switch m.Name() {
		case "connectionReferences", "parameters", "triggers", "actions":
		default:
			return false
		}
	}
	return v.Kind() == source.Object
}

// flowWriter writes a flow that is given in short form.
type flowWriter struct {
	bytes.Buffer
	members  []*member
	bindings map[string]connref.ConnectorID // the connectors, by key
	fault    func(at source.Value, err error)
}

func (w *flowWriter) flow(root source.Value) {
	w.WriteString(`{"properties":{"connectionReferences":`)
	w.object(root.Get("connectionReferences"), "{}", w.binding)
	w.WriteString(`,"definition":{"$schema":"` + definitionSchema + `","contentVersion":"1.0.0.0","parameters":`)
	w.object(root.Get("parameters"), defaultParameters, w.asWritten)
	w.WriteString(`,"triggers":`)
	w.object(root.Get("triggers"), manualTrigger, w.trigger)
	w.WriteString(`,"actions":`)
	w.object(root.Get("actions"), "{}", w.action)
	w.WriteString(`,"outputs":{}}},"schemaVersion":"1.0.0.0"}`)
}

// object writes an object with the values that value writes; what is none as it is, and what isn't there as missing.
func (w *flowWriter) object(v source.Value, missing string, value func(source.Member)) {
	if v.Kind() != source.Object {
		if !v.Exists() {
			w.WriteString(missing)
		}
		w.WriteString(v.Raw())
		return
	}
	separator := "{"
	for m := range v.Members() {
		w.WriteString(separator + m.Key.Raw() + ":")
		value(m)
		separator = ","
	}
	if v.Len() == 0 {
		w.WriteString("{")
	}
	w.WriteString("}")
}

func (w *flowWriter) asWritten(m source.Member) { w.WriteString(m.Value.Raw()) }

// numbered finds the number by which a second key of a connector is told apart.
var numbered = regexp.MustCompile(`[_-][0-9]+$`)

// binding writes a binding, which may be a reference's name.
func (w *flowWriter) binding(m source.Member) {
	key := m.Name()
	if m.Value.Kind() != source.String {
		w.bindings[key] = connref.ConnectorID(m.Value.Get("api", "name").Text())
		w.asWritten(m)
		return
	}
	id := orOfKey(connector(connref.LogicalName(m.Value.Text()), w.members), key)
	w.bindings[key] = id
	w.WriteString(`{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":` + m.Value.Raw() +
		`},"api":{"name":` + source.QuoteJSON(id.Name()) + `}}`)
}

// orOfKey is the connector, or where there is none the one that the key is named after.
func orOfKey(connector connref.ConnectorID, key string) connref.ConnectorID {
	if !connector.IsZero() {
		return connector
	}
	return connref.ConnectorID("shared_" + strings.TrimPrefix(numbered.ReplaceAllString(key, ""), "shared_"))
}

// action writes an action, which may be in short form or hold some that are.
func (w *flowWriter) action(m source.Member) {
	if m.Value.Kind() == source.String {
		w.operation(m, `{"runAfter":{},"type":"OpenApiConnection",`)
		return
	}
	w.container(m)
}

// container writes an action, or a branch of one, with the actions inside.
func (w *flowWriter) container(m source.Member) {
	w.object(m.Value, "", func(inner source.Member) {
		switch inner.Name() {
		case "actions":
			w.object(inner.Value, "", w.action)
		case "else", "default":
			w.container(inner)
		case "cases":
			w.object(inner.Value, "", w.container)
		default:
			w.asWritten(inner)
		}
	})
}

// trigger writes a trigger, which may be in short form.
func (w *flowWriter) trigger(m source.Member) {
	if m.Value.Kind() == source.String {
		w.operation(m, `{"type":"OpenApiConnectionWebhook",`)
		return
	}
	w.asWritten(m)
}

// operation writes a call of a connector in full.
func (w *flowWriter) operation(m source.Member, begin string) {
	fields := strings.Fields(m.Value.Text())
	if len(fields) != 2 {
		w.fault(m.Value, fmt.Errorf("%s: %s: expected KEY OPERATIONID: %w", m.Name(), m.Value.Raw(), connref.ErrInvalid))
		w.asWritten(m)
		return
	}
	id := orOfKey(w.bindings[fields[0]], fields[0])
	w.WriteString(begin + `"inputs":{"host":{"connectionName":` + source.QuoteJSON(fields[0]) +
		`,"operationId":` + source.QuoteJSON(fields[1]) + `,"apiId":` + source.QuoteJSON(id.Path()) +
		`},"parameters":{},"authentication":"@parameters('$authentication')"}}`)
}
