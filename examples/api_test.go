package examples_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
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

// TestAPI compares every public package with its baseline in testdata/api. What a user's code could no longer be built
// with fails; additions don't, and are recorded with the next release.
func TestAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	now := newCurrent(h)
	if *updateAPI {
		require.NoError(t, recordAPI(h, now, baselines))
	}
	before := newRecorded(h, baselines, now)
	public := map[string]bool{}
	for _, r := range h.public() {
		short := h.short(r.ImportPath)
		public[short] = true
		was, err := before.Import(r.ImportPath)
		if err != nil {
			t.Errorf("%s has no baseline of its API that can be read (%v); record it:\n\t%s", short, err, record)
			continue
		}
		is, err := now.Import(r.ImportPath)
		require.NoError(t, err)
		if broken := breaks(was, is); broken != "" {
			t.Errorf("%s breaks its users:\n%sif that is meant, record it, and say why in the commit:\n\t%s", short, broken, record)
		}
	}
	names, err := recordedNames(baselines)
	require.NoError(t, err)
	for _, short := range names {
		if !public[short] {
			t.Errorf("%s has a baseline, but is no longer a public package; if that is meant:\n\t%s", short, record)
		}
	}
}

// breaks lists the incompatible changes, a line each; "" when there are none.
func breaks(before, after *types.Package) string {
	var list strings.Builder
	if err := apidiff.Changes(before, after).TextIncompatible(&list, false); err != nil {
		return err.Error() // a strings.Builder doesn't fail
	}
	return list.String()
}

// current imports packages as they are now: the module's from source, all others from the compiler's export data, which
// is quicker, but doesn't always keep the names of parameters and results as they were written.
type current struct {
	h    *house
	imp  types.Importer
	data map[string]string // path to file of export data
	done map[string]*types.Package
}

func newCurrent(h *house) *current {
	c := &current{h: h, data: map[string]string{}, done: map[string]*types.Package{}}
	for _, r := range h.linked {
		c.data[r.ImportPath] = r.Export
	}
	c.imp = importer.ForCompiler(token.NewFileSet(), "gc", c.lookup)
	return c
}

func (c *current) Import(path string) (*types.Package, error) {
	if pkg := c.done[path]; pkg != nil {
		return pkg, nil
	}
	i := slices.IndexFunc(c.h.rooms, func(r *room) bool { return r.ImportPath == path })
	if i < 0 {
		return c.imp.Import(path)
	}
	r := c.h.rooms[i]
	fset, files, err := r.parse(c.h, r.GoFiles...)
	if err != nil {
		return nil, err
	}
	pkg, err := check(path, fset, files, c)
	c.done[path] = pkg
	return pkg, err
}

// check makes a package of source files. It doesn't look into functions, which may lack a body.
func check(path string, fset *token.FileSet, files []*ast.File, imp types.Importer) (*types.Package, error) {
	conf := types.Config{Importer: imp, IgnoreFuncBodies: true}
	return conf.Check(path, fset, files, nil)
}

// lookup finds export data; a package that only a baseline still imports isn't among those listed, so it is asked for.
func (c *current) lookup(path string) (io.ReadCloser, error) {
	if c.data[path] == "" {
		list := exec.Command("go", "list", "-export", "-f", "{{.Export}}", path)
		list.Dir = root
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("go list %s: %w", path, err)
		}
		c.data[path] = strings.TrimSpace(string(out))
	}
	return os.Open(c.data[path])
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
			b, err := checkDeclarations("example.com/p", []byte(before), nil)
			require.NoError(t, err)
			a, err := checkDeclarations("example.com/p", []byte(test.after), nil)
			require.NoError(t, err)
			if diff := cmp.Diff(test.want, breaks(b, a)); diff != "" {
				t.Errorf("breaks (-want +got):\n%s", diff)
			}
		})
	}
}
