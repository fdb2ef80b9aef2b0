package linttest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// Run tests a rule with the cases that patterns name, as filepath.Glob has them, each in a subtest that is called as
// the archive without its extension. A pattern that matches no file fails the test. With the flag -update cases are
// rewritten to expect what the rule finds.
func Run(t *testing.T, rule *lint.Rule, patterns ...string) {
	t.Helper()
	for _, file := range glob(t, patterns) {
		t.Run(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), func(t *testing.T) {
			c, err := Load(file)
			if err != nil {
				t.Fatal(err)
			}
			c.Test(t, rule)
		})
	}
}

func glob(t testing.TB, patterns []string) (files []string) {
	t.Helper()
	if len(patterns) == 0 {
		t.Fatal("no pattern of archives was given, so that nothing would be tested")
	}
	for _, pattern := range patterns {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatalf("pattern %s: %v", pattern, err)
		}
		if len(matches) == 0 {
			t.Errorf("pattern %s matches no file", pattern)
		}
		files = append(files, matches...)
	}
	return files
}

// Test tests a rule with the case: it fails the test unless the rule finds what the case wants, finds the same a second
// time, and mends it as the case has it.
func (c *Case) Test(t testing.TB, rule *lint.Rule) {
	t.Helper()
	config := lint.Config{Rules: []*lint.Rule{rule}}
	result, again := c.judge(t, config), c.judge(t, config)
	if diff := cmp.Diff(result.Findings, again.Findings); diff != "" {
		t.Errorf("%s: rule %s finds something else in a second run (-first +second):\n%s", c.Path, rule, diff)
	}
	for _, b := range result.Broken {
		t.Errorf("%s", strings.TrimSpace(fmt.Sprintf("%s: rule %s broke: %v\n%s", c.Path, rule, b.Err, b.Stack)))
	}
	for _, d := range result.Findings {
		if fault := c.untidy(d); fault != "" {
			t.Errorf("%s: finding %q: %s", c.Path, d.Message, fault)
		}
	}
	c.whole(t, result)
	unexpected, missing := match(c.outcomes(result), c.Want)
	if updating() {
		c.update(t, unexpected, missing, c.mend(t, config, result))
		return
	}
	c.compareWant(t, unexpected, missing)
	c.compareFixed(t, c.mend(t, config, result))
}

func (c *Case) judge(t testing.TB, config lint.Config) lint.Result {
	t.Helper()
	result, err := lint.Run(t.Context(), c.Input, config)
	if err != nil {
		t.Fatalf("%s: %v", c.Path, err)
	}
	return result
}

// solution is the one that a finding is about.
func (c *Case) solution(d diag.Diagnostic) *solution.Solution {
	i := slices.IndexFunc(c.Input.Solutions, func(sol *solution.Solution) bool { return sol.Path() == d.Solution })
	return c.Input.Solutions[i] // lint.Run answers no finding about another
}

// whole fails the test for a file that can't be read and that nothing is found in, unless the case means it: what it
// holds proves nothing.
func (c *Case) whole(t testing.TB, result lint.Result) {
	t.Helper()
	if c.broken {
		return
	}
	for _, sol := range slices.Concat(c.Input.Solutions, c.Input.Old) {
		for _, problem := range sol.Problems() {
			isTold := func(d diag.Diagnostic) bool {
				return d.Solution == sol.Path() && d.At.File == problem.At.File
			}
			if problem.Severity == diag.Error && !slices.ContainsFunc(result.Findings, isTold) {
				t.Errorf("%s: the solution can't be read as it is meant: %s; if it is meant so, add an empty file broken",
					c.Path, problem)
			}
		}
	}
}

// untidy says what of a finding isn't as lint.Finding wants it.
func (c *Case) untidy(d diag.Diagnostic) string {
	if d.At.File == "" {
		return "it has no place: expected At to be one of the solution's"
	}
	if _, err := c.solution(d).File(d.At.File); err != nil {
		return err.Error()
	}
	if d.Message == "" || d.Message != strings.TrimSpace(d.Message) || strings.HasSuffix(d.Message, ".") {
		return "expected a text without space around it and without a full stop"
	}
	return ""
}

// compareWant tells what of the findings and of want has no counterpart.
func (c *Case) compareWant(t testing.TB, unexpected []outcome, missing []Want) {
	t.Helper()
	var b strings.Builder
	for _, o := range unexpected {
		fmt.Fprintf(&b, "\n\tunexpected: %s", o)
	}
	for _, w := range missing {
		fmt.Fprintf(&b, "\n\tnot found:  %s (%s:%d)", w.Text, c.Path, w.Line)
	}
	if b.Len() > 0 {
		t.Errorf("%s: the findings are not those of want:%s", c.Path, &b)
	}
}
