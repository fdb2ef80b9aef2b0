package linttest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// mendedFile is a file of which fixes made something else.
type mendedFile struct {
	name          string // as the archive has it
	before, after string
	gone          bool // it was removed
}

// mend applies the fixes of what was found, if there are any or the case expects some, and answers the files that they
// changed, sorted.
func (c *Case) mend(t testing.TB, config lint.Config, result lint.Result) (list []mendedFile) {
	t.Helper()
	hasFix := func(d diag.Diagnostic) bool { return len(d.Fixes) > 0 }
	if len(c.Fixed)+len(c.Removed) == 0 && !slices.ContainsFunc(result.Findings, hasFix) {
		return nil
	}
	c.tryFixes(t, result.Findings)
	fixed, err := lint.Fix(t.Context(), c.Input, config)
	if err != nil {
		t.Fatalf("%s: fix: %v", c.Path, err)
	}
	for _, b := range fixed.Left.Broken {
		t.Errorf("%s: rule %s broke on what it has mended: %v", c.Path, b.Rule, b.Err)
	}
	for _, d := range fixed.Left.Findings {
		if hasFix(d) {
			t.Errorf("%s: fixes don't mend what they are for: %s: %s", c.Path, d.Position, d.Message)
		}
	}
	for i, after := range fixed.Solutions {
		before := c.Input.Solutions[i]
		if problems := after.Problems(); len(problems) > len(before.Problems()) {
			t.Errorf("%s: fixes broke solution %s: %v", c.Path, after.Path(), problems)
		}
		list = append(list, c.changed(t, before, after)...)
	}
	return list
}

// tryFixes applies each fix alone: one that lint.Fix doesn't take, since another stands before it, has to be right too.
func (c *Case) tryFixes(t testing.TB, findings diag.List) {
	t.Helper()
	var wrong strings.Builder
	for _, d := range findings {
		for _, fix := range d.Fixes {
			if _, err := c.solution(d).With(fix.Changes...); err != nil {
				fmt.Fprintf(&wrong, "\n\t%s: %s: %s: %v", d.Position, d.Message, fix.Message, err)
			}
		}
	}
	if wrong.Len() > 0 {
		t.Fatalf("%s: fixes can't be applied:%s", c.Path, &wrong)
	}
}

// changed are the files in which two versions of a solution differ, sorted.
func (c *Case) changed(t testing.TB, before, after *solution.Solution) (list []mendedFile) {
	t.Helper()
	if before == after {
		return nil
	}
	was, is := contents(t, before), contents(t, after)
	for name, text := range is {
		if old, there := was[name]; !there || old != text {
			list = append(list, mendedFile{name: c.fileName(after.Path(), name), before: old, after: text})
		}
	}
	for name, old := range was {
		if _, there := is[name]; !there {
			list = append(list, mendedFile{name: c.fileName(after.Path(), name), before: old, gone: true})
		}
	}
	slices.SortFunc(list, func(a, b mendedFile) int { return strings.Compare(a.name, b.name) })
	return list
}

// contents are the texts of all files, with the newline at the end that a file in an archive always has.
func contents(t testing.TB, sol *solution.Solution) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for name := range sol.Files() {
		file, err := sol.File(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(file.Bytes())
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		texts[name] = text
	}
	return texts
}

// compareFixed holds what fixes made against what the case expects.
func (c *Case) compareFixed(t testing.TB, mended []mendedFile) {
	t.Helper()
	var removed []string
	for _, m := range mended {
		i := slices.IndexFunc(c.Fixed, func(f File) bool { return f.Name == m.name })
		switch {
		case m.gone:
			removed = append(removed, m.name)
		case i < 0:
			t.Errorf("%s: fixes change %s, but there is no %s%s:\n%s", c.Path, m.name, fixedFolder, m.name,
				diff.Diff("before", []byte(m.before), "after", []byte(m.after)))
		case c.Fixed[i].Text != m.after:
			t.Errorf("%s:%d: fixes make something else of %s:\n%s", c.Path, c.Fixed[i].Line, m.name,
				diff.Diff("want", []byte(c.Fixed[i].Text), "got", []byte(m.after)))
		}
	}
	for _, want := range c.Fixed {
		if !slices.ContainsFunc(mended, func(m mendedFile) bool { return m.name == want.Name && !m.gone }) {
			t.Errorf("%s:%d: fixes don't change %s", c.Path, want.Line, want.Name)
		}
	}
	if want := slices.Sorted(slices.Values(c.Removed)); !slices.Equal(want, removed) {
		t.Errorf("%s: fixes remove %q, but %s says %q", c.Path, removed, removedName, want)
	}
}
