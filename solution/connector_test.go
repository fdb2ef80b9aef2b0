package solution_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

func TestConnectors(t *testing.T) {
	want := []solution.CustomConnector{{
		ID: guid(t, erpID), Name: "contoso_5FERP", DisplayName: "Contoso ERP", Description: "Orders of the ERP",
	}}
	for name, files := range map[string]tree{
		"packed":             packed,
		"unpacked":           unpacked,
		"a 0-byte parameter": unpacked.with("Connectors/contoso_5FERP_connectionparameters.json", ""),
		"bare id": packed.with("customizations.xml", strings.ReplaceAll(packed["customizations.xml"],
			"{"+erpID+"}", " "+erpID+" ")),
	} {
		sol := openFS(t, files)
		wantProblems(t, sol)
		if diff := cmp.Diff(want, slices.Collect(sol.Connectors()), noPlaces); diff != "" {
			t.Errorf("%s: connectors (-want +got):\n%s", name, diff)
		}
	}
	sol := openFS(t, withCustomizations("<Connectors>",
		"<Connector><connectorid>seven</connectorid><name>n</name></Connector>", "</Connectors>"))
	wantProblems(t, sol, "warning CR009 customizations.xml:5:12")
}

func TestVariables(t *testing.T) {
	definition := func(name string, parts ...string) tree {
		return tree{"environmentvariabledefinitions/" + name +
			"/environmentvariabledefinition.xml": `<environmentvariabledefinition schemaname="` +
			name + `">` + strings.Join(parts, "") + `</environmentvariabledefinition>`}
	}
	values := func(name, json string) tree {
		return tree{"environmentvariabledefinitions/" + name + "/environmentvariablevalues.json": json}
	}
	sol := openFS(t, withCustomizations().join(
		definition("c_Plain", `<displayname default=" Plain "><label /></displayname>`, "<type>100000000</type>"),
		values("c_Plain", `{"environmentvariablevalues":{"environmentvariablevalue":{"value":"one"}}}`),
		definition("c_None", "<defaultvalue>5</defaultvalue>", "<type> 100000001 </type>"),
		values("c_None", `{"environmentvariablevalues":{"environmentvariablevalue":{"iscustomizable":"1"}}}`),
		definition("c_List", "<type>100000005</type>", "<secretstore>0</secretstore>"),
		values("c_List", `{"environmentvariablevalues":{"environmentvariablevalue":[{"iscustomizable":"1"},{"value":""}]}}`),
		definition("c_Data", "<type>100000004</type>", "<parameterkey>table</parameterkey>",
			"<apiid>/providers/Microsoft.PowerApps/apis/shared_sharepointonline</apiid>"),
		values("c_Stranger", `{}`),
	))
	wantProblems(t, sol)
	want := []solution.Variable{
		{
			SchemaName: "c_Data", Type: solution.VariableDataSource, ParameterKey: "table",
			Connector: "/providers/Microsoft.PowerApps/apis/shared_sharepointonline",
		},
		{SchemaName: "c_List", Type: solution.VariableSecret, HasValue: true},
		{SchemaName: "c_None", Type: solution.VariableNumber, HasDefault: true},
		{SchemaName: "c_Plain", DisplayName: "Plain", Type: solution.VariableString, HasValue: true},
	}
	if diff := cmp.Diff(want, slices.Collect(sol.Variables()), noPlaces); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}

	sol = openFS(t, withCustomizations().join(definition(" ", "<type>100000000</type>"), definition("c_X"),
		values("c_X", "{")).
		with("environmentvariabledefinitions/c_Cut/environmentvariabledefinition.xml", "<environmentvariabledefinition"))
	wantProblems(t, sol,
		"error CR012 environmentvariabledefinitions/ /environmentvariabledefinition.xml:1:1",
		"error CR003 environmentvariabledefinitions/c_Cut/environmentvariabledefinition.xml:1:31",
		"error CR003 environmentvariabledefinitions/c_X/environmentvariablevalues.json:1:2")
}

// A secret's default or value is told apart from where a key vault keeps one, and neither is held.
func TestSecretVariables(t *testing.T) {
	const vault = "/subscriptions/7c1e/resourceGroups/flows/providers/Microsoft.KeyVault/vaults/contoso/secrets/orders"
	definition := func(kind, defaultValue string) string {
		return `<environmentvariabledefinition schemaname="c_Key">` + defaultValue + `<type>` + kind +
			`</type></environmentvariabledefinition>`
	}
	value := func(text string) string {
		return `{"environmentvariablevalues":{"environmentvariablevalue":{"value":"` + text + `"}}}`
	}
	const folder = "environmentvariabledefinitions/c_Key/"
	at := source.Location{File: folder + "environmentvariablevalues.json"}
	for name, test := range map[string]struct {
		definition, values string
		want               solution.Variable
	}{
		"in a vault": {
			definition("100000005", "<defaultvalue> "+vault+"\n</defaultvalue>"), value(strings.ToUpper(vault)),
			solution.Variable{HasDefault: true, HasValue: true, ValueAt: at},
		},
		"in plain": {
			definition("100000005", "<defaultvalue>pass</defaultvalue>"), value("word"),
			solution.Variable{HasDefault: true, HasValue: true, ValueAt: at, PlainDefault: true, PlainValue: true},
		},
		"empty": {
			definition("100000005", "<defaultvalue />"), value(" "),
			solution.Variable{HasDefault: true, HasValue: true, ValueAt: at},
		},
		"the second of several": {
			definition("100000005", ""),
			`{"environmentvariablevalues":{"environmentvariablevalue":[{"value":"` + vault + `"},{"value":"word"},{}]}}`,
			solution.Variable{HasValue: true, ValueAt: at, PlainValue: true},
		},
		"a text": {
			definition("100000000", "<defaultvalue>pass</defaultvalue>"), value("word"),
			solution.Variable{HasDefault: true, HasValue: true, ValueAt: at},
		},
		"no value": {definition("100000005", ""), `{"environmentvariablevalues":{}}`, solution.Variable{}},
	} {
		t.Run(name, func(t *testing.T) {
			sol := openFS(t, withCustomizations().
				with(folder+"environmentvariabledefinition.xml", test.definition).
				with(folder+"environmentvariablevalues.json", test.values))
			ignored := cmpopts.IgnoreFields(solution.Variable{}, "SchemaName", "Type", "At")
			if diff := cmp.Diff([]solution.Variable{test.want}, slices.Collect(sol.Variables()), ignored); diff != "" {
				t.Errorf("variables (-want +got):\n%s", diff)
			}
		})
	}
}
