package rules

import (
	"context"
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var connectorBesideReference = &lint.Rule{
	ID: "CR309", Name: "connector-beside-reference", Family: "solution", Severity: diag.Warning,
	Doc: "A custom connector and its reference are in one solution\n\n" +
		"At the first import into an environment the connector isn't there when the reference needs it, and no " +
		"connection of it can exist yet: the reference stays unbound and its flows stay off. A second import " +
		"works, and some samples of Microsoft's are made so.",
	Mend: "Move the connector to a solution of its own, import that first, and make a connection of it.",
	Sources: []string{
		"microsoft/powerapps-tools#596", "microsoft/coe-starter-kit#3015", "MicrosoftDocs: custom connectors in solutions",
		"counted over 459 declarations: 7",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		brought := broughtConnectors(p.Solution)
		for ref := range p.Solution.References() {
			if name, ok := brought[ref.CustomConnector]; ok {
				p.Reportf(ref.At, "reference %s and its custom connector %s are in one solution: the first import can't bind it",
					ref.LogicalName, name)
			}
		}
		return nil
	},
}

// broughtConnectors are the names of the custom connectors that a solution brings, or lists as its own.
func broughtConnectors(sol *solution.Solution) map[connref.GUID]string {
	brought := map[connref.GUID]string{}
	for _, root := range sol.Manifest().RootComponents {
		if slices.Contains(connectorTypes, root.Type) {
			brought[root.ID] = root.SchemaName
		}
	}
	for c := range sol.Connectors() {
		brought[c.ID] = c.Name
	}
	delete(brought, connref.GUID{})
	return brought
}

// connectorTypes are the component types of custom connectors.
var connectorTypes = []string{"371", "372"}

var appOnCustomConnector = &lint.Rule{
	ID: "CR320", Name: "app-on-custom-connector", Family: "solution", Severity: diag.Warning,
	Doc: "A canvas app connects to a custom connector\n\n" +
		"Canvas apps don't recognise references on custom connectors. After an import the app asks for its " +
		"connection, or has lost it, and has to be edited in the target: the connection removed and added again, " +
		"which leaves an unmanaged layer.",
	Mend: "Let the app call a flow that uses the reference; or plan to connect the app by hand in each target.",
	Sources: []string{
		"MicrosoftDocs/power-platform#831", "MicrosoftDocs: create-connection-reference.md",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for app := range p.Solution.Apps() {
			told := map[connref.ConnectorID]bool{}
			for _, conn := range app.Connections {
				key := conn.Connector.WithoutHash().Fold()
				if told[key] || !isCustom(p, conn.Connector) {
					continue
				}
				told[key] = true
				p.Report(lint.Finding{At: app.At, Subject: string(key), Message: fmt.Sprintf(
					"canvas app %s connects to custom connector %s, and may lose the connection in an import: "+
						"a flow that uses a reference would be right",
					app.Name, conn.Connector.WithoutHash().Name())})
			}
		}
		return nil
	},
}

// isCustom tells whether a connector is a custom one: by its name, or as a solution of the set brings it.
func isCustom(p *lint.Pass, id connref.ConnectorID) bool {
	if id.Custom() {
		return true
	}
	c, err := p.Graph().ByConnector(id)
	return err == nil && len(c.BroughtBy) > 0
}
