package rules

import "github.com/connref/connref/solution/lint"

// referenceRules are the family "reference".
var referenceRules = []*lint.Rule{}
