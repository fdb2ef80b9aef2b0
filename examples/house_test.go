package examples_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A room is one package as `go list` describes it: of this module, or linked by one that is.
type room struct {
	ImportPath   string
	Name         string
	Dir          string
	Standard     bool
	Export       string // file of the compiler's export data
	GoFiles      []string
	CgoFiles     []string
	IgnoredFiles []string `json:"IgnoredGoFiles"` // built on another platform, or under a tag
	TestGoFiles  []string
	XTestGoFiles []string
	Imports      []string
	Module       *struct {
		Path string
		Main bool
	}
	Error *struct{ Err string }
}

// house is the whole module.
type house struct {
	module string
	rooms  []*room // of the module, sorted by path
	linked []*room // what they import, near or far, the standard library included
}

const root = ".." // the module's root, seen from this folder

// open reads the house once for all tests.
func open(t *testing.T) *house {
	t.Helper()
	h, err := openOnce()
	require.NoError(t, err)
	return h
}

var openOnce = sync.OnceValues(func() (*house, error) {
	if err := watch(root); err != nil {
		return nil, err
	}
	list := exec.Command("go", "list", "-e", "-export", "-deps",
		"-json=ImportPath,Name,Dir,Standard,Export,GoFiles,CgoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles,Imports,Module,Error",
		"./...")
	list.Dir = root
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	h := new(house)
	var broken []error
	for rooms := json.NewDecoder(strings.NewReader(string(out))); ; {
		r := new(room)
		if err := rooms.Decode(r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if r.Error != nil {
			broken = append(broken, fmt.Errorf("%s: %s", r.ImportPath, r.Error.Err))
		}
		if r.Module == nil || !r.Module.Main {
			h.linked = append(h.linked, r)
			continue
		}
		h.module = r.Module.Path
		h.rooms = append(h.rooms, r)
	}
	slices.SortFunc(h.rooms, func(a, b *room) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return h, errors.Join(broken...)
})

// watch opens every folder of the module. The go command reuses a test's last answer while the files and folders that
// the test itself opened are unchanged, and it does not see what `go list` reads: without this, a new file could go up a
// floor and still be answered from the cache.
func watch(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		return err
	})
}

// short is the room's path within the module, as the tables of the house write it.
func (h *house) short(path string) string { return strings.TrimPrefix(path, h.module+"/") }

// public are the rooms that another module may import for use: all but the examples and the programs.
func (h *house) public() []*room {
	return slices.DeleteFunc(slices.Clone(h.rooms), func(r *room) bool {
		short := h.short(r.ImportPath)
		return r.Name == "main" || short == "examples" || strings.HasPrefix(short, "examples/")
	})
}

// parse reads files of the room, comments included. Their names are relative to the module's root.
func (r *room) parse(h *house, names ...string) (*token.FileSet, []*ast.File, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		name = h.short(r.ImportPath) + "/" + name
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return nil, nil, err
		}
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, file)
	}
	return fset, files, nil
}

// sources are the names of the room's files on every platform, tests left out.
func (r *room) sources() []string { return slices.Concat(r.GoFiles, r.CgoFiles, r.IgnoredFiles) }

// tests are the names of the room's test files.
func (r *room) tests() []string { return slices.Concat(r.TestGoFiles, r.XTestGoFiles) }
