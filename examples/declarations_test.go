package examples_test

import (
	"bytes"
	"fmt"
	"go/constant"
	"go/format"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/exp/apidiff"
)

// declarations writes a package's API as Go source without bodies, in a fixed order, so that it reads well in a review
// and doesn't depend on a compiler's file format. It holds what is exported, and of the rest only what that needs:
// unexported types that are named, unexported methods that seal an interface, and for the unexported fields of a struct
// a blank one that keeps it as comparable as it is.
func declarations(pkg *types.Package) ([]byte, error) {
	type decl struct {
		kind int // constants first, unexported types last
		text string
	}
	d := &declarer{pkg: pkg, imports: map[string]string{}, seals: seals(pkg)}
	var decls []decl
	names := slices.DeleteFunc(pkg.Scope().Names(), func(name string) bool { return !token.IsExported(name) })
	for i := 0; i < len(names); i++ { // a declaration adds the unexported types that it names
		var next decl
		switch obj := pkg.Scope().Lookup(names[i]).(type) {
		case *types.Const:
			text, err := d.constant(obj)
			if err != nil {
				return nil, err
			}
			next.text = text
		case *types.Var:
			next.kind, next.text = 1, "var "+obj.Name()+" "+d.typ(obj.Type())
		case *types.Func:
			next.kind, next.text = 2, "func "+obj.Name()+d.signature(obj)
			if obj.Signature().TypeParams().Len() > 0 {
				next.text += " {}" // a generic function without a body is an error to go/types
			}
		case *types.TypeName:
			next.kind, next.text = 3, d.declaredType(obj)
			if !obj.Exported() {
				next.kind = 4
			}
		}
		decls = append(decls, next)
		for _, name := range identifiers(next.text) {
			if _, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.SortFunc(decls, func(a, b decl) int {
		if a.kind != b.kind {
			return a.kind - b.kind
		}
		return strings.Compare(a.text, b.text)
	})

	var text bytes.Buffer
	fmt.Fprintf(&text, "// The API of %s that TestAPI guards, recorded by it: not to be edited.\n\n", pkg.Path())
	fmt.Fprintf(&text, "package %s\n\n", pkg.Name())
	for _, p := range slices.Sorted(maps.Keys(d.imports)) {
		name := d.imports[p]
		if name == path.Base(p) {
			name = ""
		}
		fmt.Fprintf(&text, "import %s %q\n", name, p)
	}
	for i, decl := range decls {
		if i == 0 || decl.kind > 2 || decl.kind != decls[i-1].kind {
			text.WriteString("\n")
		}
		text.WriteString(decl.text + "\n")
	}
	return format.Source(text.Bytes())
}

// A declarer writes the declarations of one package.
type declarer struct {
	pkg     *types.Package
	imports map[string]string // path to the name it is imported by
	seals   map[string]bool
}

// qualify names another package as the source will import it, by a name that is free there.
func (d *declarer) qualify(p *types.Package) string {
	if p == d.pkg {
		return ""
	}
	if name := d.imports[p.Path()]; name != "" {
		return name
	}
	name := p.Name()
	for d.pkg.Scope().Lookup(name) != nil || slices.Contains(slices.Collect(maps.Values(d.imports)), name) {
		name += "_"
	}
	d.imports[p.Path()] = name
	return name
}

func (d *declarer) typ(t types.Type) string { return types.TypeString(t, d.qualify) }

// signature writes a function's type parameters, parameters and results.
func (d *declarer) signature(f *types.Func) string {
	var text bytes.Buffer
	types.WriteSignature(&text, f.Signature(), d.qualify)
	return text.String()
}

func (d *declarer) constant(c *types.Const) (string, error) {
	text := "const " + c.Name()
	basic, _ := c.Type().(*types.Basic)
	if basic == nil || basic.Info()&types.IsUntyped == 0 {
		text += " " + d.typ(c.Type())
	}
	value := c.Val().ExactString()
	switch c.Val().Kind() {
	case constant.Int:
		switch {
		case basic == nil:
		case basic.Kind() == types.UntypedRune:
			n, _ := constant.Int64Val(c.Val())
			value = strconv.QuoteRune(rune(n))
		case basic.Kind() == types.UntypedFloat:
			value += ".0"
		}
	case constant.Float: // exact as a quotient, which would be one of integers
		value = strings.ReplaceAll(value, "/", ".0/") + ".0"
	case constant.Complex:
		return "", fmt.Errorf("constant %s is complex, which the baseline can't write", c.Name())
	}
	return text + " = " + value, nil
}

// declaredType writes a type and the methods that users can call.
func (d *declarer) declaredType(obj *types.TypeName) string {
	named, ok := obj.Type().(*types.Named)
	if obj.IsAlias() || !ok {
		return types.ObjectString(obj, d.qualify)
	}
	text := "type " + d.typ(named) + " " + d.underlying(named.Underlying())
	methods := slices.SortedFunc(named.Methods(), func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	for _, m := range methods {
		if m.Exported() || d.seals[m.Name()] {
			text += "\nfunc (" + d.typ(m.Signature().Recv().Type()) + ") " + m.Name() + d.signature(m)
		}
	}
	return text
}

// underlying writes structs and interfaces a line for each field or method, and any other type as it is.
func (d *declarer) underlying(t types.Type) string {
	var lines []string
	switch t := t.(type) {
	case *types.Struct:
		blank := ""
		for i := range t.NumFields() {
			field := t.Field(i)
			if !field.Exported() && !field.Embedded() {
				if !types.Comparable(field.Type()) {
					blank = "_ func() // unexported, not comparable"
				} else if blank == "" {
					blank = "_ int // unexported"
				}
				continue
			}
			line := d.typ(field.Type())
			if !field.Embedded() {
				line = field.Name() + " " + line
			}
			if tag := t.Tag(i); strconv.CanBackquote(tag) && tag != "" {
				line += " `" + tag + "`"
			} else if tag != "" {
				line += " " + strconv.Quote(tag)
			}
			lines = append(lines, line)
		}
		if blank != "" {
			lines = append(lines, blank)
		}
		return "struct {\n" + strings.Join(lines, "\n") + "\n}"
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			lines = append(lines, m.Name()+d.signature(m))
		}
		for e := range t.EmbeddedTypes() {
			lines = append(lines, d.typ(e))
		}
		return "interface {\n" + strings.Join(lines, "\n") + "\n}"
	}
	return d.typ(t)
}

// seals are the unexported methods that the package's interfaces ask for. A type has to keep them in the baseline to be
// seen as one that implements such an interface.
func seals(pkg *types.Package) map[string]bool {
	names := map[string]bool{}
	for _, name := range pkg.Scope().Names() {
		if iface, ok := pkg.Scope().Lookup(name).Type().Underlying().(*types.Interface); ok {
			for m := range iface.Methods() {
				if !m.Exported() {
					names[m.Name()] = true
				}
			}
		}
	}
	return names
}

// identifiers lists the identifiers in Go source, which may repeat.
func identifiers(text string) []string {
	var names []string
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), []byte(text), nil, 0)
	for {
		switch _, tok, name := s.Scan(); tok {
		case token.EOF:
			return names
		case token.IDENT:
			names = append(names, name)
		}
	}
}

func TestDeclarations(t *testing.T) {
	t.Parallel()
	const text = `package p

import (
	"context"
	"errors"
	"io"
	"iter"
)

type Level int

const (
	Low Level = iota + 1
	High
)

const (
	Name  = "p" + "q"
	Rune  = 'é'
	Third = 1.0 / 3
	Two   = 2.0
	Big   = 1 << 70
	On    = true
)

var ErrGone = errors.New("gone")

var Default = pick()

func pick() *choice { return nil }

type choice struct {
	Made bool
	next *choice
}

func (*choice) Take() {}

func (*choice) drop() {}

type unseen struct{ choice }

type Sealed interface {
	io.Reader
	Name() string
	seal()
}

type Leaf struct {
	io.Writer
	base
	Size  int ` + "`json:\"size\"`" + `
	cache map[string]int
	lock  int
}

type base struct{ Depth int }

func (Leaf) Read([]byte) (int, error) { return 0, nil }
func (Leaf) Name() string             { return "" }
func (Leaf) seal()                    {}

type Key interface{ ~int | ~string }

type Set[K Key, V any] struct{ values map[K]V }

func (s *Set[K, V]) All() iter.Seq2[K, V] { return nil }

func Collect[K Key, V any](ctx context.Context, _ iter.Seq2[K, V], more ...func(K) (v V, ok bool)) (*Set[K, V], error) {
	return nil, nil
}

type Names = Set[string, []byte]

type Plain struct{ lock int }
`
	now := newCurrent(open(t))
	before, err := checkDeclarations("example.com/p", []byte(text), now)
	require.NoError(t, err)
	written, err := declarations(before)
	require.NoError(t, err)
	const want = `// The API of example.com/p that TestAPI guards, recorded by it: not to be edited.

package p

import "context"
import "io"
import "iter"

const Big = 1180591620717411303424
const High Level = 2
const Low Level = 1
const Name = "pq"
const On = true
const Rune = 'é'
const Third = 1.0 / 3.0
const Two = 2.0

var Default *choice
var ErrGone error

func Collect[K Key, V any](ctx context.Context, _ iter.Seq2[K, V], more ...func(K) (v V, ok bool)) (*Set[K, V], error) {
}

type Key interface {
	~int | ~string
}

type Leaf struct {
	io.Writer
	base
	Size int    ` + "`" + `json:"size"` + "`" + `
	_    func() // unexported, not comparable
}

func (Leaf) Name() string
func (Leaf) Read([]byte) (int, error)
func (Leaf) seal()

type Level int

type Names = Set[string, []byte]

type Plain struct {
	_ int // unexported
}

type Sealed interface {
	Name() string
	seal()
	io.Reader
}

type Set[K Key, V any] struct {
	_ func() // unexported, not comparable
}

func (*Set[K, V]) All() iter.Seq2[K, V]

type base struct {
	Depth int
}

type choice struct {
	Made bool
	_    int // unexported
}

func (*choice) Take()
`
	if diff := cmp.Diff(want, string(written)); diff != "" {
		t.Errorf("declarations (-want +got):\n%s", diff)
	}
	after, err := checkDeclarations("example.com/p", written, now)
	require.NoError(t, err)
	if changes := apidiff.Changes(before, after).String() + apidiff.Changes(after, before).String(); changes != "" {
		t.Errorf("what was written is another API:\n%s", changes)
	}
}
