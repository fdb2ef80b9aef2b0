package examples_test

import (
	"go/ast"
	"go/doc"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every program under examples/ has a test.
func TestProgramsAreTested(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, r := range h.rooms {
		if r.Name != "main" {
			continue
		}
		_, files, err := r.parse(h, r.tests()...)
		require.NoError(t, err)
		if !hasTest(files) {
			t.Errorf("%s is a program without a test", h.short(r.ImportPath))
		}
	}
}

// hasTest tells whether the test files hold a test or an example at all.
func hasTest(files []*ast.File) bool {
	for _, f := range files {
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || fn.Name.Name == "TestMain" {
				continue
			}
			if strings.HasPrefix(fn.Name.Name, "Test") || strings.HasPrefix(fn.Name.Name, "Example") {
				return true
			}
		}
	}
	return false
}

// Every package of the public API shows its use in at least one example that `go test` runs: one that states its output.
func TestPackagesHaveExamples(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, r := range h.public() {
		_, files, err := r.parse(h, r.tests()...)
		require.NoError(t, err)
		shown := false
		for _, e := range doc.Examples(files...) {
			shown = shown || e.Output != "" || e.EmptyOutput
		}
		if !shown {
			t.Errorf("%s has no example with an // Output: comment", h.short(r.ImportPath))
		}
	}
}
