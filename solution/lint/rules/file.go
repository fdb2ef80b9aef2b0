package rules

import "github.com/connref/connref/solution/lint"

// fileRules are the family "files".
var fileRules = []*lint.Rule{}
