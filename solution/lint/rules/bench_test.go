package rules_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/rules"
)

// BenchmarkRules reports what it costs to open the zips of the corpus and run every rule over each, against the floor
// that the benchmark of package graph has: inflating the entries that hold the model, and json.Valid on every flow. One
// goroutine, archives in memory. "read" is opening them and making the graph; "one" is running one rule of all.
func BenchmarkRules(b *testing.B) {
	archives := corpusZips(b)
	one := lint.Config{Rules: rules.All(), Only: []string{"CR301"}}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var floor, read, all, single time.Duration
	for b.Loop() {
		floor += timed(archives, func(raw []byte) { readFloor(b, raw) })
		var solutions []*solution.Solution
		read += timed(archives, func(raw []byte) {
			sol, err := solution.OpenZip(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
			if err != nil {
				b.Fatal(err)
			}
			solutions = append(solutions, sol)
		})
		all += timed(solutions, func(sol *solution.Solution) { judge(b, sol, lint.Config{Rules: rules.All()}) })
		single += timed(solutions, func(sol *solution.Solution) { judge(b, sol, one) })
	}
	b.ReportMetric(float64(read+all)/float64(floor), "×floor")
	b.ReportMetric(float64(read)/float64(floor), "×floor-open")
	b.ReportMetric(float64(read+single)/float64(floor), "×floor-one-rule")
	b.ReportMetric(floor.Seconds()*1e3/float64(b.N), "floor-ms/op")
}

func timed[T any](of []T, do func(T)) time.Duration {
	start := time.Now()
	for _, one := range of {
		do(one)
	}
	return time.Since(start)
}

func judge(b *testing.B, sol *solution.Solution, config lint.Config) {
	result, err := lint.Run(context.Background(), alone(sol), config)
	if err != nil || result.Err() != nil {
		b.Fatal(err, result.Err())
	}
}

// corpusZips answers the solution zips of the corpus.
func corpusZips(b *testing.B) (archives [][]byte) {
	for _, j := range corpus(b) {
		if j.sol.Layout() == solution.LayoutZip && !strings.Contains(j.sol.Path(), "!") {
			raw, err := os.ReadFile(j.sol.Path())
			require.NoError(b, err)
			archives = append(archives, raw)
		}
	}
	require.NotEmpty(b, archives)
	return archives
}

// modelled are the entries that the model is read from.
var modelled = []string{
	"solution.xml", "customizations.xml", "Workflows/*.json", "Assets/*.xml", "botcomponents/*/data",
}

func readFloor(b *testing.B, raw []byte) {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	require.NoError(b, err)
	for _, f := range archive.File {
		for _, pattern := range modelled {
			if ok, _ := path.Match(pattern, f.Name); !ok {
				continue
			}
			text := make([]byte, f.UncompressedSize64)
			r, err := f.Open()
			require.NoError(b, err)
			_, err = io.ReadFull(r, text)
			require.NoError(b, err)
			require.NoError(b, r.Close())
			if strings.HasSuffix(f.Name, ".json") {
				json.Valid(text)
			}
		}
	}
}
