package graph_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// corpusPlaces answers where the solutions of the corpus are.
func corpusPlaces(tb testing.TB) []solution.Place {
	tb.Helper()
	corpus := os.Getenv("CONNREF_CORPUS")
	if corpus == "" {
		tb.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	var places []solution.Place
	for place, err := range solution.Find(context.Background(), corpus, nil) {
		if err == nil { // what can't be read is the concern of package solution
			places = append(places, place)
		}
	}
	require.NotEmpty(tb, places)
	return places
}

// use is an operation on a binding, to be found again in a copy.
type use struct {
	Flow, Operation string
	IsTrigger       bool
	Key, Reference  string
}

// counted tells how often each use is in a graph.
func counted(g *graph.Graph) map[use]int {
	count := map[use]int{}
	for f := range g.Flows() {
		id := f.ID.String()
		if f.ID.IsZero() {
			id = connref.Fold(f.Places[0].At.File)
		}
		for op := range f.Operations() {
			if b := op.Binding; b != nil {
				u := use{Flow: id, Operation: op.Path(), IsTrigger: op.IsTrigger, Key: b.Key}
				if b.Reference != nil {
					u.Reference = string(b.Reference.Name.Fold())
				}
				count[u]++
			}
		}
	}
	return count
}

// reach is what an impact of each reference counts: flows, operations, apps, agents and what calls them.
func reach(tb testing.TB, g *graph.Graph) map[connref.LogicalName][5]int {
	counts := map[connref.LogicalName][5]int{}
	for r := range g.References() {
		hit, err := g.Impact(r.Name)
		require.NoError(tb, err)
		counts[r.Name.Fold()] = [5]int{
			len(hit.Flows), len(hit.Operations), len(hit.Apps), len(hit.Agents), len(hit.Reached),
		}
	}
	return counts
}

// Zip, folder, unpacked and managed copies of one solution, loaded together, count each use once.
func TestCorpusTwins(t *testing.T) {
	twins := map[string][]*solution.Solution{}
	for _, place := range corpusPlaces(t) {
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		if name := connref.Fold(sol.Manifest().UniqueName); name != "" {
			twins[name] = append(twins[name], sol)
		}
	}
	several, equal := 0, 0
	for name, copies := range twins {
		if len(copies) < 2 {
			continue
		}
		several++
		t.Run(name, func(t *testing.T) {
			together := graph.New(graph.Input{Solutions: copies})
			got := counted(together)
			want, same := map[use]int{}, true
			var alone *graph.Graph
			for _, sol := range copies {
				g := graph.New(graph.Input{Solutions: []*solution.Solution{sol}})
				uses := counted(g)
				if alone == nil {
					alone = g
				}
				same = same && cmp.Equal(counted(alone), uses) && cmp.Equal(reach(t, alone), reach(t, g))
				for u, n := range uses {
					want[u] = max(want[u], n)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("uses in any copy (-) and in all %d together (+):\n%s", len(copies), diff)
			}
			for u, n := range got {
				if n != 1 {
					t.Errorf("%+v counts %d times", u, n)
				}
			}
			if same {
				equal++
				if diff := cmp.Diff(reach(t, alone), reach(t, together)); diff != "" {
					t.Errorf("impact in one copy (-) and in all %d together (+):\n%s", len(copies), diff)
				}
			}
			if !told(together, "CR014") {
				t.Errorf("nothing says that there are %d copies", len(copies))
			}
			if same && told(together, "CR015") && sameBindings(copies) {
				t.Error("copies with the same flows are said to differ")
			}
		})
	}
	t.Logf("%d solutions have several copies, %d of them equal ones", several, equal)
	if several == 0 || equal == 0 {
		t.Error("the corpus has no twins")
	}
}

func told(g *graph.Graph, rule string) bool {
	for _, d := range g.Problems() {
		if d.Rule == rule {
			return true
		}
	}
	return false
}

// sameBindings tells whether copies agree on all that is compared of flows: bindings in full, and calls.
func sameBindings(copies []*solution.Solution) bool {
	first := ""
	for i, sol := range copies {
		g := graph.New(graph.Input{Solutions: []*solution.Solution{sol}})
		text := strings.ToLower(strings.Join(uses(g), "\n"))
		if i == 0 {
			first = text
		} else if text != first {
			return false
		}
	}
	return true
}
