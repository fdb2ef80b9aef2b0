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

// Case is an archive that was read: solutions that are ready to be judged, and what a rule should find in them.
type Case struct {
	Path    string
	Comment string // the prose in front of the files
	Files   []File // all of them, as they stand in the archive
	// Input has the solutions completed. The path of one is its NAME in solutions/NAME, or Test; that of an old one is the
	// same in the folder old.
	Input   lint.Input
	Want    []Want
	Fixed   []File   // files that fixes make or change, as they are afterwards
	Removed []string // files that fixes remove

	set    bool // the archive has several solutions, so that files are named by solution
	broken bool // files that can't be read are meant
}

// File is a file of an archive.
type File struct {
	Name string
	Text string
	Line int // of the archive, where the text begins
}

// find answers the file of that name, or an empty one.
func find(files []File, name string) File {
	i := slices.IndexFunc(files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}
	}
	return files[i]
}

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
		if err != nil || len(matches) == 0 {
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
	c.whole(t, result)
	unexpected, missing := match(c.outcomes(result), c.Want)
	isFinding := func(w Want) bool { return w.place != skippedPlace }
	if len(result.Skipped) > 0 && slices.ContainsFunc(missing, isFinding) { // which may be right: update is to leave it
		t.Errorf("%s: want lists findings, but rule %s was skipped: %s", c.Path, rule, result.Skipped[0].Reason)
	}
	c.compare(t, c.renewed(unexpected, missing, c.mend(t, config, result.Findings)))
}

func (c *Case) judge(t testing.TB, config lint.Config) lint.Result {
	t.Helper()
	result, err := lint.Run(t.Context(), c.Input, config)
	if err != nil {
		t.Fatalf("%s: %v", c.Path, err)
	}
	c.unbroken(t, result)
	return result
}

// solution is the one that a finding is about.
func (c *Case) solution(d diag.Diagnostic) *solution.Solution {
	i := slices.IndexFunc(c.Input.Solutions, func(sol *solution.Solution) bool { return sol.Path() == d.Solution })
	return c.Input.Solutions[i] // lint.Run answers no finding about another
}

// unbroken fails the test for a rule that breaks.
func (c *Case) unbroken(t testing.TB, result lint.Result) {
	t.Helper()
	for _, b := range result.Broken { // without a stack, unless it panicked
		t.Fatal(strings.TrimSpace(fmt.Sprintf("%s: rule %s broke: %v\n%s", c.Path, b.Rule, b.Err, b.Stack)))
	}
}

// whole fails the test for a file that can't be read and that nothing is found in, unless the case means it: what it
// holds proves nothing.
func (c *Case) whole(t testing.TB, result lint.Result) {
	t.Helper()
	for _, sol := range slices.Concat(c.Input.Solutions, c.Input.Old) {
		for _, problem := range sol.Problems() {
			isTold := func(d diag.Diagnostic) bool { return d.Solution == sol.Path() && d.At.File == problem.At.File }
			if !c.broken && problem.Severity == diag.Error && !slices.ContainsFunc(result.Findings, isTold) {
				t.Errorf("%s: the solution can't be read as it is meant: %s; if it is meant so, add an empty file broken",
					c.Path, problem)
			}
		}
	}
}
