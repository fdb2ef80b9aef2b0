package refactor_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing/fstest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/refactor"
)

// pool is the references that generated solutions have, by name: some names are parts of others, and two differ in case
// only from what flows may write.
var pool = map[string]string{
	"fx_mail": "office365", "fx_mail_2": "office365", "Fx_Mail.Shared": "office365", "xfx_mail": "office365",
	"fx_sql": "sql", "fx_sql-b": "sql", "fx_oven": "fx-5foven-5f0123456789abcdef",
}

// generator writes solutions that share references, in all layouts, newlines and encodings.
type generator struct {
	*rapid.T
	files fstest.MapFS
}

func (g generator) flip(label string) bool { return rapid.Bool().Draw(g.T, label) }

// one is one of several texts.
func (g generator) one(label string, of ...string) string {
	return rapid.SampledFrom(of).Draw(g.T, label)
}

// some are some of the names, in order.
func (g generator) some(label string, most int) []string {
	names := slices.Sorted(maps.Keys(pool))
	picked := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, most, rapid.ID[string]).Draw(g.T, label)
	slices.Sort(picked)
	return picked
}

// spelled is a name as somebody writes it who doesn't regard case.
func (g generator) spelled(name string) string {
	return g.one("spelling", name, name, name, strings.ToUpper(name))
}

// draw makes one to three solutions and a settings file.
func draw(t *rapid.T) refactor.Input {
	g := generator{t, fstest.MapFS{}}
	for i := range rapid.IntRange(1, 3).Draw(t, "solutions") {
		g.solution(fmt.Sprintf("S%d", i))
	}
	var entries []string
	for _, name := range g.some("settings", 3) {
		entries = append(entries, fmt.Sprintf(`{"LogicalName":%q,"ConnectionId":%q}`,
			g.spelled(name), g.one("connection", "", "c1", "c2")))
	}
	settings := `{"EnvironmentVariables":[],"ConnectionReferences":[` + strings.Join(entries, ",") + "]}"
	g.files["settings.json"] = &fstest.MapFile{Data: []byte(g.laidOut(settings))}
	return input(t, g.files)
}

// solution writes one solution.
func (g generator) solution(name string) {
	layout := g.one("layout", "zip", "folder", "unpacked")
	declared := g.some("declared", 4)
	files := map[string]string{}
	var workflows, apps, used []string
	for i := range rapid.IntRange(0, 2).Draw(g.T, "flows") {
		id := fmt.Sprintf("5eed0000-0000-4000-8000-0000000000%s%d", name[1:], i)
		file := fmt.Sprintf("Workflows/F%d-%s.json", i, strings.ToUpper(id))
		definition, refs := g.flow()
		files[file] = g.laidOut(definition)
		used = append(used, refs...)
		workflow := fmt.Sprintf("<Workflow WorkflowId=\"{%s}\" Name=\"Flow %d\">\n<JsonFileName>/%s</JsonFileName>\n"+
			"<Category>5</Category>\n</Workflow>\n", id, i, file)
		if layout == "unpacked" {
			files[file+".data.xml"] = workflow
		} else {
			workflows = append(workflows, workflow)
		}
	}
	if g.flip("app") {
		var entries []string
		for i, ref := range g.some("app's", 2) {
			entries = append(entries, fmt.Sprintf(`"%d":{"id":"/providers/microsoft.powerapps/apis/shared_%s",`+
				`"xrmConnectionReferenceLogicalName":%q}`, i, pool[ref], ref))
			used = append(used, ref)
		}
		text := strings.ReplaceAll("{"+strings.Join(entries, ",\n")+"}", `"`, g.one("quote", `"`, "&quot;"))
		app := "<CanvasApp>\n<Name>fx_app" + name + "</Name>\n<ConnectionReferences>" + text +
			"</ConnectionReferences>\n</CanvasApp>\n"
		if layout == "unpacked" {
			files["CanvasApps/fx_app.meta.xml"] = app
		} else {
			apps = append(apps, app)
		}
	}
	var rows []string
	for _, ref := range g.some("agent's", 2) {
		rows = append(rows, fmt.Sprintf("  <botcomponent_connectionreference botcomponentid.schemaname=%q "+
			"connectionreferenceid.connectionreferencelogicalname=%q />\n", "fx_bot"+name, ref))
		if used = append(used, ref); g.flip("data") {
			files["botcomponents/fx_bot"+name+"/data"] = "kind: TaskDialog\nconnectionReference: " + g.spelled(ref) + "\n"
		}
	}
	if len(rows) > 0 {
		files["Assets/botcomponent_connectionreferenceset.xml"] = "<botcomponent_connectionreferenceset>\n" +
			strings.Join(rows, "") + "</botcomponent_connectionreferenceset>"
	}
	manifest, customizations := "solution.xml", "customizations.xml"
	if layout == "unpacked" {
		manifest, customizations = "Other/Solution.xml", "Other/Customizations.xml"
	}
	files[manifest] = "<ImportExportXml>\n  <SolutionManifest>\n    <UniqueName>" + name + "</UniqueName>\n" +
		"    <Version>1.0</Version>\n" + g.missing(append(used, g.some("listed", 1)...), declared) +
		"  </SolutionManifest>\n</ImportExportXml>"
	files[customizations] = "<ImportExportXml>\n<Workflows>\n" + strings.Join(workflows, "") + "</Workflows>\n" +
		"<CanvasApps>\n" + strings.Join(apps, "") + "</CanvasApps>\n" + g.declarations(declared) +
		"  <Languages />\n</ImportExportXml>"
	g.write(name, layout, files)
}

// write adds the files to the others, in an archive or spelled as somebody's tools did.
func (g generator) write(name, layout string, files map[string]string) {
	if g.flip("crlf") {
		for file, text := range files {
			files[file] = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		}
	}
	if layout == "zip" {
		var packed bytes.Buffer
		w := zip.NewWriter(&packed)
		for _, file := range slices.Sorted(maps.Keys(files)) {
			entry, err := w.Create(file)
			require.NoError(g.T, err)
			_, err = io.WriteString(entry, files[file])
			require.NoError(g.T, err)
		}
		require.NoError(g.T, w.Close())
		g.files[name+".zip"] = &fstest.MapFile{Data: packed.Bytes()}
		return
	}
	for file, text := range files {
		raw := []byte(text)
		if layout == "unpacked" {
			switch g.one("encoding", "utf-8", "mark", "utf-16") {
			case "mark":
				raw = []byte("\ufeff" + text)
			case "utf-16":
				raw = nil
				for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
					raw = binary.LittleEndian.AppendUint16(raw, unit)
				}
			}
		}
		g.files[name+"/"+file] = &fstest.MapFile{Data: raw}
	}
}

// declarations is the list of references, which may be in any order.
func (g generator) declarations(names []string) string {
	if len(names) == 0 {
		return g.one("no references", "", "  <connectionreferences />\n")
	}
	if g.flip("unsorted") {
		slices.Reverse(names)
	}
	var b strings.Builder
	b.WriteString("  <connectionreferences>\n")
	for _, name := range names {
		custom := ""
		if pool[name][0] == 'f' {
			custom = "      <customconnectorid>\n        <connectorid>5eed0000-0000-4000-8000-0000000000ff</connectorid>\n" +
				"      </customconnectorid>\n"
		}
		fmt.Fprintf(&b, "    <connectionreference connectionreferencelogicalname=%q>\n"+
			"      <connectionreferencedisplayname>%s</connectionreferencedisplayname>\n      <connectorid>%s</connectorid>\n%s"+
			"    </connectionreference>\n", name, name, connref.ConnectorID("shared_"+pool[name]).Path(), custom)
	}
	b.WriteString("  </connectionreferences>\n")
	return b.String()
}

// missing is the list of missing dependencies: of most of what is used and isn't declared.
func (g generator) missing(used, declared []string) string {
	slices.Sort(used)
	var rows []string
	for _, name := range slices.Compact(used) {
		if !slices.Contains(declared, name) && g.one("listed", "yes", "yes", "no") == "yes" {
			rows = append(rows, fmt.Sprintf(`      <MissingDependency>
        <Required type="connectionreference" displayName=%[1]q solution="S1 (1.0)"
          id.connectionreferencelogicalname=%[1]q />
        <Dependent type="29" displayName="Flow 0" id="{5eed0000-0000-4000-8000-0000000000%[2]s}" />
      </MissingDependency>
`, name, g.one("dependent", "00", "10", "21")))
		}
	}
	if len(rows) == 0 {
		return g.one("nothing missing", "", "    <MissingDependencies />\n",
			"    <MissingDependencies></MissingDependencies>\n")
	}
	return "    <MissingDependencies>\n" + strings.Join(rows, "") + "    </MissingDependencies>\n"
}

// flow is the definition of a flow, and the references that it binds. Its texts name references that it doesn't use.
func (g generator) flow() (definition string, used []string) {
	var bindings, actions []string
	names := slices.Sorted(maps.Keys(pool))
	for i := range rapid.IntRange(0, 4).Draw(g.T, "bindings") {
		name := g.one("bound", names...)
		connection, key := "{}", fmt.Sprintf("shared_%d", i)
		if g.one("direct", "no", "no", "no", "yes") == "no" {
			connection = fmt.Sprintf(`{"connectionReferenceLogicalName":%q}`, g.spelled(name))
			used = append(used, name)
		}
		bindings = append(bindings, fmt.Sprintf(`%q:{"runtimeSource":%q,"connection":%s,"api":{"name":%q}}`,
			key, g.one("source", "embedded", "embedded", "invoker"), connection, "shared_"+pool[name]))
		host := fmt.Sprintf(`{"connectionName":%q}`, key)
		if g.flip("expression") {
			host = fmt.Sprintf(`{"connection":{"name":"@parameters('$connections')['%s']['connectionId']"}}`, key)
		}
		action := fmt.Sprintf(`"A%d":{"type":"ApiConnection","inputs":{"host":%s}}`, i, host)
		if g.flip("nested") {
			action = fmt.Sprintf(`"Scope%d":{"type":"Scope","actions":{%s}}`, i, action)
		}
		actions = append(actions, action)
	}
	actions = append(actions, `"Data":{"type":"Compose","inputs":{"connectionReferenceLogicalName":"fx_mail",`+
		`"x":"@concat('fx_sql')"}}`)
	return `{"properties":{"connectionReferences":{` + strings.Join(bindings, ",") + `},"definition":{` +
		`"description":"by fx_mail","triggers":{},"actions":{` + strings.Join(actions, ",") +
		`}}},"schemaVersion":"1.0.0.0"}`, used
}

// laidOut is JSON on one line or on many.
func (g generator) laidOut(text string) string {
	var b bytes.Buffer
	if !g.flip("minified") && json.Indent(&b, []byte(text), "", "  ") == nil {
		return b.String()
	}
	return text
}
