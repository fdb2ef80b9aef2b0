package rules

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution/lint"
)

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
