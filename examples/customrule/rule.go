package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// team is what display names begin with.
const team = "Orders: "

// teamName is the team's own rule: whoever imports a solution sees the display names alone, so they say whose they are.
var teamName = &lint.Rule{
	Name:     "team-name",
	Doc:      "Display names of references begin with the team",
	Mend:     "Call the reference " + team + "and what it is for.",
	Severity: diag.Warning,
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			if strings.HasPrefix(ref.DisplayName, team) {
				continue
			}
			finding := lint.Finding{
				At:      ref.At,
				Message: fmt.Sprintf("reference %s is called %q: begin it with %q", ref.LogicalName, ref.DisplayName, team),
			}
			ref.DisplayName = team + ref.DisplayName
			changes, err := p.Solution.Changes(solution.Edits{Update: []connref.Reference{ref}})
			if err != nil {
				return err
			}
			finding.Fixes = []diag.Fix{{Message: "call it " + ref.DisplayName, Changes: changes}}
			p.Report(finding)
		}
		return nil
	},
}
