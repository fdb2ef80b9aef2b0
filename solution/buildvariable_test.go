package solution_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// A variable of each type, as a flow takes it, builds together with it.
func TestVariableParameter(t *testing.T) {
	const vault = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/secrets/k"
	for _, c := range []struct {
		kind     solution.VariableType
		value    string
		wantType flow.ParameterType
		want     any
	}{
		{solution.VariableString, "@it's", flow.StringParameter, "@it's"},
		{solution.VariableString, "", flow.StringParameter, ""},
		{solution.VariableNumber, "17", flow.IntParameter, json.Number("17")},
		{solution.VariableNumber, "1.50", flow.FloatParameter, json.Number("1.50")},
		{solution.VariableNumber, "", flow.IntParameter, nil},
		{solution.VariableBoolean, "yes", flow.BoolParameter, true},
		{solution.VariableBoolean, "", flow.BoolParameter, false},
		{solution.VariableJSON, `{"a":[1]}`, flow.ObjectParameter, json.RawMessage(`{"a":[1]}`)},
		{solution.VariableJSON, `[1]`, flow.ObjectParameter, nil},
		{solution.VariableDataSource, "site", flow.StringParameter, "site"},
		{solution.VariableSecret, vault, flow.StringParameter, nil},
	} {
		v := solution.NewVariable{SchemaName: "contoso_V", Description: "d", Type: c.kind, Default: c.value}
		if c.kind == solution.VariableDataSource {
			v.Connector, v.ParameterKey = "shared_sharepointonline", "dataset"
		}
		want := flow.Parameter{
			SchemaName: "contoso_V", DisplayName: "contoso_V", Description: "d", Type: c.wantType, Default: c.want,
		}
		if diff := cmp.Diff(want, v.Parameter()); diff != "" {
			t.Errorf("%d %q (-want +got):\n%s", c.kind, c.value, diff)
		}
		b := solution.NewBuilder(contoso())
		b.AddVariable(v)
		f := b.NewFlow(solution.Workflow{Name: "Say"})
		f.Trigger("", flow.Manual{By: flow.ByButton})
		f.Add("Say", flow.Compose{Inputs: f.Parameter(v.Parameter())})
		if _, err := b.Build(solution.LayoutZip); err != nil {
			t.Errorf("%d %q: %v", c.kind, c.value, err)
		}
	}
}
