// Package rules holds the rules that connref knows: what is known to break the import, the activation or the run of flows
// that use connection references, and what is known to hurt later.
//
//	findings, err := rules.Validate(ctx, sol)
//	if err != nil {
//		return err
//	}
//	for _, finding := range findings {
//		fmt.Println(finding) // Workflows/Daily.json:14:41: … [CR301 undeclared-reference]
//	}
//	return findings.Err() // nil unless one is of severity error
//
// [Validate] judges by the default rules. Whoever wants more gives them to [lint.Run], rules of their own among them:
//
//	result, err := lint.Run(ctx, lint.Input{Solutions: []*solution.Solution{sol}, Complete: true}, lint.Config{
//		Rules:      rules.All(),
//		Except:     []string{"generated-name", "CR319"},
//		Severities: map[string]diag.Severity{"CR3xx": diag.Error},
//	})
//	if err != nil {
//		return err
//	}
//	return errors.Join(result.Err(), result.Findings.Err())
//
// The rules are of four families: files, what is wrong with the files themselves (CR0xx); flow, one flow (CR1xx);
// reference, one reference (CR2xx); and solution, a solution or several (CR3xx). README.md beside this file lists them
// all, each with an example.
package rules
