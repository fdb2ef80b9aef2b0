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
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// Result is what a run found, and what it could not judge.
type Result struct {
	// Findings are sorted by solution, file, place and rule; each has its position and fingerprint.
	Findings diag.List
	// Accepted are findings that the baseline leaves out.
	Accepted diag.List
	// Stale are entries of the baseline that match nothing any more, of rules that ran and solutions that were judged.
	Stale []Entry
	// Skipped are rules that could not judge.
	Skipped []Skipped
	// Broken are rules that failed. What they found before stands among the findings.
	Broken []Broken
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
	Err      error
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
// one path; and as the context does when that ends. A rule that fails is no failure of Run: see Result.Broken.
func Run(ctx context.Context, in Input, config Config) (Result, error) {
	plan, err := config.plan()
	if err = errors.Join(err, in.check()); err != nil {
		return Result{}, err
	}
	r := runner{plan: plan, set: newSet(in)}
	tasks := r.tasks()
	outcomes := make([]outcome, len(tasks))
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
	for _, o := range outcomes {
		r.take(o)
	}
	r.result.Findings.Sort()
	fingerprint(r.result.Findings, r.set)
	if config.Baseline != nil {
		r.accept(config.Baseline)
	}
	return r.result, nil
}

// runner runs the rules of a plan over a set.
type runner struct {
	plan   plan
	set    *Set
	result Result
}

// task is a rule and what it is to judge.
type task struct {
	rule *Rule
	sol  *solution.Solution // nil for the set
}

// outcome is what became of a task.
type outcome struct {
	task
	findings diag.List
	reason   string // why it was skipped
	err      error
}

func (t task) path() string {
	if t.sol == nil {
		return ""
	}
	return t.sol.Path()
}

// tasks are what is to be done, in a settled order. Rules that lack what they need are noted as skipped instead. Those
// over the set come first: they take longest.
func (r *runner) tasks() (list []task) {
	for _, rule := range r.plan.rules {
		if reason := rule.Needs.lack(r.set.there); reason != "" {
			r.result.Skipped = append(r.result.Skipped, Skipped{Rule: rule, Reason: reason})
			continue
		}
		if rule.Scope == ScopeSet {
			list = append(list, task{rule: rule})
			continue
		}
		for _, sol := range r.set.Solutions {
			list = append(list, task{rule, sol})
		}
	}
	slices.SortStableFunc(list, func(a, b task) int { return cmp.Compare(b.rule.Scope/ScopeSet, a.rule.Scope/ScopeSet) })
	return list
}

// run does a task. A rule that panics, or leaves its goroutine, is broken.
func (r *runner) run(ctx context.Context, t task) (out outcome) {
	found := diag.Collector{}
	done := make(chan struct{})
	go func() { // of its own, so that a rule that calls runtime.Goexit takes nothing else with it
		defer close(done)
		out.err = errors.New("it left its goroutine")
		defer func() {
			if p := recover(); p != nil {
				out.err = fmt.Errorf("panic: %v", p)
			}
		}()
		out.err = r.judge(ctx, t, &found)
	}()
	<-done
	out.task, out.findings = t, found.List()
	var s skipped
	if errors.As(out.err, &s) {
		out.reason, out.err = string(s), nil
	}
	return out
}

// judge runs the passes of a task.
func (r *runner) judge(ctx context.Context, t task, found *diag.Collector) error {
	pass := Pass{Set: r.set, Rule: t.rule, Solution: t.sol}
	pass.report = func(f Finding) { r.report(t, f, found) }
	if t.rule.Scope != ScopeFlow {
		return t.rule.Run(ctx, &pass)
	}
	for flow := range t.sol.Flows() {
		if ctx.Err() != nil {
			return nil // Run tells
		}
		one := pass
		one.Flow = flow
		if err := t.rule.Run(ctx, &one); err != nil {
			var s skipped
			if errors.As(err, &s) {
				return err
			}
			return fmt.Errorf("%s: %w", flow.FileName, err)
		}
	}
	return nil
}

// report takes a finding of a task, if it counts.
func (r *runner) report(t task, f Finding, found *diag.Collector) {
	sol := cmp.Or(f.In, t.sol)
	if sol == nil || r.set.Solution(sol.Path()) != sol {
		panic(fmt.Sprintf("finding %q is about no solution of the set", f.Message))
	}
	for _, fix := range f.Fixes {
		if fix.Message == "" || len(fix.Changes) == 0 {
			panic(fmt.Sprintf("finding %q has a fix that says or changes nothing", f.Message))
		}
	}
	rule := t.rule.diag()
	d := diag.Diagnostic{
		Rule: rule.ID, Name: rule.Name, Message: diag.Printable(f.Message), Solution: sol.Path(),
		Severity: cmp.Or(r.plan.severities[t.rule], f.Severity, rule.Severity),
		At:       f.At, Sensitive: t.rule.Sensitive, Fixes: f.Fixes,
		Fingerprint: f.Subject, // made whole once all findings are known
	}
	if r.plan.counts(t.rule, d, sol.Manifest().UniqueName) && found.Wants(rule) {
		d.Position = position(sol, f.At)
		found.Add(d)
	}
}

// position makes a place readable, in a file that the model isn't read from too.
func position(sol *solution.Solution, at source.Location) source.Position {
	p := sol.Position(at)
	if p.Line > 0 || at.Span == (source.Span{}) {
		return p
	}
	file, err := sol.File(at.File)
	if err != nil || file.Err() != nil || at.Span.End > len(file.Text()) {
		return p
	}
	return file.Position(at.Span.Start)
}

// take adds an outcome to the result.
func (r *runner) take(o outcome) {
	r.result.Findings = append(r.result.Findings, o.findings...)
	switch {
	case o.err != nil:
		r.result.Broken = append(r.result.Broken, Broken{o.rule, o.path(), o.err})
	case o.reason != "":
		r.result.Skipped = append(r.result.Skipped, Skipped{o.rule, o.path(), o.reason})
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
