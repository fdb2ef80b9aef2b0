package rules

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// The length of a publisher's prefix.
const (
	minPrefix = 2
	maxPrefix = 8
)

var (
	prefixPattern  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)
	generatedCDS   = regexp.MustCompile(`^cr[0-9a-f]{3}$`)
	uniqueNameForm = regexp.MustCompile(`^[A-Za-z0-9_]*$`)
)

var invalidPrefix = &lint.Rule{
	ID: "CR314", Name: "invalid-prefix", Family: "solution", Severity: diag.Error,
	Doc: "The publisher's prefix is not one that the platform takes\n\n" +
		"A prefix has two to eight letters and digits, begins with a letter, and not with mscrm. What has another " +
		"can't be made in the maker portal, and the import may refuse it. Other characters are a warning, since " +
		"an exported solution with such a prefix is known; so is none at all, which solutions made by hand have.",
	Mend: "Give the publisher a prefix of two to eight letters and digits before anything is made under it: " +
		"what has the old prefix in its name keeps it.",
	Sources: []string{
		"MicrosoftDocs: create-solution.md, solution publisher",
		"counted over 103 solutions: two with the prefix pre_, exported",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		m := p.Solution.Manifest()
		if p.Solution.Layout() == solution.LayoutFlowPackage || isCut(p.Solution, m) {
			return nil
		}
		prefix := m.Publisher.Prefix
		report := func(severity diag.Severity, message string) {
			p.Report(lint.Finding{At: publisherAt(m), Severity: severity, Message: message})
		}
		switch n := connref.Characters(prefix); {
		case prefix == "":
			report(diag.Warning, "the publisher has no prefix: two to eight letters and digits would be right")
		case n < minPrefix || n > maxPrefix:
			report(diag.Error, fmt.Sprintf("prefix %s has %s: two to eight would be right", prefix, characters(n)))
		case strings.HasPrefix(connref.Fold(prefix), "mscrm"):
			report(diag.Error, "prefix "+prefix+" begins with mscrm, which is the platform's own")
		case !prefixPattern.MatchString(prefix):
			report(diag.Warning, "prefix "+prefix+" is not a letter and then letters and digits, as one made in the portal is")
		}
		return nil
	},
}

func characters(n int) string {
	if n == 1 {
		return "one character"
	}
	return strconv.Itoa(n) + " characters"
}

// isCut tells whether solution.xml could not be read to its end, so that what it seems to lack may stand behind the
// fault.
func isCut(sol *solution.Solution, m solution.Manifest) bool {
	return m.At.File == "" || unreadNamed(sol, "solution.xml") != ""
}

// publisherAt is the place of the publisher, or of the manifest if it has none.
func publisherAt(m solution.Manifest) source.Location {
	if m.Publisher.At.IsZero() {
		return m.At
	}
	return m.Publisher.At
}

var defaultPublisher = &lint.Rule{
	ID: "CR315", Name: "default-publisher", Family: "solution", Severity: diag.Warning,
	Doc: "The solution is of a default publisher\n\n" +
		"Every environment has a default publisher of its own, whose prefix is new, or cr and three characters at " +
		"random. What is made under it looks alike in all environments and belongs to none, and names can't be " +
		"changed later.",
	Mend: "Make a publisher for the team, and move to a solution of it before the names are in use elsewhere.",
	Sources: []string{
		"MicrosoftDocs: create-solution.md, solution publisher",
		"counted over 103 solutions: 12",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		m := p.Solution.Manifest()
		prefix := connref.Fold(m.Publisher.Prefix)
		switch {
		case strings.HasPrefix(connref.Fold(m.Publisher.UniqueName), "defaultpublisher"):
			p.Reportf(publisherAt(m), "publisher %s is an environment's default: one of the team's own would be right",
				m.Publisher.UniqueName)
		case prefix == "new", generatedCDS.MatchString(prefix):
			p.Reportf(publisherAt(m), "prefix %s looks like that of a default publisher: one of the team's own would be right",
				m.Publisher.Prefix)
		}
		return nil
	},
}

// maxUniqueName is how many characters a solution's unique name can have.
const maxUniqueName = 65

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
			report(diag.Error, "version", fmt.Sprintf("version %q is not two to four numbers with dots, such as 1.0.0.0",
				m.Version))
		}
		return nil
	},
}
