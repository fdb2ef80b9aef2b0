package lint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
)

// task is a rule and what it is to judge.
type task struct {
	rule *Rule
	sol  *solution.Solution // nil for the set
}

// outcome is what became of a task.
type outcome struct {
	task
	mutex    sync.Mutex // since a rule may report from goroutines of its own
	findings diag.List
	reason   string // why it was skipped
	err      error
	stack    string
	failed   int   // passes in which the rule failed
	wrong    error // what the pass reported first that can't be told
}

func (t task) path() string {
	if t.sol == nil {
		return ""
	}
	return t.sol.Path()
}

// pass is one call of the rule's Run, and what becomes of it.
func (o *outcome) pass(ctx context.Context, p Pass) {
	where := ""
	if p.Flow != nil {
		where = p.Flow.FileName + ": "
	}
	o.wrong = nil
	defer func() {
		if fault := recover(); fault != nil {
			o.fail(where, fmt.Errorf("panic: %v%s", fault, panickedAt()), string(debug.Stack()))
		}
	}()
	err := o.rule.Run(ctx, &p)
	var s skipped
	switch {
	case errors.As(err, &s):
		o.reason = string(s)
	case cmp.Or(err, o.wrong) != nil:
		o.fail(where, cmp.Or(err, o.wrong), "")
	}
}

// panickedAt is where the code panicked that the runtime has just left, as in " at rule.go:25"; "" where that isn't known.
func panickedAt() string {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	inPanic := false
	for {
		frame, more := frames.Next()
		switch isRuntime := strings.HasPrefix(frame.Function, "runtime."); {
		case frame.Function == "runtime.gopanic":
			inPanic = true
		case inPanic && !isRuntime:
			return fmt.Sprintf(" at %s:%d", filepath.Base(frame.File), frame.Line)
		}
		if !more {
			return ""
		}
	}
}

// take notes what the rule reported, or why that can't be told.
func (o *outcome) take(d diag.Diagnostic, fault error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if fault != nil {
		o.wrong = cmp.Or(o.wrong, fault)
		return
	}
	o.findings = append(o.findings, d)
}

// fail notes that the rule failed in a pass; the first time counts.
func (o *outcome) fail(where string, err error, stack string) {
	if o.failed++; o.failed == 1 {
		o.err, o.stack = fmt.Errorf("%s%w", where, err), stack
	}
}
