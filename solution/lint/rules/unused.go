package rules

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
)

var unusedReference = &lint.Rule{
	ID: "CR308", Name: "unused-reference", Family: "solution", Severity: diag.Info, Needs: lint.NeedsComplete,
	Doc: "Nothing uses a reference\n\n" +
		"No flow, app or agent of any solution uses it, and yet each target has to bind it to a connection. That " +
		"can only be said of a set that is declared complete, and is proven only where nothing was left unread " +
		"that could use it: canvas apps and data-source variables of the same connector don't say which reference " +
		"they use.",
	Mend: "Remove the reference from the solution. From a managed one an upgrade removes it in the target.",
	Sources: []string{
		"microsoft/coe-starter-kit#7981", "microsoft/coe-starter-kit#8893", "microsoft/coe-starter-kit#8815",
		"counted over 459 declarations: 115 that no flow of their own solution uses",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		mentions := mentionsByName(p.Solution)
		for ref := range p.Solution.References() {
			node, err := p.Graph().Reference(ref.LogicalName)
			if err != nil {
				return err
			}
			if node.Consumers().Len() > 0 {
				continue
			}
			hit, err := p.Graph().Impact(ref.LogicalName)
			if err != nil {
				return err
			}
			p.Report(unused(p.Solution, ref, mentions[ref.LogicalName.Fold()], hit.Doubts))
		}
		return nil
	},
}

// mentionsByName are the places in which a solution names references, by folded name.
func mentionsByName(sol *solution.Solution) map[connref.LogicalName][]solution.Mention {
	mentions := map[connref.LogicalName][]solution.Mention{}
	for m := range sol.Mentions() {
		name := m.Reference.Fold()
		mentions[name] = append(mentions[name], m)
	}
	return mentions
}

// unused is what is found of a reference that nothing is known to use. All that names it are its declaration and
// missing dependencies: those that it has itself go with it, but one on it, though it is declared, is a doubt.
func unused(
	sol *solution.Solution, ref connref.Reference, mentions []solution.Mention, doubts []graph.Doubt,
) lint.Finding {
	f := lint.Finding{At: ref.At, Subject: string(ref.LogicalName.Fold())}
	isListed := func(m solution.Mention) bool { return m.Kind == solution.MentionRequired }
	switch {
	case len(doubts) > 0:
		f.Message = fmt.Sprintf("reference %s seems unused, but %s", ref.LogicalName, doubts[0])
		if more := len(doubts) - 1; more > 0 {
			f.Message += "; further doubts: " + strconv.Itoa(more)
		}
	case slices.ContainsFunc(mentions, isListed):
		f.Message = fmt.Sprintf("reference %s seems unused, but solution.xml lists it as what a component needs",
			ref.LogicalName)
	default:
		f.Message = fmt.Sprintf("no flow, app or agent uses reference %s", ref.LogicalName)
		changes, err := sol.Changes(solution.Edits{Drop: mentions})
		if err == nil { // else it is declared where no declaration belongs
			f.Fixes = []diag.Fix{{Message: "remove reference " + string(ref.LogicalName), Changes: changes}}
		}
	}
	return f
}
