package flow

import (
	"fmt"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// problem is a rule that reading a flow can report.
type problem struct {
	rule, name string
	severity   diag.Severity
}

var (
	undecodable    = problem{"CR002", "undecodable-text", diag.Error}
	repeatedMember = problem{"CR005", "repeated-member", diag.Warning}
	unparsable     = problem{"CR122", "unparsable-flow", diag.Error}
)

// maxReported is how often one rule is reported. A position costs as much as the file is long, so a file of nothing but
// faults must not be told fault by fault.
const maxReported = 100

// unparsable reports a place at which the file doesn't have the shape of a flow.
func (p *parser) unparsable(v source.Value, format string, args ...any) {
	p.report(unparsable, v.At(), fmt.Sprintf(format, args...))
}

func (p *parser) report(rule problem, at source.Location, message string) {
	if p.reported == nil {
		p.reported = make(map[string]int)
	}
	p.reported[rule.rule]++
	switch n := p.reported[rule.rule]; {
	case n > maxReported+1:
		return
	case n > maxReported:
		message = fmt.Sprintf("more of the same from here on: only the first %d are reported", maxReported)
	}
	p.problems = append(p.problems, diag.Diagnostic{
		Rule: rule.rule, Name: rule.name, Severity: rule.severity,
		Message: message, At: at, Position: p.flow.Position(at),
	})
}
