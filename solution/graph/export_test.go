package graph_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
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

func TestExportsOfManyFlows(t *testing.T) { checkExports(t, hundredFlows(t)) }

func TestExportsOfNothing(t *testing.T) { checkExports(t, graph.New(graph.Input{Complete: true})) }

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
	corpus := os.Getenv("CONNREF_CORPUS")
	if corpus == "" {
		t.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	folders, err := os.ReadDir(corpus)
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		if folder.IsDir() {
			t.Run(folder.Name(), func(t *testing.T) {
				t.Parallel()
				checkExports(t, graph.New(graph.Input{Stream: found(t, filepath.Join(corpus, folder.Name()))}))
			})
		}
	}
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		checkExports(t, graph.New(graph.Input{Stream: found(t, corpus)}))
	})
}

// found yields the solutions in a folder, as a graph streams them.
func found(tb testing.TB, dir string) iter.Seq2[*solution.Solution, error] {
	return func(yield func(*solution.Solution, error) bool) {
		for place, err := range solution.Find(tb.Context(), dir, nil) {
			var sol *solution.Solution
			if err == nil {
				sol, err = place.Open(tb.Context(), nil)
			}
			if !yield(sol, err) {
				return
			}
		}
	}
}

// checkExports checks what holds for the exports of every graph.
func checkExports(t *testing.T, g *graph.Graph) {
	t.Helper()
	byID := checkIDs(t, g)
	if diff := cmp.Diff(wantNodes(g), gotNodes(g), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("nodes (-graph +export):\n%s", diff)
	}
	if diff := cmp.Diff(wantEdges(g), gotEdges(g, byID), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("edges (-graph +export):\n%s", diff)
	}
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

// line is a node or an edge as one line, to be sorted and compared.
func line(parts ...any) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = fmt.Sprintf("%v", p)
		if text, isText := p.(string); isText {
			texts[i] = strconv.Quote(text)
		}
	}
	return strings.Join(texts, " ")
}

func gotNodes(g *graph.Graph) []string {
	var list []string
	for n := range g.Nodes() {
		on := connref.Unknown
		if n.On != nil {
			on = connref.FactOf(*n.On)
		}
		list = append(list, line(n.Kind, n.Name, n.Label, on, n.Status, len(n.Copies), len(n.Places)))
	}
	slices.Sort(list)
	return list
}

// wantNodes are the nodes that stand for what is in the graph.
func wantNodes(g *graph.Graph) []string {
	var list []string
	add := func(kind graph.NodeKind, name, label string, on connref.Fact, status string, copies, places int) {
		if label == "" {
			label = name
		}
		list = append(list, line(kind, name, label, on, status, copies, places))
	}
	for s := range g.Solutions() {
		add(graph.NodeSolution, s.Name(), s.DisplayName, connref.Unknown, "", len(s.Copies), 0)
	}
	for e := range g.Environments() {
		add(graph.NodeEnvironment, e.Name, "", connref.Unknown, "", 0, 0)
	}
	for c := range g.Connectors() {
		label := c.DisplayName
		if label == "" {
			label = c.ID.WithoutHash().Name()
		}
		add(graph.NodeConnector, c.ID.Name(), label, connref.Unknown, "", 0, len(c.BroughtBy))
	}
	for c := range g.Connections() {
		status := ""
		if c.Status != 0 {
			status = c.Status.String()
		}
		add(graph.NodeConnection, string(c.ID), c.DisplayName, connref.Unknown, status, 0, 0)
	}
	for r := range g.References() {
		add(graph.NodeReference, string(r.Name), r.DisplayName(), connref.Unknown, "", 0, len(slices.Collect(r.Declarations())))
	}
	for f := range g.Flows() {
		add(graph.NodeFlow, f.Name, "", f.On, "", 0, len(f.Places))
		for op := range f.Operations() {
			add(graph.NodeOperation, op.Path(), op.Name, connref.Unknown, "", 0, 1)
		}
	}
	for a := range g.Apps() {
		add(graph.NodeApp, a.Name, a.DisplayName, connref.Unknown, "", 0, len(a.Places))
	}
	for a := range g.Agents() {
		add(graph.NodeAgent, a.SchemaName, "", connref.Unknown, "", 0, len(a.Places))
	}
	for v := range g.Variables() {
		add(graph.NodeVariable, v.SchemaName, v.DisplayName, connref.Unknown, "", 0, len(v.Places))
	}
	slices.Sort(list)
	return list
}

// edge is an edge, its ends told by their names.
type edge struct {
	kind       graph.EdgeKind
	from, to   string
	key, state string
	resolvedBy []string
	source     string
	operations int
	name, env  string
}

func (e edge) line() string {
	return line(e.kind, e.from, e.to, e.key, e.state, e.resolvedBy, e.source, e.operations, e.name, e.env)
}

func gotEdges(g *graph.Graph, byID map[string]graph.Node) []string {
	name := func(id string) string { return string(byID[id].Kind) + " " + byID[id].Name }
	var list []string
	for e := range g.Edges() {
		out := edge{
			kind: e.Kind, from: name(e.From), to: name(e.To), key: e.Key, state: e.State, source: e.RuntimeSource,
			operations: e.Operations, name: e.Name,
		}
		for _, id := range e.ResolvedBy {
			out.resolvedBy = append(out.resolvedBy, name(id))
		}
		if e.Environment != "" {
			out.env = name(e.Environment)
		}
		list = append(list, out.line())
	}
	slices.Sort(list)
	return list
}

// nodeName is the kind and the name of what an edge leads from or to.
func nodeName(node any) string {
	switch n := node.(type) {
	case *graph.Solution:
		return "solution " + n.Name()
	case *graph.Environment:
		return "environment " + n.Name
	case *graph.Connector:
		return "connector " + n.ID.Name()
	case *graph.Connection:
		return "connection " + string(n.ID)
	case *graph.Reference:
		return "reference " + string(n.Name)
	case *graph.Flow:
		return "flow " + n.Name
	case *graph.Operation:
		return "operation " + n.Path()
	case *graph.App:
		return "app " + n.Name
	case *graph.Agent:
		return "agent " + n.SchemaName
	case *graph.Variable:
		return "variable " + n.SchemaName
	}
	panic(fmt.Sprintf("%T is no node", node))
}

func nodeNames(solutions []*graph.Solution) []string {
	var list []string
	for _, s := range solutions {
		list = append(list, nodeName(s))
	}
	return list
}

// wantEdges are the edges that stand for what nodes of the graph have to do with each other.
func wantEdges(g *graph.Graph) []string {
	var list []string
	add := func(from, to any, e edge) {
		e.from, e.to = nodeName(from), nodeName(to)
		list = append(list, e.line())
	}
	held := func(kind graph.EdgeKind, by []*graph.Solution, node any) {
		for _, s := range by {
			add(s, node, edge{kind: kind})
		}
	}
	for d := range g.Dependencies() {
		add(d.From, d.To, edge{kind: graph.EdgeNeeds, name: d.Kind.String() + " " + d.Name})
	}
	for n := range g.External() {
		add(n.Solution, n.Reference, edge{kind: graph.EdgeLists, resolvedBy: nodeNames(n.ResolvedBy())})
	}
	for n := range g.Dangling() {
		add(n.Solution, n.Reference, edge{kind: graph.EdgeLacks, resolvedBy: nodeNames(n.ResolvedBy())})
	}
	for f := range g.Flows() {
		held(graph.EdgeContains, f.Places.Solutions(), f)
		for b := range f.Bindings() {
			binds := edge{
				kind: graph.EdgeBinds, key: b.Key, state: b.State.String(), source: string(b.Source),
				resolvedBy: nodeNames(b.ResolvedBy()), operations: len(slices.Collect(b.Operations())),
			}
			if target := boundTo(b); target != nil {
				add(f, target, binds)
			}
			if b.Connection != nil {
				add(f, b.Connection, edge{kind: graph.EdgeNames, key: b.Key})
			}
		}
		for op := range f.Operations() {
			add(f, op, edge{kind: graph.EdgeHas})
			if op.Binding != nil && boundTo(op.Binding) != nil {
				add(op, boundTo(op.Binding), edge{kind: graph.EdgeRuns, key: op.Binding.Key})
			}
		}
		for v := range f.Variables() {
			add(f, v, edge{kind: graph.EdgeTakes})
		}
	}
	for c := range g.Calls() {
		switch {
		case c.Callee == nil: // no node stands for a flow that wasn't read
		case c.Flow != nil:
			add(c.Flow, c.Callee, edge{kind: graph.EdgeCalls, name: c.Operation.Path()})
		default:
			add(c.Agent, c.Callee, edge{kind: graph.EdgeCalls})
		}
	}
	for a := range g.Apps() {
		held(graph.EdgeContains, a.Places.Solutions(), a)
		for r := range a.References() {
			add(a, r, edge{kind: graph.EdgeUses})
		}
		for c := range a.Unlinked() {
			add(a, c, edge{kind: graph.EdgeUses})
		}
	}
	for a := range g.Agents() {
		held(graph.EdgeContains, a.Places.Solutions(), a)
		for r := range a.References() {
			add(a, r, edge{kind: graph.EdgeUses})
		}
	}
	for v := range g.Variables() {
		held(graph.EdgeContains, v.Places.Solutions(), v)
		if v.Connector != nil {
			add(v, v.Connector, edge{kind: graph.EdgeOf})
		}
	}
	for r := range g.References() {
		held(graph.EdgeDeclares, r.DeclaredBy(), r)
		for _, c := range r.Connectors() {
			add(r, c, edge{kind: graph.EdgeOf})
		}
		for b := range r.Bound() {
			add(b.Environment, r, edge{kind: graph.EdgeHas})
			if b.Connection != nil {
				add(r, b.Connection, edge{kind: graph.EdgeBound, env: nodeName(b.Environment)})
			}
		}
	}
	for c := range g.Connectors() {
		held(graph.EdgeBrings, c.BroughtBy.Solutions(), c)
	}
	for c := range g.Connections() {
		if c.Connector != nil {
			add(c, c.Connector, edge{kind: graph.EdgeOf})
		}
		if c.Environment != nil {
			add(c.Environment, c, edge{kind: graph.EdgeHas})
		}
		for a := range c.Apps() {
			add(a, c, edge{kind: graph.EdgeNames})
		}
	}
	slices.Sort(list)
	return list
}

// boundTo is the reference of a binding, or its connector; nil if it has neither, so that no node stands for it.
func boundTo(b *graph.Binding) any {
	switch {
	case b.Reference != nil:
		return b.Reference
	case b.Connector != nil:
		return b.Connector
	}
	return nil
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

func validate(t *testing.T, text string) error {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("schema.json")
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
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
		"key", "state", "resolved_by", "runtime_source", "operations", "name", "environment", "from", "to",
	}}
	for e := range g.Edges() {
		from, to, operations := byID[e.From], byID[e.To], ""
		if e.Kind == graph.EdgeBinds {
			operations = strconv.Itoa(e.Operations)
		}
		row := []string{
			string(from.Kind), from.Name, from.Label, string(e.Kind), string(to.Kind), to.Name, to.Label,
			e.Key, e.State, strings.Join(e.ResolvedBy, " "), e.RuntimeSource, operations, e.Name, e.Environment,
			e.From, e.To,
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
	g := hundredFlows(t)
	for name, write := range map[string]func(io.Writer) error{
		"JSON": g.WriteJSON, "CSV": g.WriteCSV, "DOT": g.WriteDOT, "Mermaid": g.WriteMermaid,
	} {
		for _, limit := range []int{0, 5000} {
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

// Who takes only some of the nodes and edges gets those, and no more.
func TestNodesAndEdgesStop(t *testing.T) {
	g := orchard(t)
	nodes, edges := slices.Collect(g.Nodes()), slices.Collect(g.Edges())
	for n := range nodes {
		if diff := cmp.Diff(nodes[:n+1], firstOf(g.Nodes(), n+1)); diff != "" {
			t.Errorf("first %d nodes (-want +got):\n%s", n+1, diff)
		}
	}
	for n := range edges {
		if diff := cmp.Diff(edges[:n+1], firstOf(g.Edges(), n+1)); diff != "" {
			t.Errorf("first %d edges (-want +got):\n%s", n+1, diff)
		}
	}
}

func firstOf[T any](items iter.Seq[T], n int) []T {
	var list []T
	for item := range items {
		list = append(list, item)
		if len(list) == n {
			break
		}
	}
	return list
}
