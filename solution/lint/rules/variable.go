package rules

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
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
				if file := unreadIn(p.Solutions); file != "" {
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

var currentValue = &lint.Rule{
	ID: "CR319", Name: "current-value", Family: "solution", Severity: diag.Warning, Sensitive: true,
	Doc: "A solution carries an environment variable's value, or a secret in plain text\n\n" +
		"The current value of a variable belongs to one environment. In a solution it goes to every target, where " +
		"it counts more than what is set there, and into version control, addresses and keys with it. A variable " +
		"of the type secret never holds the secret: it says where Azure Key Vault keeps it. Values are never " +
		"printed.",
	Mend: "Remove the current value from the solution before it is exported, and give each target its own, by " +
		"deployment settings. A secret that stood in plain text has to be changed; keep it in a key vault.",
	Sources: []string{
		"MicrosoftDocs: environmentvariables.md, environmentvariables-azure-key-vault-secrets.md",
		"counted over 574 definitions: 133 with a value, among them addresses with live signatures",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for v := range p.Solution.Variables() {
			if v.PlainDefault {
				p.Reportf(source.Location{File: v.At.File},
					"the default of secret %s is in plain text: right would be where Azure Key Vault keeps it", v.SchemaName)
			}
			if !v.HasValue {
				continue
			}
			message := fmt.Sprintf("the solution carries the current value of environment variable %s", v.SchemaName)
			if v.PlainValue {
				message = fmt.Sprintf(
					"the current value of secret %s is in plain text: right would be where Azure Key Vault keeps it", v.SchemaName)
			}
			p.Report(lint.Finding{At: v.ValueAt, Message: message, Fixes: []diag.Fix{{
				Message: "remove the current value of " + v.SchemaName,
				Changes: []source.Change{{File: v.ValueAt.File, Remove: true}},
			}}})
		}
		return otherValues(p)
	},
}

// otherValues reports values of variables that other solutions define, and the one file that exports of 2020 and 2021
// have for all values.
func otherValues(p *lint.Pass) error {
	known := map[string]bool{}
	for v := range p.Solution.Variables() {
		known[v.ValueAt.File] = true
	}
	for name := range p.Solution.Files() {
		base := connref.Fold(path.Base(name))
		if known[name] || base != "environmentvariablevalues.json" && base != "environment_variable_values.json" {
			continue
		}
		file, err := p.Solution.File(name)
		if err != nil {
			return err
		}
		if !strings.Contains(file.Text(), `"value"`) { // some have nothing but an id
			continue
		}
		p.Report(lint.Finding{
			At: source.Location{File: name}, Message: "the solution carries current values of environment variables",
			Fixes: []diag.Fix{{Message: "remove the values", Changes: []source.Change{{File: name, Remove: true}}}},
		})
	}
	return nil
}
