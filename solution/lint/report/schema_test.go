package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // its source holds the official schema
	"github.com/stretchr/testify/require"
	"github.com/xeipuuv/gojsonschema"

	"github.com/connref/connref/solution/lint/report"
)

func TestJSONSchema(t *testing.T) {
	raw, err := os.ReadFile("schema.json")
	require.NoError(t, err)
	var schema jsonschema.Schema
	require.NoError(t, json.Unmarshal(raw, &schema))
	resolved, err := schema.Resolve(nil)
	require.NoError(t, err)
	for _, r := range []report.Report{reported(t), {}} {
		var out bytes.Buffer
		require.NoError(t, report.WriteJSON(&out, r))
		var document any
		require.NoError(t, json.Unmarshal(out.Bytes(), &document))
		if err := resolved.Validate(document); err != nil {
			t.Error(err)
		}
		// No member stands there that the schema doesn't know.
		members := document.(map[string]any)
		for name := range members {
			if schema.Properties[name] == nil {
				t.Errorf("the schema lacks %s", name)
			}
		}
		for _, finding := range members["findings"].([]any) {
			for name := range finding.(map[string]any) {
				if schema.Defs["finding"].Properties[name] == nil {
					t.Errorf("the schema of findings lacks %s", name)
				}
			}
		}
	}
	var document map[string]any
	require.NoError(t, json.Unmarshal([]byte(`{"schemaVersion": "1", "findings": []}`), &document))
	if resolved.Validate(document) == nil {
		t.Error("the schema takes a document that lacks most")
	}
}

// officialSchema is the schema of SARIF 2.1.0 as OASIS publishes it, out of the source of a module that holds it.
func officialSchema(t *testing.T) string {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
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
			if old := textAt(t, change.ArtifactLocation.URI, r.StartLine, r.StartColumn, r.EndLine, r.EndColumn); old != "contoso_mail" {
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

func TestSARIFRoot(t *testing.T) {
	r := reported(t)
	wd, err := os.Getwd()
	require.NoError(t, err)
	for root, want := range map[string]string{
		"":    "src/Orders/solution.xml",
		".":   "src/Orders/solution.xml",
		"src": "Orders/solution.xml",
		wd:    "src/Orders/solution.xml",
	} {
		results := sarifOf(t, r, &report.SARIFOptions{Root: root}).Runs[0].Results
		got := results[len(results)-1].Locations[0].PhysicalLocation.ArtifactLocation.URI
		if got != want {
			t.Errorf("from %q the last finding is at %s, want %s", root, got, want)
		}
	}
}
