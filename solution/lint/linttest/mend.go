package linttest

import (
	"strings"
	"testing"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// mend applies the fixes of what was found, and answers the files of the folder fixed that tell what they do.
func (c *Case) mend(t testing.TB, config lint.Config, found diag.List) (mended []File) {
	t.Helper()
	for _, d := range found {
		for _, fix := range d.Fixes { // which lint.Fix may not try, since another stands before it
			if _, err := c.solution(d).With(fix.Changes...); err != nil {
				t.Fatalf("%s: %s: %s: the fix to %s can't be applied: %v", c.Path, d.Position, d.Message, fix.Message, err)
			}
		}
	}
	fixed, err := lint.Fix(t.Context(), c.Input, config)
	if err != nil {
		t.Fatalf("%s: fix: %v", c.Path, err)
	}
	c.unbroken(t, fixed.Left)
	for _, d := range fixed.Left.Findings {
		if len(d.Fixes) > 0 {
			t.Errorf("%s: fixes don't mend what they are for: %s: %s", c.Path, d.Position, d.Message)
		}
	}
	removed := ""
	for i, after := range fixed.Solutions {
		before := c.Input.Solutions[i]
		if problems := after.Problems(); len(problems) > len(before.Problems()) {
			t.Errorf("%s: fixes broke solution %s: %v", c.Path, after.Path(), problems)
		}
		for name := range before.Files() {
			if _, err := after.File(name); err != nil {
				removed += c.fileName(after.Path(), name) + "\n"
			}
		}
		for name := range after.Files() {
			if text := content(after, name); text != content(before, name) {
				mended = append(mended, File{Name: fixedFolder + c.fileName(after.Path(), name), Text: text})
			}
		}
	}
	if removed != "" {
		mended = append(mended, File{Name: removedName, Text: removed})
	}
	return mended
}

// content is the text of a file, with the newline at the end that a file in an archive always has.
func content(sol *solution.Solution, name string) string {
	file, err := sol.File(name)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(file.Bytes()), "\n") + "\n"
}
