package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/audit"
	"github.com/connref/connref/solution/graph"
)

func TestImpactOf(t *testing.T) {
	g := graph.New(graph.Input{
		Solutions: openAll(t, readable(), base()),
		Environments: []graph.Inventory{{Name: "test", References: []connref.Reference{
			{LogicalName: "fx_idle", Connection: "teams-1"}, {LogicalName: "fx_base", Connection: "sql-1"},
		}}},
		Complete: true,
	})
	sweep := audit.ImpactFlow{
		Name: "Sweep", Solutions: []string{"Base"}, File: "Workflows/Sweep.json", State: "unknown", Operations: []string{"Post"},
	}
	empty := audit.Impact{
		SchemaVersion: "1", References: []string{}, DeclaredBy: []string{"Parcels"}, Flows: []audit.ImpactFlow{}, Apps: []string{}, Agents: []string{},
		Reached: []audit.ImpactCaller{}, Invoker: []audit.ImpactFlow{},
		InvokerAgents: []string{}, Doubts: []string{},
	}
	for _, tc := range []struct {
		name string
		set  func(*audit.Impact)
	}{
		{"FX_Idle", func(i *audit.Impact) {
			i.Kind, i.References, i.Flows = "reference", []string{"fx_idle"}, []audit.ImpactFlow{sweep}
		}},
		{"/providers/Microsoft.PowerApps/apis/shared_teams", func(i *audit.Impact) {
			i.Kind, i.References, i.Flows = "connector", []string{"fx_idle"}, []audit.ImpactFlow{sweep}
		}},
		{"Teams-1", func(i *audit.Impact) {
			i.Kind, i.References, i.Flows = "connection", []string{"fx_idle"}, []audit.ImpactFlow{sweep}
		}},
		{"sql-1", func(i *audit.Impact) {
			i.Kind, i.References, i.DeclaredBy = "connection", []string{"fx_base"}, []string{"Base"}
			i.Doubts = []string{"reference fx_GONE of shared_sql may be bound to it"}
			i.Invoker = []audit.ImpactFlow{{
				ID: "0b7e4c52-11d8-4b5a-9c36-5b5e21c0a7f1", Name: "Notify", Solutions: []string{"Parcels"},
				File: "Workflows/Notify-0B7E4C52-11D8-4B5A-9C36-5B5E21C0A7F1.json", State: "unknown", Operations: []string{},
			}}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := empty
			want.Name = tc.name
			tc.set(&want)
			hit, err := audit.ImpactOf(g, tc.name)
			require.NoError(t, err)
			var b bytes.Buffer
			require.NoError(t, hit.WriteJSON(&b))
			var got audit.Impact
			require.NoError(t, json.Unmarshal(b.Bytes(), &got))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("impact (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := audit.ImpactOf(g, "fx_none"); !errors.Is(err, connref.ErrNotFound) {
		t.Errorf("unknown name: %v", err)
	}
}
