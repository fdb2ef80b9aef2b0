package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// sharing is a solution in which so many flows run on each reference.
func sharing(t *testing.T, flows map[connref.LogicalName]int) *solution.Solution {
	t.Helper()
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "Fixture", Version: "1.0.0.0", Publisher: solution.Publisher{UniqueName: "Fixture", Prefix: "fix"},
	})
	for name, n := range flows {
		mail := connref.Reference{LogicalName: name, DisplayName: string(name), Connector: "shared_office365"}
		b.AddReference(mail)
		for i := range n {
			f := b.NewFlow(solution.Workflow{Name: fmt.Sprintf("%s %d", name, i)})
			f.Bind(flow.NewBinding("mail", mail))
			f.Trigger("", flow.Manual{By: flow.ByButton})
			f.Add("Send", flow.Call{Key: "mail", Operation: "SendEmailV2"})
		}
	}
	sol, err := b.Build(solution.LayoutZip)
	require.NoError(t, err)
	return sol
}

func TestOvershared(t *testing.T) {
	sol := sharing(t, map[connref.LogicalName]int{"fix_busy": 3, "fix_idle": 0, "fix_some": 2})
	for limit, want := range map[int][]connref.LogicalName{
		0: {"fix_busy", "fix_some"}, 1: {"fix_busy", "fix_some"}, 2: {"fix_busy"}, 3: nil,
	} {
		got, err := overshared(sol, limit)
		require.NoError(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
}
