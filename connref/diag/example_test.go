package diag_test

import (
	"fmt"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

func ExampleList_Err() {
	daily := func(line, column int) source.Position {
		return source.Position{File: "Workflows/Daily.json", Line: line, Column: column}
	}
	findings := diag.List{
		{Rule: "CR301", Name: "undeclared-reference", Severity: diag.Error, Position: daily(14, 41),
			Message: `binding "mail" names reference "new_mail", which this solution doesn't declare`},
		{Rule: "CR401", Name: "unused-reference", Severity: diag.Warning, Message: `reference "new_sql" has no flow`},
	}
	for _, d := range findings {
		fmt.Printf("%s: %s\n", d.Severity, d)
	}
	fmt.Println(findings.Err())
	fmt.Println(findings[1:].Err())
	// Output:
	// error: Workflows/Daily.json:14:41: binding "mail" names reference "new_mail", which this solution doesn't declare [CR301 undeclared-reference]
	// warning: reference "new_sql" has no flow [CR401 unused-reference]
	// Workflows/Daily.json:14:41: binding "mail" names reference "new_mail", which this solution doesn't declare [CR301 undeclared-reference]
	// <nil>
}

func ExampleList_Sort() {
	findings := diag.List{
		{Rule: "CR2", Message: "b", At: source.Location{File: "b.json"}},
		{Rule: "CR1", Message: "second", At: source.Location{File: "a.json", Span: source.Span{Start: 9}}},
		{Rule: "CR9", Message: "first", At: source.Location{File: "a.json", Span: source.Span{Start: 2}}},
	}
	findings.Sort()
	for _, d := range findings {
		fmt.Println(d)
	}
	// Output:
	// a.json: first [CR9]
	// a.json: second [CR1]
	// b.json: b [CR2]
}
