package solution

import (
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// The problems that reading finds: an error where a file really is broken, a warning where the solution isn't what it
// says, info where it is merely unusual. Flows add theirs, CR122 unparsable-flow and CR005 repeated-member.
var (
	unreadableFile  = diag.Rule{ID: "CR001", Name: "unreadable-file", Severity: diag.Error}
	undecodableText = diag.Rule{ID: "CR002", Name: "undecodable-text", Severity: diag.Error}
	malformedFile   = diag.Rule{ID: "CR003", Name: "malformed-file", Severity: diag.Error}
	missingPart     = diag.Rule{ID: "CR004", Name: "missing-part", Severity: diag.Error}
	repeatedEntry   = diag.Rule{ID: "CR006", Name: "repeated-entry", Severity: diag.Error}
	missingFile     = diag.Rule{ID: "CR007", Name: "missing-file", Severity: diag.Warning}
	unlistedFlow    = diag.Rule{ID: "CR008", Name: "unlisted-flow", Severity: diag.Info}
	invalidID       = diag.Rule{ID: "CR009", Name: "invalid-id", Severity: diag.Warning}
	repeatedName    = diag.Rule{ID: "CR010", Name: "repeated-name", Severity: diag.Error}
	twinLayouts     = diag.Rule{ID: "CR011", Name: "twin-layouts", Severity: diag.Warning}
	unnamedPart     = diag.Rule{ID: "CR012", Name: "unnamed-part", Severity: diag.Error}
	invalidName     = diag.Rule{ID: "CR013", Name: "invalid-name", Severity: diag.Warning}
)

func (r *reader) report(rule diag.Rule, at source.Location, message string) {
	if r.problems.Wants(rule) {
		r.add(rule.At(at, r.sol.Position(at), message))
	}
}

func (r *reader) add(d diag.Diagnostic) { r.problems.Add(r.sol.told(d)) }

// told is a finding as the solution tells it.
func (s *Solution) told(d diag.Diagnostic) diag.Diagnostic {
	d.Message, d.Solution = diag.Printable(d.Message), s.Path()
	return d
}
