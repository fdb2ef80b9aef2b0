package rules_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/rules"
)

// unnamed is a solution of so many references that lack a display name, and that nothing uses.
func unnamed(t *testing.T, n int) lint.Input {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\n<connectionreference connectionreferencelogicalname=\"contoso_%d\"></connectionreference>", i)
	}
	files := exported(mailFlow)
	files["customizations.xml"] = "<ImportExportXml>\n<connectionreferences>" + b.String() +
		"\n</connectionreferences>\n</ImportExportXml>"
	return lint.Input{Solutions: []*solution.Solution{opened(t, files)}, Complete: true}
}

// placed is the solution that files are in a folder of that name, which is its path.
func placed(t *testing.T, folder string, files map[string]string) *solution.Solution {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[folder+"/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	for place, err := range solution.FindFS(t.Context(), fsys, nil) {
		require.NoError(t, err)
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		return sol
	}
	return nil
}

// alike are so many solutions of another publisher than their reference, with texts of their files replaced.
func alike(replaced ...string) func(t *testing.T, n int) lint.Input {
	return func(t *testing.T, n int) (in lint.Input) {
		replaced := append(replaced, "</UniqueName>", "</UniqueName><Publisher>"+
			"<CustomizationPrefix>fabrikam</CustomizationPrefix></Publisher>")
		for i := range n {
			name := fmt.Sprint("S", i)
			files := exported(mailFlow)
			for file, text := range files {
				files[file] = strings.NewReplacer(append(replaced, "Orders", name)...).Replace(text)
			}
			in.Solutions = append(in.Solutions, placed(t, name, files))
		}
		return in
	}
}

// keys is a solution of a flow with so many keys, of one reference each or of one for all, that nothing uses.
func keys(reference string) func(t *testing.T, n int) lint.Input {
	return func(t *testing.T, n int) lint.Input {
		var entries []string
		for i := range n {
			name := strings.ReplaceAll(reference, "#", fmt.Sprint(i))
			entries = append(entries, fmt.Sprintf(`"key%d":{"runtimeSource":"embedded",`+
				`"connection":{"connectionReferenceLogicalName":%q},"api":{"name":"shared_office365"}}`, i, name))
		}
		flow := `{"properties":{"connectionReferences":{` + strings.Join(entries, ",") + `},"definition":{}}}`
		return lint.Input{Solutions: []*solution.Solution{opened(t, exported(flow))}}
	}
}

// What there is eight times as much of takes eight times as much memory, or a little more: no finding reads, walks or
// copies again what all of them share.
func TestRulesAreLinear(t *testing.T) {
	for name, test := range map[string]struct {
		rule string
		make func(t *testing.T, n int) lint.Input
	}{
		"declarations that are mended":    {"CR206", unnamed},
		"declarations that are removed":   {"CR308", unnamed},
		"keys that nothing uses":          {"CR108", keys("contoso_#")},
		"keys of one reference":           {"CR109", keys("contoso_mail")},
		"solutions with one reference":    {"CR203", alike()},
		"solutions that lack a reference": {"CR301", alike(`Name":"contoso_mail`, `Name":"contoso_post`)},
		"solutions with one connector": {"CR209", alike(
			`shared_office365</connectorid>`, `shared_contoso-5forders-5f0123456789abcdef</connectorid><customconnectorid>`+
				`<connectorid>a1b2c3d4-0000-4000-8000-000000000001</connectorid></customconnectorid>`,
			`<connectionreferences>`, `<Connectors><Connector><connectorid>{a1b2c3d4-0000-4000-8000-000000000002}</connectorid>`+
				`<name>contoso_5Forders</name></Connector></Connectors><connectionreferences>`)},
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
