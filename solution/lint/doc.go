// Package lint runs rules over solutions: it says which rules there are to choose from, runs them side by side, and
// gathers what they find, what they could not judge, and which of them broke.
//
// A [Rule] is a value. This one is all there is to a rule of your own; package linttest tests it:
//
//	prefix := &lint.Rule{
//		Name:     "contoso-prefix",
//		Doc:      "Names of references start with contoso_",
//		Severity: diag.Warning,
//		Run: func(_ context.Context, p *lint.Pass) error {
//			for ref := range p.Solution.References() {
//				if !strings.HasPrefix(string(ref.LogicalName.Fold()), "contoso_") {
//					p.Reportf(ref.At, "reference %s lacks the prefix contoso_", ref.LogicalName)
//				}
//			}
//			return nil
//		},
//	}
//	result, err := lint.Run(ctx, lint.Input{Solutions: []*solution.Solution{sol}}, lint.Config{Rules: []*lint.Rule{prefix}})
//	if err != nil {
//		return err // of the config or the context; a rule that fails is in result.Broken
//	}
//	for _, finding := range result.Findings {
//		fmt.Println(finding)
//	}
//
// A pass of a rule is about one solution, one flow or the whole set, as its [Scope] says; the others can be looked at in
// each, and [Set.Graph] tells who shares what. What a rule can't do without it declares as [Needs], or answers a [Skip]:
// nothing passes in silence because something was not there.
//
// A [Config] chooses rules and severities, leaves out places, and takes a [Baseline] of findings that are accepted. A
// finding's fingerprint is made of its rule, file and place, which [Anchor] names, so that it survives edits elsewhere.
//
// A finding may carry fixes, which are changes of its own solution. [Fix] applies those that go together, runs the rules
// again, and answers new solutions; nothing is written:
//
//	fixed, err := lint.Fix(ctx, lint.Input{Solutions: []*solution.Solution{sol}}, lint.Config{Rules: rules.Default()})
//	if err != nil {
//		return err
//	}
//	for _, a := range fixed.Applied {
//		fmt.Println(a.Finding.Position, a.Fix.Message)
//	}
//	return fixed.Solutions[0].WriteZipFile(ctx, "Orders_fixed.zip")
//
// The rules that connref brings are in package rules, what writes findings as text, JSON and SARIF in package report.
package lint
