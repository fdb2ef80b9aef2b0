package rules

import (
	"context"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var unparsableFlow = &lint.Rule{
	ID: "CR122", Name: "unparsable-flow", Family: "flow", Severity: diag.Error,
	Doc: "A flow's file is not what a flow is\n\n" +
		"It isn't JSON, or lacks what every flow has: properties with a definition and connectionReferences, and " +
		"a schemaVersion; or something in it has another shape. The import or the save refuses it, " +
		"DefinitionRequestMissingFields. What can't be read of it isn't judged by other rules.",
	Mend: "Put the text right at the place that is told, or take the file from the last good export.",
	Sources: []string{
		"MicrosoftDocs: error reference of Power Automate, DefinitionRequestMissingFields",
		"counted over 622 flows: none",
	},
	Run: func(ctx context.Context, p *lint.Pass) error {
		if isPackage(p) {
			return problems(ctx, p) // its flows have no schemaVersion
		}
		for f := range p.Solution.Flows() {
			root := f.Document().Root()
			if properties := root.Get("properties"); !isFilled(properties.Get("connectionReferences")) {
				p.Report(lint.Finding{At: properties.At(), Subject: "connectionReferences",
					Message: "the flow has no connectionReferences: one that uses none has an empty object there"})
			}
			if !isFilled(root.Get("schemaVersion")) {
				p.Report(lint.Finding{At: source.Location{File: f.FileName}, Subject: "schemaVersion",
					Message: `the flow has no schemaVersion: every flow has "1.0.0.0" there, beside properties`})
			}
		}
		return problems(ctx, p)
	},
}

var fileEncoding = &lint.Rule{
	ID: "CR121", Name: "file-encoding", Family: "flow", Severity: diag.Info,
	Doc: "A file is not in plain UTF-8\n\n" +
		"A flow, or another JSON file that says what is in the solution, begins with a byte order mark or is in " +
		"UTF-16, as scripts leave them; or an XML file is in UTF-16. The platform never writes them so, many " +
		"readers refuse them, and tools that show changes take UTF-16 for binary. A byte order mark in XML is " +
		"what SolutionPackager writes, and passed over.",
	Mend: "Save the file as UTF-8 without a byte order mark.",
	Sources: []string{
		"RFC 8259, section 8.1", "counted over 1,126 flow files: 72 in UTF-16, 129 with a byte order mark",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for _, name := range modelFiles(p.Solution) {
			file, err := p.Solution.File(name)
			if err != nil || file.Err() != nil {
				continue // which other rules tell
			}
			isXML := strings.EqualFold(path.Ext(name), ".xml")
			message := "the file is in UTF-8 with a byte order mark: expected none"
			switch {
			case file.Encoding() != source.UTF8:
				message = "the file is in " + strings.ToUpper(file.Encoding().String()) + ": expected UTF-8"
			case isXML || !file.BOM():
				continue
			}
			change := source.Change{File: name, Spelling: source.Spelling{Encoding: source.UTF8}}
			if isXML {
				change.Edits = redeclared(file)
			}
			p.Report(lint.Finding{At: source.Location{File: name}, Message: message,
				Fixes: fixes(change, nil, "save it as UTF-8")})
		}
		return nil
	},
}

// modelFiles are the files of XML and JSON that say what is in a solution, sorted.
func modelFiles(sol *solution.Solution) []string {
	names := map[string]bool{sol.Manifest().At.File: true}
	for ref := range sol.References() {
		names[ref.At.File] = true
	}
	for w := range sol.Workflows() {
		names[w.At.File] = true
	}
	for f := range sol.Flows() {
		names[f.FileName] = true
	}
	for v := range sol.Variables() {
		names[v.At.File], names[v.ValueAt.File] = true, true
	}
	for m := range sol.Mentions() {
		names[m.At.File] = true
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(names)), func(name string) bool {
		return !isAnyOf(path.Ext(name), ".json", ".xml")
	})
}

// declaredUTF16 finds the encoding of an XML declaration that names UTF-16.
var declaredUTF16 = regexp.MustCompile(`(?i)^<\?xml[^?]*\sencoding\s*=\s*["'](utf-16[a-z]*)["']`)

// redeclared is the edit that makes an XML declaration tell UTF-8; none if it doesn't tell UTF-16.
func redeclared(file *source.File) []source.Edit {
	at := declaredUTF16.FindStringSubmatchIndex(file.Text())
	if at == nil {
		return nil
	}
	return []source.Edit{file.NewEdit(source.Span{Start: at[2], End: at[3]}, "utf-8")}
}
