package examples_test

import (
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// publicAPI is the API as snippets see it.
func publicAPI(t *testing.T, h *house) *api {
	now := newAPI(h)
	for _, r := range h.public() {
		text, err := exported(h, r)
		require.NoError(t, err)
		now.texts[r.ImportPath] = text
	}
	return now
}

// The README's pieces of Go compile; its one whole program is that of the quickstart, whose test compares them.
func TestREADMECompiles(t *testing.T) {
	t.Parallel()
	h := open(t)
	now := publicAPI(t, h)
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	compiled := 0
	for i, block := range strings.Split(string(readme), "```") {
		code, isGo := strings.CutPrefix(block, "go\n")
		if i%2 == 0 || !isGo || strings.HasPrefix(code, "package ") {
			continue
		}
		compiled++
		for _, fault := range compileSnippet(now, h, code) {
			t.Errorf("README.md: %s", fault)
		}
	}
	require.NotZero(t, compiled)
}

// Every package of the public API begins its documentation with an example, and what is shown there compiles: a block of
// code is the body of a function that may return an error.
func TestPackageCommentsCompile(t *testing.T) {
	t.Parallel()
	h := open(t)
	now := publicAPI(t, h)
	for _, r := range h.public() {
		_, files, err := r.parse(h, r.GoFiles...)
		require.NoError(t, err)
		compiled := 0
		for _, code := range codeBlocks(files) {
			if _, err := parser.ParseFile(token.NewFileSet(), "", inFunction(code, nil, nil), 0); err != nil {
				continue // a table, say
			}
			compiled++
			for _, fault := range compileSnippet(now, h, code) {
				t.Errorf("%s: the example in the package comment: %s", h.short(r.ImportPath), fault)
			}
		}
		if compiled == 0 {
			t.Errorf("%s has no example in its package comment", h.short(r.ImportPath))
		}
	}
}

func codeBlocks(files []*ast.File) (blocks []string) {
	for _, file := range files {
		for _, block := range new(comment.Parser).Parse(file.Doc.Text()).Content {
			if code, ok := block.(*comment.Code); ok {
				blocks = append(blocks, code.Text)
			}
		}
	}
	return blocks
}

// given are the variables that an example may use without saying where they come from.
var given = map[string]string{
	"ctx": "context.Context",
	"raw": "[]byte",
	"sol": "*solution.Solution",
}

func inFunction(code string, imports, variables []string) string {
	var text strings.Builder
	text.WriteString("package p\n")
	for _, path := range imports {
		fmt.Fprintf(&text, "import %q\n", path)
	}
	text.WriteString("func _(")
	for _, name := range variables {
		text.WriteString(name + " " + given[name] + ", ")
	}
	text.WriteString(") error {\n" + code + "\nreturn nil\n}\n")
	return text.String()
}

// compileSnippet adds the imports and variables that the code lacks, and answers what the compiler says then.
func compileSnippet(now *api, h *house, code string) (faults []string) {
	packages := map[string]string{}
	for _, r := range append(slices.Clone(h.linked), h.public()...) {
		if path := r.ImportPath; !strings.Contains(path, "internal/") && packages[r.Name] == "" {
			packages[r.Name] = path
		}
	}
	var imports, variables []string
	for {
		fset, added := token.NewFileSet(), false
		faults = nil
		file, err := parser.ParseFile(fset, "snippet.go", inFunction(code, imports, variables), 0)
		if err != nil {
			return []string{err.Error()}
		}
		conf := types.Config{Importer: now, Error: func(err error) {
			name, undefined := strings.CutPrefix(err.(types.Error).Msg, "undefined: ")
			path, variable := packages[name], given[name]
			switch {
			case undefined && variable != "" && !slices.Contains(variables, name):
				added, variables = true, append(variables, name)
				if of, _, qualified := strings.Cut(strings.TrimPrefix(variable, "*"), "."); qualified &&
					!slices.Contains(imports, packages[of]) {
					imports = append(imports, packages[of])
				}
			case undefined && path != "" && !slices.Contains(imports, path):
				added, imports = true, append(imports, path)
			case !undefined || !slices.Contains(variables, name) && !slices.Contains(imports, path):
				faults = append(faults, err.Error())
			}
		}}
		_, _ = conf.Check("snippet", fset, []*ast.File{file}, nil) // its faults came to Error
		if !added {
			return faults
		}
	}
}

func TestCompileSnippetTellsFaults(t *testing.T) {
	t.Parallel()
	h := open(t)
	for code, want := range map[string]int{
		`fmt.Println("all is well")`: 0,
		`unused := 1`:                1,
		`return missing`:             1,
		`fmt.Printl("mistyped")`:     1,
	} {
		if faults := compileSnippet(newAPI(h), h, code); len(faults) != want {
			t.Errorf("%s: %q, want %d", code, faults, want)
		}
	}
}
