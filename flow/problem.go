package flow

import (
	"fmt"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// The rules that reading a flow can report.
const (
	ruleUnparsable = "CR122" // error: not JSON, or not the shape of a flow
	ruleRepeated   = "CR005" // warning: a JSON object has two members of one name
	ruleEncoding   = "CR002" // error: the bytes spell no text
)

// unparsable reports a place at which the file doesn't have the shape of a flow.
func (p *parser) unparsable(v source.Value, format string, args ...any) {
	p.report(ruleUnparsable, "unparsable-flow", diag.Error, v.At(), fmt.Sprintf(format, args...))
}

func (p *parser) report(rule, name string, severity diag.Severity, at source.Location, message string) {
	if at.IsZero() {
		at = source.Location{File: p.file.Name()}
	}
	d := diag.Diagnostic{Rule: rule, Name: name, Severity: severity, Message: message, At: at}
	d.Position = p.flow.Position(at)
	p.problems = append(p.problems, d)
}
