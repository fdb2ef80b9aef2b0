package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/refactor"
	"github.com/connref/connref/solution/refactor/unified"
)

// tellFixes writes what was mended in words, and as a unified diff.
func tellFixes(w io.Writer, before []*solution.Solution, fixed lint.Fixed) error {
	for _, a := range fixed.Applied {
		if _, err := fmt.Fprintf(w, "fix: %s: %s\n", diag.Printable(a.Fix.Message), a.Finding); err != nil {
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
	return unified.WriteFiles(w, files...)
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

// write writes the mended solutions: the only one to the path, several into it. None is written over what was read.
func write(ctx context.Context, path string, before, after []*solution.Solution) error {
	targets := map[string]bool{}
	for i, sol := range after {
		target := path
		if len(after) > 1 {
			target = filepath.Join(path, filepath.Base(before[i].Path()))
		}
		switch key := strings.ToLower(filepath.Clean(target)); {
		case targets[key]:
			return fmt.Errorf("-write %s: two of the solutions would be written there", target)
		case isSame(target, before[i].Path()):
			return fmt.Errorf("-write %s: that is what was read: give another path", target)
		default:
			targets[key] = true
		}
		if sol.Layout() != solution.LayoutZip {
			if _, err := sol.WriteDir(ctx, target); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
			return err
		}
		if err := sol.WriteZipFile(ctx, target); err != nil {
			return err
		}
	}
	return nil
}

// isSame tells whether two paths lead to one file or folder.
func isSame(a, b string) bool {
	one, errA := os.Stat(a)
	other, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(one, other)
}
