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
	if len(doubts) == 0 {
		f.Message = fmt.Sprintf("no flow, app or agent uses reference %s", ref.LogicalName)
		f.Fixes = dropping(sol, ref.LogicalName)
		return f
	}
	f.Message = fmt.Sprintf("reference %s seems unused, but %s", ref.LogicalName, doubts[0])
	if more := len(doubts) - 1; more > 0 {
		f.Message += "; further doubts: " + strconv.Itoa(more)
	}
	return f
}

// dropping are the fixes that take a declaration away, with what solution.xml says that the reference needs; none where
// solution.xml lists the reference as missing too, since it would be missing then.
func dropping(sol *solution.Solution, name connref.LogicalName) []diag.Fix {
	var edits solution.Edits
	for m := range sol.Mentions() {
		if !m.Reference.Equal(name) {
			continue
		}
		switch m.Kind {
		case solution.MentionDeclaration, solution.MentionDependent:
			edits.Drop = append(edits.Drop, m)
		default:
			return nil
		}
	}
	changes, err := sol.Changes(edits)
	if err != nil { // the declaration stands where none belongs
		return nil
	}
	return []diag.Fix{{Message: "remove reference " + string(name), Changes: changes}}
}
