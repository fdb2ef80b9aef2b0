package solution_test

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// bigSolution is a solution of many flows, with tables of about a megabyte. Its flows take as long to deflate as those of
// the corpus do, and become as small.
func bigSolution(flows int) tree {
	random := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 6000)
	for i := range words {
		words[i] = strconv.FormatUint(random.Uint64N(1<<(10+uint(i)%20)), 36)
	}
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(" " + words[random.IntN(1+random.IntN(len(words)))])
		}
		return b.String()
	}
	guid := func() string {
		return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", random.Uint32(), random.Uint32N(1<<16), random.Uint32N(1<<12),
			random.Uint32N(1<<12), random.Uint64N(1<<48))
	}
	files := tree{
		"[Content_Types].xml": packed["[Content_Types].xml"],
		"solution.xml":        packed["solution.xml"],
	}
	var workflows, tables strings.Builder
	for i := range flows {
		id := guid()
		name := fmt.Sprintf("Workflows/Flow%d-%s.json", i, strings.ToUpper(id))
		workflows.WriteString(workflowXML(id, fmt.Sprint("Flow ", i), "/"+name))
		var actions strings.Builder
		for j := range 60 {
			fmt.Fprintf(&actions, `
        "Send_%d": {
          "runAfter": {},
          "metadata": {"operationMetadataId": "%s"},
          "type": "OpenApiConnection",
          "inputs": {
            "host": {
              "connectionName": "shared_office365",
              "operationId": "SendEmailV2",
              "apiId": "/providers/Microsoft.PowerApps/apis/shared_office365"
            },
            "parameters": {
              "emailMessage/To": "%s@contoso.com",
              "emailMessage/Subject": "@{outputs('Get_%d')?['body/%s']}",
              "emailMessage/Body": "%s"
            },
            "authentication": "@parameters('$authentication')"
          }
        },`, j, guid(), text(1)[1:], random.IntN(100), text(1)[1:], text(30))
		}
		files[name] = strings.Replace(flowJSON("shared_office365 contoso_mail"), `"actions": {`,
			`"actions": {`+actions.String(), 1)
	}
	for i := 0; tables.Len() < 1_000_000; i++ {
		fmt.Fprintf(&tables, `    <attribute PhysicalName="contoso_Field%d">
      <Type>nvarchar</Type>
      <RequiredLevel>none</RequiredLevel>
      <displaynames>
        <displayname description="Field %s" languagecode="1033" />
      </displaynames>
    </attribute>
`, i, guid())
	}
	customizations := customizationsXML("<Workflows>", workflows.String(), "</Workflows>",
		referencesXML("contoso_mail shared_office365"))
	files["customizations.xml"] = strings.Replace(customizations, "<Entities></Entities>",
		"<Entities>"+tables.String()+"</Entities>", 1)
	return files
}

// rewrite is one solution in an archive, and what is to change in it.
type rewrite struct {
	raw    []byte
	sol    *solution.Solution
	change source.Change
	name   string // of the entry
}

// newRewrite prepares the change of the flow in the middle; of solution.xml if there is no flow.
func newRewrite(tb testing.TB, raw []byte) rewrite {
	r := rewrite{raw: raw, sol: openZip(tb, raw), name: "solution.xml"}
	if flows := slices.Collect(r.sol.Flows()); len(flows) > 0 {
		r.name = flows[len(flows)/2].FileName
	}
	r.change = spaced(tb, r.sol, r.name)
	return r
}

// floor is the work that there is for whoever writes the archive anew: to copy all entries but one, to inflate that one
// and to deflate it again.
type floor struct {
	buf     []byte
	text    bytes.Buffer
	inflate io.ReadCloser
	deflate *flate.Writer
}

func (f *floor) run(tb testing.TB, r rewrite, at, length, data int) {
	from := bytes.NewReader(r.raw)
	for _, part := range [][2]int{{0, at}, {at + length, len(r.raw)}} {
		for i := part[0]; i < part[1]; i += len(f.buf) {
			buf := f.buf[:min(len(f.buf), part[1]-i)]
			if _, err := from.ReadAt(buf, int64(i)); err != nil {
				tb.Fatal(err)
			}
			_, _ = io.Discard.Write(buf)
		}
	}
	f.text.Reset()
	if err := f.inflate.(flate.Resetter).Reset(bytes.NewReader(r.raw[at+data:at+length]), nil); err != nil {
		tb.Fatal(err)
	}
	if _, err := f.text.ReadFrom(f.inflate); err != nil {
		tb.Fatal(err)
	}
	f.deflate.Reset(io.Discard)
	if _, err := f.deflate.Write(f.text.Bytes()); err != nil {
		tb.Fatal(err)
	}
	if err := f.deflate.Close(); err != nil {
		tb.Fatal(err)
	}
}

func benchmarkRewrite(b *testing.B, rewrites []rewrite) {
	f := &floor{buf: make([]byte, 32<<10), inflate: flate.NewReader(nil)}
	f.deflate, _ = flate.NewWriter(nil, flate.DefaultCompression)
	type place struct{ at, length, data int }
	var places []place
	size := 0
	for _, r := range rewrites {
		_, entries, _ := dissect(b, r.raw)
		i := slices.IndexFunc(entries, func(e stretch) bool { return strings.ReplaceAll(e.name, `\`, "/") == r.name })
		e := entries[i]
		places = append(places, place{e.start, len(e.raw),
			30 + int(little.Uint16([]byte(e.raw[26:]))) + int(little.Uint16([]byte(e.raw[28:])))})
		size += len(r.raw)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var with, write, least time.Duration
	for b.Loop() {
		for i, r := range rewrites {
			p := places[i]
			start := time.Now()
			f.run(b, r, p.at, p.length, p.data)
			t1 := time.Now()
			next, err := r.sol.With(r.change)
			if err != nil {
				b.Fatal(err)
			}
			t2 := time.Now()
			if err := next.WriteZip(b.Context(), io.Discard); err != nil {
				b.Fatal(err)
			}
			least, with, write = least+t1.Sub(start), with+t2.Sub(t1), write+time.Since(t2)
		}
	}
	each := float64(b.N * len(rewrites))
	b.ReportMetric(float64(with+write)/float64(least), "x-of-floor")
	b.ReportMetric(float64(write)/float64(least), "x-of-floor-WriteZip")
	b.ReportMetric(float64(least.Nanoseconds())/1e3/each, "µs-floor")
	b.ReportMetric(float64(with.Nanoseconds())/1e3/each, "µs-With")
	b.ReportMetric(float64(write.Nanoseconds())/1e3/each, "µs-WriteZip")
}

// BenchmarkWithWriteZip reports what the change of one flow costs, until the archive is written, against its floor.
func BenchmarkWithWriteZip(b *testing.B) {
	b.Run("generated", func(b *testing.B) {
		benchmarkRewrite(b, []rewrite{newRewrite(b, bigSolution(60).zip())})
	})
	b.Run("corpus", func(b *testing.B) {
		dir := os.Getenv("CONNREF_CORPUS")
		if dir == "" {
			b.Skip("CONNREF_CORPUS names no folder of real solutions")
		}
		var rewrites []rewrite
		for place, err := range solution.Find(b.Context(), dir, nil) {
			if err == nil && place.Layout == solution.LayoutZip && !strings.Contains(place.Path, "!") {
				raw, err := os.ReadFile(filepath.FromSlash(place.Path))
				require.NoError(b, err)
				rewrites = append(rewrites, newRewrite(b, raw))
			}
		}
		benchmarkRewrite(b, rewrites)
	})
}

// An entry that stays costs no more than to be listed. The limits are a fifth above what it takes.
func TestWriteAllocations(t *testing.T) {
	r := newRewrite(t, bigSolution(60).zip())
	entries := float64(len(slices.Collect(r.sol.Files())))
	next, err := r.sol.With(r.change)
	require.NoError(t, err)
	for _, guard := range []struct {
		name  string
		limit float64 // for each entry
		run   func() error
	}{
		{"With", 11, func() error { _, err := r.sol.With(r.change); return err }},
		{"WriteZip", 6.5, func() error { return next.WriteZip(t.Context(), io.Discard) }},
		{"WriteZip of the same", 0.1, func() error { return r.sol.WriteZip(t.Context(), io.Discard) }},
	} {
		got := testing.AllocsPerRun(20, func() {
			if err := guard.run(); err != nil {
				t.Fatal(err)
			}
		}) / entries
		if got > guard.limit {
			t.Errorf("%s allocates %.3g times for each entry, want at most %v", guard.name, got, guard.limit)
		}
	}
}
