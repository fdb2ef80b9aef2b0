package solution_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

var noPlaces = cmpopts.IgnoreTypes(source.Location{})

// withManifest is the least solution, with those parts in its manifest.
func withManifest(parts ...string) tree {
	return tree{"solution.xml": solutionXML(parts...), "customizations.xml": customizationsXML()}
}

func guid(tb testing.TB, text string) connref.GUID {
	tb.Helper()
	id, err := connref.ParseGUID(text)
	require.NoError(tb, err)
	return id
}

func TestManifest(t *testing.T) {
	sol := openFS(t, withManifest(`<Managed>1</Managed>`, publisherXML, `
    <RootComponents>
      <RootComponent type="29" id="{`+intakeID+`}" behavior="0" />
      <RootComponent schemaName="contoso_order" behavior="1" type="1" />
      <RootComponent type="372" id="`+erpID+`" schemaName="contoso_5ferp" behavior="0" />
      <RootComponent type="61" schemaName="contoso_/page.html" />
    </RootComponents>`, `
    <MissingDependencies>
      <MissingDependency>
        <Required key="17" type="connectionreference" displayName="Shared &quot;files&quot;" solution="Active"
          id.connectionreferencelogicalname=" Common_Files " />
        <Dependent type="29" displayName="Order intake" id="{`+intakeID+`}" />
      </MissingDependency>
      <MissingDependency>
        <Required type="EnvironmentVariableDefinition" displayName="Site" solution="Common (1.0.0.2)" id.schemaname="c_Site" />
        <Dependent type="connectionreference" displayName="Mail" id.connectionreferencelogicalname="contoso_mail" />
      </MissingDependency>
      <MissingDependency>
        <Required type="1" schemaName="account" displayName="Account" solution="System" />
        <Dependent type="60" id="x" parentDisplayName="Order" />
      </MissingDependency>
      <MissingDependency>
        <Required type="10112" id.connectionreferencelogicalname="By_number" />
      </MissingDependency>
      <MissingDependency />
    </MissingDependencies>`))
	wantProblems(t, sol)
	want := solution.Manifest{
		UniqueName:  "ContosoOrders",
		DisplayName: "Contoso Orders",
		Description: "Takes & sends orders",
		Version:     "1.4.0.0",
		Managed:     solution.ManagedYes,
		Publisher: solution.Publisher{
			UniqueName: "contoso", DisplayName: "Contoso Ltd", Prefix: "contoso_", OptionValuePrefix: "41700",
		},
		RootComponents: []solution.RootComponent{
			{Type: "29", ID: guid(t, intakeID), Behavior: "0"},
			{Type: "1", SchemaName: "contoso_order", Behavior: "1"},
			{Type: "372", ID: guid(t, erpID), SchemaName: "contoso_5ferp", Behavior: "0"},
			{Type: "61", SchemaName: "contoso_/page.html"},
		},
		MissingDependencies: []solution.MissingDependency{
			{
				Required: solution.Component{
					Type: "connectionreference", DisplayName: `Shared "files"`, Solution: "Active",
					Keys: []source.Attr{{Name: "id.connectionreferencelogicalname", Value: " Common_Files "}},
				},
				Dependent: solution.Component{Type: "29", DisplayName: "Order intake", ID: "{" + intakeID + "}"},
			},
			{
				Required: solution.Component{
					Type: "EnvironmentVariableDefinition", DisplayName: "Site", Solution: "Common (1.0.0.2)",
					Keys: []source.Attr{{Name: "id.schemaname", Value: "c_Site"}},
				},
				Dependent: solution.Component{
					Type: "connectionreference", DisplayName: "Mail",
					Keys: []source.Attr{{Name: "id.connectionreferencelogicalname", Value: "contoso_mail"}},
				},
			},
			{
				Required:  solution.Component{Type: "1", SchemaName: "account", DisplayName: "Account", Solution: "System"},
				Dependent: solution.Component{Type: "60", ID: "x"},
			},
			{Required: solution.Component{
				Type: "10112", Keys: []source.Attr{{Name: "id.connectionreferencelogicalname", Value: "By_number"}},
			}},
			{},
		},
	}
	got := sol.Manifest()
	if diff := cmp.Diff(want, got, noPlaces); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	var names []connref.LogicalName
	for _, m := range got.MissingDependencies {
		names = append(names, m.Required.Reference())
	}
	if diff := cmp.Diff([]connref.LogicalName{"Common_Files", "", "", "By_number", ""}, names); diff != "" {
		t.Errorf("references that are required (-want +got):\n%s", diff)
	}
	for what, at := range map[string]source.Location{
		"name": got.At, "publisher": got.Publisher.At,
		"root component": got.RootComponents[1].At, "dependency": got.MissingDependencies[4].At,
	} {
		if p := sol.Position(at); p.File != "solution.xml" || p.Line == 0 || p.Column == 0 {
			t.Errorf("place of the %s = %v", what, p)
		}
	}
}

func TestManaged(t *testing.T) {
	for element, want := range map[string]solution.Managed{
		"<Managed>0</Managed>":               solution.ManagedNo,
		"<Managed>1</Managed>":               solution.ManagedYes,
		"<Managed>2</Managed>":               solution.ManagedBoth,
		"<Managed>\n      1\n    </Managed>": solution.ManagedYes,
		"":                                   solution.ManagedUnknown,
		"<Managed />":                        solution.ManagedUnknown,
		"<Managed>yes</Managed>":             solution.ManagedUnknown,
	} {
		sol := openFS(t, withManifest(element))
		if got := sol.Manifest().Managed; got != want {
			t.Errorf("%q: %s, want %s", element, got, want)
		}
		wantProblems(t, sol)
	}
	var names []string
	for m := solution.ManagedUnknown; m <= solution.ManagedBoth; m++ {
		names = append(names, m.String())
	}
	if diff := cmp.Diff([]string{"unknown", "unmanaged", "managed", "both"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// A file that somebody edited has white space where none was.
func TestManifestWhiteSpace(t *testing.T) {
	sol := openFS(t, tree{
		"solution.xml": `<ImportExportXml><SolutionManifest>
  <UniqueName>
    ContosoOrders
  </UniqueName><Version> 1.0.0.1 </Version>
  <RootComponents><RootComponent type=" 29 " id=" {` + intakeID + `} " /></RootComponents>
</SolutionManifest></ImportExportXml>`,
		"customizations.xml": customizationsXML(),
	})
	wantProblems(t, sol)
	m := sol.Manifest()
	if m.UniqueName != "ContosoOrders" || m.Version != "1.0.0.1" {
		t.Errorf("manifest = %+v", m)
	}
	if diff := cmp.Diff([]solution.RootComponent{{Type: "29", ID: guid(t, intakeID)}}, m.RootComponents,
		noPlaces); diff != "" {
		t.Errorf("root components (-want +got):\n%s", diff)
	}
}

func TestManifestFaults(t *testing.T) {
	for _, test := range []struct {
		name string
		tree tree
		want []string
	}{
		{"no name", tree{"solution.xml": "<ImportExportXml />", "customizations.xml": customizationsXML()},
			[]string{"error CR004 solution.xml"}},
		{"no manifest", tree{"customizations.xml": customizationsXML()}, []string{"error CR004 solution.xml"}},
		{"no manifest, unpacked", unpacked.without("Other/Solution.xml"), []string{"error CR004 Other/Solution.xml"}},
		{"no customizations", tree{"solution.xml": solutionXML()}, []string{"error CR004 customizations.xml"}},
		{"root component's id", withManifest(`<RootComponents>
  <RootComponent type="29" id="{not-a-guid}" /></RootComponents>`), []string{"warning CR009 solution.xml:14:32"}},
		{"package without manifest", legacy.without("manifest.json"), []string{"error CR004 manifest.json"}},
		{"package with a broken manifest", legacy.with("manifest.json", `{"details":`),
			[]string{"error CR003 manifest.json:1:12"}},
	} {
		t.Run(test.name, func(t *testing.T) { wantProblems(t, openFS(t, test.tree), test.want...) })
	}
}

func TestFlowPackage(t *testing.T) {
	second := `{"properties":{"definition":{"triggers":{},"actions":{}},"connectionReferences":{}}}`
	sol := openFS(t, legacy.with("Microsoft.Flow/flows/0/definition.json", second).
		with("Microsoft.Flow/flows/0/apisMap.json", "{}"))
	wantProblems(t, sol)
	if m := sol.Manifest(); m.DisplayName != "Old digest" || m.Description != "From 2019" || m.UniqueName != "" {
		t.Errorf("manifest = %+v", m)
	}
	var got []string
	for f := range sol.Flows() {
		for b := range f.Bindings() {
			got = append(got, f.FileName+" "+f.Name+" "+string(b.Connection)+" "+sol.State(b).String())
		}
		if f.Category != solution.CategoryCloudFlow {
			t.Errorf("%s: category %d", f.FileName, f.Category)
		}
	}
	if diff := cmp.Diff([]string{legacyFile + " Old digest shared-office365-1 direct"}, got); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
	names := []string{}
	for f := range sol.Flows() {
		names = append(names, f.Name)
	}
	// A flow without a name is called after its folder.
	if diff := cmp.Diff([]string{"0", "Old digest"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
