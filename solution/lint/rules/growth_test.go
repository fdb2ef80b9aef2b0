package rules_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/rules"
)

// unnamed is a solution of so many references that lack a display name.
func unnamed(t *testing.T, n int) lint.Input {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\n<connectionreference connectionreferencelogicalname=\"contoso_%d\"></connectionreference>", i)
	}
	files := exported(mailFlow)
	files["customizations.xml"] = "<ImportExportXml>\n<connectionreferences>" + b.String() +
		"\n</connectionreferences>\n</ImportExportXml>"
	return lint.Input{Solutions: []*solution.Solution{opened(t, files)}}
}

// What there is eight times as much of takes eight times as much memory, or a little more: no finding reads, walks or
// copies again what all of them share.
func TestRulesAreLinear(t *testing.T) {
	for name, test := range map[string]struct {
		rule string
		make func(t *testing.T, n int) lint.Input
	}{
		"declarations that are mended": {"CR206", unnamed},
	} {
		t.Run(name, func(t *testing.T) {
			few, many := allocated(t, test.rule, test.make(t, 40)), allocated(t, test.rule, test.make(t, 320))
			if many > 12*few { // it would be up to 64 times as much
				t.Errorf("%.0f bytes for 40, %.0f for 320", few, many)
			}
		})
	}
}

// allocated is how many bytes a rule takes to judge what it finds something in.
func allocated(t *testing.T, rule string, in lint.Input) float64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	result, err := lint.Run(t.Context(), in, lint.Config{Rules: rules.All(), Only: []string{rule}})
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.NotEmpty(t, result.Findings)
	return float64(after.TotalAlloc - before.TotalAlloc)
}
