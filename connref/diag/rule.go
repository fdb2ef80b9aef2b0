package diag

import "github.com/connref/connref/connref/source"

// Rule is what a Diagnostic says was broken: a stable id, the same in words, and how bad that is unless somebody sets
// another severity.
type Rule struct {
	ID       string // CR301
	Name     string // undeclared-reference
	Severity Severity
}

// At is a finding of the rule. The position is the place made readable, by whoever has the text.
func (r Rule) At(at source.Location, position source.Position, message string) Diagnostic {
	return Diagnostic{Rule: r.ID, Name: r.Name, Severity: r.Severity, Message: message, At: at, Position: position}
}
