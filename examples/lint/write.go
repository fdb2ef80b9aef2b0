package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/connref/connref/solution"
)

// write writes solutions to a path at which there is nothing yet, so that nothing is written over: the only one as it,
// several below it.
func write(ctx context.Context, to string, solutions []*solution.Solution) error {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("-write %s: something is there already: give a new path", to)
	}
	for _, sol := range solutions {
		if isBelow(to, sol.Path()) {
			return fmt.Errorf("-write %s: that is inside a solution that was read: give a path elsewhere", to)
		}
	}
	targets := map[*solution.Solution]string{}
	taken := map[string]bool{}
	for _, sol := range solutions {
		target := to
		if len(solutions) > 1 {
			target = filepath.Join(to, baseOf(sol))
		}
		if key := strings.ToLower(target); taken[key] {
			return fmt.Errorf("-write %s: two of the solutions would be written there: fix one at a time", target)
		} else {
			taken[key] = true
		}
		targets[sol] = target
	}
	for _, sol := range solutions {
		if err := writeOne(ctx, targets[sol], sol); err != nil {
			return err
		}
	}
	return nil
}

// isBelow tells whether a path is below a folder.
func isBelow(target, folder string) bool {
	whole, errWhole := filepath.Abs(target)
	above, errAbove := filepath.Abs(folder)
	below, errBelow := filepath.Rel(above, whole)
	return errors.Join(errWhole, errAbove, errBelow) == nil && filepath.IsLocal(below)
}

// baseOf is the last part of where the solution was read, which may be inside an archive.
func baseOf(sol *solution.Solution) string {
	from := filepath.ToSlash(sol.Path())
	if whole, err := filepath.Abs(from); err == nil {
		from = filepath.ToSlash(whole) // since . has no name
	}
	from = path.Base(from)
	return from[strings.LastIndex(from, "!")+1:]
}

// writeOne writes a zip where a zip was read, and a folder where a folder was.
func writeOne(ctx context.Context, to string, sol *solution.Solution) error {
	isZip := strings.EqualFold(path.Ext(sol.Path()), ".zip")
	if sol.Layout() != solution.LayoutZip && !isZip {
		_, err := sol.WriteDir(ctx, to)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return sol.WriteZipFile(ctx, to)
}
