package rules

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var overlongName = &lint.Rule{
	ID: "CR201", Name: "overlong-name", Family: "reference", Severity: diag.Error,
	Doc: "The logical name of a reference is too long\n\n" +
		"The column holds 200 characters. No environment can have a reference of a longer name, so that the import " +
		"fails. A reference without a name is CR012 unnamed-part.",
	Mend:    "Make a reference of a shorter name, and bind the flows to it: the name of one that exists can't be changed.",
	Sources: []string{"MicrosoftDocs: the table connectionreference, connectionreferencelogicalname"},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			if n := connref.Characters(string(ref.LogicalName)); n > connref.MaxLogicalName {
				p.Reportf(ref.At, "reference %.40s… has a name of %d characters: at most %d would be right",
					ref.LogicalName, n, connref.MaxLogicalName)
			}
		}
		return nil
	},
}

var unusualName = &lint.Rule{
	ID: "CR202", Name: "unusual-name", Family: "reference", Severity: diag.Warning,
	Doc: "The logical name of a reference is not made as names are\n\n" +
		"Every name that the platform makes has a publisher's prefix, then an underscore or a dot, and nothing but " +
		"ASCII letters, digits, underscores, dots and hyphens. Capitals, dots and hyphens are all right: Copilot " +
		"Studio makes such names. What else an import takes is not documented.",
	Mend: "Make a reference of a usual name, and bind the flows to it: the name of one that exists can't be changed.",
	Sources: []string{
		"counted over 852 declarations: ASCII letters, digits, underscores, dots and hyphens, behind a prefix",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			name := string(ref.LogicalName)
			if i := strings.IndexFunc(name, isUnusual); i >= 0 {
				r := []rune(name[i:])[0]
				p.Reportf(ref.At, "reference %s has %q in its name: ASCII letters, digits, _ . and - would be right", name, r)
			} else if ref.LogicalName.Prefix() == "" {
				p.Reportf(ref.At, "reference %s has no publisher's prefix in its name, as in contoso_mail", name)
			}
		}
		return nil
	},
}

func isUnusual(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '.', r == '-':
		return false
	}
	return true
}

var foreignPrefix = &lint.Rule{
	ID: "CR203", Name: "foreign-prefix", Family: "reference", Severity: diag.Warning,
	Doc: "The prefix of a reference is not the publisher's\n\n" +
		"A reference gets the prefix of the solution that it is made in. Another one tells that it was made in the " +
		"default solution or in that of somebody else, and added here later: it belongs to that publisher, and " +
		"people look for it in the wrong place. It is passed over where a solution of the right publisher that " +
		"was looked at declares it too.",
	Mend: "Make a reference in this solution, and bind the flows to it: the name of one that exists can't be changed.",
	Sources: []string{
		"FocusCenter: checks the prefix in reviews", "counted over 459 declarations: 71",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		prefix := p.Solution.Manifest().Publisher.Prefix
		if prefix == "" {
			return nil // CR314 tells
		}
		for ref := range p.Solution.References() {
			own := ref.LogicalName.Prefix()
			if own != "" && !hasPrefix(ref.LogicalName, prefix) && !ofAgents.MatchString(string(ref.LogicalName)) &&
				!ownedElsewhere(p, ref.LogicalName) {
				p.Reportf(ref.At, "reference %s has the prefix %s, but the solution's publisher has %s",
					ref.LogicalName, own, prefix)
			}
		}
		return nil
	},
}

// ofAgents are names that Copilot Studio makes without any publisher's prefix.
var ofAgents = regexp.MustCompile(`(?i)^(copilots_header_|cr\.)`)

// hasPrefix tells whether a name has a publisher's prefix, which may end in an underscore itself.
func hasPrefix(name connref.LogicalName, prefix string) bool {
	return connref.EqualFold(name.Prefix(), strings.TrimRight(prefix, "_"))
}

// ownedElsewhere tells whether another solution of the set declares a reference whose prefix is its publisher's.
func ownedElsewhere(p *lint.Pass, name connref.LogicalName) bool {
	owners := memo(p, memoKey{what: "owners"}, func() map[connref.LogicalName][]*solution.Solution {
		owners := map[connref.LogicalName][]*solution.Solution{}
		for _, sol := range p.Solutions {
			prefix := sol.Manifest().Publisher.Prefix
			for ref := range sol.References() {
				if name := ref.LogicalName.Fold(); hasPrefix(name, prefix) {
					owners[name] = append(owners[name], sol)
				}
			}
		}
		return owners
	})
	return slices.ContainsFunc(owners[name.Fold()], func(sol *solution.Solution) bool {
		return sol != p.Solution && !isSame(sol.Manifest().UniqueName, p.Solution)
	})
}

var doubledPrefix = &lint.Rule{
	ID: "CR204", Name: "doubled-prefix", Family: "reference", Severity: diag.Info,
	Doc: "The prefix of a reference is doubled, or something behind it is empty\n\n" +
		"Names like contoso_contoso_mail and contoso__mail come of typing the prefix where the maker portal has " +
		"put it already. They work; people who type them by hand get them wrong. A publisher's prefix can end in " +
		"an underscore, and then two of them are right.",
	Mend:    "Make a reference of a plain name, and bind the flows to it, or leave it: the name can't be changed.",
	Sources: []string{"counted over 459 declarations: none, once a prefix that ends in an underscore is known"},
	Run: func(_ context.Context, p *lint.Pass) error {
		publisher := p.Solution.Manifest().Publisher.Prefix
		for ref := range p.Solution.References() {
			name := string(ref.LogicalName.Fold())
			prefix := connref.Fold(publisher)
			isPublishers := prefix != "" && strings.HasPrefix(name, prefix+"_")
			if !isPublishers {
				prefix = connref.Fold(ref.LogicalName.Prefix())
			}
			rest := name[len(prefix):]
			switch {
			case prefix == "":
			case strings.HasPrefix(rest[1:], prefix+"_"):
				p.Reportf(ref.At, "reference %s has its prefix twice", ref.LogicalName)
			case isPublishers && strings.Contains(rest, "__"), isPublishers && strings.HasSuffix(rest, "_"):
				p.Reportf(ref.At, "reference %s has an empty part in its name", ref.LogicalName)
			}
		}
		return nil
	},
}

var generatedName = &lint.Rule{
	ID: "CR205", Name: "generated-name", Family: "reference", Severity: diag.Info,
	Doc: "The logical name of a reference is one that the platform made up\n\n" +
		"The maker portal ends names in five random hexadecimal digits, and Copilot Studio in the id of the connection " +
		"that a developer had. Five letters are passed over: they may be a word, such as added. In a settings " +
		"file nobody can tell such names apart, and each environment in which the reference is made anew gives it " +
		"another one.",
	Mend: "Make a reference in the solution and give it a name that says what it is for, and bind the flows to it: the " +
		"name of one that exists can't be changed.",
	Sources: []string{
		"buildervault, crmcurator, digitallnature: naming of connection references", "counted over 459 declarations: 208",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			if ref.LogicalName.Generated() {
				p.Reportf(ref.At, "reference %s has a generated name: one that says what it is for would be right", ref.LogicalName)
			}
		}
		return nil
	},
}
