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
		var settings []settingsFile
		for ref := range p.Solution.References() {
			if ref.Prompting != connref.SkipPrompt {
				continue
			}
			if settings == nil {
				var err error
				if settings, err = readSettings(p.Settings); err != nil {
					return lint.Skip("%v", err)
				}
			}
			lacks := lackingEntry(settings, ref.LogicalName)
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

// settingsFile is which references a settings file gives a connection, by folded name.
type settingsFile struct {
	name  string
	bound map[connref.LogicalName]bool
}

// readSettings fails where a settings file can't be read.
func readSettings(files []*source.File) ([]settingsFile, error) {
	settings := make([]settingsFile, 0, len(files))
	for _, file := range files {
		doc, err := source.ParseJSON(file, nil)
		if err != nil {
			return nil, err
		}
		b := settingsFile{file.Name(), map[connref.LogicalName]bool{}}
		for e := range doc.Root().Get("ConnectionReferences").Elements() {
			if strings.TrimSpace(e.Get("ConnectionId").Text()) != "" {
				b.bound[connref.LogicalName(strings.TrimSpace(e.Get("LogicalName").Text())).Fold()] = true
			}
		}
		settings = append(settings, b)
	}
	return settings, nil
}

// lackingEntry answers the names of those settings files that give a reference no connection.
func lackingEntry(settings []settingsFile, name connref.LogicalName) (lacks []string) {
	for _, s := range settings {
		if !s.bound[name.Fold()] {
			lacks = append(lacks, s.name)
		}
	}
	return lacks
}
