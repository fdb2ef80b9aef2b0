package solution_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

func withApp(references string) tree {
	return withCustomizations("<CanvasApps>", "<CanvasApp><Name>contoso_a</Name>"+references+"</CanvasApp>",
		"</CanvasApps>")
}

func TestApps(t *testing.T) {
	const json = `{
  "3f": {"id": "/providers/microsoft.powerapps/apis/shared_office365", "dataSources": ["Mail"]},
  "a1": {"id": "/providers/microsoft.powerapps/apis/shared_office365", "xrmConnectionReferenceLogicalName": " contoso_Mail "},
  "a2": {"id": "/providers/microsoft.powerapps/apis/shared_sql", "sharedConnectionId": "shared-sql-1"},
  "a3": {"xrmConnectionReferenceLogicalName": "CONTOSO_mail"},
  "a4": {"xrmConnectionReferenceLogicalName": null}, "a5": 7,
  "a6": {"id": "/providers/microsoft.powerapps/apis/shared_logicflows",
    "parameterHints": {"workflowEntityId": {"value": "5D0E7C1A-0000-4000-8000-00000000000a"}}}
}`
	for name, text := range map[string]string{
		"entities": strings.NewReplacer(`"`, "&quot;").Replace(json),
		"plain":    json,
		"cdata":    "<![CDATA[" + json + "]]>",
	} {
		sol := openFS(t, withApp("<DisplayName>Counter</DisplayName><ConnectionReferences>"+text+"</ConnectionReferences>"))
		wantProblems(t, sol)
		want := []solution.App{{
			Name: "contoso_a", DisplayName: "Counter",
			Connections: []solution.AppConnection{
				{Connector: "/providers/microsoft.powerapps/apis/shared_office365"},
				{Connector: "/providers/microsoft.powerapps/apis/shared_office365", Reference: "contoso_Mail"},
				{Connector: "/providers/microsoft.powerapps/apis/shared_sql", Connection: "shared-sql-1"},
				{Reference: "CONTOSO_mail"},
				{}, {},
				{
					Connector: "/providers/microsoft.powerapps/apis/shared_logicflows",
					Flow:      guid(t, "5d0e7c1a-0000-4000-8000-00000000000a"),
				},
			},
		}}
		got := slices.Collect(sol.Apps())
		if diff := cmp.Diff(want, got, noPlaces); diff != "" {
			t.Errorf("%s: apps (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff([]connref.LogicalName{"contoso_Mail"}, slices.Collect(got[0].References())); diff != "" {
			t.Errorf("%s: references (-want +got):\n%s", name, diff)
		}
	}
}

// Among the components that an app depends on are the references that it names.
func TestAppDependencies(t *testing.T) {
	const json = `{"cdsdependencies":[{"logicalname":"contoso_table","componenttype":1},
{"logicalname":"contoso_mail","componenttype":10066,"componenttypeplatformname":"ConnectionReference"},
{"logicalname":"Contoso_SQL","componenttype":10066,"componenttypeplatformname":"connectionreference"},
{"logicalname":"","componenttypeplatformname":"ConnectionReference"},
{"logicalname":"contoso_flow","componenttypeplatformname":"Workflow"}]}`
	sol := openFS(t, withApp(`<ConnectionReferences>{"a":{"xrmConnectionReferenceLogicalName":"contoso_mail"}}`+
		"</ConnectionReferences><CdsDependencies>\n "+strings.ReplaceAll(json, `"`, "&quot;")+"</CdsDependencies>"))
	wantProblems(t, sol)
	app := slices.Collect(sol.Apps())[0]
	want := []solution.AppConnection{{Reference: "contoso_mail"}, {Reference: "Contoso_SQL"}}
	if diff := cmp.Diff(want, app.Connections); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
	var named []string
	for m := range sol.Mentions() {
		named = append(named, fileOf(t, sol, m.At.File).Slice(m.At.Span))
	}
	if diff := cmp.Diff([]string{"contoso_mail", "contoso_mail", "Contoso_SQL"}, named); diff != "" {
		t.Errorf("mentions (-want +got):\n%s", diff)
	}
	wantProblems(t, openFS(t, withApp("<CdsDependencies>connectionreference</CdsDependencies>")))
}

func TestAppsWithoutConnections(t *testing.T) {
	for _, references := range []string{
		"", "<ConnectionReferences />", "<ConnectionReferences> {} </ConnectionReferences>",
		"<ConnectionReferences>null</ConnectionReferences>",
	} {
		sol := openFS(t, withApp(references))
		wantProblems(t, sol)
		for app := range sol.Apps() {
			if len(app.Connections) > 0 {
				t.Errorf("%q: connections = %v", references, app.Connections)
			}
		}
	}
}

func TestAppsBroken(t *testing.T) {
	for _, json := range []string{`{&quot;a&quot;:`, "x", strings.Repeat("[", 10_000)} {
		sol := openFS(t, withApp("\n<ConnectionReferences>"+json+"</ConnectionReferences>"))
		wantProblems(t, sol, "error CR003 customizations.xml:6:1")
		if len(slices.Collect(sol.Apps())) != 1 {
			t.Errorf("%.20q: the app itself must be there", json)
		}
	}
}

// Unpacked, an app has a file of its own, and may have an empty element in Customizations.xml.
func TestAppsUnpacked(t *testing.T) {
	sol := openFS(t, unpacked.with("CanvasApps/b.META.XML", "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"+
		strings.Replace(appXML, "contoso_counter_4be01", " b ", 1)))
	wantProblems(t, sol)
	var got []string
	for app := range sol.Apps() {
		got = append(got, app.Name+" "+sol.Position(app.At).String())
	}
	want := []string{"b CanvasApps/b.META.XML:2:1", "contoso_counter_4be01 CanvasApps/contoso_counter_4be01.meta.xml:1:1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("apps (-want +got):\n%s", diff)
	}
}

// An app that is in customizations.xml and in a file of its own is one app.
func TestAppListedTwice(t *testing.T) {
	app := func(connection string) string {
		return `<CanvasApp><Name>contoso_desk</Name><ConnectionReferences>{"a":{"xrmConnectionReferenceLogicalName":"` +
			connection + `"}}</ConnectionReferences></CanvasApp>`
	}
	sol := openFS(t, tree{
		"Other/Solution.xml":               solutionXML(),
		"Other/Customizations.xml":         customizationsXML("<CanvasApps>" + app("c_a") + "</CanvasApps>"),
		"CanvasApps/contoso_Desk.meta.xml": app("c_b"),
	})
	wantProblems(t, sol, "error CR010 CanvasApps/contoso_Desk.meta.xml:1:1")
	var got []connref.LogicalName
	apps := 0
	for a := range sol.Apps() {
		apps++
		got = slices.AppendSeq(got, a.References())
	}
	if diff := cmp.Diff([]connref.LogicalName{"c_a", "c_b"}, got); diff != "" || apps != 1 {
		t.Errorf("%d apps, references (-want +got):\n%s", apps, diff)
	}
}
