package solution_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/solution"
)

func TestDataflows(t *testing.T) {
	sol := openFS(t, withCustomizations("<msdyn_dataflows>",
		"<msdyn_dataflow><msdyn_mashupdocument>shared x = 1</msdyn_mashupdocument><msdyn_name> Sync </msdyn_name></msdyn_dataflow>",
		"<msdyn_dataflow />", "</msdyn_dataflows>"))
	wantProblems(t, sol)
	want := []solution.Dataflow{{Name: "Sync"}, {}}
	if diff := cmp.Diff(want, slices.Collect(sol.Dataflows()), noPlaces); diff != "" {
		t.Errorf("dataflows (-want +got):\n%s", diff)
	}
}
