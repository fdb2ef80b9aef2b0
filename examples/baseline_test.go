package examples_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/exp/apidiff"
)

// baselines is the folder of the baselines: Go source, one file a package, named .txt so that no tool takes it for code.
var baselines = filepath.Join("testdata", "api")

func baselineFile(dir, short string) string {
	return filepath.Join(dir, filepath.FromSlash(short)+".txt")
}

// recordedNames lists the packages that have a baseline, by their paths within the module.
func recordedNames(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // nothing recorded yet
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		names = append(names, strings.TrimSuffix(filepath.ToSlash(rel), ".txt"))
		return err
	})
	return names, err
}

// recorded imports the module's packages as their baselines say they were, and all others as they are now.
type recorded struct {
	h    *house
	dir  string
	rest types.Importer
	done map[string]*types.Package
}

func newRecorded(h *house, dir string, rest types.Importer) *recorded {
	return &recorded{h: h, dir: dir, rest: rest, done: map[string]*types.Package{}}
}

func (i *recorded) Import(path string) (*types.Package, error) {
	if !strings.HasPrefix(path, i.h.module+"/") {
		return i.rest.Import(path)
	}
	if pkg := i.done[path]; pkg != nil {
		return pkg, nil
	}
	text, err := os.ReadFile(baselineFile(i.dir, i.h.short(path)))
	if err != nil {
		return nil, err
	}
	pkg, err := checkDeclarations(path, text, i)
	if err != nil {
		return nil, fmt.Errorf("baseline of %s: %w", i.h.short(path), err)
	}
	i.done[path] = pkg
	return pkg, nil
}

// checkDeclarations makes a package of what declarations wrote.
func checkDeclarations(path string, text []byte, imp types.Importer) (*types.Package, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return check(path, fset, []*ast.File{file}, imp)
}

// recordAPI writes the baseline of every public package anew, and removes those of packages that are gone.
func recordAPI(h *house, now types.Importer, dir string) error {
	names, err := recordedNames(dir)
	if err != nil {
		return err
	}
	stale := map[string]bool{}
	for _, short := range names {
		stale[short] = true
	}
	for _, r := range h.public() {
		short := h.short(r.ImportPath)
		pkg, err := now.Import(r.ImportPath)
		if err != nil {
			return err
		}
		text, err := declarations(pkg)
		if err != nil {
			return fmt.Errorf("%s: %w", short, err)
		}
		if err := os.MkdirAll(filepath.Dir(baselineFile(dir, short)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(baselineFile(dir, short), text, 0o644); err != nil {
			return err
		}
		delete(stale, short)
	}
	for short := range stale {
		if err := os.Remove(baselineFile(dir, short)); err != nil {
			return err
		}
	}
	// What was written must read back as the same API.
	before := newRecorded(h, dir, now)
	for _, r := range h.public() {
		was, err := before.Import(r.ImportPath)
		if err != nil {
			return err
		}
		is, err := now.Import(r.ImportPath)
		if err != nil {
			return err
		}
		if changes := apidiff.Changes(was, is).String(); changes != "" {
			return fmt.Errorf("%s: the baseline can't tell its API:\n%s", h.short(r.ImportPath), changes)
		}
	}
	return nil
}
