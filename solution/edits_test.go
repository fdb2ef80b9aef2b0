package solution_test

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// madeWith makes the edits, which must give a solution without new problems and be undone to the byte.
func madeWith(tb testing.TB, sol *solution.Solution, edits solution.Edits) *solution.Solution {
	tb.Helper()
	changes, err := sol.Changes(edits)
	require.NoError(tb, err)
	after, err := sol.With(changes...)
	require.NoError(tb, err)
	rules := func(sol *solution.Solution) (list []string) {
		for _, d := range sol.Problems() {
			list = append(list, d.Rule+" "+d.At.File)
		}
		return list
	}
	if diff := cmp.Diff(rules(sol), rules(after)); diff != "" {
		tb.Errorf("problems (-before +after):\n%s", diff)
	}
	inverse, err := sol.Inverse(changes...)
	require.NoError(tb, err)
	undone, err := after.With(inverse...)
	require.NoError(tb, err)
	if diff := cmp.Diff(contents(tb, sol), contents(tb, undone)); diff != "" {
		tb.Errorf("files (-before +after the inverse):\n%s", diff)
	}
	return after
}

func contents(tb testing.TB, sol *solution.Solution) tree {
	tb.Helper()
	have := tree{}
	for name := range sol.Files() {
		have[name] = string(fileOf(tb, sol, name).Bytes())
	}
	return have
}

func fileOf(tb testing.TB, sol *solution.Solution, name string) *source.File {
	tb.Helper()
	file, err := sol.File(name)
	require.NoError(tb, err)
	return file
}

// mentions are the solution's that are wanted.
func mentions(sol *solution.Solution, want func(solution.Mention) bool) []solution.Mention {
	return slices.DeleteFunc(slices.Collect(sol.Mentions()), func(m solution.Mention) bool { return !want(m) })
}

func kind(k solution.MentionKind) func(solution.Mention) bool {
	return func(m solution.Mention) bool { return m.Kind == k }
}

// encodings are how a file may be spelled: a name and what makes it of LF text in UTF-8.
var encodings = map[string]func(string) string{
	"lf":         func(text string) string { return text },
	"crlf":       func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
	"crlf, mark": func(text string) string { return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n") },
	"utf-16le": func(text string) string {
		var b []byte
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			b = binary.LittleEndian.AppendUint16(b, unit)
		}
		return string(b)
	},
}

// list is a list of declarations; + stands for that of contoso_mail.
func list(names ...string) string {
	text := "  <connectionreferences>\n"
	for _, name := range names {
		if name == "+" {
			text += declaredMail
			continue
		}
		text += `    <connectionreference connectionreferencelogicalname="` + name + `">
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_sql</connectorid>
    </connectionreference>
`
	}
	return text + "  </connectionreferences>\n"
}

const declaredMail = `    <connectionreference connectionreferencelogicalname="contoso_mail">
      <connectionreferencedisplayname>Mail &amp; more</connectionreferencedisplayname>
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>
      <iscustomizable>1</iscustomizable>
      <statecode>0</statecode>
      <statuscode>1</statuscode>
    </connectionreference>
`

var contosoMail = connref.Reference{
	LogicalName: "contoso_mail", DisplayName: "Mail & more", Connector: "shared_office365",
}

func root(parts ...string) string {
	return "<ImportExportXml>\n" + strings.Join(parts, "") + "</ImportExportXml>"
}

const languages = "  <Languages>\n    <Language>1033</Language>\n  </Languages>\n"

// Declarations go where exports have them, laid out and spelled as the file is.
func TestDeclare(t *testing.T) {
	for name, test := range map[string]struct{ before, after string }{
		"sorted by character": {list("contoso_Sql", "contoso_sql"), list("contoso_Sql", "+", "contoso_sql")},
		"sorted, first":       {list("d", "e"), list("+", "d", "e")},
		"sorted, last":        {list("a"), list("a", "+")},
		"sorted but for case": {list("contoso_a", "CONTOSO_z"), list("contoso_a", "+", "CONTOSO_z")},
		"not sorted":          {list("z", "d"), list("z", "d", "+")},
		"empty tag":           {"  <connectionreferences />\n", list("+")},
		"nothing between":     {"  <connectionreferences></connectionreferences>\n", list("+")},
		"no list":             {"", list("+")},
	} {
		for encoding, spell := range encodings {
			t.Run(name+", "+encoding, func(t *testing.T) {
				const file = "Other/Customizations.xml"
				sol := openFS(t, tree{
					"Other/Solution.xml": spell(solutionXML()), file: spell(root(test.before, languages)),
				})
				sol = madeWith(t, sol, solution.Edits{Declare: []connref.Reference{contosoMail}})
				if diff := cmp.Diff(spell(root(test.after, languages)), contents(t, sol)[file]); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// An element that can't be where exports have it comes last, and a file on one line stays on one.
func TestDeclareElsewhere(t *testing.T) {
	oneLine := strings.NewReplacer("\n", "", "  ", "").Replace
	for name, test := range map[string]struct{ before, after string }{
		"no languages":               {root("  <Roles />\n"), root("  <Roles />\n", list("+"))},
		"nothing at all":             {"<ImportExportXml />", oneLine(root(list("+")))},
		"on one line":                {oneLine(root(list("a", "z"))), oneLine(root(list("a", "+", "z")))},
		"on one line, without any":   {oneLine(root(languages)), oneLine(root(list("+"), languages))},
		"one line of all that it is": {root(oneLine(list("a")), "\n"), root(oneLine(list("a", "+")), "\n")},
	} {
		t.Run(name, func(t *testing.T) {
			sol := openFS(t, tree{"solution.xml": solutionXML(), "customizations.xml": test.before})
			sol = madeWith(t, sol, solution.Edits{Declare: []connref.Reference{contosoMail}})
			if diff := cmp.Diff(test.after, fileOf(t, sol, "customizations.xml").Text()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, err := sol.Reference("contoso_mail"); err != nil {
				t.Error(err)
			}
		})
	}
}

// The children of a declaration are in alphabetical order; promptingbehavior is written where the file has it, or where
// it says something.
func TestDeclareAll(t *testing.T) {
	refs := []connref.Reference{
		{
			LogicalName: "contoso_erp", DisplayName: "ERP", Description: "two\nlines & <more>", CustomConnector: guid(t, erpID),
			Connector: "shared_contoso-5ferp-5f0123456789abcdef", Customizable: connref.No, State: 1,
		},
		{LogicalName: "Contoso_Mail", DisplayName: "Mail", Connector: "/providers/microsoft.powerapps/apis/shared_Office365"},
	}
	const want = `
    <connectionreference connectionreferencelogicalname="Contoso_Mail">
      <connectionreferencedisplayname>Mail</connectionreferencedisplayname>
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_Office365</connectorid>
      <iscustomizable>1</iscustomizable>
      <promptingbehavior>0</promptingbehavior>
      <statecode>0</statecode>
      <statuscode>1</statuscode>
    </connectionreference>
    <connectionreference connectionreferencelogicalname="contoso_erp">
      <connectionreferencedisplayname>ERP</connectionreferencedisplayname>
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_contoso-5ferp-5f0123456789abcdef</connectorid>
      <customconnectorid>
        <connectorid>` + erpID + `</connectorid>
      </customconnectorid>
      <description>two
lines &amp; &lt;more&gt;</description>
      <iscustomizable>0</iscustomizable>
      <promptingbehavior>0</promptingbehavior>
      <statecode>1</statecode>
      <statuscode>2</statuscode>
    </connectionreference>`
	asks := "      <promptingbehavior>0</promptingbehavior>\n"
	others := strings.Replace(list("contoso_sql"), "    </connectionreference>", asks+"    </connectionreference>", 1)
	for _, asked := range []bool{true, false} {
		before := others
		if !asked {
			before = strings.ReplaceAll(before, asks, "")
		}
		sol := openFS(t, tree{"solution.xml": solutionXML(), "customizations.xml": root(before, languages)})
		sol = madeWith(t, sol, solution.Edits{Declare: refs})
		wanted := strings.Replace(root(others, languages), "<connectionreferences>", "<connectionreferences>"+want, 1)
		if !asked {
			wanted = strings.ReplaceAll(wanted, asks, "")
		}
		if diff := cmp.Diff(wanted, fileOf(t, sol, "customizations.xml").Text()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	refs[1].Prompting = connref.SkipPrompt
	sol := madeWith(t, openFS(t, withCustomizations()), solution.Edits{Declare: refs[1:]})
	if ref, err := sol.Reference("contoso_mail"); err != nil || ref.Prompting != connref.SkipPrompt {
		t.Errorf("a reference that isn't to be asked for is %+v, %v", ref, err)
	}
}

// Of declarations, those that are dropped leave nothing behind; without any, exports have no list.
func TestDropDeclarations(t *testing.T) {
	before := list("a", "b", "z")
	for name, test := range map[string]struct {
		drop    []connref.LogicalName
		declare []connref.Reference
		after   string
	}{
		"first":                    {drop: []connref.LogicalName{"A"}, after: list("b", "z")},
		"last":                     {drop: []connref.LogicalName{"z"}, after: list("a", "b")},
		"neighbours":               {drop: []connref.LogicalName{"b", "a"}, after: list("z")},
		"all":                      {drop: []connref.LogicalName{"a", "b", "z"}, after: ""},
		"all, and one comes":       {[]connref.LogicalName{"a", "b", "z"}, []connref.Reference{contosoMail}, list("+")},
		"the one behind that goes": {[]connref.LogicalName{"z"}, []connref.Reference{contosoMail}, list("a", "b", "+")},
		"the one before that goes": {[]connref.LogicalName{"b"}, []connref.Reference{contosoMail}, list("a", "+", "z")},
	} {
		t.Run(name, func(t *testing.T) {
			sol := openFS(t, tree{"solution.xml": solutionXML(), "customizations.xml": root(before, languages)})
			drop := mentions(sol, func(m solution.Mention) bool { return slices.ContainsFunc(test.drop, m.Reference.Equal) })
			sol = madeWith(t, sol, solution.Edits{Drop: drop, Declare: test.declare})
			if diff := cmp.Diff(root(test.after, languages), fileOf(t, sol, "customizations.xml").Text()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// dependency is a missing dependency of flow Order intake on a reference.
func dependency(name string) solution.MissingDependency {
	return solution.MissingDependency{
		Required:  solution.RequiredReference(connref.LogicalName(name), "Base (1.0.0.0)"),
		Dependent: solution.Component{Type: "29", DisplayName: "Order intake", ID: "{" + intakeID + "}"},
	}
}

func missing(names ...string) string {
	text := "    <MissingDependencies>\n"
	for _, name := range names {
		text += `      <MissingDependency>
        <Required type="connectionreference" displayName="` + name + `" solution="Base (1.0.0.0)" ` +
			`id.connectionreferencelogicalname="` + name + `" />
        <Dependent type="29" displayName="Order intake" id="{` + intakeID + `}" />
      </MissingDependency>
`
	}
	return text + "    </MissingDependencies>"
}

func TestMissingDependencies(t *testing.T) {
	for name, test := range map[string]struct {
		before, after string
		drop, require []string
	}{
		"behind the last":      {before: missing("a"), require: []string{"b", "c"}, after: missing("a", "b", "c")},
		"empty tag":            {before: "    <MissingDependencies />", require: []string{"a"}, after: missing("a")},
		"no element":           {before: managedXML, require: []string{"a"}, after: managedXML + "\n" + missing("a")},
		"drop one":             {before: missing("a", "b"), drop: []string{"a"}, after: missing("b")},
		"drop all":             {before: missing("a", "b"), drop: []string{"a", "b"}, after: "    <MissingDependencies />"},
		"drop all and add one": {missing("a", "b"), missing("c"), []string{"b", "a"}, []string{"c"}},
	} {
		for encoding, spell := range encodings {
			t.Run(name+", "+encoding, func(t *testing.T) {
				const file = "Other/Solution.xml"
				sol := openFS(t, tree{
					file: spell(solutionXML(test.before)), "Other/Customizations.xml": spell(customizationsXML()),
				})
				var required []solution.MissingDependency
				for _, name := range test.require {
					required = append(required, dependency(name))
				}
				drop := mentions(sol, func(m solution.Mention) bool { return slices.Contains(test.drop, string(m.Reference)) })
				sol = madeWith(t, sol, solution.Edits{Drop: drop, Require: required})
				if diff := cmp.Diff(spell(solutionXML(test.after)), contents(t, sol)[file]); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// Either side of a missing dependency stands for all of it. A component's attributes come in the order that exports
// have.
func TestMissingDependencySides(t *testing.T) {
	sol := openFS(t, withManifest(`<MissingDependencies></MissingDependencies>`))
	sol = madeWith(t, sol, solution.Edits{Require: []solution.MissingDependency{{
		Required: solution.Component{
			Type: "372", SchemaName: "c_erp", DisplayName: `"ERP"`, ID: "{" + erpID + "}", Solution: "Active",
		},
		Dependent: solution.RequiredReference("c_mail", ""),
	}, {
		Required:  solution.RequiredReference("c_mail", "Active"),
		Dependent: solution.DependentFlow(solution.Workflow{Name: "By hand"}),
	}}})
	text := fileOf(t, sol, "solution.xml").Text()
	for _, want := range []string{
		`<Required type="372" schemaName="c_erp" displayName="&quot;ERP&quot;" solution="Active" id="{` + erpID + `}" />`,
		`<Dependent type="connectionreference" displayName="c_mail" id.connectionreferencelogicalname="c_mail" />`,
		`<Dependent type="29" displayName="By hand" />`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s isn't in\n%s", want, text)
		}
	}
	sol = madeWith(t, sol, solution.Edits{Drop: mentions(sol, kind(solution.MentionDependent))})
	if len(sol.Manifest().MissingDependencies) != 1 || sol.StateOf("c_mail") != solution.External {
		t.Errorf("missing dependencies = %+v", sol.Manifest().MissingDependencies)
	}
}

func TestDropAgentRows(t *testing.T) {
	for name, test := range map[string]struct {
		drop []string
		want string
	}{
		"one":     {[]string{"b"}, agentSet(row("t", "a"), row("t", "c"))},
		"several": {[]string{"c", "a"}, agentSet(row("t", "b"))},
		"all":     {[]string{"a", "b", "c"}, "<botcomponent_connectionreferenceset />"},
	} {
		t.Run(name, func(t *testing.T) {
			sol := openFS(t, withCustomizations().with(agentSetFile, agentSet(row("t", "a"), row("t", "b"), row("t", "c"))))
			drop := mentions(sol, func(m solution.Mention) bool { return slices.Contains(test.drop, string(m.Reference)) })
			sol = madeWith(t, sol, solution.Edits{Drop: drop})
			if diff := cmp.Diff(test.want, fileOf(t, sol, agentSetFile).Text()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every mention can be spelled anew, in all files at once: here two references change places.
func TestRenameMentions(t *testing.T) {
	swap := map[connref.LogicalName]connref.LogicalName{"contoso_mail": "contoso_bulk", "contoso_bulk": "contoso_mail"}
	for _, before := range []*solution.Solution{openZip(t, packed.zip()), openFS(t, unpacked)} {
		var edits solution.Edits
		var want []string
		for m := range before.Mentions() {
			name := m.Reference
			if to := swap[m.Reference.Fold()]; to != "" {
				edits.Rename = append(edits.Rename, solution.Renaming{Mention: m, To: to})
				name = to
			}
			want = append(want, string(name)+" in "+m.At.File)
		}
		var got []string
		for m := range madeWith(t, before, edits).Mentions() {
			got = append(got, string(m.Reference)+" in "+m.At.File)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: mentions (-want +got):\n%s", before.Layout(), diff)
		}
	}
}

// All that can't be done is told at once, and nothing is done then.
func TestChangesRefuse(t *testing.T) {
	sol := openFS(t, packed)
	renamed := madeWith(t, sol, solution.Edits{Rename: []solution.Renaming{{
		Mention: mentions(sol, kind(solution.MentionDeclaration))[0], To: "contoso_mailbox",
	}}})
	row := mentions(sol, kind(solution.MentionAgentRow))[0]
	declared := mentions(sol, kind(solution.MentionDeclaration))
	long := strings.Repeat("x", connref.MaxDescription+1)
	declare := func(names ...connref.LogicalName) (edits solution.Edits) {
		for _, name := range names {
			edits.Declare = append(edits.Declare, connref.Reference{LogicalName: name, DisplayName: "m", Connector: "shared_x"})
		}
		return edits
	}
	rename := func(m solution.Mention, to connref.LogicalName) solution.Edits {
		return solution.Edits{Rename: []solution.Renaming{{Mention: m, To: to}}}
	}
	update := func(refs ...connref.Reference) solution.Edits { return solution.Edits{Update: refs} }
	mail, err := sol.Reference("contoso_mail")
	require.NoError(t, err)
	with := func(change func(*connref.Reference)) solution.Edits {
		ref := mail
		change(&ref)
		return update(ref)
	}
	needs := func(name string) solution.Edits {
		return solution.Edits{Require: []solution.MissingDependency{dependency(name)}}
	}
	declaration, binding := solution.MentionDeclaration, solution.MentionBinding
	drop := func(k solution.MentionKind) solution.Edits { return solution.Edits{Drop: mentions(sol, kind(k))} }
	several := declare("contoso_mail")
	several.Rename = rename(row, "a b").Rename
	several.Drop = []solution.Mention{{Kind: solution.MentionAgentRow}}
	broken := openFS(t, packed.with("customizations.xml", "<ImportExportXml><a></b>"))
	for label, test := range map[string]struct {
		sol   *solution.Solution
		edits solution.Edits
		want  error
		says  string
	}{
		"a name that is none":          {sol, rename(row, "a b"), connref.ErrInvalid, `"a b"`},
		"a mention of another version": {renamed, rename(declared[1], "x"), connref.ErrNotFound, "mention of contoso_bulk"},
		"a part of another version":    {renamed, drop(declaration), connref.ErrNotFound, "mention of contoso_mail"},
		"drop a binding":               {sol, drop(binding), connref.ErrInvalid, "drop binding of contoso_mail"},
		"declare what is declared":     {sol, declare("Contoso_MAIL"), connref.ErrDuplicate, "declare Contoso_MAIL"},
		"declare twice":                {sol, declare("b", "Z", "B"), connref.ErrDuplicate, "declare b"},
		"declare what is no reference": {sol, declare(""), connref.ErrInvalid, "logical name"},
		"update what isn't declared": {
			sol, update(connref.Reference{LogicalName: "Common_Files"}), connref.ErrNotFound, `"common_files"`,
		},
		"update what stands elsewhere": {
			sol, with(func(r *connref.Reference) { r.At.Span.Start++ }), connref.ErrNotFound, `"contoso_mail"`,
		},
		"update twice": {sol, update(mail, mail), connref.ErrDuplicate, "update contoso_mail"},
		"no display name": {
			sol, with(func(r *connref.Reference) { r.DisplayName = "" }), connref.ErrInvalid, "display name",
		},
		"long description": {
			sol, with(func(r *connref.Reference) { r.Description = long }), connref.ErrInvalid, "description",
		},
		"no connector": {
			sol, with(func(r *connref.Reference) { r.Connector = "" }), connref.ErrInvalid, "connector",
		},
		"a connection": {
			sol, with(func(r *connref.Reference) { r.Connection = "7c1e" }), connref.ErrInvalid, `connection "7c1e"`,
		},
		"a prompting that is none": {
			sol, with(func(r *connref.Reference) { r.Prompting = 2 }), connref.ErrInvalid, "prompting",
		},
		"a status of another state": {
			sol, with(func(r *connref.Reference) { r.State, r.Status = 1, 1 }), connref.ErrInvalid, "status",
		},
		"text that XML can't spell": {
			sol, with(func(r *connref.Reference) { r.DisplayName = "\x00" }), connref.ErrInvalid, "XML",
		},
		"a dependency that XML can't spell": {sol, needs("\x00"), connref.ErrInvalid, "XML"},
		"several, of which this":            {sol, several, connref.ErrInvalid, `"a b"`},
		"and this":                          {sol, several, connref.ErrDuplicate, "declare contoso_mail"},
		"and this at once":                  {sol, several, connref.ErrNotFound, "no mention"},
		"declare in a flow package":         {openFS(t, legacy), declare("x"), solution.ErrLayout, "flow package"},
		"dependency of a flow package":      {openFS(t, legacy), needs("x"), solution.ErrLayout, "flow package"},
		"no customizations.xml": {
			openFS(t, packed.without("customizations.xml")), declare("x"), connref.ErrNotFound, "customizations.xml",
		},
		"a broken customizations.xml": {broken, declare("x"), source.ErrInvalid, "customizations.xml"},
		"no solution.xml": {
			openFS(t, packed.without("solution.xml")), needs("x"), connref.ErrNotFound, "solution.xml",
		},
		"no manifest": {
			openFS(t, packed.with("solution.xml", "<ImportExportXml />")), needs("x"), connref.ErrNotFound, "manifest",
		},
	} {
		t.Run(label, func(t *testing.T) {
			changes, err := test.sol.Changes(test.edits)
			if changes != nil || !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Changes answers %v, %v; want nothing, %v and a word of %s", changes, err, test.want, test.says)
			}
		})
	}
}

// Nothing is made of nothing.
func TestChangesOfNothing(t *testing.T) {
	for _, sol := range []*solution.Solution{openFS(t, packed), openFS(t, legacy)} {
		if after := madeWith(t, sol, solution.Edits{}); after != sol {
			t.Errorf("%v: another solution", sol.Layout())
		}
	}
}
