package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	path    string
	isZip   bool
	isInput bool // it was read from there
}

// targets answers where each of the solutions goes, none if nothing is to be written. It fails where one would be
// written over another, or over what was read without being told so.
func (o output) targets(solutions []*solution.Solution) ([]target, error) {
	if o.path == "" && !o.inPlace {
		return nil, nil
	}
	var inputs []os.FileInfo
	for _, sol := range solutions {
		info, err := os.Stat(sol.Path())
		if err != nil {
			return nil, fmt.Errorf("%s is inside an archive: unpack that first, so that the solution can be written", sol.Path())
		}
		inputs = append(inputs, info)
	}
	var targets []target
	taken := map[string]bool{}
	for i, sol := range solutions {
		t := target{path: o.place(sol, len(solutions)), isZip: !inputs[i].IsDir()}
		if o.path != "" && strings.EqualFold(filepath.Ext(t.path), ".zip") {
			t.isZip = true
		}
		if t.isZip && sol.Layout() == solution.LayoutUnpacked {
			return nil, fmt.Errorf("%s is unpacked: write a folder, and pack that with SolutionPackager or pac", sol.Path())
		}
		if existing, err := os.Stat(t.path); err == nil {
			t.isInput = slices.ContainsFunc(inputs, func(info os.FileInfo) bool { return os.SameFile(existing, info) })
		}
		switch {
		case t.isInput && !o.inPlace:
			return nil, fmt.Errorf("%s is what was read: give -in-place to write over it", t.path)
		case !t.isInput && isBelow(t.path, inputs):
			return nil, fmt.Errorf("%s is inside a folder that was read: write elsewhere, or it is read as a part of that", t.path)
		}
		key, err := filepath.Abs(t.path)
		if err != nil {
			return nil, err
		}
		if o.path == "" {
			key += " " + sol.Layout().String() // a folder can hold a solution packed and unpacked
		}
		if taken[key] {
			return nil, fmt.Errorf("%s: two of the solutions would be written there", t.path)
		}
		taken[key] = true
		targets = append(targets, t)
	}
	return targets, nil
}

// isBelow tells whether a path is inside one of the inputs.
func isBelow(path string, inputs []os.FileInfo) bool {
	whole, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	for dir := filepath.Dir(whole); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		isInput := func(input os.FileInfo) bool { return os.SameFile(info, input) }
		if err == nil && slices.ContainsFunc(inputs, isInput) {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// place is where a solution goes, one of several or the only one.
func (o output) place(sol *solution.Solution, of int) string {
	from := filepath.FromSlash(sol.Path())
	switch {
	case o.path == "":
		return from
	case of > 1 || isFolder(o.path) && strings.EqualFold(filepath.Ext(from), ".zip"):
		if whole, err := filepath.Abs(from); err == nil {
			from = whole // since . has no name
		}
		return filepath.Join(o.path, filepath.Base(from))
	}
	return o.path
}

// isFolder tells whether a path is a folder, or is to become one.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir() || os.IsPathSeparator(path[len(path)-1])
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
