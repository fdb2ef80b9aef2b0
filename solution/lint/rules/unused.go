package rules

import (
	"context"
	"fmt"
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
			p.Report(unused(p.Solution, ref, hit.Doubts))
		}
		return nil
	},
}

// unused is what is found of a reference that nothing is known to use.
func unused(sol *solution.Solution, ref connref.Reference, doubts []graph.Doubt) lint.Finding {
	f := lint.Finding{At: ref.At, Subject: string(ref.LogicalName.Fold())}
	drop, listed := mentionsOf(sol, ref.LogicalName)
	switch {
	case len(doubts) > 0:
		f.Message = fmt.Sprintf("reference %s seems unused, but %s", ref.LogicalName, doubts[0])
		if more := len(doubts) - 1; more > 0 {
			f.Message += "; further doubts: " + strconv.Itoa(more)
		}
	case listed:
		f.Message = fmt.Sprintf("reference %s seems unused, but solution.xml lists it as what a component needs",
			ref.LogicalName)
	default:
		f.Message = fmt.Sprintf("no flow, app or agent uses reference %s", ref.LogicalName)
		changes, err := sol.Changes(solution.Edits{Drop: drop})
		if err == nil { // else it is declared where no declaration belongs
			f.Fixes = []diag.Fix{{Message: "remove reference " + string(ref.LogicalName), Changes: changes}}
		}
	}
	return f
}

// mentionsOf are the declaration of an unused reference and the missing dependencies that it has itself, and whether
// solution.xml lists it as missing, though it is declared.
func mentionsOf(sol *solution.Solution, name connref.LogicalName) (drop []solution.Mention, listed bool) {
	for m := range sol.Mentions() {
		switch {
		case !m.Reference.Equal(name):
		case m.Kind == solution.MentionRequired:
			listed = true
		default:
			drop = append(drop, m)
		}
	}
	return drop, listed
}
