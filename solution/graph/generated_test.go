package graph_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/graph"
)

// generated is what a generated solution is like. The same one always has the same bytes, of which most look like those
// that the platform writes: tables and flows.
type generated struct {
	number, flows    int
	operations       int // of its largest flow; a flow has at least three
	tables           int // bytes of customizations.xml that tell of tables
	minified         bool
	declares, unused []genReference
	borrows          []genReference // those of solution 0 that it uses
	calls            int            // how many solutions there are before it, the flows of which it may call
}

// genReference is the number of a connection reference, which tells its connector and its name.
type genReference int

var genAPIs = []string{
	"commondataserviceforapps", "office365", "sharepointonline", "teams", "sql", "office365users", "approvals",
	"excelonlinebusiness", "azureblob", "planner", "onedriveforbusiness", "servicebus",
}

func (r genReference) api() string { return genAPIs[int(r)%len(genAPIs)] }

func (r genReference) name() string {
	return fmt.Sprintf("gen_shared%s_%05x", r.api(), int(r)*7919%0xfffff)
}

// export is the solution, its flows and its tables written in full.
func (s generated) export() export {
	g := &generator{generated: s, Rand: rand.New(rand.NewPCG(7, uint64(s.number)))}
	name := fmt.Sprintf("Gen%04d", s.number)
	e := export{
		name:   name,
		agents: []string{"gen_helper" + name + ".topic.Orders " + s.declares[0].name()},
		parts:  g.tablesXML(),
		files: map[string]string{
			"environmentvariabledefinitions/" + g.variable() + "/environmentvariabledefinition.xml": `<environmentvariabledefinition schemaname="` +
				g.variable() + `"><type>100000000</type></environmentvariabledefinition>`,
			"botcomponents/gen_helper" + name + ".topic.Orders/data": "kind: AdaptiveDialog\nbeginDialog:\n" +
				strings.Repeat("    - kind: SendActivity\n      activity: |-\n        There are orders.\n\n", 20) +
				"    - kind: InvokeConnectorAction\n      connectionReference: " + s.declares[0].name() + "\n",
		},
	}
	for i, r := range slices.Concat(s.declares, s.unused) {
		e.refs = append(e.refs, fmt.Sprintf("%s %s %s %d", r.name(), r.api(), g.word(genVerbs), i))
	}
	for _, r := range s.borrows {
		e.missing = append(e.missing, r.name()+" Gen0000 (1.0.0.0)")
	}
	switch s.number % 10 {
	case 3:
		e.apps = []string{fmt.Sprintf("gen_counter%s %s %s", name, s.declares[0].api(), g.word(genAPIs))}
	case 4:
		e.desktop = []string{"Desktop " + name}
	}
	for i := range s.flows {
		f := process{id: genFlow(s.number, i), name: fmt.Sprintf("%s %d", genVerbs[i%len(genVerbs)], i)}
		e.flows = append(e.flows, f)
		e.files[f.file()] = g.flow(i)
	}
	return e
}

// genFlow is what process.id is for a flow of a solution.
func genFlow(solution, flow int) int { return 1000*solution + flow + 1 }

// generator writes the long parts of a solution.
type generator struct {
	generated
	*rand.Rand
	text  bytes.Buffer
	names int            // of actions, in the flow at hand
	keys  []genReference // that the flow at hand binds
}

func (g *generator) printf(format string, args ...any) { fmt.Fprintf(&g.text, format, args...) }

func (g *generator) variable() string { return fmt.Sprintf("gen_Site%04d", g.number) }

func (g *generator) word(words []string) string { return words[g.IntN(len(words))] }

func (g *generator) guid() (id connref.GUID) {
	binary.BigEndian.PutUint64(id[:8], g.Uint64())
	binary.BigEndian.PutUint64(id[8:], g.Uint64())
	return id
}

var (
	genVerbs = []string{"Get", "List", "Update", "Create", "Send", "Archive", "Check", "Approve", "Parse", "Notify"}
	genNouns = []string{
		"orders", "invoices", "rooms", "contacts", "visits", "assets", "tickets", "shifts", "samples", "courses",
		"budgets", "machines", "deliveries", "licences",
	}
)

// flow is the definition of a cloud flow.
func (g *generator) flow(number int) string {
	g.bind()
	g.names = 0
	g.text.Reset()
	g.printf(`{"properties":{"connectionReferences":{`)
	for i, r := range g.keys {
		g.printf(`%s%q:{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":%q},"api":{"name":"shared_%s"}}`,
			genComma(i), g.key(i), r.name(), r.api())
	}
	g.printf(`},"definition":{"$schema":"https://schema.management.azure.com/providers/Microsoft.Logic/schemas/` +
		`2016-06-01/workflowdefinition.json#","contentVersion":"1.0.0.0","parameters":{"$connections":` +
		`{"defaultValue":{},"type":"Object"},"$authentication":{"defaultValue":{},"type":"SecureObject"}`)
	if g.IntN(3) == 0 {
		g.printf(`,"Site (%[1]s)":{"defaultValue":"50","type":"String","metadata":{"schemaName":%[1]q,"description":""}}`, g.variable())
	}
	g.printf(`},"triggers":{"When an item of %s changes":{"recurrence":{"frequency":"Minute","interval":3},"metadata":`+
		`{"operationMetadataId":"%s"},"type":"OpenApiConnection",`, g.word(genNouns), g.guid())
	g.inputs(0)
	g.printf(`}},"actions":{`)
	g.actions(2+min(g.IntN(g.operations-2), g.IntN(g.operations-2)), 0) // most are small
	if g.IntN(5) == 0 {
		g.call(number)
	}
	g.printf(`}},"templateName":""},"schemaVersion":"1.0.0.0"}`)
	if g.minified {
		return g.text.String()
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, g.text.Bytes(), "", "  "); err != nil {
		panic(err)
	}
	return strings.ReplaceAll(indented.String(), "\n", "\r\n")
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
		return "shared_" + g.keys[i].api()
	}
	return fmt.Sprintf("shared_%s_%d", g.keys[i].api(), i)
}

// actions writes n actions, some inside others.
func (g *generator) actions(n, depth int) {
	after := "{}"
	for i := 0; n > 0; i++ {
		g.names++
		name := fmt.Sprintf("%s %s %d", g.word(genVerbs), g.word(genNouns), g.names)
		g.printf(`%s%q:{"runAfter":%s,"metadata":{"operationMetadataId":"%s"},`, genComma(i), name, after, g.guid())
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
	switch half := n / 2; g.IntN(3) {
	case 0:
		g.printf(`"type":"Scope",`)
		actions(n)
	case 1:
		g.printf(`"type":"Foreach","foreach":"@outputs('List_%s_%d')?['body/value']",`, g.word(genNouns), g.names)
		actions(n)
	default:
		g.printf(`"type":"If","expression":{"and":[{"greater":["@length(body('List_%s')?['value'])",%d]}]},`,
			g.word(genNouns), g.IntN(100))
		actions(n - half)
		g.printf(`,"else":{`)
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
		`"apiId":"/providers/Microsoft.PowerApps/apis/shared_%s"},`, g.key(key), g.word(genVerbs), g.keys[key].api())
	g.printf(`"parameters":{"entityName":"gen_%s","$filter":"gen_count gt %d and _gen_owner_value eq '@{triggerOutputs()?`+
		`['body/_owner_value']}'","item/gen_title":"@{items('Each_of_%s')?['gen_title']}"},`, noun, g.IntN(1000), noun)
	g.printf(`"authentication":"@parameters('$authentication')"}`)
}

// call writes the call of a flow with a lower number, of this solution or of one before it.
func (g *generator) call(number int) {
	callee := genFlow(g.number, number/2)
	if g.calls > 0 && g.IntN(5) == 0 {
		callee = genFlow(g.IntN(g.calls), g.IntN(g.flows))
	}
	g.printf(`,"Run the child":{"runAfter":{},"type":"Workflow","inputs":{"host":{"workflowReferenceName":"%s"},`+
		`"body":{}}}`, id(callee))
}

func genComma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// tablesXML tells of tables: of columns, each with a cell of a form.
func (g *generator) tablesXML() string {
	g.text.Reset()
	g.printf("<Entities>")
	for i := 0; g.text.Len() < g.tables; i++ {
		g.printf(genTable, fmt.Sprintf("gen_%s_%d", genNouns[i%len(genNouns)], i%40), g.word(genVerbs), g.word(genNouns),
			g.IntN(2), g.IntN(90), g.IntN(4000), g.guid())
	}
	g.printf("</Entities>\n")
	return strings.ReplaceAll(g.text.String(), "\n", "\r\n")
}

const genTable = `
    <Entity>
      <EntityInfo>
        <entity Name="%[1]s">
          <attributes>
            <attribute PhysicalName="%[1]s">
              <Type>nvarchar</Type>
              <Name>%[1]s</Name>
              <LogicalName>%[1]s</LogicalName>
              <RequiredLevel>none</RequiredLevel>
              <DisplayMask>ValidForAdvancedFind|ValidForForm|ValidForGrid</DisplayMask>
              <ValidForUpdateApi>1</ValidForUpdateApi>
              <ValidForReadApi>1</ValidForReadApi>
              <IsCustomField>1</IsCustomField>
              <IsAuditEnabled>%[4]d</IsAuditEnabled>
              <IntroducedVersion>1.0.%[5]d.0</IntroducedVersion>
              <IsCustomizable>1</IsCustomizable>
              <MaxLength>%[6]d</MaxLength>
              <displaynames>
                <displayname description="%[2]s %[3]s" languagecode="1033" />
              </displaynames>
            </attribute>
          </attributes>
        </entity>
      </EntityInfo>
      <FormXml>
        <row>
          <cell id="{%[7]s}" locklevel="0" colspan="1" rowspan="1">
            <control id="%[1]s" classid="{4273EDBD-AC1D-40d3-9FB2-095C621B552D}" datafieldname="%[1]s" />
          </cell>
        </row>
      </FormXml>
    </Entity>
`

// genExport is a solution of its own: eight references, of which nothing uses the last, and two of another solution
// that isn't there.
func genExport(number, flows, tables int) generated {
	s := generated{
		number: number, flows: flows, operations: 60, tables: tables, borrows: []genReference{1, 2},
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
		api := connref.ConnectorID(connector(r.api()))
		id := connref.ConnectionID(fmt.Sprintf("%s-shared_%s-%d", name, r.api(), i/len(genAPIs)/20))
		env.References = append(env.References, connref.Reference{
			LogicalName: connref.LogicalName(r.name()), Connector: api, Connection: id,
		})
		env.Connections = append(env.Connections, connref.Connection{ID: id, Connector: api, DisplayName: r.api()})
	}
	return env
}

// genLandscape yields solutions that share references: those of the first are borrowed by all others, some by almost
// every one. Some declare one more that nothing uses.
func genLandscape(solutions, flows int) iter.Seq[generated] {
	const shared = 50
	return func(yield func(generated) bool) {
		random := rand.New(rand.NewPCG(11, 0))
		for i := range solutions {
			s := generated{number: i, flows: flows, operations: 16, minified: true, calls: i}
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
			if !yield(s) {
				return
			}
		}
	}
}

// TestGenerated holds what is measured to what it is meant to be: solutions without faults.
func TestGenerated(t *testing.T) {
	raw := pack(genExport(1, 5, 20_000).export().contents())
	sol := genOpen(t, raw)
	require.Empty(t, sol.Problems())
	require.Equal(t, raw, pack(genExport(1, 5, 20_000).export().contents()))
}
