package rules

import "github.com/connref/connref/solution/lint"

// flowRules are the family "flow".
var flowRules = []*lint.Rule{}
