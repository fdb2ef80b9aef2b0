package solution_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// tree is the files of a solution, by name.
type tree map[string]string

// with answers a tree that has the file too, or has it changed.
func (t tree) with(name, text string) tree {
	t = maps.Clone(t)
	t[name] = text
	return t
}

func (t tree) without(names ...string) tree {
	t = maps.Clone(t)
	for _, name := range names {
		delete(t, name)
	}
	return t
}

// under answers the tree inside a folder.
func (t tree) under(dir string) tree {
	moved := tree{}
	for name, text := range t {
		moved[dir+"/"+name] = text
	}
	return moved
}

func (t tree) join(others ...tree) tree {
	t = maps.Clone(t)
	for _, other := range others {
		maps.Copy(t, other)
	}
	return t
}

func (t tree) names() []string { return slices.Sorted(maps.Keys(t)) }

// zip packs the tree in sorted order.
func (t tree) zip() []byte {
	var entries []entry
	for _, name := range t.names() {
		entries = append(entries, entry{zip.FileHeader{Name: name, Method: zip.Deflate}, t[name]})
	}
	return pack("", entries...)
}

func (t tree) fs() fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range t {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// dir writes the tree into a new folder.
func (t tree) dir(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range t {
		write(tb, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	return dir
}

func write(tb testing.TB, path, text string) {
	tb.Helper()
	require.NoError(tb, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(tb, os.WriteFile(path, []byte(text), 0o666))
}

// read answers what a folder on disk holds.
func read(tb testing.TB, dir string) tree {
	tb.Helper()
	have := tree{}
	require.NoError(tb, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		have[filepath.ToSlash(name)] = string(raw)
		return err
	}))
	return have
}

// entry is one entry of an archive: the header says how it is stored.
type entry struct {
	header zip.FileHeader
	text   string
}

// pack makes an archive. Unlike zip.Writer.Create it leaves names alone, and writes sizes into the headers unless the
// flag 0x8 asks for a data descriptor.
func pack(comment string, entries ...entry) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	for _, e := range entries {
		raw := []byte(e.text)
		if e.header.Method == zip.Deflate {
			raw = deflate(e.text)
		}
		h := e.header
		h.CRC32 = crc32.ChecksumIEEE([]byte(e.text))
		h.CompressedSize64 = uint64(len(raw))
		if h.UncompressedSize64 == 0 {
			h.UncompressedSize64 = uint64(len(e.text))
		}
		to, err := w.CreateRaw(&h)
		check(err)
		if !strings.HasSuffix(h.Name, "/") {
			_, err = to.Write(raw)
			check(err)
		}
	}
	check(w.SetComment(comment))
	check(w.Close())
	return out.Bytes()
}

// deflaters are used again: a new one takes a megabyte.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	return w
}}

func deflate(text string) []byte {
	var packed bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&packed)
	_, err := io.WriteString(w, text)
	if err = errors.Join(err, w.Close()); err != nil {
		panic(err)
	}
	return packed.Bytes()
}

func openFS(tb testing.TB, t tree) *solution.Solution {
	tb.Helper()
	sol, err := solution.OpenFS(tb.Context(), t.fs(), nil)
	require.NoError(tb, err)
	return sol
}

func openZip(tb testing.TB, raw []byte) *solution.Solution {
	tb.Helper()
	sol, err := tryZip(tb, raw, nil)
	require.NoError(tb, err)
	return sol
}

func tryZip(tb testing.TB, raw []byte, opts *solution.Options) (*solution.Solution, error) {
	return solution.OpenZip(tb.Context(), bytes.NewReader(raw), int64(len(raw)), opts)
}

// problems answers each problem as "severity rule file:line:column pointer".
func problems(sol *solution.Solution) []string {
	var list []string
	for _, d := range sol.Problems() {
		text := fmt.Sprint(d.Severity, " ", d.Rule, " ", d.Position)
		if d.Position.Pointer != "" {
			text += " " + d.Position.Pointer
		}
		list = append(list, text)
	}
	return list
}

func wantProblems(tb testing.TB, sol *solution.Solution, want ...string) {
	tb.Helper()
	if diff := cmp.Diff(want, problems(sol), cmpopts.EquateEmpty()); diff != "" {
		tb.Errorf("problems (-want +got):\n%s%v", diff, sol.Problems())
	}
}

// view is all that a solution answers, to be compared.
type view struct {
	Manifest   solution.Manifest
	References []connref.Reference
	Workflows  []solution.Workflow
	Flows      []flowView
	Apps       []solution.App
	Agents     []solution.Agent
	Connectors []solution.CustomConnector
	Variables  []solution.Variable
	Problems   diag.List
}

type flowView struct {
	Workflow   solution.Workflow
	Bindings   []flow.Binding
	States     []solution.State
	Operations int
}

func viewOf(sol *solution.Solution) view {
	v := view{
		Manifest:   sol.Manifest(),
		References: slices.Collect(sol.References()),
		Workflows:  slices.Collect(sol.Workflows()),
		Apps:       slices.Collect(sol.Apps()),
		Agents:     slices.Collect(sol.Agents()),
		Connectors: slices.Collect(sol.Connectors()),
		Variables:  slices.Collect(sol.Variables()),
		Problems:   sol.Problems(),
	}
	for i := range v.Problems {
		v.Problems[i].Solution = ""
	}
	for f := range sol.Flows() {
		fv := flowView{Workflow: f.Workflow, Bindings: slices.Collect(f.Bindings()), Operations: f.OperationCount()}
		for _, b := range fv.Bindings {
			fv.States = append(fv.States, sol.State(b))
		}
		v.Flows = append(v.Flows, fv)
	}
	return v
}

// The ids of what the solution below holds.
const (
	intakeID = "0b1e6c1a-52f7-4f0a-9c53-6d2f0a7be101"
	digestID = "5c0d9a44-7e0b-4b7e-8f11-2a9be3c7d202"
	erpID    = "c8a51f3e-0d39-4f6b-b0a7-91e5d04ac303"
)

// solutionXML is a solution.xml whose manifest holds the given elements behind the name and version.
func solutionXML(parts ...string) string {
	return `<ImportExportXml version="9.2.25031.155" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <SolutionManifest>
    <UniqueName>ContosoOrders</UniqueName>
    <LocalizedNames>
      <LocalizedName description="Contoso Orders" languagecode="1033" />
      <LocalizedName description="Contoso Bestellungen" languagecode="1031" />
    </LocalizedNames>
    <Descriptions>
      <Description description="Takes &amp; sends orders" languagecode="1033" />
    </Descriptions>
    <Version>1.4.0.0</Version>
` + strings.Join(parts, "\n") + `
  </SolutionManifest>
</ImportExportXml>`
}

const publisherXML = `    <Publisher>
      <UniqueName>contoso</UniqueName>
      <LocalizedNames>
        <LocalizedName description="Contoso Ltd" languagecode="1033" />
      </LocalizedNames>
      <Descriptions />
      <EMailAddress xsi:nil="true"></EMailAddress>
      <CustomizationPrefix>contoso_</CustomizationPrefix>
      <CustomizationOptionValuePrefix>41700</CustomizationOptionValuePrefix>
    </Publisher>`

const missingXML = `    <MissingDependencies>
      <MissingDependency>
        <Required type="connectionreference" displayName="Shared files" solution="CommonConnections (1.0.0.2)"
          id.connectionreferencelogicalname="Common_Files" />
        <Dependent type="29" displayName="Order intake" id="{` + intakeID + `}" />
      </MissingDependency>
    </MissingDependencies>`

// customizationsXML is a customizations.xml with the given elements.
func customizationsXML(parts ...string) string {
	return `<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Entities></Entities>
  <Roles />
` + strings.Join(parts, "\n") + `
  <Languages>
    <Language>1033</Language>
  </Languages>
</ImportExportXml>`
}

// referencesXML is the block of references, of each "logical name connector".
func referencesXML(references ...string) string {
	var b strings.Builder
	b.WriteString("  <connectionreferences>\n")
	for _, r := range references {
		name, connector, _ := strings.Cut(r, " ")
		fmt.Fprintf(&b, `    <connectionreference connectionreferencelogicalname="%s">
      <connectionreferencedisplayname>%s</connectionreferencedisplayname>
      <connectorid>/providers/Microsoft.PowerApps/apis/%s</connectorid>
      <iscustomizable>1</iscustomizable>
      <statecode>0</statecode>
      <statuscode>1</statuscode>
    </connectionreference>
`, name, "Display "+name, connector)
	}
	return b.String() + "  </connectionreferences>"
}

// workflowXML is the metadata of a cloud flow that is on.
func workflowXML(id, name, file string) string {
	return fmt.Sprintf(`<Workflow WorkflowId="{%s}" Name="%s">
  <JsonFileName>%s</JsonFileName>
  <Type>1</Type>
  <Category>5</Category>
  <StateCode>1</StateCode>
  <StatusCode>2</StatusCode>
  <ModernFlowType>0</ModernFlowType>
</Workflow>`, id, name, file)
}

// flowJSON is a flow with a recurrence and, for each "key reference", a binding and an action that uses it.
func flowJSON(bindings ...string) string {
	var refs, actions []string
	for _, b := range bindings {
		key, ref, _ := strings.Cut(b, " ")
		connection := "{}"
		if ref != "" {
			connection = fmt.Sprintf(`{"connectionReferenceLogicalName": %q}`, ref)
		}
		refs = append(refs, fmt.Sprintf(`      %q: {
        "runtimeSource": "embedded",
        "connection": %s,
        "api": {"name": "shared_office365"}
      }`, key, connection))
		actions = append(actions, fmt.Sprintf(`        "Use_%s": {
          "type": "OpenApiConnection",
          "inputs": {"host": {"connectionName": %q, "operationId": "SendEmailV2",
            "apiId": "/providers/Microsoft.PowerApps/apis/shared_office365"}}
        }`, key, key))
	}
	return fmt.Sprintf(`{
  "properties": {
    "connectionReferences": {
%s
    },
    "definition": {
      "triggers": {
        "Recurrence": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}
      },
      "actions": {
%s
      }
    },
    "templateName": ""
  },
  "schemaVersion": "1.0.0.0"
}`, strings.Join(refs, ",\n"), strings.Join(actions, ",\n"))
}

const (
	intakeFile = "Workflows/Orderintake-0B1E6C1A-52F7-4F0A-9C53-6D2F0A7BE101.json"
	digestFile = "Workflows/Dailydigest-5C0D9A44-7E0B-4B7E-8F11-2A9BE3C7D202.json"
)

var connectorXML = `<Connector>
  <connectorid>{` + erpID + `}</connectorid>
  <description>Orders of the ERP</description>
  <displayname>Contoso ERP</displayname>
  <name>contoso_5FERP</name>
  <openapidefinition>/Connector/contoso_5FERP_openapidefinition.json</openapidefinition>
</Connector>`

const appXML = `<CanvasApp>
  <Name>contoso_counter_4be01</Name>
  <DisplayName>Order counter</DisplayName>
  <ConnectionReferences>{&quot;1&quot;:{&quot;id&quot;:&quot;/providers/microsoft.powerapps/apis/shared_office365&quot;}}` +
	`</ConnectionReferences>
</CanvasApp>`

const (
	agentSetFile = "Assets/botcomponent_connectionreferenceset.xml"
	agentSetXML  = `<botcomponent_connectionreferenceset>
  <botcomponent_connectionreference botcomponentid.schemaname="contoso_helper.topic.Orders"
    connectionreferenceid.connectionreferencelogicalname="contoso_mail">
    <iscustomizable>1</iscustomizable>
  </botcomponent_connectionreference>
</botcomponent_connectionreferenceset>`
	variableFile = "environmentvariabledefinitions/contoso_Site/environmentvariabledefinition.xml"
	variableXML  = `<environmentvariabledefinition schemaname="contoso_Site">
  <apiid>/providers/Microsoft.PowerApps/apis/shared_sharepointonline</apiid>
  <defaultvalue>https://contoso.example/site</defaultvalue>
  <displayname default="Site">
    <label description="Site" languagecode="1033" />
  </displayname>
  <parameterkey>dataset</parameterkey>
  <type>100000004</type>
</environmentvariabledefinition>`
	valuesFile = "environmentvariabledefinitions/contoso_Site/environmentvariablevalues.json"
	valuesJSON = `{"environmentvariablevalues":{"environmentvariablevalue":{"iscustomizable":"1","value":"x"}}}`
)

var managedXML = "    <Managed>0</Managed>"

// common is what the packed and the unpacked form of the solution share.
var common = tree{
	intakeFile: flowJSON("shared_office365 contoso_mail", "shared_files COMMON_files", "shared_lost contoso_lost",
		"direct"),
	digestFile:   flowJSON("shared_office365 Contoso_Mail", "shared_office365_1 contoso_bulk"),
	agentSetFile: agentSetXML,
	variableFile: variableXML,
	valuesFile:   valuesJSON,
}

var allReferences = referencesXML("contoso_mail shared_office365", "contoso_bulk shared_office365",
	"contoso_helper.shared_x.1 shared_contoso-5ferp-5f0123456789abcdef")

// packed is the solution as the platform exports it.
var packed = common.join(tree{
	"[Content_Types].xml": `<?xml version="1.0" encoding="utf-8"?><Types />`,
	"solution.xml":        solutionXML(managedXML, publisherXML, missingXML),
	"customizations.xml": customizationsXML(
		"<Workflows>", workflowXML(intakeID, "Order intake", "/"+intakeFile),
		workflowXML(digestID, "Daily digest", "/"+digestFile), "</Workflows>",
		"<CanvasApps>", appXML, "</CanvasApps>", "<Connectors>", connectorXML, "</Connectors>", allReferences),
	"Connector/contoso_5FERP_openapidefinition.json": "{}",
})

// unpacked is the same solution as SolutionPackager unpacks it.
var unpacked = common.join(tree{
	"Other/Solution.xml": "\ufeff" + solutionXML("    <Managed>2</Managed>", publisherXML,
		missingXML),
	"Other/Customizations.xml":                      customizationsXML("<Workflows />", "<CanvasApps />", allReferences),
	intakeFile + ".data.xml":                        "\ufeff" + workflowXML(intakeID, "Order intake", "/"+intakeFile),
	digestFile + ".data.xml":                        "\ufeff" + workflowXML(digestID, "Daily digest", "/"+digestFile),
	"CanvasApps/contoso_counter_4be01.meta.xml":     appXML,
	"CanvasApps/contoso_counter_4be01.msapp":        "PK and more",
	"Connectors/contoso_5FERP.xml":                  connectorXML,
	"Connectors/contoso_5FERP_connectionparam.json": "",
})

// legacy is a flow package.
var legacy = tree{
	"manifest.json":                      `{"schema":"1.0","details":{"displayName":"Old digest","description":"From 2019"}}`,
	"Microsoft.Flow/flows/manifest.json": `{"packageSchemaVersion":"1.0","flowAssets":{"assetPaths":["a"]}}`,
	legacyFile: `{"name":"a","properties":{"displayName":"Old digest","definition":{"triggers":{},` +
		`"actions":{"Send":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"shared_office365"}}}}},` +
		`"connectionReferences":{"shared_office365":{"connectionName":"shared-office365-1","source":"Embedded",` +
		`"id":"/providers/Microsoft.PowerApps/apis/shared_office365"}}}}`,
	"Microsoft.Flow/flows/a/apisMap.json": `{"shared_office365":"b"}`,
}

const legacyFile = "Microsoft.Flow/flows/a/definition.json"
