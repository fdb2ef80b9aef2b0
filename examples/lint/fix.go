package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/refactor"
	"github.com/connref/connref/solution/refactor/unified"
)

// tellFixes writes what was mended, or would be, in words and as a unified diff, and a heading for what is left.
func tellFixes(w io.Writer, before []*solution.Solution, fixed lint.Fixed, dryRun bool) error {
	for _, a := range fixed.Applied {
		text := fmt.Sprintf("fix: %s: %s: %s", a.Finding.Solution, a.Fix.Message, a.Finding)
		if _, err := fmt.Fprintln(w, diag.Printable(text)); err != nil {
			return err
		}
	}
	var files []refactor.FileChange
	for i, sol := range before {
		for _, name := range touched(sol, fixed.Applied) {
			change := refactor.FileChange{Solution: sol}
			var err error
			if change.Before, err = fileOf(sol, name); err != nil {
				return err
			}
			if change.After, err = fileOf(fixed.Solutions[i], name); err != nil {
				return err
			}
			files = append(files, change)
		}
	}
	if err := unified.WriteFiles(w, files...); err != nil {
		return err
	}
	heading := "left after the fixes:"
	if dryRun {
		heading = "nothing is written; left after the fixes, with places as they would be then:"
	}
	_, err := fmt.Fprintf(w, "\n%s\n", heading)
	return err
}

// touched are the files of a solution that fixes changed, sorted.
func touched(sol *solution.Solution, applied []lint.Applied) (names []string) {
	for _, a := range applied {
		for _, change := range a.Fix.Changes {
			if a.Finding.Solution == sol.Path() {
				names = append(names, change.File)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// fileOf is a file of the solution; nil if it has none of that name.
func fileOf(sol *solution.Solution, name string) (*source.File, error) {
	file, err := sol.File(name)
	if errors.Is(err, connref.ErrNotFound) {
		return nil, nil
	}
	return file, err
}
