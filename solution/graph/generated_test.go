package graph_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/graph"
)

// genSolution is what a generated solution is like. The same one always has the same bytes, which look like those that
// the platform writes.
type genSolution struct {
	number       int
	flows        int
	operations   int // of its largest flow; a flow has at least three
	tables       int // bytes of customizations.xml that tell of tables
	minified     bool
	declares     []genReference
	unused       []genReference // declared, too
	borrows      []genReference // those of solution 0 that it uses
	calls        int            // how many solutions there are before it, the flows of which it may call
	app, desktop bool
}

// genReference is the number of a connection reference, which tells its connector and its name.
type genReference int

var genAPIs = []string{
	"shared_commondataserviceforapps", "shared_office365", "shared_sharepointonline", "shared_teams", "shared_sql",
	"shared_office365users", "shared_approvals", "shared_excelonlinebusiness", "shared_azureblob", "shared_planner",
	"shared_onedriveforbusiness", "shared_servicebus",
}

func (r genReference) api() string { return genAPIs[int(r)%len(genAPIs)] }

func (r genReference) name() string {
	return fmt.Sprintf("gen_%s_%05x", strings.ReplaceAll(r.api(), "_", ""), int(r)*7919%0xfffff)
}

func (s genSolution) name() string { return fmt.Sprintf("Gen%04d", s.number) }

// genFlowID is the id of a flow of a solution.
func genFlowID(solution, flow int) connref.GUID {
	return genGUID(rand.New(rand.NewPCG(uint64(solution), uint64(flow))))
}

func genGUID(random *rand.Rand) (id connref.GUID) {
	binary.BigEndian.PutUint64(id[:8], random.Uint64())
	binary.BigEndian.PutUint64(id[8:], random.Uint64())
	return id
}

func genFlowFile(solution, flow int) string {
	return fmt.Sprintf("Workflows/%s%d-%s.json", genVerbs[flow%len(genVerbs)], flow,
		strings.ToUpper(genFlowID(solution, flow).String()))
}

// files answers the files of the solution.
func (s genSolution) files() map[string]string {
	g := &generator{genSolution: s, Rand: rand.New(rand.NewPCG(7, uint64(s.number)))}
	files := map[string]string{
		"customizations.xml": g.crlf(g.customizations),
		"solution.xml":       g.crlf(g.manifest),
		"[Content_Types].xml": "\ufeff" + `<?xml version="1.0" encoding="utf-8"?>` +
			`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="xml" ContentType="application/octet-stream" />` +
			`<Default Extension="json" ContentType="application/octet-stream" /></Types>`,
		"Assets/botcomponent_connectionreferenceset.xml": g.crlf(g.agentReferences),
		"botcomponents/" + g.agent() + "/data":           g.crlf(g.agentData),
	}
	for i := range 3 {
		files["environmentvariabledefinitions/"+g.variable(i)+"/environmentvariabledefinition.xml"] = g.crlf(func() {
			g.printf(genVariable, g.variable(i), i)
		})
	}
	for i := range s.flows {
		g.flow(i)
		text := g.text.Bytes()
		if !s.minified {
			var indented bytes.Buffer
			if err := json.Indent(&indented, text, "", "  "); err != nil {
				panic(err)
			}
			text = bytes.ReplaceAll(indented.Bytes(), []byte("\n"), []byte("\r\n"))
		}
		files[genFlowFile(s.number, i)] = string(text)
		g.text.Reset()
	}
	return files
}

func (s genSolution) folder() fstest.MapFS {
	folder := fstest.MapFS{}
	for name, text := range s.files() {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return folder
}

// generator writes the files of a solution.
type generator struct {
	genSolution
	*rand.Rand
	text  bytes.Buffer
	names int            // of actions, in the flow at hand
	keys  []genReference // that the flow at hand binds
}

func (g *generator) printf(format string, args ...any) { fmt.Fprintf(&g.text, format, args...) }

// crlf answers what write writes, with the line ends of the platform.
func (g *generator) crlf(write func()) string {
	defer g.text.Reset()
	write()
	return strings.ReplaceAll(strings.TrimSuffix(g.text.String(), "\n"), "\n", "\r\n")
}

func (g *generator) agent() string { return "gen_helper" + g.name() + ".topic.Orders" }

func (g *generator) variable(i int) string { return fmt.Sprintf("gen_%s_%d", g.name(), i) }

func (g *generator) word(words []string) string { return words[g.IntN(len(words))] }

var (
	genVerbs = []string{"Get", "List", "Update", "Create", "Send", "Archive", "Check", "Approve", "Parse", "Notify"}
	genTypes = []string{"nvarchar", "lookup", "picklist", "datetime", "int", "bit", "memo", "money"}
	genNouns = []string{
		"orders", "invoices", "rooms", "contacts", "visits", "assets", "tickets", "shifts", "samples", "courses",
		"budgets", "machines", "deliveries", "licences",
	}
)

// flow writes a cloud flow on one line.
func (g *generator) flow(number int) {
	g.bind()
	g.names = 0
	g.printf(`{"properties":{"connectionReferences":{`)
	for i, r := range g.keys {
		g.printf(`%s%q:{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":%q},"api":{"name":%q}}`,
			genComma(i), g.key(i), r.name(), r.api())
	}
	g.printf(`},"definition":{"$schema":"https://schema.management.azure.com/providers/Microsoft.Logic/schemas/` +
		`2016-06-01/workflowdefinition.json#","contentVersion":"1.0.0.0","parameters":{"$connections":` +
		`{"defaultValue":{},"type":"Object"},"$authentication":{"defaultValue":{},"type":"SecureObject"}`)
	if g.IntN(3) == 0 {
		name := g.variable(g.IntN(3))
		g.printf(`,"Limit (%s)":{"defaultValue":"50","type":"String","metadata":{"schemaName":%q,"description":""}}`,
			name, name)
	}
	g.printf(`},"triggers":{"When an item of %s changes":{"recurrence":{"frequency":"Minute","interval":3},"metadata":`+
		`{"operationMetadataId":"%s"},"type":"OpenApiConnection",`, g.word(genNouns), genGUID(g.Rand))
	g.inputs(0)
	g.printf(`}},"actions":{`)
	g.actions(2+min(g.IntN(g.operations-2), g.IntN(g.operations-2)), 0) // most are small
	if g.IntN(5) == 0 {
		g.call(number)
	}
	g.printf(`}},"templateName":""},"schemaVersion":"1.0.0.0"}`)
}

// bind picks references for a flow: its solution's, and borrowed ones, of which the first are picked most.
func (g *generator) bind() {
	g.keys = g.keys[:0]
	for range 1 + g.IntN(4) {
		r := g.declares[g.IntN(len(g.declares))]
		if n := len(g.borrows); n > 0 && g.IntN(3) == 0 {
			r = g.borrows[min(g.IntN(n), g.IntN(n))]
		}
		g.keys = append(g.keys, r)
	}
}

func (g *generator) key(i int) string {
	if i == 0 {
		return g.keys[i].api()
	}
	return fmt.Sprintf("%s_%d", g.keys[i].api(), i)
}

// actions writes n actions, some inside others.
func (g *generator) actions(n, depth int) {
	after := "{}"
	for i := 0; n > 0; i++ {
		g.names++
		name := fmt.Sprintf("%s %s %d", g.word(genVerbs), g.word(genNouns), g.names)
		g.printf(`%s%q:{"runAfter":%s,"metadata":{"operationMetadataId":"%s"},`, genComma(i), name, after, genGUID(g.Rand))
		after = fmt.Sprintf(`{%q:["Succeeded"]}`, name)
		n--
		if inside := 1 + n/2 + g.IntN(n/2+1); inside <= n && depth < 7 && g.IntN(2) == 0 {
			g.around(inside, depth+1)
			n -= inside
		} else {
			g.step()
		}
		g.printf("}")
	}
}

// around writes the rest of an action with n others in it.
func (g *generator) around(n, depth int) {
	actions := func(n int) {
		g.printf(`"actions":{`)
		g.actions(n, depth)
		g.printf(`}`)
	}
	switch half := n / 2; g.IntN(4) {
	case 0:
		g.printf(`"type":"Scope",`)
		actions(n)
	case 1:
		g.printf(`"type":"Foreach","foreach":"@outputs('List_%s_%d')?['body/value']",`, g.word(genNouns), g.names)
		actions(n)
	case 2:
		g.printf(`"type":"If","expression":{"and":[{"greater":["@length(body('List_%s')?['value'])",%d]}]},`,
			g.word(genNouns), g.IntN(100))
		actions(n - half)
		g.printf(`,"else":{`)
		actions(half)
		g.printf(`}`)
	default:
		g.printf(`"type":"Switch","expression":"@triggerBody()?['state']","cases":{"Case":{"case":%d,`, g.IntN(100))
		actions(n - half)
		g.printf(`}},"default":{`)
		actions(half)
		g.printf(`}`)
	}
}

// step writes the rest of an action with none in it: two of three run on a connection.
func (g *generator) step() {
	switch g.IntN(6) {
	case 0:
		g.printf(`"type":"Compose","inputs":"@concat(outputs('Get_%s_%d')?['body/title'], ' ', utcNow('yyyy-MM-dd'))"`,
			g.word(genNouns), g.IntN(60))
	case 1:
		g.printf(`"type":"SetVariable","inputs":{"name":%q,"value":"@add(variables('total'), %d)"}`,
			g.word(genNouns), g.IntN(9))
	default:
		g.printf(`"type":"OpenApiConnection",`)
		g.inputs(g.IntN(len(g.keys)))
	}
}

func (g *generator) inputs(key int) {
	noun := g.word(genNouns)
	g.printf(`"inputs":{"host":{"connectionName":%q,"operationId":"%sItem",`+
		`"apiId":"/providers/Microsoft.PowerApps/apis/%s"},`, g.key(key), g.word(genVerbs), g.keys[key].api())
	g.printf(`"parameters":{"entityName":"gen_%s","$filter":"gen_count gt %d and _gen_owner_value eq '@{triggerOutputs()?`+
		`['body/_owner_value']}'","item/gen_title":"@{items('Each_of_%s')?['gen_title']}"},`, noun, g.IntN(1000), noun)
	g.printf(`"authentication":"@parameters('$authentication')"}`)
}

// call writes the call of a flow with a lower number, of this solution or of one before it.
func (g *generator) call(number int) {
	callee := genFlowID(g.number, number/2)
	if g.calls > 0 && g.IntN(5) == 0 {
		callee = genFlowID(g.IntN(g.calls), g.IntN(g.flows))
	}
	g.printf(`,"Run the child":{"runAfter":{},"type":"Workflow","inputs":{"host":{"workflowReferenceName":"%s"},`+
		`"body":{}}}`, callee)
}

func genComma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

func (g *generator) customizations() {
	g.printf("<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" " +
		"OrganizationVersion=\"9.2.24103.198\">\n  <Entities>\n")
	for i := 0; g.text.Len() < g.tables; i++ {
		g.table(i)
	}
	g.printf("  </Entities>\n  <Roles></Roles>\n  <Workflows>\n")
	for i := range g.flows {
		g.printf(genWorkflow, genFlowID(g.number, i), fmt.Sprintf("%s %d", genVerbs[i%len(genVerbs)], i),
			"<JsonFileName>/"+genFlowFile(g.number, i)+"</JsonFileName>", 5)
	}
	if g.desktop {
		g.printf(genWorkflow, genGUID(g.Rand), "Desktop "+g.name(), "<UIFlowType>1</UIFlowType>", 6)
	}
	g.printf("  </Workflows>\n  <FieldSecurityProfiles></FieldSecurityProfiles>\n  <Templates />\n  <EntityMaps />\n")
	if g.app {
		g.printf(genApp, g.name(), genGUID(g.Rand), g.declares[0].api(), genGUID(g.Rand), g.word(genAPIs))
	}
	g.printf("  <connectionreferences>\n")
	for i, r := range slices.Concat(g.declares, g.unused) {
		g.printf(genDeclaration, r.name(), g.word(genVerbs), i, r.api())
	}
	g.printf("  </connectionreferences>\n  <Languages>\n    <Language>1033</Language>\n  </Languages>\n" +
		"</ImportExportXml>\n")
}

// table writes a table: its columns, and a form with a cell for each.
func (g *generator) table(number int) {
	name := fmt.Sprintf("gen_%s%d", g.word(genNouns), number)
	g.printf("    <Entity>\n      <Name LocalizedName=%q OriginalName=\"\">%s</Name>\n      <EntityInfo>\n"+
		"        <entity Name=%q>\n          <attributes>\n", name, name, name)
	columns := 4 + g.IntN(30)
	for i := range columns {
		g.printf(genColumn, fmt.Sprintf("gen_%s_%d", genNouns[i%len(genNouns)], i), g.IntN(4000), g.IntN(2),
			g.word(genVerbs), g.word(genTypes), g.IntN(2), g.IntN(90), g.word(genNouns), g.word(genVerbs), g.word(genNouns))
	}
	g.printf("          </attributes>\n        </entity>\n      </EntityInfo>\n      <FormXml>\n"+
		"        <forms type=\"main\">\n          <systemform>\n            <formid>{%s}</formid>\n            <form>\n"+
		"              <rows>\n", genGUID(g.Rand))
	for i := range columns {
		g.printf(genCell, genGUID(g.Rand), g.word(genNouns), fmt.Sprintf("gen_%s_%d", genNouns[i%len(genNouns)], i))
	}
	g.printf("              </rows>\n            </form>\n          </systemform>\n        </forms>\n      </FormXml>\n" +
		"    </Entity>\n")
}

func (g *generator) manifest() {
	g.printf(genManifest, g.name())
	g.printf("    <RootComponents>\n")
	for i := range g.flows {
		g.printf("      <RootComponent type=\"29\" id=\"{%s}\" behavior=\"0\" />\n", genFlowID(g.number, i))
	}
	g.printf("    </RootComponents>\n    <MissingDependencies>\n")
	for _, r := range g.borrows {
		g.printf(genMissing, r.name(), genFlowID(g.number, 0))
	}
	g.printf("    </MissingDependencies>\n  </SolutionManifest>\n</ImportExportXml>\n")
}

func (g *generator) agentReferences() {
	g.printf("<botcomponent_connectionreferenceset>\n  <botcomponent_connectionreference botcomponentid.schemaname=%q "+
		"connectionreferenceid.connectionreferencelogicalname=%q>\n    <iscustomizable>1</iscustomizable>\n"+
		"  </botcomponent_connectionreference>\n</botcomponent_connectionreferenceset>\n", g.agent(), g.declares[0].name())
}

func (g *generator) agentData() {
	g.printf("kind: AdaptiveDialog\nbeginDialog:\n  kind: OnRecognizedIntent\n  id: main\n  actions:\n")
	for i := range 20 {
		g.printf("    - kind: SendActivity\n      id: say_%d\n      activity: |-\n        There are %d %s.\n\n",
			i, g.IntN(100), g.word(genNouns))
	}
	g.printf("    - kind: InvokeConnectorAction\n      id: call\n      connectionReference: %s\n"+
		"      connectionProperties:\n        mode: Invoker\n", g.declares[0].name())
}

const (
	genColumn = `            <attribute PhysicalName="%[1]s">
              <Type>%[5]s</Type>
              <Name>%[1]s</Name>
              <LogicalName>%[1]s</LogicalName>
              <RequiredLevel>none</RequiredLevel>
              <DisplayMask>ValidForAdvancedFind|ValidForForm|ValidForGrid</DisplayMask>
              <ImeMode>auto</ImeMode>
              <ValidForUpdateApi>1</ValidForUpdateApi>
              <ValidForReadApi>1</ValidForReadApi>
              <ValidForCreateApi>1</ValidForCreateApi>
              <IsCustomField>1</IsCustomField>
              <IsAuditEnabled>%[3]d</IsAuditEnabled>
              <IsSecured>%[6]d</IsSecured>
              <IntroducedVersion>1.0.%[7]d.0</IntroducedVersion>
              <IsCustomizable>1</IsCustomizable>
              <Format>text</Format>
              <MaxLength>%[2]d</MaxLength>
              <displaynames>
                <displayname description="%[4]s %[1]s" languagecode="1033" />
              </displaynames>
              <Descriptions>
                <Description description="%[8]s: %[9]s %[10]s first" languagecode="1033" />
              </Descriptions>
            </attribute>
`
	genCell = `                <row>
                  <cell id="{%s}" locklevel="0" colspan="1" rowspan="1">
                    <labels>
                      <label description=%q languagecode="1033" />
                    </labels>
                    <control id="%[3]s" classid="{4273EDBD-AC1D-40d3-9FB2-095C621B552D}" datafieldname="%[3]s" />
                  </cell>
                </row>
`
	genWorkflow = `    <Workflow WorkflowId="{%s}" Name="%[2]s">
      %[3]s
      <Type>1</Type>
      <Subprocess>0</Subprocess>
      <Category>%[4]d</Category>
      <Mode>0</Mode>
      <Scope>4</Scope>
      <OnDemand>0</OnDemand>
      <TriggerOnCreate>0</TriggerOnCreate>
      <TriggerOnDelete>0</TriggerOnDelete>
      <AsyncAutodelete>0</AsyncAutodelete>
      <SyncWorkflowLogOnFailure>0</SyncWorkflowLogOnFailure>
      <StateCode>1</StateCode>
      <StatusCode>2</StatusCode>
      <RunAs>1</RunAs>
      <IsTransacted>1</IsTransacted>
      <IntroducedVersion>1.0.0.0</IntroducedVersion>
      <IsCustomizable>1</IsCustomizable>
      <IsCustomProcessingStepAllowedForOtherPublishers>1</IsCustomProcessingStepAllowedForOtherPublishers>
      <ModernFlowType>0</ModernFlowType>
      <PrimaryEntity>none</PrimaryEntity>
      <LocalizedNames>
        <LocalizedName languagecode="1033" description="%[2]s" />
      </LocalizedNames>
    </Workflow>
`
	genApp = `  <CanvasApps>
    <CanvasApp>
      <Name>gen_counter%[1]s</Name>
      <AppVersion>2024-01-01T00:00:00Z</AppVersion>
      <Status>Ready</Status>
      <DisplayName>Counter %[1]s</DisplayName>
      <ConnectionReferences>{"%[2]s":{"id":"/providers/microsoft.powerapps/apis/%[3]s","displayName":"One",` +
		`"dataSources":["Rows"],"dependencies":[],"dependents":[]},"%[4]s":{"id":"/providers/microsoft.powerapps/apis/` +
		`%[5]s","displayName":"Two","dataSources":["More"],"dependencies":[],"dependents":[]}}</ConnectionReferences>
    </CanvasApp>
  </CanvasApps>
`
	genDeclaration = `    <connectionreference connectionreferencelogicalname=%q>
      <connectionreferencedisplayname>%s %d</connectionreferencedisplayname>
      <connectorid>/providers/Microsoft.PowerApps/apis/%s</connectorid>
      <iscustomizable>1</iscustomizable>
      <promptingbehavior>0</promptingbehavior>
      <statecode>0</statecode>
      <statuscode>1</statuscode>
    </connectionreference>
`
	genManifest = `<ImportExportXml version="9.2.24103.198" SolutionPackageVersion="9.2" languagecode="1033" ` +
		`generatedBy="CrmLive">
  <SolutionManifest>
    <UniqueName>%[1]s</UniqueName>
    <LocalizedNames>
      <LocalizedName description="%[1]s" languagecode="1033" />
    </LocalizedNames>
    <Descriptions />
    <Version>1.0.0.0</Version>
    <Managed>0</Managed>
    <Publisher>
      <UniqueName>gen</UniqueName>
      <LocalizedNames>
        <LocalizedName description="Generator" languagecode="1033" />
      </LocalizedNames>
      <CustomizationPrefix>gen</CustomizationPrefix>
      <CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix>
    </Publisher>
`
	genMissing = `      <MissingDependency>
        <Required type="connectionreference" displayName="%[1]s" solution="Gen0000 (1.0.0.0)" ` +
		`id.connectionreferencelogicalname="%[1]s" />
        <Dependent type="29" displayName="Get 0" id="{%[2]s}" />
      </MissingDependency>
`
	genVariable = `<environmentvariabledefinition schemaname="%[1]s">
  <defaultvalue>50</defaultvalue>
  <displayname default="Limit %[2]d">
    <label description="Limit %[2]d" languagecode="1033" />
  </displayname>
  <introducedversion>1.0.0.0</introducedversion>
  <iscustomizable>1</iscustomizable>
  <isrequired>0</isrequired>
  <type>100000000</type>
</environmentvariabledefinition>
`
)

// genExport is a solution of its own: eight references, of which nothing uses the last, and two of another solution
// that isn't there.
func genExport(number, flows, tables int) genSolution {
	s := genSolution{
		number: number, flows: flows, operations: 60, tables: tables, app: true, borrows: []genReference{1, 2},
		unused: []genReference{genReference(10*number + 9)},
	}
	for i := range 7 {
		s.declares = append(s.declares, genReference(10*number+i))
	}
	return s
}

// genInventory is an environment in which twenty references share a connection.
func genInventory(name string, references int) graph.Inventory {
	env := graph.Inventory{Name: name}
	for i := range references {
		r := genReference(i)
		api := connref.ConnectorID("/providers/Microsoft.PowerApps/apis/" + r.api())
		id := connref.ConnectionID(fmt.Sprintf("%s-%s-%d", name, r.api(), i/len(genAPIs)/20))
		env.References = append(env.References, connref.Reference{
			LogicalName: connref.LogicalName(r.name()), Connector: api, Connection: id,
		})
		env.Connections = append(env.Connections, connref.Connection{ID: id, Connector: api, DisplayName: r.api()})
	}
	return env
}

// genLandscape answers solutions that share references: those of the first are borrowed by all others, some by almost
// every one. Some declare one more that nothing uses.
func genLandscape(solutions, flows int) []genSolution {
	const shared = 50
	list := make([]genSolution, solutions)
	random := rand.New(rand.NewPCG(11, 0))
	for i := range list {
		s := genSolution{
			number: i, flows: flows, operations: 16, minified: true, calls: i, app: i%10 == 3, desktop: i%10 == 4,
		}
		if i == 0 {
			for r := range shared {
				s.declares = append(s.declares, genReference(r))
			}
		} else {
			s.declares = []genReference{genReference(shared + i)}
			if i%2 == 0 {
				s.unused = []genReference{genReference(shared + solutions + i)}
			}
			s.borrows = []genReference{0}
			for range 4 {
				s.borrows = append(s.borrows, genReference(1+random.IntN(shared-1)))
			}
		}
		list[i] = s
	}
	return list
}

// TestGenerated holds what is measured to what it is meant to be: solutions without faults.
func TestGenerated(t *testing.T) {
	raw := pack(genExport(1, 5, 20_000).files())
	sol := genOpen(t, raw)
	require.Empty(t, sol.Problems())
	require.Equal(t, raw, pack(genExport(1, 5, 20_000).files()))
}
