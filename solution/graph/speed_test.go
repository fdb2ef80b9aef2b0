package graph_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// BenchmarkRead reports what opening, modelling and graphing costs against the read floor: inflating the entries that
// hold the model with archive/zip, and json.Valid on every flow. One goroutine, archives in memory; the ratio is of the
// sums over all archives.
func BenchmarkRead(b *testing.B) {
	b.Run("generated", func(b *testing.B) { benchmarkRead(b, genZips()) })
	b.Run("corpus", func(b *testing.B) { benchmarkRead(b, corpusZips(b)) })
}

func benchmarkRead(b *testing.B, archives [][]byte) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var floor, ours time.Duration
	for b.Loop() {
		start := time.Now()
		for _, raw := range archives {
			readFloor(b, raw)
		}
		middle := time.Now()
		for _, raw := range archives {
			sol, err := solution.OpenZip(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
			if err != nil {
				b.Fatal(err)
			}
			graph.New(graph.Input{Solutions: []*solution.Solution{sol}})
		}
		floor += middle.Sub(start)
		ours += time.Since(middle)
	}
	b.ReportMetric(float64(ours)/float64(floor), "×floor")
	b.ReportMetric(floor.Seconds()*1e3/float64(b.N), "floor-ms/op")
	b.ReportMetric(ours.Seconds()*1e3/float64(b.N), "ours-ms/op")
}

// modelled are the entries that the model is read from.
var modelled = []string{
	"solution.xml", "customizations.xml", "Workflows/*.json", "Assets/*.xml", "botcomponents/*/data",
}

func readFloor(tb testing.TB, raw []byte) {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range archive.File {
		for _, pattern := range modelled {
			if ok, _ := path.Match(pattern, f.Name); !ok {
				continue
			}
			text := inflate(tb, f)
			if strings.HasSuffix(f.Name, ".json") {
				json.Valid(text)
			}
		}
	}
}

func inflate(tb testing.TB, f *zip.File) []byte {
	r, err := f.Open()
	if err != nil {
		tb.Fatal(err)
	}
	text := make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(r, text); err != nil {
		tb.Fatal(err)
	}
	if err := r.Close(); err != nil {
		tb.Fatal(err)
	}
	return text
}

// corpusZips answers the solution zips of the corpus.
func corpusZips(tb testing.TB) [][]byte {
	var archives [][]byte
	for _, place := range corpusPlaces(tb) {
		if place.Layout == solution.LayoutZip && !strings.Contains(place.Path, "!") {
			raw, err := os.ReadFile(place.Path)
			require.NoError(tb, err)
			archives = append(archives, raw)
		}
	}
	require.NotEmpty(tb, archives)
	return archives
}

// genZips are solution zips of many sizes, with many flows or big tables or both.
var genZips = sync.OnceValue(func() [][]byte {
	var archives [][]byte
	for i, size := range []struct{ flows, tables int }{
		{5, 1_500_000}, {5, 20_000}, {6, 1_200_000}, {8, 900_000}, {10, 60_000}, {12, 1_400_000},
		{15, 1_500_000}, {20, 400_000}, {25, 1_100_000}, {30, 800_000}, {60, 1_500_000}, {120, 1_500_000},
	} {
		archives = append(archives, pack(genExport(i, size.flows, size.tables).export().contents()))
	}
	return archives
})

func genOpen(tb testing.TB, raw []byte) *solution.Solution {
	sol, err := solution.OpenZip(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
	require.NoError(tb, err)
	return sol
}

// BenchmarkBuild makes the graph of solutions that are open.
func BenchmarkBuild(b *testing.B) {
	var in graph.Input
	flows := 0
	for _, raw := range genZips() {
		sol := genOpen(b, raw)
		in.Solutions = append(in.Solutions, sol)
		for range sol.Flows() {
			flows++
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		graph.New(in)
	}
	runtime.ReadMemStats(&after)
	perFlow := func(n float64) float64 { return n / float64(b.N*flows) }
	b.ReportMetric(perFlow(float64(b.Elapsed())), "ns/flow")
	b.ReportMetric(perFlow(float64(after.Mallocs-before.Mallocs)), "allocs/flow")
	b.ReportMetric(perFlow(float64(after.TotalAlloc-before.TotalAlloc)), "B/flow")
}

// The limits are a fifth above what it takes: what passes them allocates in a new place.
func TestAllocations(t *testing.T) {
	const flows = 40
	export := genExport(1, flows, 50_000)
	raw := pack(export.export().contents())
	sol := genOpen(t, raw)
	in := graph.Input{Solutions: []*solution.Solution{sol}}
	g := graph.New(in)
	require.Len(t, slices.Collect(g.Flows()), flows)
	unused := connref.LogicalName(export.unused[0].name())
	for _, guard := range []struct {
		name  string
		limit float64 // for each flow
		run   func()
	}{
		{"opening", 90, func() { genOpen(t, raw) }},
		{"graph.New", 59, func() { graph.New(in) }},
		{"Graph.Reference", 0, func() { _, _ = g.Reference(unused) }},
		{"Graph.SharedBy of what nothing uses", 0, func() { _, _ = g.SharedBy(unused) }},
	} {
		if got := testing.AllocsPerRun(10, guard.run) / flows; got > guard.limit {
			t.Errorf("%s allocates %.3g times for each flow, want at most %v", guard.name, got, guard.limit)
		}
	}
}

// BenchmarkQueries asks a graph of 100,000 flows in 1,000 solutions: about the reference in the middle, by how many use
// it, and about the one that most do. It comes last, since what it keeps makes the collector run less often.
func BenchmarkQueries(b *testing.B) {
	made := genBuilt()
	g := made.graph
	references := slices.Collect(g.References())
	users := func(a, b *graph.Reference) int { return cmp.Compare(a.Consumers().Len(), b.Consumers().Len()) }
	slices.SortFunc(references, users)
	typical, most := references[len(references)/2].Name, references[len(references)-1].Name
	flows := float64(len(slices.Collect(g.Flows())))
	require.Equal(b, 1e5, flows)
	b.Run("Build", func(b *testing.B) { // done above, once
		for b.Loop() {
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(made.took.Seconds(), "s")
		b.ReportMetric(float64(made.took)/flows, "ns/flow")
		b.ReportMetric(float64(made.kept)/flows, "B-kept/flow")
	})
	connectionOf := func(name connref.LogicalName) connref.ConnectionID {
		r, err := g.Reference(name)
		require.NoError(b, err)
		bound := slices.Collect(r.Bound())
		require.NotEmpty(b, bound)
		return bound[0].Connection.ID
	}
	impact := func(hit graph.Impact, err error) int {
		require.NoError(b, err)
		return hit.Len()
	}
	sharedBy := func(name connref.LogicalName) int {
		users, err := g.SharedBy(name)
		require.NoError(b, err)
		return users.Len()
	}
	few, many := connectionOf(typical), connectionOf(most)
	sql := connref.ConnectorID(connector("sql"))
	for _, query := range []struct {
		name string
		run  func() (found int)
	}{
		{"Impact/typical", func() int { return impact(g.Impact(typical)) }},
		{"Impact/most", func() int { return impact(g.Impact(most)) }},
		{"ImpactOfConnection/typical", func() int { return impact(g.ImpactOfConnection(few)) }},
		{"ImpactOfConnection/most", func() int { return impact(g.ImpactOfConnection(many)) }},
		{"ImpactOfConnector", func() int { return impact(g.ImpactOfConnector(sql)) }},
		{"SharedBy/typical", func() int { return sharedBy(typical) }},
		{"SharedBy/most", func() int { return sharedBy(most) }},
		{"Unused", func() int { return len(slices.Collect(g.Unused())) }},
		{"ByConnector", func() int {
			_, err := g.ByConnector(sql)
			require.NoError(b, err)
			return 1
		}},
		{"ImportOrder", func() int { return len(g.ImportOrder().Solutions) }},
		{"Diff", func() int { return len(graph.Diff(g, g).Moved) }},
	} {
		b.Run(query.name, func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for b.Loop() {
				found = query.run()
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}

// genBuilt makes the graph of 100,000 flows, and tells what that took and what it keeps.
var genBuilt = sync.OnceValue(func() (made struct {
	graph *graph.Graph
	took  time.Duration // without making and opening the solutions
	kept  uint64
}) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var opening time.Duration
	start := time.Now()
	made.graph = graph.New(graph.Input{
		Stream: func(yield func(*solution.Solution, error) bool) {
			for s := range genLandscape(1000, 100) {
				start := time.Now()
				sol, err := s.export().open()
				opening += time.Since(start)
				if !yield(sol, err) {
					return
				}
			}
		},
		Environments: []graph.Inventory{genInventory("Test", 1050), genInventory("Live", 1050)},
		Complete:     true,
	})
	made.took = time.Since(start) - opening
	runtime.GC()
	runtime.ReadMemStats(&after)
	made.kept = after.HeapAlloc - before.HeapAlloc
	return made
})
