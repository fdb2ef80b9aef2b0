package flow

import (
	"fmt"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// The rules that reading a flow can report.
var (
	undecodable    = diag.Rule{ID: "CR002", Name: "undecodable-text", Severity: diag.Error}
	repeatedMember = diag.Rule{ID: "CR005", Name: "repeated-member", Severity: diag.Warning}
	unparsable     = diag.Rule{ID: "CR122", Name: "unparsable-flow", Severity: diag.Error}
)

// unparsable reports a place at which the file doesn't have the shape of a flow.
func (p *parser) unparsable(v source.Value, format string, args ...any) {
	p.report(unparsable, v.At(), fmt.Sprintf(format, args...))
}

func (p *parser) report(rule diag.Rule, at source.Location, message string) {
	if p.problems.Wants(rule) {
		p.problems.Add(rule.At(at, p.flow.Position(at), message))
	}
}
