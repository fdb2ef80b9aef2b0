package rules

import (
	"context"
	"fmt"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

var oddState = &lint.Rule{
	ID: "CR213", Name: "odd-state", Family: "reference", Severity: diag.Info,
	Doc: "A reference is inactive, or its status doesn't go with its state\n\n" +
		"Exports write statecode 0 and statuscode 1: active. An inactive reference, 1 and 2, works all the same, as " +
		"nothing goes by it. Either is the sign of an edit by hand, of which more may have gone wrong.",
	Mend: "Make the reference active: statecode 0, statuscode 1.",
	Sources: []string{
		"microsoft/coe-starter-kit#7595: on and off mean nothing for a reference",
		"counted over 852 declarations: all 0 and 1",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			message := fmt.Sprintf("reference %s is inactive", ref.LogicalName)
			switch goesWith := ref.Status == 0 || ref.Status == ref.State+1; {
			case ref.State == 0 && goesWith:
				continue
			case ref.State != 1 || !goesWith:
				message = fmt.Sprintf("reference %s has statecode %d and statuscode %d: 0 and 1 would be right",
					ref.LogicalName, ref.State, ref.Status)
			}
			active := ref
			active.State, active.Status = 0, 1
			p.Report(lint.Finding{At: ref.At, Message: message, Fixes: updating(p.Solution, active, "make it active")})
		}
		return nil
	},
}

var lockedReference = &lint.Rule{
	ID: "CR214", Name: "locked-reference", Family: "reference", Severity: diag.Info,
	Doc: "A reference can't be customized where it is managed\n\n" +
		"With iscustomizable 0 its name and description can't be edited in a target. Another connection can still " +
		"be given to it. Copilot Studio makes references so; those of the maker portal are open.",
	Mend:    "Make the reference customizable, unless it is meant to be locked.",
	Sources: []string{"counted over 852 declarations: 37, those that were looked at all made by Copilot Studio"},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			if ref.Customizable != connref.No {
				continue
			}
			open := ref
			open.Customizable = connref.Yes
			p.Report(lint.Finding{
				At: ref.At,
				Message: fmt.Sprintf("reference %s can't be customized where it is managed: iscustomizable 1 would be right",
					ref.LogicalName),
				Fixes: updating(p.Solution, open, "make it customizable"),
			})
		}
		return nil
	},
}
