package rules

import "github.com/connref/connref/solution/lint"

// solutionRules are the family "solution".
var solutionRules = []*lint.Rule{}
