package graph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// groupText is as in "F shared_sql: a=fx_a b=fx_b".
func groupText(k graph.KeyGroup) string {
	connector := "?"
	if k.Connector != nil {
		connector = k.Connector.ID.Name()
	}
	keys := names(k.Bindings, func(b *graph.Binding) string { return b.Key + "=" + string(b.Reference.Name) })
	return k.Flow.Name + " " + connector + ": " + strings.Join(keys, " ")
}

func TestKeyGroups(t *testing.T) {
	refs := []string{"fx_a sql", "fx_b sql", "fx_c teams"}
	keys := func(keys ...string) []process { return []process{{id: 1, name: "F", keys: keys}} }
	tests := map[string]struct {
		exports         []export
		shared, several []string
	}{
		"one key each": {
			exports: []export{{name: "S", refs: refs, flows: keys("a fx_a sql", "c fx_c teams", "d - sql")}},
		},
		"one reference under three keys, in other case": {
			exports: []export{{name: "S", refs: refs, flows: keys("z fx_a sql", "c fx_c teams", "a FX_A sql", "m fx_a sql invoker")}},
			shared:  []string{"F shared_sql: z=fx_a a=fx_a m=fx_a"},
		},
		"two references of one connector": {
			exports: []export{{name: "S", refs: refs, flows: keys("b fx_b sql", "c fx_c teams", "a fx_a SQL")}},
			several: []string{"F shared_sql: b=fx_b a=fx_a"},
		},
		"both": {
			exports: []export{{name: "S", refs: refs, flows: keys("b fx_b sql", "a fx_a sql", "a_1 fx_a sql", "d - sql")}},
			shared:  []string{"F shared_sql: a=fx_a a_1=fx_a"},
			several: []string{"F shared_sql: b=fx_b a=fx_a a_1=fx_a"},
		},
		"a direct connection beside a reference": {
			exports: []export{{name: "S", refs: refs, flows: keys("a fx_a sql", "d - sql", "e - sql")}},
		},
		"two references of one custom connector, with another environment's hash": {
			exports: []export{{name: "S", flows: keys("a fx_x fx-5foven-5f0123456789abcdef", "b fx_y fx-5foven-5ffedcba9876543210")}},
			several: []string{"F shared_fx-5foven-5f0123456789abcdef: a=fx_x b=fx_y"},
		},
		"two copies of a flow": {
			exports: []export{
				{name: "S", refs: refs, flows: keys("a fx_a sql", "b fx_a sql")},
				{name: "S", path: "S.zip", layout: solution.LayoutZip, refs: refs, flows: keys("a fx_a sql", "b fx_a sql")},
			},
			shared: []string{"F shared_sql: a=fx_a b=fx_a"},
		},
		// Two ways in which copies have one key are no two keys.
		"copies that differ in whose connection runs": {
			exports: []export{
				{name: "S", refs: refs, flows: keys("a fx_a sql")},
				{name: "S", path: "S.zip", layout: solution.LayoutZip, refs: refs, flows: keys("a fx_a sql invoker")},
			},
		},
		"flow by flow": {
			exports: []export{
				{name: "S", refs: refs, flows: []process{
					{id: 2, name: "B", keys: []string{"a fx_a sql", "b fx_b sql"}},
					{id: 1, name: "A", keys: []string{"b fx_b sql", "a fx_a sql"}},
				}},
				{name: "T", flows: []process{{id: 3, name: "0", keys: []string{"a fx_a sql", "b fx_b sql"}}}},
			},
			several: []string{
				"A shared_sql: b=fx_b a=fx_a", "B shared_sql: a=fx_a b=fx_b", "0 shared_sql: a=fx_a b=fx_b",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := build(t, test.exports...)
			if diff := cmp.Diff(test.shared, all(g.SharedKeys(), groupText)); diff != "" {
				t.Errorf("SharedKeys (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.several, all(g.SeveralOfConnector(), groupText)); diff != "" {
				t.Errorf("SeveralOfConnector (-want +got):\n%s", diff)
			}
		})
	}
}
