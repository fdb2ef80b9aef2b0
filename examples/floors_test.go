package examples_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// floors is the house, lowest floor first. A new package gets its row here, and an import goes down.
var floors = map[string]int{
	"connref/source":            0,
	"connref/diag":              0,
	"connref":                   1,
	"flow":                      2,
	"solution":                  3,
	"solution/environment":      4,
	"solution/settings":         5,
	"solution/graph":            6,
	"solution/audit":            7,
	"solution/refactor":         7,
	"solution/preflight":        7,
	"solution/lint":             8,
	"solution/refactor/unified": 9,
	"solution/lint/linttest":    9,
	"solution/lint/report":      9,
	"solution/lint/rules":       10,
	"examples":                  examplesFloor,
}

const (
	librariesFloor = 8  // up to here a package links nothing but the standard library
	examplesFloor  = 11 // the examples and every program under them
)

// sideways are the imports within a floor that the house allows.
var sideways = map[[2]string]bool{
	{"connref/diag", "connref/source"}: true, // a finding has a place and a fix, which are source's nouns
}

// An importing is one import by one file that isn't a test.
type importing struct{ file, from, to string }

// floorOf answers the floor of a package, by its path within the module.
func floorOf(short string) (floor int, ok bool) {
	if strings.HasPrefix(short, "examples/") {
		return examplesFloor, true
	}
	floor, ok = floors[short]
	return floor, ok
}

// climbs lists the imports that break the house's order, each with the reason.
func climbs(imports []importing, module string) []string {
	var faults []string
	for _, i := range imports {
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Sprintf("%s: %s imports %s: ", i.file, i.from, i.to)+fmt.Sprintf(format, args...))
		}
		from, ok := floorOf(i.from)
		if !ok {
			continue // reported once for the package, not for each of its imports
		}
		to, inside := strings.CutPrefix(i.to, module+"/")
		if !inside {
			// Paths without a dot in their first element belong to the standard library.
			first, _, _ := strings.Cut(i.to, "/")
			if from <= librariesFloor && strings.Contains(first, ".") {
				fault("packages up to floor %d link the standard library only", librariesFloor)
			}
			continue
		}
		switch floor, ok := floorOf(to); {
		case !ok:
			fault("it has no row in the table of floors")
		case floor > from:
			fault("floor %d imports up, from floor %d", from, floor)
		case floor == from && !sideways[[2]string{i.from, to}]:
			fault("floor %d imports sideways", from)
		}
	}
	return faults
}

func TestFloors(t *testing.T) {
	t.Parallel()
	h := open(t)
	var imports []importing
	for _, r := range h.rooms {
		short := h.short(r.ImportPath)
		if _, ok := floorOf(short); !ok {
			t.Errorf("%s has no row in the table of floors", short)
		}
		fset, files, err := r.parse(h, r.sources()...)
		require.NoError(t, err)
		for _, f := range files {
			for _, spec := range f.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err) // the file parsed, so this is a fault of the test
				}
				imports = append(imports, importing{fset.Position(spec.Pos()).String(), short, path})
			}
		}
	}
	for _, fault := range climbs(imports, h.module) {
		t.Error(fault)
	}
}

// The test above says nothing while the house is in order; this one shows that it would.
func TestFloorsTellsClimbs(t *testing.T) {
	t.Parallel()
	got := climbs([]importing{
		{"a.go:1:1", "flow", "m/connref"},
		{"b.go:1:1", "connref", "m/flow"},
		{"c.go:1:1", "connref/diag", "m/connref/source"},
		{"d.go:1:1", "connref/source", "m/connref/diag"},
		{"e.go:1:1", "solution/audit", "m/solution/refactor"},
		{"f.go:1:1", "solution", "m/internal"},
		{"g.go:1:1", "solution", "example.com/yaml"},
		{"h.go:1:1", "solution", "archive/zip"},
		{"i.go:1:1", "solution/lint/report", "example.com/sarif"},
		{"j.go:1:1", "examples/audit", "m/solution/audit"},
		{"k.go:1:1", "solution/audit", "m/examples/audit"},
	}, "m")
	want := []string{
		"b.go:1:1: connref imports m/flow: floor 1 imports up, from floor 2",
		"d.go:1:1: connref/source imports m/connref/diag: floor 0 imports sideways",
		"e.go:1:1: solution/audit imports m/solution/refactor: floor 7 imports sideways",
		"f.go:1:1: solution imports m/internal: it has no row in the table of floors",
		"g.go:1:1: solution imports example.com/yaml: packages up to floor 8 link the standard library only",
		"k.go:1:1: solution/audit imports m/examples/audit: floor 7 imports up, from floor 11",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
