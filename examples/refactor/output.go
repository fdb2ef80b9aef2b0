package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/connref/connref/solution"
)

// output is where the flags say that the outcome goes.
type output struct {
	path    string
	inPlace bool
}

// target is where a solution is written.
type target struct {
	path  string
	isZip bool
}

// targets answers where each of the solutions goes, none if nothing is to be written. It fails where one would be written
// over another, or over what was read without being told so.
func (o output) targets(solutions []*solution.Solution) ([]target, error) {
	if o.path == "" && !o.inPlace {
		return nil, nil
	}
	var targets []target
	taken := map[string]bool{}
	for _, sol := range solutions {
		t := target{path: o.place(sol, len(solutions)), isZip: sol.Layout() == solution.LayoutZip}
		info, err := os.Stat(sol.Path())
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s is inside an archive: unpack that first, to write the solution back: %w", sol.Path(), err)
		case sol.Layout() == solution.LayoutFlowPackage:
			t.isZip = !info.IsDir()
		}
		if existing, err := os.Stat(t.path); err == nil && !o.inPlace && os.SameFile(existing, info) {
			return nil, fmt.Errorf("%s is what was read: give -in-place to write over it", t.path)
		}
		if o.path != "" && taken[filepath.Clean(t.path)] {
			return nil, fmt.Errorf("%s: two of the solutions would be written there", t.path)
		}
		taken[filepath.Clean(t.path)] = true
		targets = append(targets, t)
	}
	return targets, nil
}

// place is where a solution goes, one of several or the only one.
func (o output) place(sol *solution.Solution, of int) string {
	switch {
	case o.path == "":
		return filepath.FromSlash(sol.Path())
	case of > 1 || isFolder(o.path) && strings.EqualFold(filepath.Ext(sol.Path()), ".zip"):
		return filepath.Join(o.path, filepath.Base(filepath.FromSlash(sol.Path())))
	}
	return o.path
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (t target) write(ctx context.Context, sol *solution.Solution) error {
	if !t.isZip {
		_, err := sol.WriteDir(ctx, t.path)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(t.path), 0o777); err != nil {
		return err
	}
	return sol.WriteZipFile(ctx, t.path)
}
