package graph_test

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/graph"
)

// trickyNames are names that mean something to a drawing's language, to HTML, to Markdown or to a terminal.
var trickyNames = []string{
	"Daily digest", `"`, `\`, `\"`, `\n`, `\l \N \G`, `a\`, "a\nb", "a\r\nb", "<b>bold</b>", "<br>", "&amp; &lt;b&gt; &#35; &copy;",
	"#quot;", "#35;", "#", ";", "|", "`code`", "%%{init: {'theme':'dark'}}%%", "%% end", "$$x^2$$", "1. Collect", "- item", "*a* _b_ ~~c~~",
	"[a](javascript:b)", "https://shop.example", "fa:fa-car", `Set style:"bold"`, "classDef a:b#c;", "end", "subgraph", "]", "}}", `"]:::x`,
	"\"]; x -> y [label=\"", "/* */ // #", "\u202eright\u2066", "\u2028\u2029\u0085", "\x00\x1b[31m\x7f", "\xff\xfe", "🍏👩‍🌾 Größe 日本",
	" ", "\u00a0", "\u200b", strings.Repeat("word ", 30), strings.Repeat("long", 30), "=1+1",
}

// FuzzDrawings puts names of any kind wherever people can give some, and reads both drawings back.
func FuzzDrawings(f *testing.F) {
	for i, name := range trickyNames {
		next := func(n int) string { return trickyNames[(i+n)%len(trickyNames)] }
		f.Add(name, name, name, name, name)
		f.Add(name, next(1), next(2), next(3), next(4))
	}
	lines := func(text string) int { return strings.Count(text, "\n") }
	plain := exportNamed(f, exportNames{"Flow", "Reference", "Solution", "Connection", "Environment"})
	dotLines, mermaidLines := lines(written(f, plain.WriteDOT)), lines(written(f, plain.WriteMermaid))

	f.Fuzz(func(t *testing.T, flow, reference, solution, connection, environment string) {
		g := exportNamed(t, exportNames{flow, reference, solution, connection, environment})
		if n := lines(written(t, g.WriteDOT)); n != dotLines {
			t.Errorf("%d lines of DOT, want %d", n, dotLines)
		}
		if n := lines(written(t, g.WriteMermaid)); n != mermaidLines {
			t.Errorf("%d lines of Mermaid, want %d", n, mermaidLines)
		}
		got := drawn(t, g)
		if t.Failed() {
			return
		}
		for i, group := range got.Groups {
			got.Groups[i].Title = unspaced(group.Title)
		}
		if diff := gocmp.Diff(namedDrawing(g), got); diff != "" {
			t.Errorf("drawing (-want +got):\n%s", diff)
		}
	})
}

// namedDrawing is the drawing of an exportNamed graph. Names are those of the graph: XML can't hold all.
func namedDrawing(g *graph.Graph) drawing {
	s := slices.Collect(g.Solutions())[0]
	env := slices.Collect(g.Environments())[0]
	return drawing{
		Groups: []drawnGroup{
			{Title: title(cmp.Or(s.DisplayName, s.Name())), Shapes: []drawnShape{
				{"n1", label(slices.Collect(g.Flows())[0])},
				{"n2", label(slices.Collect(g.References())[0])},
			}},
			{Title: title("environment " + env.Name), Shapes: []drawnShape{
				{"n3", label(slices.Collect(g.Connections())[0])},
			}},
		},
		Rest: []drawnShape{{"n4", "shared_office365"}},
		Links: []drawnLink{
			{"n1", "n2", "2"},
			{"n2", "n4", ""},
			{"n2", "n3", diag.Printable(env.Name)},
			{"n3", "n4", ""},
		},
	}
}

// FuzzTables puts names of any kind wherever people can give some, and reads JSON and CSV back.
func FuzzTables(f *testing.F) {
	for i, name := range trickyNames {
		next := func(n int) string { return trickyNames[(i+n)%len(trickyNames)] }
		f.Add(name, next(1), next(2), next(3), next(4))
	}
	f.Fuzz(func(t *testing.T, flow, reference, solution, connection, environment string) {
		g := exportNamed(t, exportNames{flow, reference, solution, connection, environment})
		byID := checkIDs(t, g)

		var got document
		if err := json.Unmarshal([]byte(written(t, g.WriteJSON)), &got); err != nil {
			t.Fatal(err)
		}
		for i, n := range slices.Collect(g.Nodes()) {
			if have := got.Nodes[i]; have.ID != asJSON(n.ID) || have.Label != asJSON(n.Label) || have.Name != asJSON(n.Name) {
				t.Errorf("node %+v is read back as %+v", n, have)
			}
		}
		rows, err := csv.NewReader(strings.NewReader(written(t, g.WriteCSV))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		edges := slices.Collect(g.Edges())
		if len(rows) != len(edges)+1 {
			t.Fatalf("%d rows for %d edges", len(rows)-1, len(edges))
		}
		for i, e := range edges {
			row := rows[i+1]
			for column, want := range map[int]string{2: byID[e.From].Label, 6: byID[e.To].Label, 14: e.From, 15: e.To} {
				if row[column] != guarded(want) {
					t.Errorf("edge %d, column %d: %q, want %q", i, column, row[column], guarded(want))
				}
			}
		}
	})
}

// asJSON is a text as JSON can hold it: U+FFFD stands for every byte that is no UTF-8.
func asJSON(text string) string { return string([]rune(text)) }
