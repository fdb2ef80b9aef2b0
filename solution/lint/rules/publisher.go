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
	prefixPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)
	generatedCDS  = regexp.MustCompile(`^cr[0-9a-f]{3}$`)
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
