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

// maxReported is how often one rule is reported. A position costs as much as the file is long, so a file of nothing but
// faults must not be told fault by fault.
const maxReported = 100

// unparsable reports a place at which the file doesn't have the shape of a flow.
func (p *parser) unparsable(v source.Value, format string, args ...any) {
	p.report(unparsable, v.At(), fmt.Sprintf(format, args...))
}

func (p *parser) report(rule diag.Rule, at source.Location, message string) {
	if p.reported == nil {
		p.reported = make(map[string]int)
	}
	p.reported[rule.ID]++
	switch n := p.reported[rule.ID]; {
	case n > maxReported+1:
		return
	case n > maxReported:
		message = fmt.Sprintf("more of the same from here on: only the first %d are reported", maxReported)
	}
	p.problems = append(p.problems, rule.At(at, p.flow.Position(at), message))
}
