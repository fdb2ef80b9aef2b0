package solution

import (
	"iter"
	"slices"
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
// reference: which one an app uses is not on disk, only which connector. A reference that only its CdsDependencies list
// is an entry too, of which nothing else is known.
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
	a.Connections = r.appConnections(e.Child("ConnectionReferences"), a)
	a.Connections = append(a.Connections, r.appDependencies(e.Child("CdsDependencies"), a)...)
	if repeated && key != "" {
		known := &r.sol.apps[i]
		known.Connections = append(known.Connections, a.Connections...)
		return
	}
	r.appIndex[key] = len(r.sol.apps)
	r.sol.apps = append(r.sol.apps, a)
}

// appConnections reads the JSON that is the text of an app's ConnectionReferences.
func (r *reader) appConnections(element source.Element, app App) []AppConnection {
	text := element.Trimmed()
	if text == "" || text == "{}" {
		return nil
	}
	doc, err := source.ParseJSON(source.NewFile(element.At().File, []byte(text)), r.opts.source())
	switch {
	case err != nil:
		r.report(malformedFile, element.At(), "canvas app "+app.Name+": ConnectionReferences is not JSON")
		return nil
	case doc.Root().Kind() != source.Object && doc.Root().Kind() != source.Null:
		r.report(malformedFile, element.At(), "canvas app "+app.Name+": ConnectionReferences is not a JSON object")
		return nil
	}
	var list []AppConnection
	for m := range doc.Root().Members() {
		flow, _ := connref.ParseGUID(m.Value.Get("parameterHints", "workflowEntityId", "value").Text()) // zero if it is none
		list = append(list, AppConnection{
			Connector:  connref.ConnectorID(m.Value.Get("id").Text()),
			Reference:  r.appMention(m.Value.Get("xrmConnectionReferenceLogicalName"), element, app),
			Connection: connref.ConnectionID(m.Value.Get("sharedConnectionId").Text()),
			Flow:       flow,
		})
	}
	return list
}

// appDependencies reads the JSON that is the text of an app's CdsDependencies, which names references among other
// components, and answers those that ConnectionReferences doesn't name.
func (r *reader) appDependencies(element source.Element, app App) (list []AppConnection) {
	text := element.Trimmed()
	if !strings.Contains(connref.Fold(text), "connectionreference") {
		return nil
	}
	doc, err := source.ParseJSON(source.NewFile(element.At().File, []byte(text)), r.opts.source())
	if err != nil {
		return nil // nothing else is read from there
	}
	for e := range doc.Root().Get("cdsdependencies").Elements() {
		if !connref.EqualFold(e.Get("componenttypeplatformname").Text(), "ConnectionReference") {
			continue
		}
		name := r.appMention(e.Get("logicalname"), element, app)
		isNamed := func(c AppConnection) bool { return c.Reference.Equal(name) }
		if !name.IsZero() && !slices.ContainsFunc(app.Connections, isNamed) {
			list = append(list, AppConnection{Reference: name})
		}
	}
	return list
}

// appMention answers the reference that a value in the JSON of an app's element names; zero for none.
func (r *reader) appMention(value source.Value, element source.Element, app App) connref.LogicalName {
	name := connref.LogicalName(strings.TrimSpace(value.Text()))
	if name.IsZero() {
		return ""
	}
	text := element.Text()
	trimmed := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	span := value.TextSpan()
	span = element.PartSpan(source.Span{Start: trimmed + span.Start, End: trimmed + span.End})
	at := source.Location{File: element.At().File, Span: span}
	r.mention(Mention{Kind: MentionApp, Reference: name, Holder: app.Name, At: at})
	return name
}
