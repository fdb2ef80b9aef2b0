package examples_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// undocumented lists what a package exports without a doc comment, the package itself included. Fields and interface
// methods may be told at their type; constants and variables at their group.
func undocumented(fset *token.FileSet, pkg string, files []*ast.File) []string {
	var faults []string
	fault := func(at ast.Node, format string, args ...any) {
		faults = append(faults, fset.Position(at.Pos()).String()+": "+fmt.Sprintf(format, args...)+" has no doc comment")
	}
	documented := false
	for _, f := range files {
		documented = documented || told(f.Doc)
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				name, shown := decl.Name.Name, decl.Name.IsExported()
				if decl.Recv != nil {
					receiver := typeName(decl.Recv.List[0].Type)
					name, shown = receiver.Name+"."+name, shown && receiver.IsExported()
				}
				if shown && !told(decl.Doc) {
					fault(decl, "func %s", name)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						// A group's comment tells of the group, not of each type in it.
						alone := !decl.Lparen.IsValid() && told(decl.Doc)
						if spec.Name.IsExported() && !alone && !told(spec.Doc, spec.Comment) {
							fault(spec, "type %s", spec.Name.Name)
						}
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							if name.IsExported() && !told(decl.Doc, spec.Doc, spec.Comment) {
								fault(name, "%s %s", decl.Tok, name.Name)
							}
						}
					}
				}
			}
		}
	}
	if !documented {
		faults = append(faults, fmt.Sprintf("package %s has no doc comment", pkg))
	}
	return faults
}

// told tells whether one of the comments says something; a directive such as //go:generate doesn't.
func told(comments ...*ast.CommentGroup) bool {
	for _, c := range comments {
		if c.Text() != "" {
			return true
		}
	}
	return false
}

// typeName answers the name in a receiver's or an embedded field's type: T in *T, p.T and T[K].
func typeName(expr ast.Expr) *ast.Ident {
	switch expr := expr.(type) {
	case *ast.Ident:
		return expr
	case *ast.StarExpr:
		return typeName(expr.X)
	case *ast.ParenExpr:
		return typeName(expr.X)
	case *ast.SelectorExpr:
		return expr.Sel
	case *ast.IndexExpr:
		return typeName(expr.X)
	case *ast.IndexListExpr:
		return typeName(expr.X)
	}
	return ast.NewIdent("_")
}

func TestDocs(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, r := range h.rooms {
		fset, files, err := r.parse(h, r.sources()...)
		require.NoError(t, err)
		for _, fault := range undocumented(fset, h.short(r.ImportPath), files) {
			t.Error(fault)
		}
	}
}

func TestDocsTellsGaps(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", `package p

func Bare() {}

// Told is documented.
func Told() {}

//go:noinline
func Directive() {}

func unexported() {}

type T[K any] struct{}

func (*T[K]) Bare() {}

type hidden struct{}

func (hidden) Bare() {}

// A group.
type (
	Inner int
	Line  int // is documented
)

// A group.
const (
	A = 1
	B = 2
)

var C, d, E = 1, 2, 3
`, parser.ParseComments)
	require.NoError(t, err)
	got := undocumented(fset, "p", []*ast.File{file})
	want := []string{
		"p.go:3:1: func Bare has no doc comment",
		"p.go:9:1: func Directive has no doc comment",
		"p.go:13:6: type T has no doc comment",
		"p.go:15:1: func T.Bare has no doc comment",
		"p.go:23:2: type Inner has no doc comment",
		"p.go:33:5: var C has no doc comment",
		"p.go:33:11: var E has no doc comment",
		"package p has no doc comment",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
