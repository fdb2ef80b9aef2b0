package solution_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// withCustomizations is the least solution, with those parts in its customizations.
func withCustomizations(parts ...string) tree {
	return tree{"solution.xml": solutionXML(), "customizations.xml": customizationsXML(parts...)}
}

func TestReferences(t *testing.T) {
	sol := openFS(t, withCustomizations(`<connectionreferences>
  <connectionreference connectionreferencelogicalname="contoso_Zeta">
    <connectionid> 7c1e0d5a </connectionid>
    <connectionreferencedisplayname> Zeta | mail </connectionreferencedisplayname>
    <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>
    <description>two
lines &amp; more</description>
    <iscustomizable>0</iscustomizable>
    <promptingbehavior>1</promptingbehavior>
    <statecode>1</statecode>
    <statuscode>2</statuscode>
    <somethingnew>2027</somethingnew>
  </connectionreference>
  <connectionreference connectionreferencelogicalname="contoso_erp">
    <customconnectorid>
      <connectorid>{`+erpID+`}</connectorid>
    </customconnectorid>
    <connectorid>/providers/Microsoft.PowerApps/apis/shared_contoso-5ferp-5f0123456789abcdef</connectorid>
    <iscustomizable>1</iscustomizable>
  </connectionreference>
  <connectionreference connectionreferencelogicalname="contoso_erp2">
    <customconnectorid>
      <connectorid>`+erpID+`</connectorid>
    </customconnectorid>
  </connectionreference>
  <connectionreference connectionreferencelogicalname=" contoso.shared_x.shared-x-0a1b ">
    <connectorid>
      /providers/Microsoft.PowerApps/apis/shared_x
    </connectorid>
  </connectionreference>
  <connectionreference connectionreferencelogicalname="Contoso_alpha"/>
  <!-- <connectionreference connectionreferencelogicalname="contoso_comment" /> -->
</connectionreferences>`))
	wantProblems(t, sol)
	want := []connref.Reference{
		{
			LogicalName: "contoso_Zeta", DisplayName: "Zeta | mail", Description: "two\nlines & more",
			Connector:  "/providers/Microsoft.PowerApps/apis/shared_office365",
			Connection: "7c1e0d5a", Prompting: connref.SkipPrompt, Customizable: connref.FactOf(false), State: 1, Status: 2,
		},
		{
			LogicalName:     "contoso_erp",
			Connector:       "/providers/Microsoft.PowerApps/apis/shared_contoso-5ferp-5f0123456789abcdef",
			CustomConnector: guid(t, erpID), Customizable: connref.FactOf(true),
		},
		{LogicalName: "contoso_erp2", CustomConnector: guid(t, erpID)},
		{LogicalName: "contoso.shared_x.shared-x-0a1b", Connector: "/providers/Microsoft.PowerApps/apis/shared_x"},
		{LogicalName: "Contoso_alpha"},
	}
	if diff := cmp.Diff(want, slices.Collect(sol.References()), noPlaces); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}

// Only <connectionreferences> under the root counts, wherever else the words stand.
func TestReferencesElsewhere(t *testing.T) {
	sol := openFS(t, withCustomizations(
		"<Entities>"+referencesXML("contoso_no shared_x")+"</Entities>",
		"<CanvasApps><CanvasApp><Name>a</Name><ConnectionReferences>{}</ConnectionReferences>"+
			referencesXML("contoso_no2 shared_x")+"</CanvasApp></CanvasApps>",
		"<![CDATA["+referencesXML("contoso_no3 shared_x")+"]]>",
		"<connectionreferences />",
	))
	wantProblems(t, sol)
	for ref := range sol.References() {
		t.Errorf("reference %s is none", ref.LogicalName)
	}
}

func TestReferenceFaults(t *testing.T) {
	for _, test := range []struct {
		name, xml string
		refs      int
		want      []string
	}{
		{"twice in other case", "<connectionreferences>\n" +
			`<connectionreference connectionreferencelogicalname="a_Mail" />` + "\n" +
			`<connectionreference connectionreferencelogicalname="A_mail" />` + "\n</connectionreferences>",
			2, []string{"error CR010 customizations.xml:6:54"}},
		{"without a name", "<connectionreferences>\n<connectionreference><connectorid>x</connectorid>" +
			"</connectionreference><connectionreference connectionreferencelogicalname=\" \" /></connectionreferences>",
			0, []string{"error CR012 customizations.xml:5:1", "error CR012 customizations.xml:5:72"}},
		{"custom connector that is no GUID", "<connectionreferences>\n" +
			`<connectionreference connectionreferencelogicalname="a"><customconnectorid><connectorid>7</connectorid>` +
			"</customconnectorid></connectionreference></connectionreferences>",
			1, []string{"warning CR009 customizations.xml:5:76"}},
		{"a name and a connector that are none, which is for rules to judge", "<connectionreferences>\n" +
			`<connectionreference connectionreferencelogicalname="a b"><connectorid>x y</connectorid>` +
			"</connectionreference></connectionreferences>",
			1, nil},
		{"cut inside the second", "<connectionreferences>\n" +
			`<connectionreference connectionreferencelogicalname="a" />` + "\n" +
			`<connectionreference connectionreferencelogicalname="b"><connectorid></connectionreferences>`,
			1, []string{"error CR003 customizations.xml:6:70"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sol := openFS(t, withCustomizations(test.xml))
			wantProblems(t, sol, test.want...)
			if n := len(slices.Collect(sol.References())); n != test.refs {
				t.Errorf("%d references, want %d", n, test.refs)
			}
		})
	}
}

func TestStateString(t *testing.T) {
	var got []string
	for s := range solution.Direct + 1 {
		got = append(got, s.String())
	}
	if diff := cmp.Diff([]string{"unknown", "declared", "external", "dangling", "direct"}, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
