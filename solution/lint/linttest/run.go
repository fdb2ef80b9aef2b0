package linttest

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// Test tests a rule with the case: it fails the test unless the rule finds what the case wants, finds the same again,
// and mends it as the case has it.
func (c *Case) Test(t testing.TB, rule *lint.Rule) {
	t.Helper()
	config := lint.Config{Rules: []*lint.Rule{rule}}
	result, err := lint.Run(t.Context(), c.Input, config)
	if err != nil {
		t.Fatalf("%s: %v", c.Path, err)
	}
	for _, b := range result.Broken {
		t.Errorf("%s: rule %s broke on %s: %v", c.Path, rule, b.Solution, b.Err)
	}
	again, err := lint.Run(t.Context(), c.Input, config)
	if err != nil {
		t.Fatalf("%s: %v", c.Path, err)
	}
	if diff := cmp.Diff(result.Findings, again.Findings); diff != "" {
		t.Errorf("%s: rule %s finds something else in a second run (-first +second):\n%s", c.Path, rule, diff)
	}
	c.compare(t, result)
}

// compare holds the findings against want.
func (c *Case) compare(t testing.TB, result lint.Result) {
	t.Helper()
	unexpected, missing := match(c.outcomes(result), c.Want)
	if len(unexpected)+len(missing) == 0 {
		return
	}
	var b strings.Builder
	for _, o := range unexpected {
		b.WriteString("\n\tunexpected: " + o.String())
	}
	for _, w := range missing {
		b.WriteString("\n\tnot found:  " + w.Text + " (line " + strconv.Itoa(w.Line) + ")")
	}
	t.Errorf("%s: findings differ from want:%s", c.Path, b.String())
}
