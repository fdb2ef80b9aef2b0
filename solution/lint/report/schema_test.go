package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // its source holds the official schema
	"github.com/stretchr/testify/require"
	"github.com/xeipuuv/gojsonschema"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/report"
)

// closed makes the objects of a schema refuse members that it doesn't know, and checks that it wants all that it knows.
func closed(t *testing.T, node any) any {
	switch node := node.(type) {
	case map[string]any:
		for _, child := range node {
			closed(t, child)
		}
		if members, ok := node["properties"].(map[string]any); ok && node["type"] == "object" {
			node["additionalProperties"] = false
			require.Len(t, node["required"], len(members))
		}
	case []any:
		for _, child := range node {
			closed(t, child)
		}
	}
	return node
}

// The schema leaves room for members to come; what is written now has those of the schema and no others.
func TestJSONSchema(t *testing.T) {
	var open any
	require.NoError(t, json.Unmarshal([]byte(report.Schema()), &open))
	raw, err := json.Marshal(closed(t, open))
	require.NoError(t, err)
	var schema jsonschema.Schema
	require.NoError(t, json.Unmarshal(raw, &schema))
	resolved, err := schema.Resolve(nil)
	require.NoError(t, err)
	for _, r := range []report.Report{reported(t), {}} {
		var out bytes.Buffer
		require.NoError(t, report.WriteJSON(&out, r))
		var document map[string]any
		require.NoError(t, json.Unmarshal(out.Bytes(), &document))
		if err := resolved.Validate(document); err != nil {
			t.Error(err)
		}
		for name, value := range map[string]any{"findings": []any{map[string]any{}}, "schemaVersion": "2", "more": 1} {
			wrong := maps.Clone(document)
			wrong[name] = value
			if resolved.Validate(wrong) == nil {
				t.Errorf("the schema takes %s %v", name, value)
			}
		}
	}
}

// officialSchema is the schema of SARIF 2.1.0 as OASIS publishes it, out of the source of a module that holds it.
func officialSchema(t *testing.T) string {
	const holder = "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", holder).Output()
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(out)), "schema.go"), nil, 0)
	require.NoError(t, err)
	for _, decl := range file.Decls {
		spec, ok := decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
		if !ok || len(spec.Values) == 0 {
			continue
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
			text, err := strconv.Unquote(literal.Value)
			require.NoError(t, err)
			require.Contains(t, text, "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema")
			return text
		}
	}
	t.Fatal("the module holds no schema any more")
	return ""
}

func TestSARIFSchema(t *testing.T) {
	schema, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(officialSchema(t)))
	require.NoError(t, err)
	check := func(log string) []gojsonschema.ResultError {
		result, err := schema.Validate(gojsonschema.NewStringLoader(log))
		require.NoError(t, err)
		return result.Errors()
	}
	for _, r := range []report.Report{reported(t), {}} {
		var out bytes.Buffer
		require.NoError(t, report.WriteSARIF(&out, r, nil))
		for _, fault := range check(out.String()) {
			t.Error(fault)
		}
	}
	if len(check(`{"version": "2.1.0", "runs": [{"results": []}]}`)) == 0 {
		t.Error("the schema takes a run without a tool")
	}
}

// place is what of a SARIF location is looked at.
type place struct {
	PhysicalLocation struct {
		ArtifactLocation struct{ URI string }
		Region           struct {
			StartLine, StartColumn, EndLine, EndColumn int
			Snippet                                    struct{ Text string }
		}
	}
	LogicalLocations []struct{ FullyQualifiedName string }
}

type sarifLog struct {
	Runs []struct {
		Results []struct {
			RuleID    string
			Locations []place
			Fixes     []struct {
				ArtifactChanges []struct {
					ArtifactLocation struct{ URI string }
					Replacements     []struct {
						DeletedRegion   struct{ StartLine, StartColumn, EndLine, EndColumn int }
						InsertedContent struct{ Text string }
					}
				}
			}
		}
	}
}

func sarifOf(t *testing.T, r report.Report, opts *report.SARIFOptions) (l sarifLog) {
	var out bytes.Buffer
	require.NoError(t, report.WriteSARIF(&out, r, opts))
	require.NoError(t, json.Unmarshal(out.Bytes(), &l))
	return l
}

// textAt reads the file of a location from disk and answers what stands in its region, counted in runes.
func textAt(t *testing.T, uri string, startLine, startColumn, endLine, endColumn int) string {
	name, err := url.PathUnescape(uri)
	require.NoError(t, err)
	var raw []byte
	if archive, inside, ok := strings.Cut(name, ".zip/"); ok {
		r, err := zip.OpenReader(archive + ".zip")
		require.NoError(t, err)
		file, err := r.Open(inside)
		require.NoError(t, err)
		raw, err = io.ReadAll(file)
		require.NoError(t, err)
		require.NoError(t, r.Close())
	} else {
		raw, err = os.ReadFile(name)
		require.NoError(t, err)
	}
	lines := strings.SplitAfter(string(raw), "\n")[startLine-1 : endLine]
	last := []rune(lines[len(lines)-1])
	lines[len(lines)-1] = string(last[:endColumn-1])
	return string([]rune(strings.Join(lines, ""))[startColumn-1:])
}

func TestSARIFPlaces(t *testing.T) {
	l := sarifOf(t, reported(t), nil)
	seen := map[string]bool{}
	for _, result := range l.Runs[0].Results {
		at := result.Locations[0].PhysicalLocation
		seen[result.RuleID+" "+strings.SplitN(at.ArtifactLocation.URI, "/", 2)[0]] = true
		region := at.Region
		switch result.RuleID {
		case "whole-file":
			require.Zero(t, region.StartLine)
			continue
		case "T118": // it may be a credential
			require.Empty(t, region.Snippet.Text)
		}
		have := textAt(t, at.ArtifactLocation.URI, region.StartLine, region.StartColumn, region.EndLine, region.EndColumn)
		want := map[string]string{
			"T301": "contoso_mail", "T201": "<connectionreference ", "T118": `"ada@contoso.example"`,
		}[result.RuleID]
		if !strings.HasPrefix(have, want) || region.Snippet.Text != "" && have != region.Snippet.Text {
			t.Errorf("%s: the region holds %q, want %q", result.RuleID, have, want)
		}
		for _, fix := range result.Fixes {
			require.Len(t, fix.ArtifactChanges, 1)
			change := fix.ArtifactChanges[0]
			r := change.Replacements[0].DeletedRegion
			old := textAt(t, change.ArtifactLocation.URI, r.StartLine, r.StartColumn, r.EndLine, r.EndColumn)
			if old != "contoso_mail" {
				t.Errorf("the fix deletes %q", old)
			}
			require.Equal(t, "contoso_post", change.Replacements[0].InsertedContent.Text)
		}
		if result.RuleID == "T301" {
			require.Len(t, result.Fixes, 1) // the other removes a file, which SARIF has no word for
		}
	}
	require.Len(t, seen, 8, "every rule in the zip and in the folder")
}

func TestSARIFURI(t *testing.T) {
	wd := t.TempDir()
	t.Chdir(wd)
	for _, test := range []struct{ root, solution, file, want string }{
		{"", "src/Orders", "solution.xml", "src/Orders/solution.xml"},
		{"", "./src/../src/Orders", "solution.xml", "src/Orders/solution.xml"},
		{"", `src\Orders`, "solution.xml", "src/Orders/solution.xml"},
		{"", "src/Orders", "", "src/Orders"},
		{"", ".", "Workflows/A b#1?.json", "Workflows/A%20b%231%3F.json"},
		{"", "a:b", "solution.xml", "./a:b/solution.xml"},
		{"", "out/Bestellungen für 100%.zip", "solution.xml", "out/Bestellungen%20f%C3%BCr%20100%25.zip/solution.xml"},
		{"", "out/All.ZIP!in/Orders.zip", "solution.xml", "out/All.ZIP/in/Orders.zip/solution.xml"},
		{"", "/src/Orders", "solution.xml", "file:///src/Orders/solution.xml"},
		{".", "src/Orders", "solution.xml", "src/Orders/solution.xml"},
		{"src", "src/Orders", "solution.xml", "Orders/solution.xml"},
		{"src", "out/Orders.zip", "solution.xml", "../out/Orders.zip/solution.xml"},
		{wd, "src/Orders", "solution.xml", "src/Orders/solution.xml"},
		{wd, filepath.Join(wd, "src", "Orders"), "solution.xml", "src/Orders/solution.xml"},
		{".", filepath.Join(wd, "out", "Orders.zip"), "solution.xml", "out/Orders.zip/solution.xml"},
	} {
		found := diag.Diagnostic{
			Rule: "T1", Severity: diag.Info, Solution: test.solution,
			At: source.Location{File: test.file}, Position: source.Position{File: test.file, Line: 3, Column: 4},
		}
		r := report.Report{Result: lint.Result{Findings: diag.List{found}}}
		at := sarifOf(t, r, &report.SARIFOptions{Root: test.root}).Runs[0].Results[0].Locations[0].PhysicalLocation
		if at.ArtifactLocation.URI != test.want || at.Region.StartLine != 3 || at.Region.StartColumn != 4 {
			t.Errorf("from %q: %s of %s is at %+v, want %s", test.root, test.file, test.solution, at, test.want)
		}
	}
}

// Columns count characters, whatever spells them, and lines end as the file's do.
func TestSARIFColumns(t *testing.T) {
	for name, encode := range map[string]func(string) []byte{"utf-8": asUTF8, "utf-16": asUTF16} {
		text, span := marked("öne\r\n\t😀 é [wörd\r\n😀]x")
		sol := holding(t, "note.txt", encode(text))
		at := sarifOf(t, report.Report{
			Result:    lint.Result{Findings: diag.List{findingAt(t, sol, "note.txt", span)}},
			Solutions: []*solution.Solution{sol},
		}, nil).Runs[0].Results[0].Locations[0].PhysicalLocation.Region
		got := []int{at.StartLine, at.StartColumn, at.EndLine, at.EndColumn}
		if diff := cmp.Diff([]int{2, 6, 3, 2}, got); diff != "" || at.Snippet.Text != text[span.Start:span.End] {
			t.Errorf("%s: region (-want +got):\n%s\nsnippet %q", name, diff, at.Snippet.Text)
		}
	}
}
