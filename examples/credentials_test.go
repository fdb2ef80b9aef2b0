package examples_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// credential matches a field name that is, or ends in, a word for a credential. In an exported name such a word starts
// with a capital, which is also where a camel-case word starts: AccessToken is one, Broken and TokenCount are not.
var credential = regexp.MustCompile(
	`(Password|Secret|Token|A[Pp][Ii]_?[Kk]ey|S[Aa][Ss]|Client_?[Ss]ecret|Connection_?[Ss]tring|Credential)(s|es)?$`)

// credentialFields lists the exported fields that could hold a credential, in every struct of the files: named or not,
// exported or not, since a value in an unexported struct is kept just the same.
func credentialFields(fset *token.FileSet, files []*ast.File) []string {
	var faults []string
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			st, ok := n.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range st.Fields.List {
				names := field.Names
				if len(names) == 0 {
					names = []*ast.Ident{typeName(field.Type)}
				}
				for _, name := range names {
					if name.IsExported() && credential.MatchString(name.Name) {
						faults = append(faults, fmt.Sprintf("%s: field %s could hold a credential", fset.Position(field.Pos()), name.Name))
					}
				}
			}
			return true
		})
	}
	return faults
}

func TestNoCredentialFields(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, r := range h.rooms {
		fset, files, err := r.parse(h, r.sources()...)
		require.NoError(t, err)
		for _, fault := range credentialFields(fset, files) {
			t.Error(fault)
		}
	}
}

func TestNoCredentialFieldsTellsFields(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", `package p

type T struct {
	Password, Name string
	accessToken    string
	TokenCount     int
	Broken         bool
	Secretary      string
	Nested         []struct{ APIKeys []string }
	*auth.Credential
}

type hidden struct{ ClientSecret string }

func f() { _ = struct{ BlobSAS string }{} }

type U[K any] struct {
	Box[K]
	ConnectionString K
	DBPassword       K
}
`, 0)
	require.NoError(t, err)
	got := credentialFields(fset, []*ast.File{file})
	want := []string{
		"p.go:4:2: field Password could hold a credential",
		"p.go:10:2: field Credential could hold a credential",
		"p.go:9:27: field APIKeys could hold a credential",
		"p.go:13:21: field ClientSecret could hold a credential",
		"p.go:15:24: field BlobSAS could hold a credential",
		"p.go:19:2: field ConnectionString could hold a credential",
		"p.go:20:2: field DBPassword could hold a credential",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
