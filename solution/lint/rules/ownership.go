package rules

import (
	"context"
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
)

var outsideCommonSolution = &lint.Rule{
	ID: "CR304", Name: "outside-common-solution", Family: "solution", Severity: diag.Warning, Needs: lint.NeedsPolicy,
	Doc: "A reference is declared outside of the common solution\n\n" +
		"The team's policy names one solution in which all connection references belong, so that each exists once " +
		"and is bound once. This one is declared somewhere else.",
	Mend: "Add the reference to the common solution, remove it from this one, and import the common solution " +
		"first.",
	Sources: []string{
		"practice: a common solution with all references",
		"contested: other teams keep references in each solution, which the profile per-solution is for",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		common, name := p.Policy.CommonSolution, p.Solution.Manifest().UniqueName
		switch {
		case common == "":
			return lint.Skip("the policy names no common solution")
		case name == "":
			return lint.Skip("the solution has no name that could be the common solution's")
		case isCommon(p, name):
			return nil
		}
		where := ""
		isIt := func(sol *solution.Solution) bool { return isCommon(p, sol.Manifest().UniqueName) }
		if !slices.ContainsFunc(p.Solutions, isIt) {
			where = ", which is not in the set"
		}
		for ref := range p.Solution.References() {
			p.Reportf(ref.At, "reference %s is declared outside of the common solution %s%s", ref.LogicalName, common, where)
		}
		return nil
	},
}

// isCommon tells whether a solution is the one in which the policy wants all references.
func isCommon(p *lint.Pass, uniqueName string) bool {
	return p.Policy.CommonSolution != "" && owner(uniqueName) == connref.Fold(p.Policy.CommonSolution)
}

// under answers a severity if the team has one of the profiles, else zero, which is that of the rule.
func under(p *lint.Pass, severity diag.Severity, profiles ...lint.Profile) diag.Severity {
	if slices.Contains(profiles, p.Policy.Profile) {
		return severity
	}
	return 0
}

var severalOwners = &lint.Rule{
	ID: "CR305", Name: "several-owners", Family: "solution", Severity: diag.Info, Scope: lint.ScopeSet,
	Doc: "Several solutions declare one reference\n\n" +
		"Each of them brings the reference to a target as a layer of its own: an upgrade of one can't remove it " +
		"while the other is there, and the last one that is imported decides what it is. Copies of one solution " +
		"are one owner. It is a warning where the team keeps all references in a common solution, else worth " +
		"knowing.",
	Mend: "Keep the reference in one solution, and let the others depend on that.",
	Sources: []string{
		"microsoft/coe-starter-kit#8466", "counted over 459 declarations: 43 of one name in several solutions",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		severity := under(p, diag.Warning, lint.ProfileCommonSolution)
		for r := range p.Graph().References() {
			first := ownerships(r)
			if len(first) < 2 {
				continue
			}
			keeps := max(slices.IndexFunc(first, func(d graph.Declaration) bool {
				return isCommon(p, d.Copy.Solution.UniqueName)
			}), 0)
			for i, d := range first {
				if i != keeps {
					p.ReportAt(d.Place, lint.Finding{Severity: severity, Message: fmt.Sprintf(
						"reference %s is declared by solution %s too: one of the two would be right",
						r.Name, first[keeps].Copy.Solution.Name())})
				}
			}
		}
		return nil
	},
}

// ownerships are the first declaration of a reference by each solution that owns it.
func ownerships(r *graph.Reference) (first []graph.Declaration) {
	known := map[string]bool{}
	for d := range r.Declarations() {
		if name := owner(d.Copy.Solution.UniqueName); name != "" && !known[name] {
			known[name] = true
			first = append(first, d)
		}
	}
	return first
}

var foreignReference = &lint.Rule{
	ID: "CR313", Name: "foreign-reference", Family: "solution", Severity: diag.Info,
	Doc: "A solution uses a reference of another one\n\n" +
		"The designer offers the references of every solution, so that a flow comes to depend on another solution " +
		"without anybody having meant it. That one has to be in each target first, and an upgrade of it that " +
		"removes the reference is refused. It is a warning where the team wants each solution to bring its own " +
		"references, or all of them in the common solution, whose references anybody may use; else it is worth " +
		"knowing.",
	Mend: "Bind the key to a reference of this solution, or allow the use in the policy (allowForeign).",
	Sources: []string{
		"microsoft/coe-starter-kit#6255", "microsoft/coe-starter-kit#7381", "microsoft/coe-starter-kit#8114",
		"counted over 103 solutions: 28 references of others",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		severity := under(p, diag.Warning, lint.ProfileCommonSolution, lint.ProfilePerSolution)
		listed := map[connref.LogicalName]listing{}
		for _, l := range listings(p.Solution) {
			listed[l.reference.Fold()] = l
		}
		told := map[connref.LogicalName]bool{}
		for u := range foreignUses(p.Solution) {
			name := u.reference.Fold()
			if told[name] || slices.ContainsFunc(p.Policy.AllowForeign, u.reference.Equal) {
				continue
			}
			told[name] = true
			if from := foreignOwner(p, u.reference, listed[name]); from != "" && !isCommon(p, from) {
				p.Report(lint.Finding{At: u.at, Severity: severity, Subject: string(name), Message: fmt.Sprintf(
					"%s uses reference %s of solution %s%s", u.by, u.reference, from, instead(p))})
			}
		}
		return nil
	},
}

// instead says what would be right in place of a reference of another solution, as the team wants it.
func instead(p *lint.Pass) string {
	switch common := p.Policy.CommonSolution; {
	case p.Policy.Profile == lint.ProfilePerSolution:
		return ": one of its own solution would be right"
	case p.Policy.Profile == lint.ProfileCommonSolution && common != "":
		return ": one of the common solution " + common + " would be right"
	}
	return ", which has to be in each target before"
}

// foreignOwner is the solution that a reference belongs to, by those of the set that declare it, among them the common
// one if that does, else by what solution.xml says; "" if neither tells, or it is the very solution.
func foreignOwner(p *lint.Pass, name connref.LogicalName, l listing) string {
	others, itself := declaredBy(p, name)
	if itself {
		return ""
	}
	from := l.name
	for _, c := range others {
		if from == "" || isCommon(p, c.Solution.UniqueName) {
			from = c.Solution.Name()
		}
	}
	return from
}
