package solution_test

import (
	"compress/flate"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// spec is a solution of so many flows of twelve operations, with a reference for each ten of them, and a variable and a
// custom connector for each twenty.
func spec(flows int) *solution.Builder {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "Bench", Version: "1.0.0.0", Publisher: solution.Publisher{UniqueName: "Contoso", Prefix: "contoso"},
	})
	var site flow.Parameter
	for i := range flows {
		mail := connref.LogicalName(fmt.Sprintf("contoso_mail%d", i/10))
		if i%10 == 0 {
			b.AddReference(connref.Reference{LogicalName: mail, DisplayName: string(mail), Connector: "shared_office365"})
		}
		if i%20 == 0 {
			name := fmt.Sprintf("contoso_Site%d", i/20)
			b.AddVariable(solution.NewVariable{SchemaName: name, Type: solution.VariableString})
			b.AddConnector(solution.NewConnector{
				Name:    fmt.Sprintf("contoso_orders%d", i/20),
				OpenAPI: []byte(`{"swagger":"2.0","info":{"title":"Orders"},"paths":{}}`),
			})
			site = flow.Parameter{SchemaName: name, DisplayName: "Site", Type: flow.StringParameter}
		}
		f := b.NewFlow(solution.Workflow{Name: fmt.Sprintf("Flow %d", i), On: true})
		f.Bind(flow.Binding{Key: "mail", Reference: mail, Connector: "shared_office365"})
		to := f.Parameter(site)
		f.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1 + i%7, Hours: []int{i % 24}})
		for j := range 10 {
			f.Add(fmt.Sprintf("Send %d", j), flow.Call{Key: "mail", Operation: "SendEmailV2", Parameters: flow.Object{
				"emailMessage/To": to, "emailMessage/Subject": fmt.Sprintf("Message %d of %d", j, i*j),
				"emailMessage/Body": flow.Text("<p>It is ", flow.Func("utcNow"), ", and all is well with ", to, ".</p>"),
			}})
		}
		f.Add("Say", flow.Compose{Inputs: flow.Object{"flow": i, "kind": "bench"}})
	}
	return b
}

// BenchmarkBuild reports what a solution costs from its first call until its archive is written, against deflating the
// same files.
func BenchmarkBuild(b *testing.B) {
	for _, flows := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(flows), func(b *testing.B) {
			sol, err := spec(flows).Build(solution.LayoutZip)
			require.NoError(b, err)
			var files [][]byte
			size := 0
			for name := range sol.Files() {
				file, err := sol.File(name)
				require.NoError(b, err)
				files, size = append(files, file.Bytes()), size+len(file.Bytes())
			}
			deflate, err := flate.NewWriter(nil, flate.DefaultCompression)
			require.NoError(b, err)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			var add, build, write, least time.Duration
			for b.Loop() {
				start := time.Now()
				for _, raw := range files {
					deflate.Reset(io.Discard)
					_, _ = deflate.Write(raw)
					_ = deflate.Close()
				}
				t1 := time.Now()
				builder := spec(flows)
				t2 := time.Now()
				sol, err := builder.Build(solution.LayoutZip)
				if err != nil {
					b.Fatal(err)
				}
				t3 := time.Now()
				if err := sol.WriteZip(b.Context(), io.Discard); err != nil {
					b.Fatal(err)
				}
				least, add, build, write = least+t1.Sub(start), add+t2.Sub(t1), build+t3.Sub(t2), write+time.Since(t3)
			}
			each := float64(b.N * flows)
			b.ReportMetric(float64(add+build+write)/float64(least), "x-of-floor")
			b.ReportMetric(float64(add.Nanoseconds())/1e3/each, "µs-add/flow")
			b.ReportMetric(float64(build.Nanoseconds())/1e3/each, "µs-Build/flow")
			b.ReportMetric(float64(write.Nanoseconds())/1e3/each, "µs-WriteZip/flow")
			b.ReportMetric(float64(least.Nanoseconds())/1e3/each, "µs-floor/flow")
		})
	}
}

// TestBuildIsLinear holds what a flow costs where there are many to what it costs where there are few.
func TestBuildIsLinear(t *testing.T) {
	few, many := memoryOf(t, 40)/40, memoryOf(t, 400)/400
	if many > 1.5*few { // it would be ten times as much
		t.Errorf("a flow of 400 takes %.0f bytes to build, one of 40 takes %.0f", many, few)
	}
}

// memoryOf is how many bytes are allocated until a solution of so many flows is built.
func memoryOf(t *testing.T, flows int) float64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := spec(flows).Build(solution.LayoutZip)
	require.NoError(t, err)
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}
