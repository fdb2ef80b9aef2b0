// Package report tells what rules found: as text with the lines that findings are about, as JSON with a schema, and as
// SARIF, which code scanning takes.
//
//	in := lint.Input{Solutions: []*solution.Solution{sol}}
//	config := lint.Config{Rules: rules.Default()}
//	result, err := lint.Run(ctx, in, config)
//	if err != nil {
//		return err
//	}
//	found := report.Report{Result: result, Solutions: in.Solutions, Rules: config.Rules}
//	if err := report.WriteText(os.Stdout, found, &report.TextOptions{Color: report.WantsColor(os.Stdout)}); err != nil {
//		return err
//	}
//	return report.WriteSARIF(os.Stdout, found, &report.SARIFOptions{Root: "."}) // or WriteJSON
//
// A finding in text is its place, severity, message and rule; the line and carets under what is meant; and what fixes
// there are:
//
//	src/Orders/Workflows/Daily.json:14:41: error: reference contoso_slq is not declared [CR301 undeclared-reference]
//	  14 | "connectionReferenceLogicalName": "contoso_slq"
//	     |                                    ^~~~~~~~~~~
//
// The JSON is a [Document]; schema.json describes it. No report shows the text of a place that may hold a credential.
package report
