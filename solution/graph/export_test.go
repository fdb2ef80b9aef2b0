package graph_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

// written is what one of a graph's exports writes.
func written(tb testing.TB, write func(io.Writer) error) string {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, write(&b))
	return b.String()
}

func TestExports(t *testing.T) {
	g := orchard(t)
	for file, write := range map[string]func(io.Writer) error{
		"orchard.json": g.WriteJSON,
		"orchard.csv":  g.WriteCSV,
		"orchard.dot":  g.WriteDOT,
		"orchard.mmd":  g.WriteMermaid,
	} {
		t.Run(file, func(t *testing.T) {
			got := written(t, write)
			file := filepath.Join("testdata", file)
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o777))
				require.NoError(t, os.WriteFile(file, []byte(got), 0o666))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// Every kind of node and of edge is in the fixture, so that what is checked of it is checked of all.
func TestExportsOfEveryKind(t *testing.T) {
	g := orchard(t)
	used := map[string]bool{}
	for n := range g.Nodes() {
		used[string(n.Kind)] = true
	}
	for e := range g.Edges() {
		used[string(e.Kind)] = true
	}
	for _, kind := range slices.Concat(constants(t, "NodeKind"), constants(t, "EdgeKind")) {
		if !used[kind] {
			t.Errorf("nothing of kind %s", kind)
		}
	}
	checkExports(t, g)
}

func TestExportsOfManySolutions(t *testing.T) {
	checkExports(t, graph.New(graph.Input{Solutions: open(t, estate()...), Environments: twoEnvironments}))
}

func TestExportsOfNothing(t *testing.T) {
	g := graph.New(graph.Input{Complete: true})
	checkExports(t, g)
	require.Contains(t, written(t, g.WriteJSON), `"complete": true`)
}

// Names that nodes share don't make them one.
func TestExportedIDsAreUnique(t *testing.T) {
	for _, tc := range [][]string{
		{"A", "A", "A"},
		{"A", "A (2)", "A"},
		{"A", "A", "A (2)"},
		{"A (2)", "A", "A"},
		{"A", "A", "A (2)", "A (2) (2)", "A"},
		{"", "", " (2)"},
	} {
		var in graph.Input
		for i, name := range tc {
			in.Environments = append(in.Environments, graph.Inventory{
				Name:        name,
				Connections: []connref.Connection{{ID: connref.ConnectionID("c" + strconv.Itoa(i))}},
			})
		}
		checkExports(t, graph.New(in))
	}
}

func TestExportsOfCorpus(t *testing.T) {
	var all []*solution.Solution
	for _, place := range corpusPlaces(t) {
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		t.Run(place.Path, func(t *testing.T) { checkExports(t, graph.New(graph.Input{Solutions: []*solution.Solution{sol}})) })
		all = append(all, sol)
	}
	t.Run("all", func(t *testing.T) { checkExports(t, graph.New(graph.Input{Solutions: all})) })
}

// checkExports checks what holds for the exports of every graph.
func checkExports(t *testing.T, g *graph.Graph) {
	t.Helper()
	byID := checkIDs(t, g)
	checkOperations(t, g)
	checkJSON(t, g)
	checkCSV(t, g, byID)
	checkDrawings(t, g)
	for _, write := range []func(io.Writer) error{g.WriteJSON, g.WriteCSV, g.WriteDOT, g.WriteMermaid} {
		if first, second := written(t, write), written(t, write); first != second {
			t.Errorf("not the same twice: %s", cmp.Diff(first, second))
		}
	}
}

// checkIDs checks that ids are unique and that everything that names one names a node. It answers the nodes by id.
func checkIDs(t *testing.T, g *graph.Graph) map[string]graph.Node {
	t.Helper()
	byID := map[string]graph.Node{}
	for n := range g.Nodes() {
		if other, known := byID[n.ID]; known {
			t.Errorf("id %q is that of %s %q and of %s %q", n.ID, other.Kind, other.Name, n.Kind, n.Name)
		}
		byID[n.ID] = n
	}
	for e := range g.Edges() {
		ids := append([]string{e.From, e.To}, e.ResolvedBy...)
		if e.Environment != "" {
			ids = append(ids, e.Environment)
		}
		for _, id := range ids {
			if _, known := byID[id]; !known {
				t.Errorf("%s edge %q → %q: %q is no node", e.Kind, e.From, e.To, id)
			}
		}
	}
	return byID
}

// checkOperations checks that each operation is had by one flow, and that the numbers of operations on bindings are those
// of the edges by which they run.
func checkOperations(t *testing.T, g *graph.Graph) {
	t.Helper()
	type on struct{ flow, key, to string }
	flowOf, numbers := map[string]string{}, map[on]int{}
	for e := range g.Edges() {
		switch {
		case e.Kind == graph.EdgeHas && strings.HasPrefix(e.To, "operation:"):
			if other, had := flowOf[e.To]; had {
				t.Errorf("%q is had by %q and %q", e.To, other, e.From)
			}
			flowOf[e.To] = e.From
		case e.Kind == graph.EdgeBinds:
			numbers[on{e.From, e.Key, e.To}] += e.Operations
		}
	}
	for n := range g.Nodes() {
		if n.Kind == graph.NodeOperation && flowOf[n.ID] == "" {
			t.Errorf("no flow has %q", n.ID)
		}
	}
	for e := range g.Edges() {
		if e.Kind == graph.EdgeRuns {
			numbers[on{flowOf[e.From], e.Key, e.To}]--
		}
	}
	for on, n := range numbers {
		if n != 0 {
			t.Errorf("%q binds %q as %q: %d operations more than run on it", on.flow, on.to, on.key, n)
		}
	}
}

// document is what WriteJSON writes.
type document struct {
	SchemaVersion string       `json:"schemaVersion"`
	Complete      bool         `json:"complete"`
	Nodes         []graph.Node `json:"nodes"`
	Edges         []graph.Edge `json:"edges"`
}

// checkJSON checks that the JSON is as schema.json says, and reads back as the nodes and edges.
func checkJSON(t *testing.T, g *graph.Graph) {
	t.Helper()
	text := written(t, g.WriteJSON)
	if err := validate(t, text); err != nil {
		t.Errorf("schema: %v", err)
	}
	var got document
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&got))
	if got.SchemaVersion != graph.SchemaVersion {
		t.Errorf("schema version %q, want %q", got.SchemaVersion, graph.SchemaVersion)
	}
	if diff := cmp.Diff(slices.Collect(g.Nodes()), got.Nodes, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("nodes read back (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(slices.Collect(g.Edges()), got.Edges, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("edges read back (-want +got):\n%s", diff)
	}
}

var resolvedSchema = sync.OnceValues(func() (*jsonschema.Resolved, error) {
	raw, err := os.ReadFile("schema.json")
	if err != nil {
		return nil, err
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(raw, &schema); err != nil {
		return nil, err
	}
	return schema.Resolve(nil)
})

func validate(t *testing.T, text string) error {
	t.Helper()
	schema, err := resolvedSchema()
	require.NoError(t, err)
	var doc any
	require.NoError(t, json.Unmarshal([]byte(text), &doc))
	return schema.Validate(doc)
}

func TestSchemaTellsFaults(t *testing.T) {
	text := written(t, orchard(t).WriteJSON)
	require.NoError(t, validate(t, text))
	for _, tc := range []struct{ old, new string }{
		{`"schemaVersion": "1"`, `"schemaVersion": "2"`},
		{`"complete": false,`, ``},
		{`"kind": "flow"`, `"kind": "stream"`},
		{`"kind": "binds"`, `"kind": "ties"`},
		{`"kind": "binds"`, `"kind": "runs"`}, // which has no state
		{`"id": "flow:`, `"id": "stream:`},
		{`"id": "solution:`, `"key": "solution:`},
		{`"status": "Error"`, `"status": "Broken"`},
		{`"on": true`, `"on": "yes"`},
		{`"copies": [`, `"copied": [`},
		{`"layout": "folder"`, `"layout": "tar"`},
		{`"start": 0`, `"start": -1`},
		{`"state": "declared"`, `"state": "fine"`},
		{`"from": "flow:`, `"from": "`},
		{`"operations": 3`, `"operations": 0`},
		{`"environment": "environment:`, `"environments": "environment:`},
	} {
		if changed := strings.Replace(text, tc.old, tc.new, 1); changed == text || validate(t, changed) == nil {
			t.Errorf("%s instead of %s: no fault, or nothing to replace", tc.new, tc.old)
		}
	}
	// Within one version members are added.
	for _, old := range []string{`"nodes": [`, `"id": "flow:`, `"from": "flow:`, `"layout": "folder"`, `"start": 0`} {
		if changed := strings.Replace(text, old, `"later": 1, `+old, 1); changed == text || validate(t, changed) != nil {
			t.Errorf("a member added before %s: a fault, or nothing to add before", old)
		}
	}
}

// The schema names the members that the types have, and the kinds that there are.
func TestSchemaIsOfTypes(t *testing.T) {
	type object struct {
		Required   []string
		Properties map[string]struct{ Enum []string }
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	raw, err := os.ReadFile("schema.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &schema))

	for name, of := range map[string]reflect.Type{
		"":      reflect.TypeFor[document](),
		"node":  reflect.TypeFor[graph.Node](),
		"copy":  reflect.TypeFor[graph.NodeCopy](),
		"place": reflect.TypeFor[graph.NodePlace](),
		"edge":  reflect.TypeFor[graph.Edge](),
	} {
		described := schema.object
		if name != "" {
			described = schema.Defs[name]
		}
		var members, required, have []string
		for i := range of.NumField() {
			member, omitted := strings.CutSuffix(of.Field(i).Tag.Get("json"), ",omitempty")
			members = append(members, member)
			if !omitted {
				required = append(required, member)
			}
		}
		for member := range described.Properties {
			have = append(have, member)
		}
		anyOrder := cmpopts.SortSlices(strings.Compare)
		if diff := cmp.Diff(members, have, anyOrder); diff != "" {
			t.Errorf("%s: members (-type +schema):\n%s", of, diff)
		}
		if diff := cmp.Diff(required, described.Required, anyOrder); diff != "" {
			t.Errorf("%s: members that are always there (-type +schema):\n%s", of, diff)
		}
	}
	for of, described := range map[string]object{"NodeKind": schema.Defs["node"], "EdgeKind": schema.Defs["edge"]} {
		if diff := cmp.Diff(constants(t, of), described.Properties["kind"].Enum); diff != "" {
			t.Errorf("%s (-constants +schema):\n%s", of, diff)
		}
	}
	var id struct {
		Defs struct{ ID struct{ Pattern string } } `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(raw, &id))
	if want := "^(" + strings.Join(constants(t, "NodeKind"), "|") + "):"; id.Defs.ID.Pattern != want {
		t.Errorf("pattern of ids %s, want %s", id.Defs.ID.Pattern, want)
	}
}

// constants are the values of the constants of a type in export.go, in their order.
func constants(t *testing.T, of string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "export.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, isValue := n.(*ast.ValueSpec)
		if !isValue {
			return true
		}
		if name, isName := spec.Type.(*ast.Ident); isName && name.Name == of {
			for _, value := range spec.Values {
				text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
				require.NoError(t, err)
				values = append(values, text)
			}
		}
		return true
	})
	require.NotEmpty(t, values)
	return values
}

// checkCSV checks that there is a row for each edge, and that no cell is a formula.
func checkCSV(t *testing.T, g *graph.Graph, byID map[string]graph.Node) {
	t.Helper()
	in := csv.NewReader(strings.NewReader(written(t, g.WriteCSV)))
	got, err := in.ReadAll() // which also checks that rows are of one length
	require.NoError(t, err)
	want := [][]string{{
		"from_kind", "from_name", "from_label", "edge", "to_kind", "to_name", "to_label",
		"key", "state", "resolved_by", "runtime_source", "operations", "name", "connector", "environment",
		"from", "to",
	}}
	for e := range g.Edges() {
		from, to, operations := byID[e.From], byID[e.To], ""
		if e.Kind == graph.EdgeBinds {
			operations = strconv.Itoa(e.Operations)
		}
		row := []string{
			string(from.Kind), from.Name, from.Label, string(e.Kind), string(to.Kind), to.Name, to.Label,
			e.Key, e.State, strings.Join(e.ResolvedBy, "; "), e.RuntimeSource, operations, e.Name, e.Connector,
			e.Environment, e.From, e.To,
		}
		for i, cell := range row {
			row[i] = guarded(cell)
		}
		want = append(want, row)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
}

// guarded is a cell that no spreadsheet takes for a formula, as it is read back: CR LF in a cell is read as LF.
func guarded(cell string) string {
	switch {
	case cell == "":
	case strings.HasPrefix(cell, "="), strings.HasPrefix(cell, "+"), strings.HasPrefix(cell, "-"),
		strings.HasPrefix(cell, "@"), strings.HasPrefix(cell, "\t"), strings.HasPrefix(cell, "\r"):
		cell = "'" + cell
	}
	return strings.ReplaceAll(cell, "\r\n", "\n")
}

func TestCSVGuardsFormulas(t *testing.T) {
	for name, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"1=1": "1=1", " a": " a", "'=1": "'=1", "": "shared-rss-1", `"=1`: `"=1`, "a\nb": "a\nb", "a\r\nb": "a\nb", ",": ",",
	} {
		g := graph.New(graph.Input{Environments: []graph.Inventory{{
			Name: "Test", Connections: []connref.Connection{{ID: "shared-rss-1", DisplayName: name}},
		}}})
		rows, err := csv.NewReader(strings.NewReader(written(t, g.WriteCSV))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 2)
		if got := rows[1][6]; got != want {
			t.Errorf("label %q is the cell %q, want %q", name, got, want)
		}
	}
}

// A writer that fails makes the export fail.
func TestExportsTellWriteErrors(t *testing.T) {
	g := orchard(t)
	for name, write := range map[string]func(io.Writer) error{
		"JSON": g.WriteJSON, "CSV": g.WriteCSV, "DOT": g.WriteDOT, "Mermaid": g.WriteMermaid,
	} {
		for _, limit := range []int{0, len(written(t, write)) - 1} {
			if err := write(&shortWriter{limit}); err != io.ErrShortWrite {
				t.Errorf("%s, room for %d bytes: %v", name, limit, err)
			}
		}
	}
}

// shortWriter has room for so many bytes.
type shortWriter struct{ room int }

func (w *shortWriter) Write(p []byte) (int, error) {
	if len(p) > w.room {
		return 0, io.ErrShortWrite
	}
	w.room -= len(p)
	return len(p), nil
}

// Who stops taking nodes or edges gets no more; else Go panics.
func TestNodesAndEdgesStop(t *testing.T) {
	g := orchard(t)
	for stop := range len(slices.Collect(g.Nodes())) {
		i := 0
		for range g.Nodes() {
			if i++; i > stop {
				break
			}
		}
	}
	for stop := range len(slices.Collect(g.Edges())) {
		i := 0
		for range g.Edges() {
			if i++; i > stop {
				break
			}
		}
	}
}
