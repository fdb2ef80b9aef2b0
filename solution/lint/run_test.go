package lint_test

import (
	"context"
	"errors"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
)

func TestRun(t *testing.T) {
	result := run(t, input(build(t, "Orders", "Daily", "Weekly")), config(everyShare, everyReference, everyKey))
	want := []string{
		"T101 warning Workflows/Daily: key mail of flow Daily",
		"T101 warning Workflows/Daily: key sql of flow Daily",
		"T101 warning Workflows/Weekly: key mail of flow Weekly",
		"T101 warning Workflows/Weekly: key sql of flow Weekly",
		"T201 info customizations.xml: reference contoso_mail",
		"T202 error customizations.xml: reference contoso_mail is shared by 2 flows",
		"T201 info customizations.xml: reference contoso_sql",
		"T202 error customizations.xml: reference contoso_sql is shared by 2 flows",
	}
	if diff := cmp.Diff(want, told(result.Findings)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	first := result.Findings[0]
	if got := first.Position.Pointer; got != "/properties/connectionReferences/mail" {
		t.Errorf("the first finding is at %s", got)
	}
	seen := map[string]bool{}
	for _, d := range result.Findings {
		if d.Fingerprint == "" || seen[d.Fingerprint] {
			t.Errorf("%s has the fingerprint %q, want one of its own", d, d.Fingerprint)
		}
		seen[d.Fingerprint] = true
	}
}

func TestRunIsTheSameEachTime(t *testing.T) {
	in := input(build(t, "Orders", "Daily", "Weekly"), build(t, "Stock", "Hourly", "Monthly"))
	c := config(everyShare, everyReference, everyKey)
	want := run(t, in, c)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	for range 20 {
		if diff := cmp.Diff(want.Findings, run(t, in, c).Findings); diff != "" {
			t.Fatalf("findings (-first +again):\n%s", diff)
		}
	}
}

func TestSkipped(t *testing.T) {
	needing := func(needs lint.Needs) *lint.Rule {
		return &lint.Rule{Name: "needing", Doc: "It needs", Severity: diag.Info, Needs: needs, Run: everyReference.Run}
	}
	const all = lint.NeedsOld | lint.NeedsComplete | lint.NeedsPolicy | lint.NeedsEnvironment | lint.NeedsSettings
	sol := build(t, "Orders", "Daily")
	for name, test := range map[string]struct {
		rule *lint.Rule
		in   lint.Input
		want string // part of the reason; "" if it runs
	}{
		"old":         {needing(lint.NeedsOld), input(sol), "no old version"},
		"complete":    {needing(lint.NeedsComplete), input(sol), "the set is not declared to be complete"},
		"policy":      {needing(lint.NeedsPolicy), input(sol), "no policy"},
		"environment": {needing(lint.NeedsEnvironment), input(sol), "nothing is known of an environment"},
		"settings":    {needing(lint.NeedsSettings), input(sol), "no deployment settings"},
		"several": {
			needing(lint.NeedsPolicy | lint.NeedsOld), input(sol),
			"no old version of the solutions was given to compare with; no policy",
		},
		"nothing": {needing(0), input(sol), ""},
		"all is there": {needing(all), lint.Input{
			Solutions: input(sol).Solutions, Old: input(sol).Solutions, Complete: true, Policy: &lint.Policy{},
			Environments: []graph.Inventory{{}}, Settings: []*source.File{source.NewFile("settings.json", nil)},
		}, ""},
		"by the rule": {failing("needing", func(context.Context, *lint.Pass) error {
			return lint.Skip("the policy names no %s", "solution")
		}), input(sol), "the policy names no solution"},
		"by a flow's rule": {&lint.Rule{
			Name: "needing", Doc: "It needs", Severity: diag.Info, Scope: lint.ScopeFlow,
			Run: func(context.Context, *lint.Pass) error { return lint.Skip("the policy names no solution") },
		}, input(sol), "the policy names no solution"},
	} {
		result := run(t, test.in, config(test.rule))
		switch {
		case test.want == "" && len(result.Skipped) > 0:
			t.Errorf("%s: skipped: %s", name, result.Skipped[0].Reason)
		case test.want == "" && len(result.Findings) == 0:
			t.Errorf("%s: nothing was found", name)
		case test.want != "" && (len(result.Skipped) != 1 || !strings.HasPrefix(result.Skipped[0].Reason, test.want)):
			t.Errorf("%s: skipped %v, want for %q", name, result.Skipped, test.want)
		}
		if err := result.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBroken(t *testing.T) {
	errBroken := errors.New("no idea")
	reporting := func(f lint.Finding) func(context.Context, *lint.Pass) error {
		return func(_ context.Context, p *lint.Pass) error { p.Report(f); return nil }
	}
	for name, test := range map[string]struct {
		run   func(context.Context, *lint.Pass) error
		scope lint.Scope
		want  string
	}{
		"error":  {run: func(context.Context, *lint.Pass) error { return errBroken }, want: "no idea"},
		"panic":  {run: func(context.Context, *lint.Pass) error { panic("oh no") }, want: "panic: oh no"},
		"goexit": {run: func(context.Context, *lint.Pass) error { runtime.Goexit(); return nil }, want: "left its goroutine"},
		"in a flow": {
			run: func(context.Context, *lint.Pass) error { return errBroken }, scope: lint.ScopeFlow, want: "Workflows/Daily",
		},
		"no solution":      {run: reporting(lint.Finding{Message: "lost"}), scope: lint.ScopeSet, want: "about no solution"},
		"another solution": {run: reporting(lint.Finding{In: build(t, "Stock"), Message: "lost"}), want: "about no solution"},
		"an old solution": {
			run: func(_ context.Context, p *lint.Pass) error {
				place := graph.Place{Copy: &graph.Copy{Path: "old.zip"}}
				p.ReportAt(place, lint.Finding{Message: "lost"})
				return nil
			},
			want: "about old.zip, which is not in the set",
		},
		"an empty fix": {run: reporting(lint.Finding{Fixes: []diag.Fix{{Message: "mend"}}}), want: "says or changes nothing"},
	} {
		rule := failing("broken", test.run)
		rule.Scope = test.scope
		result := run(t, input(build(t, "Orders", "Daily")), config(rule, everyReference))
		if len(result.Broken) != 1 || !strings.Contains(result.Broken[0].Err.Error(), test.want) {
			t.Errorf("%s: broken %v, want for %q", name, result.Broken, test.want)
		}
		if err := result.Err(); err == nil || !strings.Contains(err.Error(), "rule broken is broken") {
			t.Errorf("%s: Err answers %v", name, err)
		}
		if len(result.Findings) != 2 {
			t.Errorf("%s: the other rule found %v, want two", name, result.Findings)
		}
	}
}

// A rule that fails in a flow looks at the others all the same, and its failures are told as one.
func TestBrokenInFlows(t *testing.T) {
	rule := &lint.Rule{
		Name: "picky", Doc: "It is picky", Severity: diag.Info, Scope: lint.ScopeFlow,
		Run: func(_ context.Context, p *lint.Pass) error {
			if p.Flow.Name != "Weekly" {
				panic("not " + p.Flow.Name)
			}
			return everyKey.Run(t.Context(), p)
		},
	}
	result := run(t, input(build(t, "Orders", "Daily", "Hourly", "Weekly")), config(rule))
	if len(result.Findings) != 2 {
		t.Errorf("found %v, want two of Weekly", result.Findings)
	}
	require.Len(t, result.Broken, 1)
	b := result.Broken[0]
	want := regexp.MustCompile(`^Workflows/Daily-.*\.json: panic: not Daily at run_test.go:[0-9]+ \(and in 1 more flows\)$`)
	if !want.MatchString(b.Err.Error()) || !strings.Contains(b.Stack, "TestBrokenInFlows") {
		t.Errorf("broken: %v, want %s\n%s", b.Err, want, b.Stack)
	}
}

// What can't be told is a failure of the pass, once, and a rule may report from goroutines of its own.
func TestReportFromGoroutines(t *testing.T) {
	rule := failing("busy", func(_ context.Context, p *lint.Pass) error {
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				p.Report(lint.Finding{At: p.Solution.Manifest().At, Message: "right", Subject: strconv.Itoa(i)})
				p.Report(lint.Finding{At: p.Solution.Manifest().At, Message: "wrong", Severity: 9})
			})
		}
		wg.Wait()
		return nil
	})
	result := run(t, input(build(t, "Orders")), config(rule))
	if len(result.Findings) != 100 || len(result.Broken) != 1 || strings.Contains(result.Err().Error(), "more flows") {
		t.Errorf("%d findings, broken: %v", len(result.Findings), result.Err())
	}
}

// What a broken rule found before it broke counts.
func TestBrokenKeepsFindings(t *testing.T) {
	half := failing("half", func(_ context.Context, p *lint.Pass) error {
		p.Reportf(p.Solution.Manifest().At, "found")
		panic("oh no")
	})
	result := run(t, input(build(t, "Orders")), config(half))
	if diff := cmp.Diff([]string{"half info solution.xml: found"}, told(result.Findings)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	canceller := failing("canceller", func(context.Context, *lint.Pass) error { cancel(); return nil })
	if _, err := lint.Run(ctx, input(build(t, "Orders")), config(canceller, everyKey)); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want that of the context", err)
	}
}

func TestInput(t *testing.T) {
	sol := build(t, "Orders")
	if _, err := lint.Run(context.Background(), input(sol, sol), config(everyKey)); !errors.Is(err, connref.ErrDuplicate) {
		t.Errorf("err = %v, want ErrDuplicate", err)
	}
	if _, err := lint.Run(context.Background(), input(), config(everyKey)); !errors.Is(err, connref.ErrInvalid) {
		t.Errorf("err = %v for no solutions, want ErrInvalid", err)
	}
	if _, err := lint.Run(context.Background(), input(sol, nil), config(everyKey)); !errors.Is(err, connref.ErrInvalid) {
		t.Errorf("err = %v for no solution, want ErrInvalid", err)
	}
}
