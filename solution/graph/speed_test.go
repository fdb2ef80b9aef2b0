package graph_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// BenchmarkRead reports what opening, modelling and graphing costs against the read floor: inflating the entries that
// hold the model with archive/zip, and json.Valid on every flow. One goroutine, archives in memory; the ratio is of the
// sums over all archives.
func BenchmarkRead(b *testing.B) {
	b.Run("generated", func(b *testing.B) { benchmarkRead(b, generatedZips(b)) })
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
	corpus := os.Getenv("CONNREF_CORPUS")
	if corpus == "" {
		tb.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	var archives [][]byte
	err := filepath.WalkDir(corpus, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.EqualFold(filepath.Ext(path), ".zip") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		sol, err := solution.OpenZip(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
		if err == nil && sol.Layout() == solution.LayoutZip {
			archives = append(archives, raw)
		}
		return nil
	})
	require.NoError(tb, err)
	require.NotEmpty(tb, archives)
	return archives
}

func generatedZips(tb testing.TB) [][]byte {
	tb.Skip(fmt.Sprint("later"))
	return nil
}
