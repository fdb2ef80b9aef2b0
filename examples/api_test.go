package examples_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/exp/apidiff"
)

var updateAPI = flag.Bool("update-api", false, "record the public API as it is now in testdata/api")

// record is how to move the baseline. Its diff then says what changed; the commit says why.
const record = "go test ./examples -run '^TestAPI$' -update-api"

// TestAPI compares every public package with its baseline in testdata/api: the exported declarations of its source, with
// neither bodies nor comments, so that a review can read it. What a user's code could no longer be built with fails;
// additions don't, and are recorded with the next release.
func TestAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	now, before := newAPI(h), newAPI(h)
	for _, r := range h.public() {
		short, file := h.short(r.ImportPath), baselineFile(h.short(r.ImportPath))
		text, err := exported(h, r)
		require.NoError(t, err)
		now.texts[r.ImportPath] = text
		if *updateAPI {
			require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
			require.NoError(t, os.WriteFile(file, text, 0o666))
		}
		before.texts[r.ImportPath], err = os.ReadFile(file)
		require.NoError(t, err, "%s has no baseline of its API; record it: %s", short, record)
	}
	for _, file := range recordedFiles(t) {
		if !slices.ContainsFunc(h.public(), func(r *room) bool { return baselineFile(h.short(r.ImportPath)) == file }) {
			t.Errorf("%s is the baseline of a package that is gone, which breaks its users", file)
		}
	}
	for _, r := range h.public() {
		was, err := before.Import(r.ImportPath)
		require.NoError(t, err)
		is, err := now.Import(r.ImportPath)
		require.NoError(t, err)
		if broken := breaks(was, is); broken != "" {
			t.Errorf("%s breaks its users:\n%sif that is meant, record it, and say why in the commit:\n\t%s",
				h.short(r.ImportPath), broken, record)
		}
	}
}

func baselineFile(short string) string {
	return filepath.Join("testdata", "api", filepath.FromSlash(short)+".txt")
}

func recordedFiles(t *testing.T) (files []string) {
	err := filepath.WalkDir(filepath.Join("testdata", "api"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	require.NoError(t, err)
	return files
}

// breaks lists the incompatible changes, a line each; "" when there are none.
func breaks(before, after *types.Package) string {
	var list strings.Builder
	if err := apidiff.Changes(before, after).TextIncompatible(&list, false); err != nil {
		return err.Error() // a strings.Builder doesn't fail
	}
	return list.String()
}

// exported is a package's source with only its exported declarations, without bodies.
func exported(h *house, r *room) ([]byte, error) {
	fset := token.NewFileSet()
	var imports, decls bytes.Buffer
	imported := map[string]bool{}
	for _, name := range r.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(root, h.short(r.ImportPath), name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, spec := range file.Imports {
			if !imported[spec.Path.Value] {
				imported[spec.Path.Value] = true
				fmt.Fprintf(&imports, "import %s\n", spec.Path.Value)
			}
		}
		ast.FileExports(file)
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.IMPORT {
				continue
			}
			if fn, ok := decl.(*ast.FuncDecl); ok {
				if fn.Recv != nil && !typeName(fn.Recv.List[0].Type).IsExported() {
					continue
				}
				fn.Body = nil
			}
			decls.WriteString("\n")
			if err := format.Node(&decls, fset, decl); err != nil {
				return nil, err
			}
			decls.WriteString("\n")
		}
	}
	text := fmt.Sprintf("// Recorded by TestAPI, not to be edited.\n\npackage %s\n\n%s%s", r.Name, imports.String(), decls.String())
	return format.Source([]byte(text))
}

// api imports the module's packages from texts that exported wrote, all others from the compiler's export data.
type api struct {
	texts map[string][]byte // by import path
	done  map[string]*types.Package
	rest  types.Importer
}

func newAPI(h *house) *api {
	data := map[string]string{}
	for _, r := range h.linked {
		data[r.ImportPath] = r.Export
	}
	lookup := func(path string) (io.ReadCloser, error) {
		if data[path] == "" {
			return nil, fmt.Errorf("no package of the module imports %s any more", path)
		}
		return os.Open(data[path])
	}
	return &api{
		texts: map[string][]byte{},
		done:  map[string]*types.Package{},
		rest:  importer.ForCompiler(token.NewFileSet(), "gc", lookup),
	}
}

// Import type-checks a package. Imports that only bodies needed are unused, which is no fault here.
func (a *api) Import(path string) (*types.Package, error) {
	if pkg := a.done[path]; pkg != nil {
		return pkg, nil
	}
	text, ours := a.texts[path]
	if !ours {
		return a.rest.Import(path)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var fault error
	conf := types.Config{Importer: a, IgnoreFuncBodies: true, Error: func(err error) {
		if fault == nil && !strings.Contains(err.Error(), "imported and not used") {
			fault = err
		}
	}}
	a.done[path], _ = conf.Check(path, fset, []*ast.File{file}, nil)
	return a.done[path], fault
}

func TestAPITellsBreaks(t *testing.T) {
	t.Parallel()
	const before = `package p

type Options struct{ Depth int }

func Open(path string, o *Options) error

func Close() error

const Limit = 1
`
	for name, test := range map[string]struct{ after, want string }{
		"nothing": {before, ""},
		"additions": {before + `
func Save() error

type Sink interface{ Save() error }
`, ""},
		"removed and changed": {`package p

type Options struct{ Levels int }

func Open(path string) error

const Limit = 2
`, `- Close: removed
- Limit: value changed from 1 to 2
- Open: changed from func(string, *Options) error to func(string) error
- Options.Depth: removed
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(text string) *types.Package {
				a := &api{texts: map[string][]byte{"p": []byte(text)}, done: map[string]*types.Package{}}
				pkg, err := a.Import("p")
				require.NoError(t, err)
				return pkg
			}
			if diff := cmp.Diff(test.want, breaks(check(before), check(test.after))); diff != "" {
				t.Errorf("breaks (-want +got):\n%s", diff)
			}
		})
	}
}
