package refactor_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/refactor"
)

const manifest = "<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName></SolutionManifest></ImportExportXml>"

// must answers the plan of a verb that plans.
func must(t *testing.T) func(*refactor.Plan, error) *refactor.Plan {
	return func(plan *refactor.Plan, err error) *refactor.Plan {
		t.Helper()
		require.NoError(t, err)
		return plan
	}
}

func texts(notes []refactor.Note) (list []string) {
	for _, n := range notes {
		list = append(list, n.String())
	}
	return list
}

// Plans that change one text, that give two references one name, or of which one takes away what the other needs.
func TestCombineConflicts(t *testing.T) {
	in := shop()
	rename := func(from, to connref.LogicalName) *refactor.Plan {
		return must(t)(refactor.Rename(in, refactor.Renaming{Old: from, New: to}))
	}
	for name, plans := range map[string][]*refactor.Plan{
		"one text": {rename("contoso_mail", "contoso_a"), rename("contoso_mail", "contoso_b")},
		"one name": {rename("contoso_mail", "contoso_a"), rename("contoso_orders", "contoso_a")},
		"what is taken away": {
			must(t)(refactor.Remove(in, "contoso_spare")),
			must(t)(refactor.Rebind(in, refactor.Rebinding{From: "contoso_mail", To: "contoso_spare"})),
		},
	} {
		if _, err := refactor.Combine(plans...); !errors.Is(err, connref.ErrConflict) {
			t.Errorf("%s: Combine fails with %v, want ErrConflict", name, err)
		}
	}
	none := must(t)(refactor.Combine())
	if done, err := none.Apply(); !none.Empty() || err != nil || len(done.Solutions) > 0 {
		t.Errorf("Combine of nothing: %+v, %v", done, err)
	}
}

// What one plan takes away in a solution another may need in another, and a name can be given out in two.
func TestCombineConflictsOverSolutions(t *testing.T) {
	const declared = `<connectionreference connectionreferencelogicalname="%s"><connectorid>` +
		`/providers/Microsoft.PowerApps/apis/shared_x</connectorid></connectionreference>`
	required := func(name string) string {
		return `<MissingDependency><Required type="connectionreference" id.connectionreferencelogicalname="` + name +
			`" /><Dependent type="29" displayName="F" /></MissingDependency>`
	}
	solutionOf := func(name, missing string, references ...string) (manifest, customizations *fstest.MapFile) {
		list := ""
		for _, r := range references {
			list += fmt.Sprintf(declared, r)
		}
		return &fstest.MapFile{Data: []byte("<ImportExportXml><SolutionManifest><UniqueName>" + name +
				"</UniqueName><MissingDependencies>" + missing + "</MissingDependencies></SolutionManifest></ImportExportXml>")},
			&fstest.MapFile{Data: []byte("<ImportExportXml><connectionreferences>" + list +
				"</connectionreferences></ImportExportXml>")}
	}
	bound := func(names ...string) *fstest.MapFile {
		entries := ""
		for i, name := range names {
			entries += fmt.Sprintf(`"k%d":{"connection":{"connectionReferenceLogicalName":%q},"api":{"name":"shared_x"}},`, i, name)
		}
		return &fstest.MapFile{Data: []byte(`{"properties":{"connectionReferences":{` + strings.TrimSuffix(entries, ",") +
			`},"definition":{}}}`)}
	}
	files := fstest.MapFS{"b/Workflows/F.json": bound("c_z", "c_lost")}
	files["a/solution.xml"], files["a/customizations.xml"] = solutionOf("A", "", "c_spare", "c_z", "c_a")
	files["b/solution.xml"], files["b/customizations.xml"] = solutionOf("B", required("c_z"), "c_b", "c_own")
	in := input(t, files)
	rebind := must(t)(refactor.Rebind(in, refactor.Rebinding{From: "c_z", To: "c_spare"}))
	rename := func(from, to connref.LogicalName) *refactor.Plan {
		return must(t)(refactor.Rename(in, refactor.Renaming{Old: from, New: to}))
	}
	add := must(t)(refactor.Add(in, "B", connref.Reference{LogicalName: "c_lost", DisplayName: "x", Connector: "shared_x"}))
	for name, plans := range map[string][]*refactor.Plan{
		"removed there, needed here":  {must(t)(refactor.Remove(in, "c_spare")), rebind},
		"the same, beside one mended": {add, must(t)(refactor.Remove(in, "c_spare")), rebind},
		"renamed there, needed here":  {rebind, rename("c_spare", "c_new")},
		"one name in two solutions":   {rename("c_a", "c_c"), rename("c_b", "c_c")},
		"renamed to what is new": {rename("c_a", "c_lost2"), must(t)(refactor.Add(in, "B", connref.Reference{
			LogicalName: "C_Lost2", DisplayName: "x", Connector: "shared_x",
		}))},
	} {
		for _, p := range plans {
			require.NoError(t, p.Err())
			require.False(t, p.Empty(), name)
		}
		if _, err := refactor.Combine(plans...); !errors.Is(err, connref.ErrConflict) {
			t.Errorf("%s: Combine fails with %v, want ErrConflict", name, err)
		}
	}
	swap := must(t)(refactor.Rename(in, refactor.Renaming{Old: "c_own", New: "c_lost"}, refactor.Renaming{Old: "c_lost", New: "c_own"}))
	if _, err := refactor.Combine(swap, rename("c_a", "c_c")); err != nil {
		t.Errorf("a swap beside another renaming: %v", err)
	}
}

// An id of zero is that of every flow that has none.
func TestRebindOfNoID(t *testing.T) {
	plan := must(t)(refactor.Rebind(shop(), refactor.Rebinding{
		From: "contoso_mail", To: "contoso_spare", Flows: []connref.FlowID{{}},
	}))
	if !errors.Is(plan.Err(), refactor.ErrRefused) || !plan.Empty() {
		t.Errorf("the plan refuses %v, and has steps %v", plan.Err(), plan.Steps)
	}
}

// What a caller does with its lists, and with those that it is given, doesn't reach the plan.
func TestPlanKeepsItsOwn(t *testing.T) {
	in := shop()
	sol := in.Solutions[0]
	settings := []byte(`{"ConnectionReferences":[{"LogicalName":"contoso_mail"}]}`)
	in.Settings = []*source.File{source.NewFile("settings.json", settings)}
	plan := must(t)(refactor.Rename(in, refactor.Renaming{Old: "contoso_mail", New: "contoso_post"}))
	in.Solutions[0], in.Settings[0] = nil, nil
	done, err := plan.Apply()
	require.NoError(t, err)
	wanted, file := done.Solutions[0], done.Settings[0]
	done.Solutions[0], done.Settings[0] = nil, nil
	again, err := plan.Apply()
	require.NoError(t, err)
	if again.Solutions[0] != wanted || again.Settings[0] != file {
		t.Error("Apply answers something else the second time")
	}
	inverse := must(t)(plan.Inverse())
	undone, err := inverse.Apply()
	require.NoError(t, err)
	if _, err := undone.Solutions[0].Reference("contoso_mail"); err != nil || undone.Solutions[0].Path() != sol.Path() {
		t.Errorf("the inverse doesn't undo: %v", err)
	}
}

// A solution that is given twice is changed once, in both places.
func TestOneSolutionTwice(t *testing.T) {
	in := shop()
	in.Solutions = append(in.Solutions, in.Solutions[0])
	plan := must(t)(refactor.Rename(in, refactor.Renaming{Old: "contoso_mail", New: "contoso_post"}))
	done, err := plan.Apply()
	require.NoError(t, err)
	require.Len(t, done.Solutions, 2)
	for _, sol := range done.Solutions {
		if _, err := sol.Reference("contoso_post"); err != nil {
			t.Error(err)
		}
	}
}

// A graph that isn't of the solutions can't make a plan break them.
func TestGraphOfOtherSolutions(t *testing.T) {
	in := shop()
	other := input(t, fstest.MapFS{
		"solution.xml": {Data: []byte(manifest)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><connectionreferences><connectionreference ` +
			`connectionreferencelogicalname="contoso_mail" /></connectionreferences></ImportExportXml>`)},
	})
	in.Graph = graph.New(graph.Input{Solutions: other.Solutions})
	if _, err := refactor.Remove(in, "contoso_mail"); !errors.Is(err, connref.ErrConflict) {
		t.Errorf("Remove of what is used fails with %v, want ErrConflict", err)
	}
}

// What environments have is told: what has to be bound anew, and what moves to another connection.
func TestEnvironments(t *testing.T) {
	in := shop()
	in.Graph = graph.New(graph.Input{Solutions: in.Solutions, Environments: []graph.Inventory{{
		Name: "Production",
		References: []connref.Reference{
			{LogicalName: "contoso_mail", Connection: "shared-office365-1"},
			{LogicalName: "contoso_orders", Connection: "shared-office365-2"},
			{LogicalName: "contoso_spare"}, {LogicalName: "contoso_live", Connector: "shared_office365"},
		},
	}}})
	for name, test := range map[string]struct {
		plan *refactor.Plan
		want []string
	}{
		"rename": {must(t)(refactor.Rename(in, refactor.Renaming{Old: "contoso_mail", New: "contoso_post"})), []string{
			"a logical name can't be changed in an environment: a target of contoso_mail gets a new reference contoso_post, " +
				"without a connection, beside the old one: bind it before flows are turned on, then delete the old one",
			"in Production, bind contoso_post to connection shared-office365-1, which answers for contoso_mail",
		}},
		"merge": {must(t)(refactor.Merge(in, refactor.Merging{
			Keep: "contoso_mail", Drop: []connref.LogicalName{"contoso_orders", "contoso_spare"},
		})), []string{
			"in Production, what runs on contoso_orders moves from connection shared-office365-2 to connection " +
				"shared-office365-1",
			"what ran on the connection behind contoso_orders runs on the one behind contoso_mail then: owners of flows " +
				"need access to that",
			"an environment keeps contoso_orders until it is deleted there: a managed upgrade deletes it once nothing uses it",
			"in Production, what runs on contoso_spare moves from no connection to connection shared-office365-1",
			"an environment keeps contoso_spare until it is deleted there: a managed upgrade deletes it once nothing uses it",
		}},
		"prune": {must(t)(refactor.Prune(in)), []string{ // of contoso_live, no solution can be rid
			"contoso_spare is left, since it may be used: the solutions read are not declared to be all there are",
		}},
	} {
		if diff := cmp.Diff(test.want, texts(test.plan.Warnings)); diff != "" {
			t.Errorf("%s: warnings (-want +got):\n%s", name, diff)
		}
	}
	taken := must(t)(refactor.Rename(in, refactor.Renaming{Old: "contoso_mail", New: "contoso_live"}))
	if !errors.Is(taken.Err(), refactor.ErrRefused) {
		t.Error("a name that an environment has is not taken")
	}
	gone := must(t)(refactor.Remove(in, "contoso_live"))
	want := []string{"remove contoso_live: no solution that was read declares it"}
	if diff := cmp.Diff(want, texts(gone.Refusals)); diff != "" {
		t.Errorf("refusals (-want +got):\n%s", diff)
	}
}

func TestNoChoice(t *testing.T) {
	if _, err := refactor.Externalise(shop(), nil); !errors.Is(err, connref.ErrInvalid) {
		t.Errorf("Externalise without a choice fails with %v, want ErrInvalid", err)
	}
}

// A choice can leave a binding, name what is there, and say all of a new reference itself.
func TestChoice(t *testing.T) {
	for name, test := range map[string]struct {
		ref            connref.Reference
		want, refusals []string
	}{
		"leave it": {},
		"one that is there, in any case": {
			ref: connref.Reference{LogicalName: "Contoso_FEED"}, want: []string{"feed=contoso_feed"},
		},
		"a new one": {
			ref:  connref.Reference{LogicalName: "contoso_new", DisplayName: "New"},
			want: []string{"feed=contoso_new"},
		},
		"one without a display name": {
			ref: connref.Reference{LogicalName: "contoso_new"},
			refusals: []string{"declare contoso_new in .: reference contoso_new: display name: is missing; " +
				"right would be one that tells the reference from others"},
		},
		"another connector": {
			ref: connref.Reference{LogicalName: "contoso_new", DisplayName: "New", Connector: "shared_sql"},
			refusals: []string{".: Workflows/Feed.json:1:41: bind feed of flow Feed to contoso_new: " +
				"that is for shared_sql, not shared_rss"},
		},
	} {
		in := input(t, fstest.MapFS{
			"solution.xml": {Data: []byte(manifest)},
			"customizations.xml": {Data: []byte(`<ImportExportXml><connectionreferences><connectionreference ` +
				`connectionreferencelogicalname="contoso_feed"><connectorid>/providers/Microsoft.PowerApps/apis/shared_rss` +
				`</connectorid></connectionreference></connectionreferences></ImportExportXml>`)},
			"Workflows/Feed.json": {Data: []byte(`{"properties":{"connectionReferences":{"feed":{"connection":{},` +
				`"api":{"name":"shared_rss"}}},"definition":{"triggers":{},"actions":{}}}}`)},
		})
		plan := must(t)(refactor.Externalise(in, func(refactor.Direct) connref.Reference { return test.ref }))
		done := checkLaws(t, in, plan, allFiles)
		var got []string
		for f := range done.Solutions[0].Flows() {
			for b := range f.Bindings() {
				if !b.Direct() {
					got = append(got, b.Key+"="+string(b.Reference))
				}
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: bindings (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(test.refusals, texts(plan.Refusals)); diff != "" {
			t.Errorf("%s: refusals (-want +got):\n%s", name, diff)
		}
	}
}

// Two custom connectors can have one name: their rows tell them apart.
func TestCustomConnectors(t *testing.T) {
	custom := func(name, row string) string {
		return `<connectionreference connectionreferencelogicalname="` + name + `"><connectorid>` +
			`/providers/Microsoft.PowerApps/apis/shared_fx-5foven-5f0123456789abcdef</connectorid><customconnectorid>` +
			`<connectorid>` + row + `</connectorid></customconnectorid></connectionreference>`
	}
	in := input(t, fstest.MapFS{
		"solution.xml": {Data: []byte(manifest)},
		"customizations.xml": {Data: []byte("<ImportExportXml><connectionreferences>" +
			custom("fx_a", "5eed0000-0000-4000-8000-0000000000aa") + custom("fx_b", "5eed0000-0000-4000-8000-0000000000bb") +
			custom("fx_c", "5eed0000-0000-4000-8000-0000000000aa") + "</connectionreferences></ImportExportXml>")},
	})
	plan := must(t)(refactor.Merge(in, refactor.Merging{Keep: "fx_a", Drop: []connref.LogicalName{"fx_b", "fx_c"}}))
	want := []string{"merge fx_b into fx_a: fx_a is for custom connector 5eed0000-0000-4000-8000-0000000000aa, " +
		"fx_b for 5eed0000-0000-4000-8000-0000000000bb"}
	if diff := cmp.Diff(want, texts(plan.Refusals)); diff != "" {
		t.Errorf("refusals (-want +got):\n%s", diff)
	}
}

// What can't be written to is told, wherever it breaks off.
func TestWriteTextFails(t *testing.T) {
	plan := must(t)(refactor.Remove(shop(), "contoso_spare", "contoso_mail"))
	for n := range 3 {
		if err := plan.WriteText(&full{left: n}); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("after %d lines: %v", n, err)
		}
	}
}

// full takes a few writes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// A file that is broken where something is to be added is no place to add to; what stands before the fault can change.
func TestBrokenCustomizations(t *testing.T) {
	in := input(t, fstest.MapFS{
		"solution.xml":       {Data: []byte(manifest)},
		"customizations.xml": {Data: []byte("<ImportExportXml><a></b>")},
	})
	plan := must(t)(refactor.Add(in, "A", connref.Reference{LogicalName: "x", DisplayName: "x", Connector: "shared_x"}))
	if !plan.Empty() || !errors.Is(plan.Err(), refactor.ErrRefused) {
		t.Errorf("Add has steps %v, and refuses %v", texts(plan.Steps), plan.Err())
	}
	in = input(t, fstest.MapFS{
		"solution.xml": {Data: []byte(manifest)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><connectionreferences>` +
			`<connectionreference connectionreferencelogicalname="c_a" /></connectionreferences><a></b>`)},
	})
	plan = must(t)(refactor.Remove(in, "c_a"))
	if plan.Empty() || plan.Err() != nil {
		t.Errorf("Remove has steps %v, and refuses %v", texts(plan.Steps), plan.Err())
	}
}
