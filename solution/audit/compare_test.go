package audit_test

import (
	"bytes"
	"context"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/audit"
	"github.com/connref/connref/solution/graph"
)

// base brings what parcels takes from elsewhere, declares what another solution uses, and has one reference that nothing
// uses. It names a reference that parcels declares in other case.
func base() fstest.MapFS {
	return fstest.MapFS{
		"solution.xml": {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>Base</UniqueName><Version>1.0</Version>` +
			`<Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><connectionreferences>
<connectionreference connectionreferencelogicalname="fx_base">
<connectorid>/providers/Microsoft.PowerApps/apis/shared_sql</connectorid></connectionreference>
<connectionreference connectionreferencelogicalname="fx_GONE">
<connectorid>/providers/Microsoft.PowerApps/apis/shared_sql</connectorid></connectionreference>
<connectionreference connectionreferencelogicalname="fx_spare">
<connectorid>/providers/Microsoft.PowerApps/apis/shared_rss</connectorid></connectionreference>
</connectionreferences></ImportExportXml>`)},
		"Workflows/Sweep.json": {Data: []byte(`{"properties":{"connectionReferences":{
"t":{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"FX_idle"},"api":{"name":"shared_teams"}}},
"definition":{"triggers":{},"actions":{"Post":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"t"}}}}}}}`)},
	}
}

func openAll(t *testing.T, trees ...fs.FS) []*solution.Solution {
	var solutions []*solution.Solution
	for _, tree := range trees {
		sol, err := solution.OpenFS(context.Background(), tree, nil)
		require.NoError(t, err)
		solutions = append(solutions, sol)
	}
	return solutions
}

func readable() fstest.MapFS {
	tree := parcels()
	delete(tree, "Workflows/Broken.json")
	return tree
}

func TestSolutionsTogether(t *testing.T) {
	got := audit.Of(graph.Input{Solutions: openAll(t, readable(), base()), Complete: true})

	type conclusion struct {
		Conclusive   bool
		Inconclusive []string
	}
	conclusions, resolved := map[string]conclusion{}, map[string]string{}
	for _, s := range got.Solutions {
		for _, ref := range s.References {
			if ref.Unused {
				conclusions[ref.LogicalName] = conclusion{ref.Conclusive, ref.Inconclusive}
			}
		}
		for _, f := range s.Flows {
			for _, b := range f.Bindings {
				resolved[b.Reference+" "+b.State] = b.ResolvedBy
			}
		}
	}
	if diff := cmp.Diff(map[string]conclusion{
		"fx_idle":  {false, []string{"flow Sweep in . uses it"}},
		"fx_base":  {false, []string{"flow Notify in . uses it"}},
		"fx_GONE":  {false, []string{"flow Remind in . uses it"}},
		"fx_spare": {true, []string{}},
	}, conclusions); diff != "" {
		t.Errorf("unused references (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{
		"FX_MAIL declared": "", "fx_Mail declared": "", "fx_base external": "Base", "fx_gone dangling": "Base", " direct": "",
		"FX_idle dangling": "Parcels",
	}, resolved); diff != "" {
		t.Errorf("resolvedBy (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]audit.Shared{
		{
			LogicalName: "fx_idle", Connector: "shared_teams",
			DeclaredBy: []string{"Parcels"}, UsedBy: []string{"Base"}, Flows: 1, Operations: 1,
		},
		{LogicalName: "fx_base", Connector: "shared_sql", DeclaredBy: []string{"Base"}, UsedBy: []string{"Parcels"}, Flows: 1},
		{LogicalName: "fx_GONE", Connector: "shared_sql", DeclaredBy: []string{"Base"}, UsedBy: []string{"Parcels"}, Flows: 1},
	}, got.Shared); diff != "" {
		t.Errorf("shared (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{"Parcels", "Base"}}, got.Cycles); diff != "" {
		t.Errorf("cycles (-want +got):\n%s", diff)
	}
}

// Copies count for themselves in the summary and in their sections, once in what is said of all together.
func TestCopiesCountOnceTogether(t *testing.T) {
	got := audit.New(openAll(t, readable(), readable(), base())...)
	if got.Summary.Solutions != 3 || len(got.ImportOrder) != 2 {
		t.Errorf("%d solutions, import order %v", got.Summary.Solutions, got.ImportOrder)
	}
	if diff := cmp.Diff(1, got.Shared[0].Operations); diff != "" {
		t.Errorf("operations on %s (-want +got):\n%s", got.Shared[0].LogicalName, diff)
	}
	if len(got.Problems) != 1 || got.Problems[0].Rule != "CR014" || got.Problems[0].Solution != "." {
		t.Errorf("problems of the set: %+v", got.Problems)
	}
}

func TestTextOfSeveralSolutions(t *testing.T) {
	var got bytes.Buffer
	doc := audit.Of(graph.Input{Solutions: openAll(t, readable(), base()), Complete: true})
	require.NoError(t, doc.WriteText(&got, nil))
	for _, want := range []string{
		"    fx_base  declared by Base\n",
		"    fx_spare  shared_rss\n      proven: nothing that could use it does\n",
		"      but flow Sweep in . uses it\n",
		"  Shared across solutions\n    fx_idle  shared_teams  1 flow, 1 operation\n      declared by Parcels\n      used by Base\n",
		"no order is right: Parcels needs Base needs Parcels\n",
	} {
		if !bytes.Contains(got.Bytes(), []byte(want)) {
			t.Errorf("text lacks %q:\n%s", want, got.String())
		}
	}
}
