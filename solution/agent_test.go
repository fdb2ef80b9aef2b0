package solution_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// agentsOf answers "schema name: references" of each agent.
func agentsOf(sol *solution.Solution) []string {
	list := []string{}
	for a := range sol.Agents() {
		var names []string
		for _, use := range a.Uses {
			names = append(names, string(use.Reference))
		}
		list = append(list, a.SchemaName+": "+strings.Join(names, ", "))
	}
	return list
}

// row is a row of the set file.
func row(agent, reference string) string {
	return `<botcomponent_connectionreference botcomponentid.schemaname="` + agent +
		`" connectionreferenceid.connectionreferencelogicalname="` + reference + `"><iscustomizable>1</iscustomizable>` +
		`</botcomponent_connectionreference>`
}

func agentSet(rows ...string) string {
	return "<botcomponent_connectionreferenceset>\n" + strings.Join(rows, "\n") + "\n</botcomponent_connectionreferenceset>"
}

func TestAgents(t *testing.T) {
	const mail = "kind: TaskDialog\naction:\n  kind: InvokeConnectorTaskAction\n  connectionReference: contoso_mail\n"
	for _, test := range []struct {
		name  string
		files tree
		want  []string
	}{
		{"in the set", tree{agentSetFile: agentSet(row("c_helper.topic.B", "contoso_mail"), row("c_helper.topic.A",
			"x.y.z-1"))},
			[]string{"c_helper.topic.A: x.y.z-1", "c_helper.topic.B: contoso_mail"}},
		{"in data", tree{"botcomponents/c_helper.topic.A/data": mail}, []string{"c_helper.topic.A: contoso_mail"}},
		{"in both, once", tree{
			agentSetFile:                          agentSet(row("c_helper.topic.A", "contoso_mail")),
			"botcomponents/C_Helper.topic.A/data": strings.Replace(mail, "contoso_mail", "Contoso_Mail", 1),
		}, []string{"c_helper.topic.A: contoso_mail"}},
		{"different ones in both", tree{
			agentSetFile:                          agentSet(row("c_helper.topic.A", "contoso_bulk")),
			"botcomponents/c_helper.topic.A/data": mail,
		}, []string{"c_helper.topic.A: contoso_bulk, contoso_mail"}},
		{"row twice", tree{agentSetFile: agentSet(row("a", "m"), row("A", "M"))}, []string{"a: m"}},
		{"white space", tree{agentSetFile: agentSet(row(" a ", " m "))}, []string{"a: m"}},
		{"other case of names", tree{
			"ASSETS/BotComponent_ConnectionReferenceSet.xml": agentSet(row("a", "m")),
			"BotComponents/b/Data":                           mail,
		}, []string{"a: m", "b: contoso_mail"}},
		{"none", tree{
			"botcomponents/a/botcomponent.xml": "<botcomponent />",
			"botcomponents/a/data":             "kind: AdaptiveDialog\n",
			"botcomponents/a/filedata/data":    "x",
			agentSetFile:                       agentSet(),
		}, []string{}},
		{"a file of another name", tree{"botcomponents/a/data.txt": mail, "other/a/data": mail}, []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sol := openFS(t, withCustomizations().join(test.files))
			wantProblems(t, sol)
			if diff := cmp.Diff(test.want, agentsOf(sol)); diff != "" {
				t.Errorf("agents (-want +got):\n%s", diff)
			}
			for a := range sol.Agents() {
				for _, use := range a.Uses {
					file, err := sol.File(use.At.File)
					if err != nil || file.Slice(use.At.Span) != string(use.Reference) && test.name != "white space" {
						t.Errorf("the place of %s holds %q", use.Reference, file.Slice(use.At.Span))
					}
				}
			}
		})
	}
}

// A component's data is almost YAML. What stands in prompts and instructions is text, whatever it looks like.
func TestAgentData(t *testing.T) {
	for _, test := range []struct {
		name, data string
		want       []string
	}{
		{"plain", "connectionReference: m", []string{"m"}},
		{"dotted", "a:\n  connectionReference: c_bot.shared_x.shared-x-1f\n", []string{"c_bot.shared_x.shared-x-1f"}},
		{"crlf", "a:\r\n  connectionReference: m\r\n  b: c\r\n", []string{"m"}},
		{"double quotes", `connectionReference: "m"`, []string{"m"}},
		{"single quotes and a comment", `connectionReference: 'm' # "other"`, []string{"m"}},
		{"comment", "connectionReference: m # not: x", []string{"m"}},
		{"commented out", "# connectionReference: m\n  # connectionReference: n\na: # connectionReference: o", nil},
		{"no value", "connectionReference:\nconnectionReference: # later\nconnectionReference: ''\n", nil},
		{"quote without end", `connectionReference: "m`, nil},
		{"another key", "myconnectionReference: m\nconnectionReferenceLogicalName: n\nconnectionReference2: o", nil},
		{"in prose", "description: set connectionReference: m", nil},
		{"literal block", "instructions: |\n  connectionReference: m\n\n  b\nconnectionReference: n", []string{"n"}},
		{"folded block",
			"  text: >-\n      connectionReference: m\n     connectionReference: n\n  connectionReference: o", []string{"o"}},
		{"block with an indent and a comment", "a: |2+ # text\n    connectionReference: m\nb: c", nil},
		{"block in an item", "actions:\n  - kind: A\n    text: |-\n      connectionReference: m\n    connectionReference: n\n",
			[]string{"n"}},
		{"block that an item begins with",
			"actions:\n  - text: |-\n      connectionReference: m\n    connectionReference: n\n",
			[]string{"n"}},
		{"items that are blocks", "prompts:\n  - |\n    connectionReference: m\n  - >-\n    connectionReference: n\n" +
			"connectionReference: o", []string{"o"}},
		{"items", "- connectionReference: m\n-   connectionReference: n\n- - connectionReference: o\n", []string{"m",
			"n", "o"}},
		{"the same twice", "- connectionReference: m\n- connectionReference: M\n", []string{"m"}},
		{"not quite YAML", "@odata.type: x\n$top: 5\n  connectionReference: m", []string{"m"}},
		{"greater than", "condition: >5\n  connectionReference: m", nil}, // a block of 5: text
		{"formula", "condition: =x > 5\nconnectionReference: m", []string{"m"}},
		{"quoted key", "\"connectionReference\": m\n'connectionReference' : n\n", []string{"m", "n"}},
		{"space before the colon", "connectionReference : m", []string{"m"}},
		{"no space behind it", "connectionReference:m", nil},
		{"old newlines", "a: b\rconnectionReference: m\rc: d", []string{"m"}},
		{"block behind a tag and an anchor", "a: !!str |\n  connectionReference: m\nb: &b >-\n  connectionReference: n", nil},
		{"empty", "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			sol := openFS(t, withCustomizations().with("botcomponents/a/data", test.data))
			wantProblems(t, sol)
			var got []string
			for a := range sol.Agents() {
				for _, use := range a.Uses {
					got = append(got, string(use.Reference))
					if at := use.At.Span; test.data[at.Start:at.End] != string(use.Reference) {
						t.Errorf("the place of %s holds %q", use.Reference, test.data[at.Start:at.End])
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAgentFlows(t *testing.T) {
	sol := openFS(t, withCustomizations().with("Assets/botcomponent_workflowset.xml", `<botcomponent_workflowset>
  <botcomponent_workflow botcomponentid.schemaname="b" workflowid.workflowid="{`+strings.ToUpper(intakeID)+`}" />
  <botcomponent_workflow botcomponentid.schemaname="a" workflowid.workflowid="`+digestID+`" />
  <botcomponent_workflow botcomponentid.schemaname="B" workflowid.workflowid="`+digestID+`" />
  <botcomponent_workflow botcomponentid.schemaname="b" workflowid.workflowid="seven" />
</botcomponent_workflowset>`))
	wantProblems(t, sol, "warning CR009 Assets/botcomponent_workflowset.xml:5:79")
	want := []solution.Agent{
		{SchemaName: "a", Flows: []connref.FlowID{guid(t, digestID)}},
		{SchemaName: "b", Flows: []connref.FlowID{guid(t, intakeID), guid(t, digestID)}},
	}
	if diff := cmp.Diff(want, slices.Collect(sol.Agents())); diff != "" {
		t.Errorf("agents (-want +got):\n%s", diff)
	}
}

func TestAgentFaults(t *testing.T) {
	for name, test := range map[string]struct {
		files tree
		want  []string
	}{
		"row without a name": {tree{agentSetFile: agentSet(row("", "m"))}, []string{"error CR012 " + agentSetFile +
			":2:1"}},
		"row without a reference": {tree{agentSetFile: agentSet(row("a", " "))}, []string{"error CR012 " + agentSetFile +
			":2:1"}},
		"cut set": {tree{agentSetFile: agentSet(row("a", "m"))[:60]}, []string{"error CR003 " +
			agentSetFile + ":2:23"}},
		"data that is no text": {tree{"botcomponents/a/data": "connectionReference: \xff"},
			[]string{"error CR002 botcomponents/a/data"}},
	} {
		t.Run(name, func(t *testing.T) {
			sol := openFS(t, withCustomizations().join(test.files))
			wantProblems(t, sol, test.want...)
			if agents := agentsOf(sol); len(agents) > 0 {
				t.Errorf("agents = %v", agents)
			}
		})
	}
}

func TestAgentReferenceThatIsNoName(t *testing.T) {
	sol := openFS(t, withCustomizations().with("botcomponents/a/data", "connectionReference: m#1"))
	wantProblems(t, sol, "warning CR013 botcomponents/a/data:1:22")
}

// Only botcomponents/<schema name>/data is a component's data.
func TestAgentFilesAtOtherDepths(t *testing.T) {
	const data = "connectionReference: m"
	sol := openFS(t, withCustomizations().join(tree{
		"botcomponents/data": data, "botcomponents/a/b/data": data, "botcomponents/a/notes": data,
	}))
	wantProblems(t, sol)
	for a := range sol.Agents() {
		t.Errorf("agent %s", a.SchemaName)
	}
}

// A file of very many names is read in a time that grows with its length.
func TestAgentOfManyReferences(t *testing.T) {
	var data strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&data, "connectionReference: m_%d\n", i)
	}
	sol := openFS(t, withCustomizations().with("botcomponents/a/data", data.String()))
	for a := range sol.Agents() {
		if len(a.Uses) != 50_000 {
			t.Errorf("%d uses", len(a.Uses))
		}
	}
}

func TestAgentsRunOnSomebodysConnection(t *testing.T) {
	const name = "c_a.topic.T"
	for label, test := range map[string]struct {
		data string
		want flow.RuntimeSource
	}{
		"invoker":              {"connectionReference: c_r\nconnectionProperties:\n  mode: Invoker\n", flow.Invoker},
		"maker":                {"connectionReference: c_r\nconnectionProperties:\n  mode: Maker\n", flow.Embedded},
		"not said":             {"connectionReference: c_r\noperationId: x\n", flow.Embedded},
		"quoted, after others": {"connectionReference: c_r\noperationId: x\nconnectionProperties:\n    mode: 'invoker'\n", flow.Invoker},
		"of an item":           {"actions:\n  - connectionReference: c_r\n    connectionProperties:\n      mode: Invoker\n", flow.Invoker},
		"of the next item": {
			"actions:\n  - connectionReference: c_r\n  - connectionProperties:\n      mode: Invoker\n", flow.Embedded,
		},
		"of another key":    {"connectionReference: c_r\nsettings:\n  mode: Invoker\n", flow.Embedded},
		"of what is around": {"a:\n  connectionReference: c_r\nconnectionProperties:\n  mode: Invoker\n", flow.Embedded},
		"once so, once so": {
			"a:\n  connectionReference: c_r\n  connectionProperties:\n    mode: Invoker\nb:\n  connectionReference: C_R\n", flow.Embedded,
		},
	} {
		sol := openFS(t, withCustomizations().with("botcomponents/"+name+"/data", test.data))
		for agent := range sol.Agents() {
			if len(agent.Uses) != 1 || agent.Uses[0].Source != test.want {
				t.Errorf("%s: uses %+v, want source %q", label, agent.Uses, test.want)
			}
		}
	}
}
