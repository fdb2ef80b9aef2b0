package solution_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// withWorkflows is the least packed solution, with those workflow elements and files.
func withWorkflows(files tree, workflows ...string) tree {
	return withCustomizations("<Workflows>\n" + strings.Join(workflows, "\n") + "\n</Workflows>").join(files)
}

// process is the metadata of a process: of each "Element text" a child.
func process(id, name string, children ...string) string {
	var b strings.Builder
	b.WriteString(`<Workflow WorkflowId="` + id + `" Name="` + name + `">`)
	for _, child := range children {
		element, text, _ := strings.Cut(child, " ")
		b.WriteString("<" + element + ">" + text + "</" + element + ">")
	}
	return b.String() + "</Workflow>"
}

const (
	macroJSON   = `{"subcategory":"x","schemaVersion":"1.0.0","actions":{}}`
	desktopJSON = `{"schemaversion":"ROBIN_202208_DVRS","properties":{"definition":{"package":"UEs="}}}`
	bareJSON    = "{\n \"definition\": {\"triggers\": {}, \"actions\": {}}}"
)

// flowsOf answers "file: name" of the flows.
func flowsOf(sol *solution.Solution) []string {
	list := []string{}
	for f := range sol.Flows() {
		list = append(list, f.FileName+": "+f.Name)
	}
	return list
}

func TestWorkflows(t *testing.T) {
	const upper, odd = "{0B1E6C1A-52F7-4F0A-9C53-6D2F0A7BE101}", "Workflows/odd-01234567-XXXX-YYYY-ZZZZ-987654321098.json"
	sol := openFS(t, withWorkflows(tree{
		"Workflows/B-" + digestID + ".json": flowJSON(),
		"Workflows/A.json":                  flowJSON(),
		odd:                                 flowJSON(),
	},
		process(upper, "&lt;B&gt; &amp; co", "JsonFileName \\Workflows\\B-"+strings.ToUpper(digestID)+".JSON",
			"Category 5", "StateCode 1", "StatusCode 2", "ModernFlowType 1"),
		process("", "", "JsonFileName Workflows/A.json", "Category  5 ", "StateCode 0",
			`LocalizedNames <LocalizedName languagecode="1033" description="A by its label" />`),
		process("(0b1e6c1a52f74f0a9c536d2f0a7be102)", "Odd", "JsonFileName /"+odd, "Category 5"),
	))
	wantProblems(t, sol, "warning CR009 customizations.xml:7:23")
	want := []solution.Workflow{
		{
			ID: guid(t, intakeID), Name: "<B> & co", Category: solution.CategoryCloudFlow, Modern: 1, On: true,
			FileName: "Workflows/B-" + strings.ToUpper(digestID) + ".JSON", Listed: true,
		},
		{Name: "A by its label", Category: solution.CategoryCloudFlow, FileName: "Workflows/A.json", Listed: true},
		{Name: "Odd", Category: solution.CategoryCloudFlow, FileName: odd, Listed: true},
	}
	if diff := cmp.Diff(want, slices.Collect(sol.Workflows()), noPlaces); diff != "" {
		t.Errorf("workflows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"Workflows/A.json: A by its label", "Workflows/B-" + digestID + ".json: <B> & co", odd + ": Odd",
	}, flowsOf(sol)); diff != "" {
		t.Errorf("flows (-want +got):\n%s", diff)
	}
}

func TestWorkflowIDs(t *testing.T) {
	const file = "Workflows/Name-" + intakeID + ".json"
	for _, test := range []struct {
		id   string
		want string
		say  []string
	}{
		{"{" + digestID + "}", digestID, nil},
		{digestID, digestID, nil},
		{"{" + strings.ToUpper(digestID) + "}", digestID, nil},
		{" {" + digestID + "} ", digestID, nil},
		{"", intakeID, nil}, // only the file's name has one
		{"{7}", intakeID, []string{"warning CR009 customizations.xml:5:23"}},
	} {
		sol := openFS(t, withWorkflows(tree{file: flowJSON()}, process(test.id, "N", "JsonFileName /"+file, "Category 5")))
		wantProblems(t, sol, test.say...)
		for f := range sol.Flows() {
			if f.ID != guid(t, test.want) {
				t.Errorf("id %q: %s, want %s", test.id, f.ID, test.want)
			}
		}
	}
}

// What a file is, is decided by its category; where there is none, by its shape.
func TestWorkflowCategories(t *testing.T) {
	flow, json := flowJSON(), "Workflows/x.json"
	for _, test := range []struct {
		category, file, text string
		isFlow               bool
		want                 []string
	}{
		{"5", json, flow, true, nil},
		{"", json, flow, true, nil},
		{"none", json, flow, true, nil},
		{"0", "Workflows/x.xaml", "<Activity", false, nil},
		{"2", "Workflows/x.xaml", "<Activity", false, nil},
		{"4", "Workflows/x.xaml", "<Activity", false, nil},
		{"4", json, flow, false, nil},
		{"6", json, desktopJSON, false, nil},
		{"6", json, "{", false, nil},
		{"9000", json, macroJSON, false, nil},
		{"", json, macroJSON, false, nil},
		{"", "Workflows/x.xaml", "<Activity", false, nil},
		{"5", json, bareJSON, false, []string{"error CR122 Workflows/x.json:1:1"}},
		{"5", json, "[]", false, []string{"error CR122 Workflows/x.json:1:1"}},
		{"5", json, `{"properties": []}`, false, []string{"error CR122 Workflows/x.json:1:16 /properties"}},
		{"5", json, macroJSON, false, []string{"error CR122 Workflows/x.json:1:1"}},
		{"", json, bareJSON, false, []string{"error CR122 Workflows/x.json:1:1"}},
		{"", json, "[", false, []string{"error CR122 Workflows/x.json:1:2"}},
	} {
		name := "JsonFileName /"
		if strings.HasSuffix(test.file, ".xaml") {
			name = "XamlFileName /"
		}
		children := []string{name + test.file}
		if test.category != "" {
			children = append(children, "Category "+test.category)
		}
		sol := openFS(t, withWorkflows(tree{test.file: test.text}, process("{"+intakeID+"}", "X", children...)))
		if isFlow := len(flowsOf(sol)) == 1; isFlow != test.isFlow {
			t.Errorf("category %q, %s: a flow: %t, want %t", test.category, test.text, isFlow, test.isFlow)
		}
		if len(slices.Collect(sol.Workflows())) != 1 {
			t.Errorf("category %q: not among the workflows", test.category)
		}
		wantProblems(t, sol, test.want...)
	}
}

func TestWorkflowFilesWithoutEntry(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string // flows
		problems   []string
	}{
		{"Some-flow-" + strings.ToUpper(intakeID) + ".json", flowJSON(), []string{"Some-flow"}, []string{"info CR008"}},
		{"No-id.JSON", flowJSON(), []string{"No-id"}, []string{"info CR008"}},
		{"a-01234567-XXXX-YYYY-ZZZZ-987654321098.json", flowJSON(),
			[]string{"a-01234567-XXXX-YYYY-ZZZZ-987654321098"}, []string{"info CR008"}},
		{"é-01234567-XXXX-YYYY-ZZZZ-98765432109.json", flowJSON(),
			[]string{"é-01234567-XXXX-YYYY-ZZZZ-98765432109"}, []string{"info CR008"}},
		{intakeID + ".json", flowJSON(), []string{""}, []string{"info CR008"}},
		{"macro.json", macroJSON, nil, nil},
		{"desktop.json", desktopJSON, nil, nil},
		{"bare.json", bareJSON, nil, []string{"error CR122"}},
		{"text.json", `"text"`, nil, []string{"error CR122"}},
		{"empty.json", ``, nil, []string{"error CR122"}},
		{"rule.xaml", "<Activity", nil, nil},
		{"readme.md", "# flows", nil, nil},
		{"deeper/x.json", flowJSON(), nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			sol := openFS(t, withWorkflows(tree{"Workflows/" + test.name: test.text}))
			var names []string
			for f := range sol.Flows() {
				names = append(names, f.Name)
				if f.Listed || f.Category != solution.CategoryUnknown {
					t.Errorf("listed: %t, category %d", f.Listed, f.Category)
				}
				if has := strings.Contains(strings.ToLower(test.name), intakeID); has != (f.ID == guid(t, intakeID)) {
					t.Errorf("id = %s", f.ID)
				}
			}
			if diff := cmp.Diff(test.want, names); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
			var got []string
			for _, d := range sol.Problems() {
				got = append(got, d.Severity.String()+" "+d.Rule)
				if d.At.File != "Workflows/"+test.name {
					t.Errorf("place = %v", d.At)
				}
			}
			if diff := cmp.Diff(test.problems, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWorkflowEntriesThatDontFit(t *testing.T) {
	const file = "Workflows/x.json"
	files := tree{file: flowJSON()}
	other := process("{"+digestID+"}", "Other", "JsonFileName /"+file, "Category 5")
	one := process("{"+intakeID+"}", "One", "JsonFileName /"+file, "Category 5")
	for _, test := range []struct {
		name    string
		entries []string
		flows   []string
		want    []string
	}{
		{"file is not there", []string{one, process("", "Gone", "JsonFileName /Workflows/gone.json", "Category 5")},
			[]string{file + ": One"}, []string{"warning CR007 customizations.xml:6:1"}},
		{"desktop flow's file is not there", []string{one, process("", "Gone", "JsonFileName /Workflows/gone.json",
			"Category 6")},
			[]string{file + ": One"}, []string{"warning CR007 customizations.xml:6:1"}},
		{"names no file", []string{one, process("", "None", "Category 5")},
			[]string{file + ": One"}, []string{"warning CR007 customizations.xml:6:1"}},
		{"leaves the folder", []string{one, process("", "Out", "JsonFileName /../../x.json", "Category 5")},
			[]string{file + ": One"}, []string{"warning CR007 customizations.xml:6:1"}},
		{"business rule without a file", []string{one, process("", "None", "Category 2")}, []string{file + ": One"}, nil},
		{"two for one file", []string{one, other},
			[]string{file + ": One"}, []string{"error CR010 customizations.xml:6:1"}},
		{"one id twice", []string{one, strings.Replace(other, digestID, intakeID, 1)},
			[]string{file + ": One"}, []string{"error CR010 customizations.xml:6:1", "error CR010 customizations.xml:6:1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sol := openFS(t, withWorkflows(files, test.entries...))
			wantProblems(t, sol, test.want...)
			if diff := cmp.Diff(test.flows, flowsOf(sol)); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
		})
	}
}

// A name can bring anything into a message but a second line.
func TestWorkflowNamesWithControlCharacters(t *testing.T) {
	sol := openFS(t, withWorkflows(nil, process("", "a&#10;b&#9;c", "JsonFileName /Workflows/x\ny.json", "Category 5")))
	checkProblems(t, sol)
	wantProblems(t, sol, "warning CR007 customizations.xml:5:1")
}

// SolutionPackager keeps metadata in a file beside the flow's. Its JsonFileName may be that of an earlier time.
func TestWorkflowSidecars(t *testing.T) {
	base := unpacked.without(intakeFile, intakeFile+".data.xml", digestFile, digestFile+".data.xml")
	const file = "Workflows/Renamed-" + intakeID + ".json"
	for _, test := range []struct {
		name  string
		files tree
		flows []string
		want  []string
	}{
		{"stale", tree{file: flowJSON(), file + ".data.xml": workflowXML(intakeID, "New", "/Workflows/Old.json")},
			[]string{file + ": New"}, nil},
		{"stale, upper case", tree{file: flowJSON(), file + ".DATA.XML": workflowXML(intakeID, "New", "/Workflows/Old.json")},
			[]string{file + ": New"}, nil},
		{"names none", tree{file: flowJSON(), file + ".data.xml": process(intakeID, "New", "Category 5")},
			[]string{file + ": New"}, nil},
		{"stale and alone", tree{file + ".data.xml": workflowXML(intakeID, "New", "/Workflows/Old.json")},
			[]string{}, []string{"warning CR007 " + file + ".data.xml:1:1"}},
		{"alone", tree{file + ".data.xml": workflowXML(intakeID, "New", "/"+file)},
			[]string{}, []string{"warning CR007 " + file + ".data.xml:1:1"}},
		{"cut", tree{file: flowJSON(), file + ".data.xml": workflowXML(intakeID, "New", "/"+file)[:80]},
			[]string{file + ": Renamed"}, []string{"error CR003 " + file + ".data.xml:2:7"}},
		{"other root", tree{file: flowJSON(), file + ".data.xml": "<Process />"},
			[]string{file + ": Renamed"}, []string{"error CR003 " + file + ".data.xml:1:2"}},
		{"no file has one", tree{file: flowJSON()}, []string{file + ": Renamed"}, []string{"info CR008 " + file}},
		{"xaml", tree{"Workflows/r.xaml": "<x", "Workflows/r.xaml.data.xml": process(intakeID, "R",
			"XamlFileName /Workflows/r.xaml",
			"Category 2")}, []string{}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			sol := openFS(t, base.join(test.files))
			wantProblems(t, sol, test.want...)
			if diff := cmp.Diff(test.flows, flowsOf(sol)); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFlowProblems(t *testing.T) {
	const file = "Workflows/x.json"
	entry := process("", "X", "JsonFileName /"+file, "Category 5")
	for _, test := range []struct {
		name, text string
		isFlow     bool
		want       []string
	}{
		{"bom and newline", "\ufeff" + flowJSON() + "\r\n", true, nil},
		{"repeated key", strings.Replace(flowJSON("k contoso_mail"), `"templateName": ""`,
			`"templateName": "", "templateName": ""`, 1),
			true, []string{"warning CR005 " + file + ":22:25 /properties/templateName"}},
		{"cut", flowJSON()[:40], false, []string{"error CR122 " + file + ":3:21"}},
		{"not utf-8", "{\"properties\":\"\xff\xfe\"}", false, []string{"error CR002 " + file}},
		{"odd utf-16", "\xff\xfe{\x00}", false, []string{"error CR002 " + file}},
		{"references are a list", strings.Replace(flowJSON(), `{
      "runtimeSource"`, `{`, 1), true, nil},
		{"bindings that are a list", `{"properties":{"connectionReferences":[],"definition":{}}}`, true,
			[]string{"error CR122 " + file + ":1:39 /properties/connectionReferences"}},
		{"an action that is text", `{"properties":{"definition":{"actions":{"A":"x"}}}}`, true,
			[]string{"error CR122 " + file + ":1:45 /properties/definition/actions/A"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sol := openFS(t, withWorkflows(tree{file: test.text}, entry))
			got := problems(sol)
			for i := range got { // of a text that can't be decoded the place is the file
				got[i] = strings.Replace(got[i], "CR002 "+file+":1:1", "CR002 "+file, 1)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if isFlow := len(flowsOf(sol)) == 1; isFlow != test.isFlow {
				t.Errorf("a flow: %t, want %t", isFlow, test.isFlow)
			}
			file, err := sol.File(file)
			if err != nil || string(file.Bytes()) != test.text {
				t.Errorf("File = %q, %v; the bytes must be carried", file.Bytes(), err)
			}
		})
	}
}

// Names are compared as Dataverse does, keys as JSON does.
func TestFlowBindings(t *testing.T) {
	sol := openFS(t, packed.with(digestFile, flowJSON("k CONTOSO_MAIL", "K contoso_mail", "k-1 Contoso_Bulk")))
	for f := range sol.Flows() {
		if f.FileName != digestFile {
			continue
		}
		for _, key := range []string{"k", "K", "k-1"} {
			b, ok := f.Binding(key)
			if !ok || sol.State(b) != solution.Declared || len(slices.Collect(f.UsersOf(key))) != 1 {
				t.Errorf("binding %s: %v, %s", key, b, sol.State(b))
			}
		}
		if _, ok := f.Binding("K-1"); ok {
			t.Error("K-1 is no key of the flow")
		}
	}
	for _, ref := range []connref.LogicalName{"contoso_bulk", "CONTOSO_BULK"} {
		if _, err := sol.Reference(ref); err != nil {
			t.Error(err)
		}
	}
}

// A file that was renamed without its entry is known by the id in its name.
func TestWorkflowOfARenamedFile(t *testing.T) {
	renamed := "Workflows/New-" + strings.ToUpper(intakeID) + ".json"
	sol := openFS(t, withCustomizations("<Workflows>"+
		workflowXML(intakeID, "Order intake", "/Workflows/Old-"+strings.ToUpper(intakeID)+".json")+
		"</Workflows>").with(renamed, flowJSON()))
	wantProblems(t, sol, "warning CR007 customizations.xml:4:12")
	if diff := cmp.Diff([]string{renamed + ": Order intake"}, flowsOf(sol)); diff != "" {
		t.Errorf("flows (-want +got):\n%s", diff)
	}
	for f := range sol.Flows() {
		if !f.Listed || !f.On {
			t.Errorf("the entry's metadata is lost: %+v", f.Workflow)
		}
	}
}
