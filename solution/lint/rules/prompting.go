package rules

import (
	"context"
	"fmt"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution/lint"
)

var unpromptedReference = &lint.Rule{
	ID: "CR212", Name: "unprompted-reference", Family: "reference", Severity: diag.Warning,
	Doc: "An import neither asks for a reference's connection nor is given it\n\n" +
		"A reference whose promptingbehavior is 1 is not asked for. Its connection has to come from the deployment " +
		"settings; where they have no entry for it, or one without a connection, the reference is left unbound and " +
		"its flows stay off. The rule looks at all settings files that it is given.",
	Mend: "Give the reference a connection in the settings of each environment, or let the import ask.",
	Sources: []string{
		"MicrosoftDocs: the table connectionreference, promptingbehavior", "counted over 852 declarations: none",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			if ref.Prompting != connref.SkipPrompt {
				continue
			}
			lacks, err := lackingEntry(p.Settings, ref.LogicalName)
			if err != nil {
				return lint.Skip("%v", err)
			}
			reason := "and no deployment settings were given"
			switch {
			case len(lacks) > 0:
				reason = "which has none in " + strings.Join(lacks, ", ")
			case len(p.Settings) > 0:
				continue
			}
			asking := ref
			asking.Prompting = connref.PromptOnImport
			p.Report(lint.Finding{
				At:      ref.At,
				Message: fmt.Sprintf("an import doesn't ask for a connection of reference %s, %s", ref.LogicalName, reason),
				Fixes:   updating(p.Solution, asking, "let the import ask for it"),
			})
		}
		return nil
	},
}

// lackingEntry answers the names of those settings files that give a reference no connection. It fails where one can't
// be read.
func lackingEntry(settings []*source.File, name connref.LogicalName) (lacks []string, err error) {
	for _, file := range settings {
		doc, err := source.ParseJSON(file, nil)
		if err != nil {
			return nil, err
		}
		if !binds(doc.Root(), name) {
			lacks = append(lacks, file.Name())
		}
	}
	return lacks, nil
}

// binds tells whether settings have an entry that gives a reference a connection.
func binds(settings source.Value, name connref.LogicalName) bool {
	for e := range settings.Get("ConnectionReferences").Elements() {
		own := connref.LogicalName(strings.TrimSpace(e.Get("LogicalName").Text()))
		if own.Equal(name) && strings.TrimSpace(e.Get("ConnectionId").Text()) != "" {
			return true
		}
	}
	return false
}
