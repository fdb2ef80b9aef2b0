package rules

import (
	"cmp"
	"context"
	"fmt"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

var widelyShared = &lint.Rule{
	ID: "CR321", Name: "widely-shared", Family: "solution", Severity: diag.Info, Scope: lint.ScopeSet,
	Doc: "Many flows share one reference\n\n" +
		"All of them stop when its connection does: when the login behind it expires, or its owner leaves. How " +
		"many are many the policy says (maxFlowsPerReference); 16 if it doesn't, which was the platform's limit " +
		"once. A flow that is in several copies or solutions counts once.",
	Mend: "Give flows of different purposes or owners references of their own; or see to it that the connection " +
		"is a service account's.",
	Sources: []string{
		"microsoft/coe-starter-kit#1783", "microsoft/coe-starter-kit#4011", "MicrosoftDocs/powerapps-docs#1751",
		"counted over 459 references: 13 with more than 16 flows",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		most := cmp.Or(p.Policy.MaxFlowsPerReference, lint.DefaultMaxFlowsPerReference)
		for r := range p.Graph().References() {
			flows := r.Consumers().Flows
			if len(flows) <= most {
				continue
			}
			place, _ := useOf(p, r.Name)
			if len(r.Candidates) > 0 {
				place = r.Candidates[0].Declarations[0].Place
			}
			p.ReportAt(place, lint.Finding{Subject: string(r.Name.Fold()), Message: fmt.Sprintf(
				"%d flows share reference %s, more than %d: all of them stop when its connection does", len(flows), r.Name, most)})
		}
		return nil
	},
}
