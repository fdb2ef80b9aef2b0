package rules

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// maxUniqueName is how many characters a solution's unique name can have.
const maxUniqueName = 65

var uniqueNameForm = regexp.MustCompile(`^[A-Za-z0-9_]*$`)

var malformedManifest = &lint.Rule{
	ID: "CR316", Name: "malformed-manifest", Family: "solution", Severity: diag.Error,
	Doc: "The solution's unique name or version is malformed\n\n" +
		"A unique name has at most 65 ASCII letters, digits and underscores; a version has two to four numbers " +
		"with dots between them. An import refuses anything else. A name that ends in _Upgrade is a warning: the " +
		"platform gives that ending to the solution that it holds an upgrade in.",
	Mend:    "Put name and version right in solution.xml. A solution that exists keeps its unique name.",
	Sources: []string{"MicrosoftDocs: the table solution, uniquename and version", "MicrosoftDocs: create-solution.md"},
	Run: func(_ context.Context, p *lint.Pass) error {
		m := p.Solution.Manifest()
		if p.Solution.Layout() == solution.LayoutFlowPackage || isCut(p.Solution, m) {
			return nil
		}
		report := func(severity diag.Severity, subject, message string) {
			p.Report(lint.Finding{At: m.At, Severity: severity, Subject: subject, Message: message})
		}
		if n := connref.Characters(m.UniqueName); n > maxUniqueName {
			report(diag.Error, "length", fmt.Sprintf("unique name %s has %d characters: at most %d would be right",
				m.UniqueName, n, maxUniqueName))
		}
		if !uniqueNameForm.MatchString(m.UniqueName) {
			report(diag.Error, "characters", fmt.Sprintf(
				"unique name %q has other characters than ASCII letters, digits and underscores", m.UniqueName))
		}
		if strings.HasSuffix(connref.Fold(m.UniqueName), "_upgrade") {
			report(diag.Warning, "ending", "unique name "+m.UniqueName+
				" ends in _Upgrade, which is for solutions that hold an upgrade")
		}
		if _, ok := parseVersion(m.Version); !ok {
			p.Report(lint.Finding{At: versionAt(p.Solution, m), Subject: "version", Message: fmt.Sprintf(
				"version %q is not two to four numbers with dots, such as 1.0.0.0", m.Version)})
		}
		return nil
	},
}

// versionAt is the place of the version, or of the manifest if it has none.
func versionAt(sol *solution.Solution, m solution.Manifest) source.Location {
	at := m.At
	file, err := sol.File(m.At.File)
	if err != nil {
		return at
	}
	note := func(_ int, e source.Element) error {
		at = e.At()
		return nil
	}
	if source.FindXML(file, nil, note, "ImportExportXml/SolutionManifest/Version") != nil {
		return m.At
	}
	return at
}

// isCut tells whether solution.xml could not be read to its end, so that what it seems to lack may stand behind the
// fault.
func isCut(sol *solution.Solution, m solution.Manifest) bool {
	return m.At.File == "" || unreadNamed(sol, "solution.xml") != ""
}
