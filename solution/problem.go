package solution

import (
	"github.com/connref/connref/connref/diag"
)

// problem is a rule that reading a solution can report; flows add theirs, CR122 unparsable-flow and CR005.
type problem struct {
	rule, name string
	severity   diag.Severity
}

// The problems that reading finds: an error where a file really is broken, a warning where the solution isn't what it
// says, info where it is merely unusual.
var (
	unreadableFile  = problem{"CR001", "unreadable-file", diag.Error}
	undecodableText = problem{"CR002", "undecodable-text", diag.Error}
	malformedFile   = problem{"CR003", "malformed-file", diag.Error}
	missingPart     = problem{"CR004", "missing-part", diag.Error}
	repeatedEntry   = problem{"CR006", "repeated-entry", diag.Error}
	missingFile     = problem{"CR007", "missing-file", diag.Warning}
	unlistedFlow    = problem{"CR008", "unlisted-flow", diag.Info}
	invalidID       = problem{"CR009", "invalid-id", diag.Warning}
	repeatedName    = problem{"CR010", "repeated-name", diag.Error}
	twinLayouts     = problem{"CR011", "twin-layouts", diag.Warning}
	unnamedPart     = problem{"CR012", "unnamed-part", diag.Error}
)
