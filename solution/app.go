package solution

import (
	"iter"
	"strings"
	"unicode"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// App is a canvas app and what it connects to.
type App struct {
	Name        string // the unique name
	DisplayName string
	Connections []AppConnection
	At          source.Location
}

// AppConnection is an entry of an app's ConnectionReferences, which is JSON inside XML. Almost none names a connection
// reference: which one an app uses is not on disk, only which connector.
type AppConnection struct {
	Connector  connref.ConnectorID
	Reference  connref.LogicalName  // xrmConnectionReferenceLogicalName; mostly zero
	Connection connref.ConnectionID // sharedConnectionId, of an implicitly shared connection; mostly zero
	Flow       connref.FlowID       // workflowEntityId: the flow that the app runs, whose Connector is shared_logicflows
}

// References yields the references that the app names, each once.
func (a App) References() iter.Seq[connref.LogicalName] {
	return func(yield func(connref.LogicalName) bool) {
		seen := map[connref.LogicalName]bool{}
		for _, c := range a.Connections {
			if name := c.Reference.Fold(); name != "" && !seen[name] {
				seen[name] = true
				if !yield(c.Reference) {
					return
				}
			}
		}
	}
}

// app reads a <CanvasApp>, in customizations.xml or at the root of a .meta.xml file.
func (r *reader) app(e source.Element) {
	a := App{Name: e.Child("Name").Trimmed(), DisplayName: e.Child("DisplayName").Trimmed(), At: e.At()}
	key := connref.Fold(a.Name)
	i, repeated := r.appIndex[key]
	if repeated && key != "" {
		r.report(repeatedName, a.At, "canvas app "+a.Name+" is listed more than once: a name is unique")
	}
	references := e.Child("ConnectionReferences")
	if text := references.Trimmed(); text != "" && text != "{}" {
		doc, err := source.ParseJSON(source.NewFile(e.At().File, []byte(text)), r.opts.source())
		if err != nil {
			r.report(malformedFile, references.At(), "canvas app "+a.Name+": ConnectionReferences is not JSON")
		} else if kind := doc.Root().Kind(); kind != source.Object && kind != source.Null {
			r.report(malformedFile, references.At(), "canvas app "+a.Name+": ConnectionReferences is not a JSON object")
		} else {
			a.Connections = r.appConnections(doc.Root(), a, references)
		}
	}
	if repeated && key != "" {
		known := &r.sol.apps[i]
		known.Connections = append(known.Connections, a.Connections...)
		return
	}
	r.appIndex[key] = len(r.sol.apps)
	r.sol.apps = append(r.sol.apps, a)
}

// appConnections reads the JSON that is the text of an app's ConnectionReferences.
func (r *reader) appConnections(entries source.Value, app App, element source.Element) []AppConnection {
	const reference = "xrmConnectionReferenceLogicalName"
	var list []AppConnection
	for m := range entries.Members() {
		flow, _ := connref.ParseGUID(m.Value.Get("parameterHints", "workflowEntityId", "value").Text()) // zero if it is none
		name := m.Value.Get(reference)
		c := AppConnection{
			Connector:  connref.ConnectorID(m.Value.Get("id").Text()),
			Reference:  connref.LogicalName(strings.TrimSpace(name.Text())),
			Connection: connref.ConnectionID(m.Value.Get("sharedConnectionId").Text()),
			Flow:       flow,
		}
		list = append(list, c)
		if !c.Reference.IsZero() {
			text := element.Text()
			trimmed := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
			span := name.TextSpan()
			span = element.PartSpan(source.Span{Start: trimmed + span.Start, End: trimmed + span.End})
			r.mention(Mention{
				Kind: MentionApp, Reference: c.Reference, Holder: app.Name,
				At: source.Location{File: element.At().File, Span: span}, Part: element.At(),
			})
		}
	}
	return list
}
