package rules

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// generatedDisplayName is what the designer makes of connector, solution and five random hexadecimal digits.
var generatedDisplayName = regexp.MustCompile(`\S \S.*-[0-9a-f]{5}$`)

// isGenerated tells whether a display name is the designer's. Digits that are all letters are a word, such as added.
func isGenerated(name string) bool {
	return generatedDisplayName.MatchString(name) && strings.ContainsAny(name[len(name)-len("022ca"):], "0123456789")
}

var poorDisplayName = &lint.Rule{
	ID: "CR206", Name: "poor-display-name", Family: "reference", Severity: diag.Warning,
	Doc: "The display name of a reference is missing, too long or generated\n\n" +
		"The display name is all that the import dialog and the designer show of a reference. The column is required " +
		"and holds 200 characters: a longer one is an error. A solution can lack it, and some that were exported do. " +
		"One that the designer made of the connector, the solution and five random digits is worth knowing: it " +
		"doesn't say which of several references is meant.",
	Mend: "Give the reference a display name that says what it is for, and whose connection answers.",
	Sources: []string{
		"MicrosoftDocs: the table connectionreference, connectionreferencedisplayname",
		"MicrosoftDocs: create-connection-reference.md: unique and meaningful",
		"counted over 459 declarations: 123 generated",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			name := strings.TrimSpace(ref.DisplayName)
			switch n := connref.Characters(name); {
			case n == 0:
				named := ref
				named.DisplayName = string(ref.LogicalName)
				p.Report(lint.Finding{
					At: ref.At,
					Message: fmt.Sprintf("reference %s has no display name: one that says what it is for would be right",
						ref.LogicalName),
					Fixes: updating(p.Solution, named, "take the logical name as display name"),
				})
			case n > connref.MaxDisplayName:
				p.Report(lint.Finding{At: ref.At, Severity: diag.Error, Message: fmt.Sprintf(
					"reference %s has a display name of %d characters: at most %d would be right",
					ref.LogicalName, n, connref.MaxDisplayName)})
			case isGenerated(name):
				p.Report(lint.Finding{At: ref.At, Severity: diag.Info, Message: fmt.Sprintf(
					"reference %s has a generated display name: one that says what it is for would be right", ref.LogicalName)})
			}
		}
		return nil
	},
}

var sharedDisplayName = &lint.Rule{
	ID: "CR207", Name: "shared-display-name", Family: "reference", Severity: diag.Warning, Scope: lint.ScopeSet,
	Doc: "Two references have the same display name\n\n" +
		"The import dialog and the designer show nothing else of a reference, so that nobody can tell which of the " +
		"two a connection is asked for. Case and spaces around the name don't count. Copies of one solution are one, " +
		"and a reference that several solutions declare is told once.",
	Mend: "Give each reference a display name of its own, which says what it is for.",
	Sources: []string{
		"MicrosoftDocs: the table connectionreference: should be unique", "FocusCenter: checks it in reviews",
		"counted over 459 declarations: 6",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		seen := map[string][]declaration{}
		for _, sol := range p.Set.Solutions {
			for ref := range sol.References() {
				key := connref.Fold(strings.TrimSpace(ref.DisplayName))
				if key == "" {
					continue
				}
				own := declaration{ref.LogicalName, sol}
				if twin := own.twin(seen[key]); twin != nil {
					p.Report(lint.Finding{In: sol, At: ref.At, Message: fmt.Sprintf(
						"reference %s has the display name of reference %s%s: one of its own would be right",
						ref.LogicalName, twin.name, twin.where(sol))})
				}
				seen[key] = append(seen[key], own)
			}
		}
		return nil
	},
}

// declaration is a reference that a solution of the set declares.
type declaration struct {
	name connref.LogicalName
	in   *solution.Solution
}

// twin answers the first of other declarations that is of another reference, but not in a copy of the same solution,
// where it may be the same one under an older name; nil if there is none, or the reference itself is among them.
func (d declaration) twin(others []declaration) (twin *declaration) {
	for i, other := range others {
		if other.name.Equal(d.name) {
			return nil
		}
		name := owner(other.in.Manifest().UniqueName)
		isCopy := other.in != d.in && name != "" && name == owner(d.in.Manifest().UniqueName)
		if twin == nil && !isCopy {
			twin = &others[i]
		}
	}
	return twin
}

// where says in which solution a declaration is, if that is another one than is spoken of.
func (d declaration) where(spokenOf *solution.Solution) string {
	if d.in == spokenOf {
		return ""
	}
	return " of solution " + d.in.Manifest().UniqueName
}
