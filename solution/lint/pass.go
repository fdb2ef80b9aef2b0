package lint

import (
	"fmt"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// Pass is what one call of a rule's Run is about.
type Pass struct {
	*Set
	Rule *Rule
	// Solution is what is judged; nil in a pass over the set.
	Solution *solution.Solution
	// Flow is what is judged in a pass over a flow, which is one of Solution's; nil unless the rule's Scope is ScopeFlow.
	Flow *solution.Flow

	report func(f Finding, fault error)
}

// Finding is what a rule reports: a place, and what is wrong there.
type Finding struct {
	// In is the solution that the finding is about; nil for the one that the pass is about.
	In *solution.Solution
	// At is the place. Its file is one of the solution's.
	At source.Location
	// Severity is zero for that of the rule.
	Severity diag.Severity
	// Message is one line, lower case, without the place and a full stop. It never holds a value that may be a secret.
	Message string
	// Subject tells findings at one place apart where a rule has several, such as the name that each is about. It is part
	// of the fingerprint, which the message isn't.
	Subject string
	// Fixes are alternatives that each mend what was found, within the solution.
	Fixes []diag.Fix
}

// Report reports a finding. It may be called from several goroutines until Run comes back.
func (p *Pass) Report(f Finding) { p.report(f, nil) }

// Reportf reports a place and what is wrong there, in the solution that the pass is about.
func (p *Pass) Reportf(at source.Location, format string, args ...any) {
	p.Report(Finding{At: at, Message: fmt.Sprintf(format, args...)})
}

// ReportAt reports what stands at a place of the graph, in a solution of the set: a rule that reports one of the old
// solutions is broken.
func (p *Pass) ReportAt(place graph.Place, f Finding) {
	var fault error
	if f.In, f.At = p.Set.ByPath(place.Copy.Path), place.At; f.In == nil {
		fault = fmt.Errorf("it is about %s, which is not in the set", place.Copy.Path)
	}
	p.report(f, fault)
}

// skipped is why a rule couldn't judge.
type skipped string

func (s skipped) Error() string { return string(s) }

// Skip is the error that a Run answers where it can't judge, since what it needs isn't there: a policy that doesn't say
// what the rule is about, for instance. Result lists the rule as skipped, with the reason.
func Skip(format string, args ...any) error { return skipped(fmt.Sprintf(format, args...)) }
