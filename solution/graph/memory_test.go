package graph_test

import (
	"fmt"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// retained answers how many bytes of heap the graph of the solutions keeps when they are dropped.
func retained(in iter.Seq2[*solution.Solution, error]) int64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what finalizers and pools held goes with the second
	runtime.ReadMemStats(&before)
	g := graph.New(graph.Input{Stream: in})
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(g)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc)
}

func TestGraphOfCorpusIsSmall(t *testing.T) {
	const limit = 2 << 20
	places := corpusPlaces(t)
	zips := 0
	kept := retained(func(yield func(*solution.Solution, error) bool) {
		for _, place := range places {
			if place.Layout != solution.LayoutZip {
				continue
			}
			zips++
			if !yield(place.Open(t.Context(), nil)) {
				return
			}
		}
	})
	runtime.KeepAlive(places)
	t.Logf("the graph of %d zips keeps %d KB", zips, kept>>10)
	if zips == 0 || kept > limit {
		t.Errorf("the graph of %d zips keeps %d bytes, more than %d", zips, kept, limit)
	}
}

// However long the files are, the graph keeps none of their text.
func TestGraphKeepsNoText(t *testing.T) {
	const size, limit = 1 << 20, 256 << 10
	long := strings.Repeat("long ", size/5)
	made := func(i int) export {
		e := orders
		e.name = fmt.Sprint("Orders", i)
		e.flows = []process{{id: i + 1, name: "Intake", keys: e.flows[0].keys, steps: append(e.flows[0].steps, long)}}
		e.refs = append([]string{"fx_long sql " + long}, "fx_mail office365")
		e.needs = []string{long + " Absent"}
		e.files = map[string]string{
			"botcomponents/fx_bot.topic.Long/data": "text: " + long + "\nconnectionReference: fx_mail\n",
		}
		return e
	}
	// The display name is the one long text that a graph is right to keep, once.
	const solutions = 8
	kept := retained(func(yield func(*solution.Solution, error) bool) {
		for i := range solutions {
			if !yield(made(i).open()) {
				return
			}
		}
	})
	if kept > size+limit {
		t.Errorf("the graph of %d solutions with files of %d bytes keeps %d", solutions, size, kept)
	}
}
