package graph_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/graph"
)

// trickyNames are names that mean something to a drawing's language, to HTML, to Markdown or to a terminal.
var trickyNames = []string{
	"Daily digest", `"`, `\`, `\"`, `\n`, `\l \N \G`, `a\`, "a\nb", "a\r\nb", "<b>bold</b>", "<br>", "&amp; &lt;b&gt; &#35; &copy;",
	"#quot;", "#35;", "#", ";", "|", "`code`", "%%{init: {'theme':'dark'}}%%", "%% end", "$$x^2$$", "1. Collect", "- item", "*a* _b_ ~~c~~",
	"[a](javascript:b)", "https://shop.example", "fa:fa-car", `Set style:"bold"`, "classDef a:b#c;", "end", "subgraph", "]", "}}", `"]:::x`,
	"\"]; x -> y [label=\"", "/* */ // #", "\u202eright\u2066", "\u2028\u2029\u0085", "\x00\x1b[31m\x7f", "\xff\xfe", "🍏👩‍🌾 Größe 日本",
	"", " ", "\u2028", "\u00a0", "\u200b", strings.Repeat("word ", 30), strings.Repeat("long", 30), "=1+1",
}

// FuzzDrawings puts names of any kind wherever people can give some, and reads both drawings back.
func FuzzDrawings(f *testing.F) {
	for i, name := range trickyNames {
		next := func(n int) string { return trickyNames[(i+n)%len(trickyNames)] }
		f.Add(name, name, name, name, name)
		f.Add(name, next(1), next(2), next(3), next(4))
	}
	lines := func(tb testing.TB, g *graph.Graph) [2]int {
		return [2]int{strings.Count(written(tb, g.WriteDOT), "\n"), strings.Count(written(tb, g.WriteMermaid), "\n")}
	}
	plain := lines(f, labels{"Flow", "Reference", "Solution", "Connection", "Environment"}.graph(f))
	f.Fuzz(func(t *testing.T, flow, reference, solution, connection, environment string) {
		g := labels{flow, reference, solution, connection, environment}.graph(t)
		if n := lines(t, g); n != plain {
			t.Errorf("%d lines of DOT and Mermaid, want %d", n, plain)
		}
		label, group := map[graph.NodeKind]string{}, "" // XML can't hold all names: those of the graph
		for n := range g.Nodes() {
			label[n.Kind] = n.Label
			if n.Kind == graph.NodeSolution {
				group = title(n)
			}
		}
		want := drawing{
			Groups: []string{group, shown("environment " + environment)},
			Shapes: []drawnShape{
				{1, "n1", shown(label[graph.NodeFlow])},
				{1, "n2", shown(label[graph.NodeReference], "orc_Mail")},
				{2, "n3", shown(label[graph.NodeConnection])},
				{0, "n4", "shared_office365"},
			},
			Links: []drawnLink{{"n1", "n2", "2"}, {"n2", "n4", ""}, {"n2", "n3", unspaced(diag.Printable(environment))}, {"n3", "n4", ""}},
		}
		if label[graph.NodeReference] == "orc_Mail" {
			want.Shapes[1].Label = "orc_Mail"
		}
		if diff := cmp.Diff(want, drawn(t, g)); diff != "" {
			t.Errorf("drawing (-want +got):\n%s", diff)
		}
	})
}

// FuzzTables puts names of any kind wherever people can give some, and reads JSON and CSV back.
func FuzzTables(f *testing.F) {
	for i, name := range trickyNames {
		next := func(n int) string { return trickyNames[(i+n)%len(trickyNames)] }
		f.Add(name, next(1), next(2), next(3), next(4))
	}
	f.Fuzz(func(t *testing.T, flow, reference, solution, connection, environment string) {
		g := labels{flow, reference, solution, connection, environment}.graph(t)
		checkCSV(t, g, checkIDs(t, g))
		var got document
		require.NoError(t, json.Unmarshal([]byte(written(t, g.WriteJSON)), &got))
		asJSON := func(text string) string { return string([]rune(text)) } // U+FFFD stands for each byte that is no UTF-8
		for i, n := range slices.Collect(g.Nodes()) {
			if have := got.Nodes[i]; have.ID != asJSON(n.ID) || have.Label != asJSON(n.Label) || have.Name != asJSON(n.Name) {
				t.Errorf("node %+v is read back as %+v", n, have)
			}
		}
	})
}
