package graph_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// export is a solution in few words; files makes it long. Connectors are written without shared_, rows of custom ones as
// a number behind #.
type export struct {
	name, version string          // 1.0.0.0 if none is given
	title         string          // the display name
	path          string          // where it is found; else the name
	layout        solution.Layout // a folder if none is given
	managed       bool
	refs          []string // "fx_mail office365 Mail", "fx_oven fx-5foven#7"
	missing       []string // references that solution.xml lists: "fx_mail Base (1.0.0.0)"
	needs         []string // tables that solution.xml lists: "fx_order Base (1.0.0.0)"
	roots         []string // that solution.xml lists: "29 9" for flow 9, "300 fx_counter"
	flows         []process
	apps          []string // "fx_counter sql teams=fx_teams office365@connection >2 ?": the last two run flow 2 and name nothing
	agents        []string // "fx_bot.topic.Orders fx_mail >2" names fx_mail and calls flow 2
	variables     []string // of type data source: "fx_Site sharepointonline"
	connectors    []string // custom ones: "fx_5Foven Oven"
	desktop       []string // names of desktop flows
	others        []string // processes of another category: "7 Summarise"
	dataflows     []string
	parts         string            // further elements of customizations.xml
	files         map[string]string // further ones, or others than are made of the rest
	definition    string            // of the one flow of a legacy package, which has nothing else
}

// process is a cloud flow.
type process struct {
	id        int // 0 for none
	name      string
	title     string // what it is called, if not as its file
	off       bool
	keys      []string // "mail fx_mail office365", "sql fx_sql sql invoker", "rss - rss" for a direct connection
	when      string   // the trigger: "Mail arrives: mail"
	steps     []string // "Try > Empty (else) > Send: mail", "Run: flow 2"
	variables []string
}

// id is the id of flow n, or of any other row.
func id(n int) connref.GUID {
	return connref.GUID{0x5e, 0xed, 6: 0x40, 8: 0x80, 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)}
}

func connector(name string) string { return "/providers/Microsoft.PowerApps/apis/shared_" + name }

func (e export) contents() map[string]string {
	if e.definition != "" {
		return map[string]string{"Microsoft.Flow/flows/a/definition.json": e.definition}
	}
	files := map[string]string{}
	var workflows, apps, connectors, dataflows, references strings.Builder
	for i, name := range e.desktop {
		fmt.Fprintf(&workflows, `<Workflow WorkflowId="%s" Name="%s"><Category>6</Category></Workflow>`, id(900+i).Braced(), name)
	}
	for _, text := range e.others {
		category, name, _ := strings.Cut(text, " ")
		fmt.Fprintf(&workflows, `<Workflow Name="%s"><Category>%s</Category></Workflow>`, name, category)
	}
	for _, f := range e.flows {
		file, xml := f.file(), f.metadata()
		files[file] = f.definition()
		if e.layout == solution.LayoutUnpacked {
			files[file+".data.xml"] = xml
		} else {
			workflows.WriteString(xml)
		}
	}
	for _, text := range e.apps {
		name, uses, _ := strings.Cut(text, " ")
		xml := fmt.Sprintf("<CanvasApp><Name>%s</Name><ConnectionReferences>%s</ConnectionReferences></CanvasApp>",
			name, appConnections(uses))
		if e.layout == solution.LayoutUnpacked {
			files["CanvasApps/"+name+".meta.xml"] = xml
		} else {
			apps.WriteString(xml)
		}
	}
	for _, text := range e.connectors {
		name, display, _ := strings.Cut(text, " ")
		fmt.Fprintf(&connectors, "<Connector><displayname>%s</displayname><name>%s</name></Connector>", xmlText(display), name)
	}
	for _, name := range e.dataflows {
		fmt.Fprintf(&dataflows, "<msdyn_dataflow><msdyn_name>%s</msdyn_name></msdyn_dataflow>", name)
	}
	for _, text := range e.refs {
		name, rest, _ := strings.Cut(text, " ")
		api, display, _ := strings.Cut(rest, " ")
		api, row, custom := strings.Cut(api, "#")
		fmt.Fprintf(&references, "<connectionreference connectionreferencelogicalname=%q>"+
			"<connectionreferencedisplayname>%s</connectionreferencedisplayname><connectorid>%s</connectorid>",
			name, xmlText(display), connector(api))
		if custom {
			fmt.Fprintf(&references, "<customconnectorid><connectorid>%s</connectorid></customconnectorid>", id(number(row)))
		}
		references.WriteString("</connectionreference>")
	}
	for _, text := range e.variables {
		name, api, _ := strings.Cut(text, " ")
		files["environmentvariabledefinitions/"+name+"/environmentvariabledefinition.xml"] = fmt.Sprintf(
			`<environmentvariabledefinition schemaname="%s"><apiid>%s</apiid><type>100000004</type>`+
				`</environmentvariabledefinition>`, name, strings.ToLower(connector(api)))
	}
	e.agentFiles(files)
	manifest, customizations := "solution.xml", "customizations.xml"
	if e.layout == solution.LayoutUnpacked {
		manifest, customizations = "Other/Solution.xml", "Other/Customizations.xml"
	}
	files[manifest] = e.manifest()
	files[customizations] = "<ImportExportXml>" + e.parts + "<Workflows>" + workflows.String() + "</Workflows><CanvasApps>" +
		apps.String() + "</CanvasApps><Connectors>" + connectors.String() + "</Connectors><msdyn_dataflows>" +
		dataflows.String() + "</msdyn_dataflows><connectionreferences>" + references.String() +
		"</connectionreferences></ImportExportXml>"
	maps.Copy(files, e.files)
	return files
}

func (e export) manifest() string {
	var roots, missing strings.Builder
	for _, text := range e.roots {
		kind, what, _ := strings.Cut(text, " ")
		if kind == "29" {
			fmt.Fprintf(&roots, `<RootComponent type="29" id="%s" behavior="0" />`, id(number(what)).Braced())
		} else {
			fmt.Fprintf(&roots, `<RootComponent type="%s" schemaName="%s" behavior="0" />`, kind, what)
		}
	}
	for _, text := range e.missing {
		name, from, _ := strings.Cut(text, " ")
		fmt.Fprintf(&missing, `<MissingDependency><Required type="connectionreference" solution="%s" `+
			`id.connectionreferencelogicalname="%s" /></MissingDependency>`, from, name)
	}
	for _, text := range e.needs {
		name, from, _ := strings.Cut(text, " ")
		fmt.Fprintf(&missing, `<MissingDependency><Required type="1" schemaName="%s" solution="%s" /></MissingDependency>`,
			name, from)
	}
	managed, version := 0, e.version
	if e.managed {
		managed = 1
	}
	if version == "" {
		version = "1.0.0.0"
	}
	return fmt.Sprintf("<ImportExportXml><SolutionManifest><UniqueName>%s</UniqueName><LocalizedNames>"+
		"<LocalizedName description=\"%s\" languagecode=\"1033\" /></LocalizedNames><Version>%s</Version><Managed>%d</Managed>"+
		"<RootComponents>%s</RootComponents><MissingDependencies>%s</MissingDependencies>"+
		"</SolutionManifest></ImportExportXml>", e.name, xmlText(e.title), version, managed, &roots, &missing)
}

func (e export) agentFiles(files map[string]string) {
	var references, flows strings.Builder
	for _, text := range e.agents {
		words := strings.Fields(text)
		for _, use := range words[1:] {
			if n, calls := strings.CutPrefix(use, ">"); calls {
				fmt.Fprintf(&flows, `<botcomponent_workflow botcomponentid.schemaname="%s" workflowid.workflowid="%s" />`,
					words[0], id(number(n)))
			} else {
				fmt.Fprintf(&references, `<botcomponent_connectionreference botcomponentid.schemaname="%s" `+
					`connectionreferenceid.connectionreferencelogicalname="%s" />`, words[0], use)
			}
		}
	}
	if references.Len() > 0 {
		files["Assets/botcomponent_connectionreferenceset.xml"] = "<botcomponent_connectionreferenceset>" +
			references.String() + "</botcomponent_connectionreferenceset>"
	}
	if flows.Len() > 0 {
		files["Assets/botcomponent_workflowset.xml"] = "<botcomponent_workflowset>" + flows.String() +
			"</botcomponent_workflowset>"
	}
}

// appConnections is the JSON of "sql teams=fx_teams office365@connection".
func appConnections(uses string) string {
	entries := []string{}
	for i, use := range strings.Fields(uses) {
		if n, runs := strings.CutPrefix(use, ">"); runs {
			entries = append(entries, fmt.Sprintf(`"%d":{"id":%q,"parameterHints":{"workflowEntityId":{"value":%q}}}`,
				i, connector("logicflows"), id(number(n))))
			continue
		}
		if use == "?" {
			entries = append(entries, fmt.Sprintf(`"%d":{}`, i))
			continue
		}
		use, connection, _ := strings.Cut(use, "@")
		api, reference, _ := strings.Cut(use, "=")
		entries = append(entries, fmt.Sprintf(`"%d":{"id":%q,"xrmConnectionReferenceLogicalName":%q,"sharedConnectionId":%q}`,
			i, strings.ToLower(connector(api)), reference, connection))
	}
	return "{" + strings.Join(entries, ",") + "}"
}

func (f process) file() string {
	name := "Workflows/" + strings.ReplaceAll(f.name, " ", "")
	if f.id != 0 {
		name += "-" + strings.ToUpper(id(f.id).String())
	}
	return name + ".json"
}

func (f process) metadata() string {
	row, state := "", 1
	if f.id != 0 {
		row = fmt.Sprintf("WorkflowId=%q ", id(f.id).Braced())
	}
	if f.off {
		state = 0
	}
	return fmt.Sprintf("<Workflow %sName=\"%s\"><JsonFileName>/%s</JsonFileName><Category>5</Category>"+
		"<StateCode>%d</StateCode></Workflow>", row, xmlText(cmp.Or(f.title, f.name)), f.file(), state)
}

// xmlText spells a text in XML. What XML has no way to hold becomes U+FFFD.
func xmlText(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err)
	}
	return b.String()
}

func (f process) definition() string {
	var bindings, variables []string
	for _, text := range f.keys {
		words := append(strings.Fields(text), "embedded")
		connection := "{}"
		if words[1] != "-" {
			connection = fmt.Sprintf(`{"connectionReferenceLogicalName":%q}`, words[1])
		}
		bindings = append(bindings, fmt.Sprintf(`%q:{"runtimeSource":%q,"connection":%s,"api":{"name":%q}}`,
			words[0], words[3], connection, "shared_"+words[2]))
	}
	for _, name := range f.variables {
		variables = append(variables, fmt.Sprintf(`%q:{"type":"String","metadata":{"schemaName":%q}}`, name, name))
	}
	trigger := `"Every day":{"type":"Recurrence"}`
	if f.when != "" {
		name, target, _ := strings.Cut(f.when, ": ")
		trigger = fmt.Sprintf("%q:%s", name, (&step{target: target}).json())
	}
	top := &step{}
	for _, text := range f.steps {
		way, target, _ := strings.Cut(text, ": ")
		at, branch := top, ""
		for part := range strings.SplitSeq(way, " > ") {
			name, next, _ := strings.Cut(strings.TrimSuffix(part, ")"), " (")
			at, branch = at.child(branch, name), next
		}
		at.target = target
	}
	return fmt.Sprintf(`{"properties":{"connectionReferences":{%s},"definition":{"parameters":{%s},"triggers":{%s},%s}}}`,
		strings.Join(bindings, ","), strings.Join(variables, ","), trigger, top.members(""))
}

// step is an action while its flow is written.
type step struct {
	branch, name, target string
	steps                []*step
}

func (s *step) child(branch, name string) *step {
	for _, c := range s.steps {
		if c.branch == branch && c.name == name {
			return c
		}
	}
	c := &step{branch: branch, name: name}
	s.steps = append(s.steps, c)
	return c
}

func (s *step) members(branch string) string {
	var members []string
	for _, c := range s.steps {
		if c.branch == branch {
			members = append(members, fmt.Sprintf("%q:%s", c.name, c.json()))
		}
	}
	return `"actions":{` + strings.Join(members, ",") + "}"
}

func (s *step) json() string {
	switch n, calls := strings.CutPrefix(s.target, "flow "); {
	case calls:
		return fmt.Sprintf(`{"type":"Workflow","inputs":{"host":{"workflowReferenceName":%q}}}`, id(number(n)))
	case s.target != "":
		return fmt.Sprintf(`{"type":"OpenApiConnection","inputs":{"host":{"connectionName":%q}}}`, s.target)
	}
	return fmt.Sprintf(`{"type":"If",%s,"else":{%s}}`, s.members(""), s.members("else"))
}

func number(text string) (n int) {
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		panic(err)
	}
	return n
}

// open writes the solution to memory and reads it.
func (e export) open() (*solution.Solution, error) {
	path := e.path
	if path == "" {
		path = e.name
	}
	fsys := fstest.MapFS{}
	if e.layout == solution.LayoutZip {
		fsys[path] = &fstest.MapFile{Data: pack(e.contents())}
	} else {
		for name, text := range e.contents() {
			fsys[path+"/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	for place, err := range solution.FindFS(context.Background(), fsys, nil) {
		if err != nil {
			return nil, err
		}
		return place.Open(context.Background(), nil)
	}
	return nil, solution.ErrNotSolution
}

func pack(files map[string]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		to, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(to, files[name])
		}
		errs = append(errs, err)
	}
	if err := errors.Join(append(errs, w.Close())...); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// stream yields the solutions as they are asked for.
func stream(exports []export) iter.Seq2[*solution.Solution, error] {
	return func(yield func(*solution.Solution, error) bool) {
		for _, e := range exports {
			if !yield(e.open()) {
				return
			}
		}
	}
}

func open(tb testing.TB, exports ...export) []*solution.Solution {
	tb.Helper()
	var list []*solution.Solution
	for sol, err := range stream(exports) {
		require.NoError(tb, err)
		list = append(list, sol)
	}
	return list
}

// build makes the graph of all solutions that there are.
func build(tb testing.TB, exports ...export) *graph.Graph {
	tb.Helper()
	return graph.New(graph.Input{Solutions: open(tb, exports...), Complete: true})
}

// names tells nodes by what text says of each.
func names[T any](items []T, text func(T) string) []string {
	var list []string
	for _, item := range items {
		list = append(list, text(item))
	}
	return list
}

func all[T any](items iter.Seq[T], text func(T) string) []string {
	return names(slices.Collect(items), text)
}

func flowName(f *graph.Flow) string { return f.Name }

func appName(a *graph.App) string { return a.Name }

func agentName(a *graph.Agent) string { return a.SchemaName }

func referenceName(r *graph.Reference) string { return string(r.Name) }

func solutionName(s *graph.Solution) string { return s.Name() }

func operationText(op *graph.Operation) string { return op.Flow.Name + ": " + op.Path() }

// bindingText is as in "Digest: mail is fx_mail, declared".
func bindingText(b *graph.Binding) string {
	reference := "direct"
	if b.Reference != nil {
		reference = string(b.Reference.Name) + ", " + b.State.String()
	}
	return b.Flow.Name + ": " + b.Key + " is " + reference
}

func callText(c *graph.Call) string {
	from, to := "", "?"
	switch {
	case c.Agent != nil:
		from = c.Agent.SchemaName
	case c.App != nil:
		from = c.App.Name
	default:
		from = operationText(c.Operation)
	}
	if c.Callee != nil {
		to = c.Callee.Name
	}
	return from + " → " + to
}

func reachText(r graph.Reach) string { return strings.Join(names(r.Calls, callText), ", ") }

// users is Consumers to be compared.
type users struct{ Flows, Apps, Agents []string }

func usersOf(c graph.Consumers) users {
	return users{names(c.Flows, flowName), names(c.Apps, appName), names(c.Agents, agentName)}
}

// effect is an Impact to be compared.
type effect struct {
	References, Flows, Operations, Apps, Agents, Reached, Invoker []string
}

func effectOf(hit graph.Impact) effect {
	return effect{
		References: names(hit.References, referenceName),
		Flows:      names(hit.Flows, flowName),
		Operations: names(hit.Operations, operationText),
		Apps:       names(hit.Apps, appName),
		Agents:     names(hit.Agents, agentName),
		Reached:    names(hit.Reached, reachText),
		Invoker:    names(hit.Invoker, bindingText),
	}
}
