package flow_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// generated is a flow of n operations in scopes of ten, each with a connection of its own key in one of four, indented
// as the platform does.
func generated(t testing.TB, n int) string {
	t.Helper()
	var references, scopes []string
	for key := range 4 {
		references = append(references, fmt.Sprintf(`"shared_x_%d":{"runtimeSource":"embedded","connection":`+
			`{"connectionReferenceLogicalName":"new_x%d"},"api":{"name":"shared_x"}}`, key, key))
	}
	for scope := range n / 10 {
		var actions []string
		for action := range 9 {
			actions = append(actions, fmt.Sprintf(`"Update row %d of %d":{"runAfter":{},"metadata":{"operationMetadataId":`+
				`"00000000-0000-4000-8000-%012d"},"type":"OpenApiConnection","inputs":{`+
				`"host":{"connectionName":"shared_x_%d","operationId":"UpdateRow",`+
				`"apiId":"/providers/Microsoft.PowerApps/apis/shared_x"},"parameters":{"table":"rows",`+
				`"item/name":"@outputs('Get row %d')?['body/name']","item/count":%d},`+
				`"authentication":"@parameters('$authentication')"}}`, action, scope, action, action%4, action, scope))
		}
		scopes = append(scopes, fmt.Sprintf(`"Scope %d":{"type":"Scope","actions":{%s},"runAfter":{}}`, scope,
			strings.Join(actions, ",")))
	}
	text := flowOf(strings.Join(references, ","), "", strings.Join(scopes, ","))
	indented, err := json.MarshalIndent(json.RawMessage(text), "", "  ")
	require.NoError(t, err)
	return string(indented)
}

// A parse allocates once for each object that holds operations, not for each operation: names and keys are parts of the
// file's text.
func TestAllocations(t *testing.T) {
	for n, limit := range map[int]float64{0: 12, 100: 45, 1000: 180} {
		file := source.NewFile("F.json", []byte(generated(t, n)))
		got := testing.AllocsPerRun(10, func() { flow.Parse(file, nil) })
		if got > limit {
			t.Errorf("%d operations cost %v allocations, want at most %v", n, got, limit)
		}
	}
}

// BenchmarkParse compares a parse with the least that any reader of JSON must do.
func BenchmarkParse(b *testing.B) {
	raw := []byte(generated(b, 100))
	file := source.NewFile("F.json", raw)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	var floor time.Duration
	for b.Loop() {
		flow.Parse(file, nil)
		b.StopTimer()
		start := time.Now()
		if !json.Valid(raw) {
			b.Fatal("not JSON")
		}
		floor += time.Since(start)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed())/float64(floor), "x-of-floor")
}
