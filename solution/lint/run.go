package lint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/connref/connref/connref/diag"
)

// Result is what a run found, and what it could not judge.
type Result struct {
	// Findings are sorted by solution, file, place and rule; each has its position and fingerprint.
	Findings diag.List
	// Accepted are findings that the baseline leaves out, and LeftOut those that the config does, by severity or place.
	Accepted, LeftOut diag.List
	// Stale are entries of the baseline that match nothing any more, of rules that ran and solutions that were judged.
	Stale []Entry
	// Skipped are rules that could not judge.
	Skipped []Skipped
	// Broken are rules that failed. What else they found stands among the findings.
	Broken []Broken

	names map[string]string // of solutions, by path
	kept  []Entry           // of the baseline, that match nothing since nobody looked
}

// Skipped is a rule that could not judge, since something was not there.
type Skipped struct {
	Rule     *Rule
	Solution string // the path of what it could not judge; "" for the whole set
	Reason   string
}

// Broken is a rule that failed.
type Broken struct {
	Rule     *Rule
	Solution string // the path of what it was judging; "" for the whole set
	Err      error  // of several flows in which it failed the first
	Stack    string // where it panicked; "" if it didn't
}

// Err is nil if no rule is broken, else an error that joins what each of them failed with.
func (r Result) Err() error {
	var faults []error
	for _, b := range r.Broken {
		faults = append(faults, fmt.Errorf("rule %s is broken: %w", b.Rule, b.Err))
	}
	return errors.Join(faults...)
}

// Run runs rules over solutions, side by side. The answer is the same each time. It fails with ErrInvalid for a Config
// without rules or with wrong names, for misdeclared rules and a wrong policy; with ErrDuplicate where two solutions have
// one path; and as the context does when that ends, once the rules that are running come back: they are given the context
// too. A rule that fails is no failure of Run: see Result.Broken.
func Run(ctx context.Context, in Input, config Config) (Result, error) {
	plan, err := config.plan()
	if err = errors.Join(err, in.check()); err != nil {
		return Result{}, err
	}
	r := runner{plan: plan, set: newSet(in)}
	tasks := r.tasks()
	outcomes := make([]*outcome, len(tasks))
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(tasks)) {
		wg.Go(func() {
			for i := range next {
				outcomes[i] = r.run(ctx, tasks[i])
			}
		})
	}
	for i := range tasks {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("lint: %w", err)
	}
	var found diag.List
	for _, o := range outcomes {
		found = append(found, o.findings...)
		r.take(o)
	}
	found.Sort()
	finish(found, r.set)
	r.sift(found, config.Baseline)
	return r.result, nil
}

// runner runs the rules of a plan over a set.
type runner struct {
	plan   plan
	set    *Set
	result Result
}

// tasks are what is to be done, in a settled order. Rules that lack what they need are noted as skipped instead. Those
// over the set come first: they take longest.
func (r *runner) tasks() []task {
	var overSet, overEach []task
	for _, rule := range r.plan.rules {
		reason := rule.Needs.lack(r.set.there)
		switch {
		case reason != "":
			r.result.Skipped = append(r.result.Skipped, Skipped{Rule: rule, Reason: reason})
		case rule.Scope == ScopeSet:
			overSet = append(overSet, task{rule: rule})
		default:
			for _, sol := range r.set.Solutions {
				overEach = append(overEach, task{rule, sol})
			}
		}
	}
	return append(overSet, overEach...)
}

// run does a task. It has a goroutine of its own, so that a rule that leaves it takes nothing else along.
func (r *runner) run(ctx context.Context, t task) *outcome {
	out := &outcome{task: t}
	done, isDone := make(chan struct{}), false
	go func() {
		defer close(done)
		r.judge(ctx, out)
		isDone = true
	}()
	<-done
	if !isDone {
		out.fail("", errors.New("it left its goroutine"), "")
	}
	if out.failed > 1 {
		out.err = fmt.Errorf("%w (and in %d more flows)", out.err, out.failed-1)
	}
	return out
}

// judge runs the passes of a task. A flow in which the rule fails keeps it from none of the others.
func (r *runner) judge(ctx context.Context, out *outcome) {
	pass := Pass{Set: r.set, Rule: out.rule, Solution: out.sol}
	pass.report = func(f Finding, fault error) { out.take(r.finding(out.task, f, fault)) }
	if out.rule.Scope != ScopeFlow {
		out.pass(ctx, pass)
		return
	}
	for flow := range out.sol.Flows() {
		if ctx.Err() != nil || out.reason != "" {
			return // Run tells of the context
		}
		pass.Flow = flow
		out.pass(ctx, pass)
	}
}

// finding is a finding of a task as diagnostics are, but for what finish adds, or why it can't be told.
func (r *runner) finding(t task, f Finding, fault error) (diag.Diagnostic, error) {
	sol := cmp.Or(f.In, t.sol)
	empty := func(fix diag.Fix) bool { return fix.Message == "" || len(fix.Changes) == 0 }
	switch {
	case fault != nil:
	case sol == nil || r.set.ByPath(sol.Path()) != sol:
		fault = errors.New("it is about no solution of the set")
	case f.Severity > diag.Error:
		fault = fmt.Errorf("its severity is %s: expected error, warning, info or zero", f.Severity)
	case f.At.Span.Start < 0 || f.At.Span.End < f.At.Span.Start:
		fault = fmt.Errorf("its span is %v", f.At.Span)
	case slices.ContainsFunc(f.Fixes, empty):
		fault = errors.New("a fix of it says or changes nothing")
	}
	if fault != nil {
		return diag.Diagnostic{}, fmt.Errorf("finding %q: %w", f.Message, fault)
	}
	rule := t.rule.diag()
	return diag.Diagnostic{
		Rule: rule.ID, Name: rule.Name, Message: diag.Printable(f.Message), Solution: sol.Path(),
		Severity: cmp.Or(r.plan.severities[t.rule], f.Severity, rule.Severity),
		At:       f.At, Sensitive: t.rule.Sensitive, Fixes: f.Fixes, Fingerprint: f.Subject,
	}, nil
}

// take adds to the result what became of a task, beside its findings.
func (r *runner) take(o *outcome) {
	switch {
	case o.err != nil:
		r.result.Broken = append(r.result.Broken, Broken{o.rule, o.path(), o.err, o.stack})
	case o.reason != "":
		r.result.Skipped = append(r.result.Skipped, Skipped{o.rule, o.path(), o.reason})
	}
}

// sift puts each finding where it belongs: the baseline goes first, so that none of its entries is stale for what the
// config leaves out.
func (r *runner) sift(found diag.List, b *Baseline) {
	r.result.names = r.set.names()
	accepted := b.fingerprints()
	matched := map[string]bool{}
	for _, d := range found {
		matched[d.Fingerprint] = true
		switch {
		case accepted[d.Fingerprint]:
			r.result.Accepted = append(r.result.Accepted, d)
		case r.plan.counts(d, r.result.names[d.Solution]):
			r.result.Findings = append(r.result.Findings, d)
		default:
			r.result.LeftOut = append(r.result.LeftOut, d)
		}
	}
	r.result.Stale, r.result.kept = r.unmatched(b, matched)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
