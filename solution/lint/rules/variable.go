package rules

import (
	"context"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
)

var dataSourceWithoutReference = &lint.Rule{
	ID: "CR317", Name: "data-source-without-reference", Family: "solution", Severity: diag.Info,
	Doc: "A data source's connector has no reference\n\n" +
		"An environment variable that is a data source names a connector, and needs a connection reference of it " +
		"in the environment to be set. Which one is in no file; but none of the solutions that were looked at " +
		"declares or uses a reference of that connector at all.",
	Mend: "Add a reference of the connector to the solution, or make sure that each target has one.",
	Sources: []string{
		"MicrosoftDocs: the table environmentvariabledefinition, connectionreferenceid",
		"counted over 46 data sources: not one names its reference in its file",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for v := range p.Solution.Variables() {
			if v.Type != solution.VariableDataSource || v.Connector.IsZero() {
				continue
			}
			if !hasReference(p.Graph(), v.Connector) {
				if file := unreadBeside(p, nil); file != "" {
					return lint.Skip("%s has errors: what can't be read of it may declare a reference of %s",
						file, v.Connector.Name())
				}
				p.Reportf(v.At, "data source %s is of %s, and nothing that was looked at has a reference of that connector: "+
					"one in the solution would be right", v.SchemaName, v.Connector.Name())
			}
		}
		return nil
	},
}

// hasReference tells whether a reference of the connector is declared or used.
func hasReference(g *graph.Graph, id connref.ConnectorID) bool {
	c, err := g.ByConnector(id)
	if err != nil {
		return false
	}
	for range c.References() {
		return true
	}
	return false
}

var reservedVariable = &lint.Rule{
	ID: "CR318", Name: "reserved-variable", Family: "solution", Severity: diag.Error,
	Doc: "An environment variable has a reserved name\n\n" +
		"$authentication and $connection are the names of parameters that every flow has for itself. A flow that " +
		"takes an environment variable of such a name can't be saved.",
	Mend:    "Make the variable anew under another name.",
	Sources: []string{"MicrosoftDocs: environmentvariables-power-automate.md, reserved names"},
	Run: func(_ context.Context, p *lint.Pass) error {
		for v := range p.Solution.Variables() {
			for _, name := range []string{v.SchemaName, v.DisplayName} {
				if connref.EqualFold(name, "$authentication") || connref.EqualFold(name, "$connection") {
					p.Reportf(v.At, "environment variable %s has a name that every flow has for itself", name)
					break
				}
			}
		}
		return nil
	},
}
