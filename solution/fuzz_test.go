package solution_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/connref/connref/solution"
)

// small keeps what a fuzzed archive may claim from costing memory.
var small = &solution.Options{MaxFileSize: 1 << 20, MaxTotalSize: 8 << 20, MaxFiles: 1000}

// readAll asks a solution for everything, and checks what holds for every solution.
func readAll(t *testing.T, sol *solution.Solution) {
	t.Helper()
	checkProblems(t, sol)
	viewOf(sol)
	for ref := range sol.References() {
		sol.Position(ref.At)
	}
	flows := slices.Collect(sol.Flows())
	if !slices.IsSortedFunc(flows, func(a, b *solution.Flow) int {
		return bytes.Compare([]byte(a.FileName),
			[]byte(b.FileName))
	}) {
		t.Error("flows aren't sorted by file name")
	}
	for _, f := range flows {
		if !f.IsFlow() {
			t.Errorf("%s is no flow", f.FileName)
		}
		for b := range f.Bindings() {
			if p := sol.Position(b.At); p.Line == 0 || p.Pointer == "" {
				t.Errorf("place of binding %s = %v", b.Key, p)
			}
			for op := range f.UsersOf(b.Key) {
				sol.Position(op.At)
			}
		}
	}
	for app := range sol.Apps() {
		for name := range app.References() {
			if name.IsZero() {
				t.Errorf("app %s names a reference without a name", app.Name)
			}
		}
	}
	for a := range sol.Agents() {
		for _, use := range a.Uses {
			if file, err := sol.File(use.At.File); err != nil || file.Slice(use.At.Span) == "" {
				t.Errorf("the place of %s in %s holds nothing", use.Reference, use.At.File)
			}
		}
	}
}

// Whatever an archive holds, opening it answers an error of this package or a solution that is written as it was.
func FuzzOpenZip(f *testing.F) {
	for _, raw := range archives() {
		f.Add(raw)
	}
	for _, raw := range strange() {
		f.Add(raw)
	}
	f.Add(unpacked.zip())
	f.Add(overlapping(solutionXML(), 3))
	f.Add(lying(packed, "solution.xml", 1<<40))
	f.Add(zoo().zip())
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		given := bytes.Clone(raw)
		sol, err := tryZip(t, raw, small)
		if err != nil {
			known := []error{solution.ErrNotSolution, solution.ErrTooLarge, solution.ErrUnsafePath, solution.ErrLayout}
			if !slices.ContainsFunc(known, func(kind error) bool { return errors.Is(err, kind) }) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		readAll(t, sol)
		var out bytes.Buffer
		switch err := sol.WriteZip(t.Context(), &out); {
		case sol.Layout() == solution.LayoutUnpacked:
			if !errors.Is(err, solution.ErrLayout) || out.Len() > 0 {
				t.Errorf("WriteZip of an unpacked solution: %v and %d bytes", err, out.Len())
			}
		case err != nil || !bytes.Equal(out.Bytes(), given):
			t.Errorf("WriteZip: %v; %d bytes became %d", err, len(given), out.Len())
		}
		checkAnyChange(t, given, sol)
	})
}

// Whatever stands in its files, a solution opens, and every problem has a place.
func FuzzOpenFS(f *testing.F) {
	add := func(t tree) {
		f.Add(t["solution.xml"], t["customizations.xml"], t[intakeFile], t["data"], t[agentSetFile], t[valuesFile])
	}
	add(packed.with("data", "a: |\n  b\nactions:\n  - connectionReference: 'contoso_mail' # x\r\n"))
	add(packed.with("data", "\xff\xfea\x00").with(intakeFile, macroJSON))
	add(packed.with(intakeFile, desktopJSON).with("solution.xml", unpacked["Other/Solution.xml"]))
	add(packed.with(intakeFile, bareJSON).with("customizations.xml", unpacked["Other/Customizations.xml"]))
	f.Fuzz(func(t *testing.T, manifest, customizations, flow, data, set, values string) {
		files := tree{
			"solution.xml": manifest, "customizations.xml": customizations, intakeFile: flow, agentSetFile: set,
			"botcomponents/a/data": data, valuesFile: values, variableFile: variableXML,
		}
		sol := openFS(t, files)
		readAll(t, sol)
		for name, text := range files {
			file, err := sol.File(name)
			if err != nil || string(file.Bytes()) != text {
				t.Errorf("%s came out changed: %v", name, err)
			}
		}
		// The same texts as metadata files and unpacked.
		sol = openFS(t, tree{
			"Other/Solution.xml": manifest, "Other/Customizations.xml": customizations, "Workflows/x.json": flow,
			"Workflows/x.json.data.xml": data, "CanvasApps/a.meta.xml": set, "Connectors/c.xml": values,
			"botcomponents/b/data": flow,
		})
		readAll(t, sol)
	})
}
