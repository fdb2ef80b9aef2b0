package diag_test

import (
	"testing"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

func TestDiagnosticString(t *testing.T) {
	at := source.Location{File: "Workflows/Daily.json", Span: source.Span{Start: 7, End: 9}}
	position := source.Position{File: "Workflows/Daily.json", Line: 14, Column: 41, Pointer: "/properties"}
	tests := map[string]struct {
		finding diag.Diagnostic
		want    string
	}{
		"everything": {
			diag.Diagnostic{Rule: "CR301", Name: "undeclared-reference", Severity: diag.Error,
				Message:  "no such reference",
				Solution: "contoso", At: at, Position: position},
			"Workflows/Daily.json:14:41: no such reference [CR301 undeclared-reference]",
		},
		"no name": {diag.Diagnostic{Rule: "CR301", Message: "no", Position: position},
			"Workflows/Daily.json:14:41: no [CR301]"},
		"an id that is the name": {diag.Diagnostic{Rule: "team-name", Name: "team-name", Message: "no", Position: position},
			"Workflows/Daily.json:14:41: no [team-name]"},
		"no rule": {diag.Diagnostic{Name: "some-name", Message: "no", Position: position},
			"Workflows/Daily.json:14:41: no"},
		"no position": {diag.Diagnostic{Rule: "CR1", Name: "a", Message: "no", At: at},
			"Workflows/Daily.json: no [CR1 a]"},
		"a whole file": {diag.Diagnostic{Message: "no", Position: source.Position{File: "a.xml"}}, "a.xml: no"},
		"no place":     {diag.Diagnostic{Rule: "CR1", Message: "no"}, "no [CR1]"},
		"zero":         {diag.Diagnostic{}, ""},
	}
	for name, test := range tests {
		if got := test.finding.String(); got != test.want {
			t.Errorf("%s: String() = %q, want %q", name, got, test.want)
		}
	}
}

func TestDiagnosticStringIsOnePrintableLine(t *testing.T) {
	evil := "a\n\x1b[2J\u009b\u202e"
	d := diag.Rule{ID: "CR001", Name: "x", Severity: diag.Error}.At(
		source.Location{File: evil}, source.Position{File: evil, Line: 1, Column: 2}, evil)
	const clean = "a\ufffd\ufffd[2J\ufffd\ufffd"
	if got, want := d.String(), clean+":1:2: "+clean+" [CR001 x]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
