package diag

import (
	"github.com/connref/connref/connref/source"
)

// Diagnostic is one finding.
type Diagnostic struct {
	Rule     string   // stable id, as in CR301
	Name     string   // the rule's name in words, as in undeclared-reference
	Severity Severity // never zero
	Message  string   // one line, without the place; lower case, no full stop
	Solution string   // which solution, as its place or unique name; tells copies of one solution apart
	At       source.Location
	Position source.Position // At made readable by whoever had the text
	Fixes    []Fix           // alternatives; take one
	// Fingerprint tells the finding from others and stays the same while its file is edited elsewhere; "" where nobody
	// worked it out.
	Fingerprint string
	// Sensitive says that what stands at the place may be a credential, so that nobody shows its text.
	Sensitive bool
}

// Fix is a way to mend what a Diagnostic found, within its own solution.
type Fix struct {
	Message string // a verb phrase: "drop the unused key"
	Changes []source.Change
}

// String answers "file:line:column: message [CR301 undeclared-reference]", on one printable line. A rule whose id is its
// name is named once.
func (d Diagnostic) String() string {
	return Printable(d.text())
}

func (d Diagnostic) text() string {
	text := d.Message
	if at := d.place(); at != "" {
		text = at + ": " + text
	}
	switch {
	case d.Rule != "" && d.Name != "" && d.Name != d.Rule:
		return text + " [" + d.Rule + " " + d.Name + "]"
	case d.Rule != "":
		return text + " [" + d.Rule + "]"
	}
	return text
}

func (d Diagnostic) place() string {
	if at := d.Position.String(); at != "" {
		return at
	}
	return d.At.File
}
