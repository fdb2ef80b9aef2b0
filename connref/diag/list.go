package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// List is a list of findings.
type List []Diagnostic

// Sort puts the list in the order of solution, file, place, rule and message.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Solution, b.Solution),
			cmp.Compare(a.At.File, b.At.File),
			cmp.Compare(a.At.Span.Start, b.At.Span.Start),
			cmp.Compare(a.At.Span.End, b.At.Span.End),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// Count is the number of findings of that severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Worst is the highest severity in the list, or zero if it is empty.
func (l List) Worst() Severity {
	var worst Severity
	for _, d := range l {
		worst = max(worst, d.Severity)
	}
	return worst
}

// Err answers nil unless the list has a finding of severity Error; then an error that names the first of them and how
// many more there are. errors.As finds the List in it.
func (l List) Err() error {
	if l.Count(Error) == 0 {
		return nil
	}
	return l
}

// Error makes a List an error; use Err, which knows whether it is one.
func (l List) Error() string {
	errors := l.Count(Error)
	for _, d := range l {
		if d.Severity != Error {
			continue
		}
		if errors == 1 {
			return d.String()
		}
		return fmt.Sprintf("%s (and %d more)", d, errors-1)
	}
	return "no errors"
}
