// Package diag is the one shape of every finding: what reading a solution turns up and what rules report.
//
// A [Diagnostic] names a rule, a severity, a place and what is wrong in words; it may offer fixes. A [List] is a list of
// them that sorts, counts and, where an error is wanted, is one:
//
//	for _, d := range sol.Problems() {
//		fmt.Println(d.Severity, d)
//	}
//	if err := sol.Problems().Err(); err != nil {
//		return err // only if one of them is an error
//	}
package diag
