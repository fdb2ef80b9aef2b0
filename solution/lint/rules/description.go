package rules

import (
	"context"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

var missingDescription = &lint.Rule{
	ID: "CR211", Name: "missing-description", Family: "reference", Severity: diag.Info, Needs: lint.NeedsPolicy,
	Doc: "A reference has no description\n\n" +
		"The description is the one free text of a reference: the place to say what it is for, whose connection " +
		"answers, and who is to be asked. The rule runs where the team's policy wants that (requireDescription).",
	Mend: "Describe the reference.",
	Sources: []string{
		"MicrosoftDocs: the table connectionreference, description, 2,000 characters",
		"counted over 459 declarations: 56 have one",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		if !p.Policy.RequireDescription {
			return lint.Skip("the policy doesn't want descriptions")
		}
		for ref := range p.Solution.References() {
			if strings.TrimSpace(ref.Description) == "" {
				p.Reportf(ref.At, "reference %s has no description: what it is for and whose connection answers would be right",
					ref.LogicalName)
			}
		}
		return nil
	},
}
