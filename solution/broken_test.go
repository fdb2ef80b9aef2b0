package solution_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// checkProblems checks what holds for every problem: it names rule, severity, solution, and a place that exists.
func checkProblems(tb testing.TB, sol *solution.Solution) {
	tb.Helper()
	list := sol.Problems()
	for _, d := range list {
		switch {
		case d.Rule == "" || d.Name == "" || d.Severity < diag.Info || d.Severity > diag.Error:
			tb.Errorf("%v: rule %q, name %q, severity %s", d, d.Rule, d.Name, d.Severity)
		case d.Message == "" || strings.ContainsAny(d.Message, "\r\n"):
			tb.Errorf("%v: message %q isn't one line", d, d.Message)
		case d.Solution != sol.Path():
			tb.Errorf("%v: solution %q", d, d.Solution)
		case d.At.File == "" || d.Position.File != d.At.File:
			tb.Errorf("%v: place %v, position %v", d, d.At, d.Position)
		}
		if d.Position.Line == 0 {
			continue
		}
		file, err := sol.File(d.At.File)
		if err != nil {
			tb.Errorf("%v: has a line, but the file can't be read: %v", d, err)
			continue
		}
		span, text := d.At.Span, file.Text()
		if span.Start < 0 || span.Start > span.End || span.End > len(text) {
			tb.Errorf("%v: span %v of %d bytes", d, span, len(text))
			continue
		}
		if at := file.Position(span.Start); at.Line != d.Position.Line || at.Column != d.Position.Column {
			tb.Errorf("%v: position %v, but the span is at %v", d, d.Position, at)
		}
		if at := sol.Position(d.At); at.Line != 0 && (at.Line != d.Position.Line || at.Column != d.Position.Column) {
			tb.Errorf("%v: Position answers %v", d, at)
		}
	}
	sorted := slices.Clone(list)
	sorted.Sort()
	if diff := cmp.Diff(sorted, list); diff != "" {
		tb.Errorf("problems aren't sorted:\n%s", diff)
	}
}

// errorsIn answers the rules of the errors that a file has.
func errorsIn(sol *solution.Solution, name string) (rules []string) {
	for _, d := range sol.Problems() {
		if d.Severity == diag.Error && d.At.File == name {
			rules = append(rules, d.Rule)
		}
	}
	return rules
}

// Wherever a text ends too early, the solution opens, one error says where, and the bytes are carried.
func TestCutAnywhere(t *testing.T) {
	for _, test := range []struct {
		file string
		tree tree
		rule string
	}{
		{"solution.xml", packed, "CR003"},
		{"customizations.xml", packed, "CR003"},
		{agentSetFile, packed, "CR003"},
		{variableFile, packed, "CR003"},
		{valuesFile, packed, "CR003"},
		{intakeFile, packed, "CR122"},
		{intakeFile + ".data.xml", unpacked, "CR003"},
		{"Other/Solution.xml", unpacked, "CR003"},
		{"CanvasApps/contoso_counter_4be01.meta.xml", unpacked, "CR003"},
		{"Connectors/contoso_5FERP.xml", unpacked, "CR003"},
		{"manifest.json", legacy, "CR003"},
		{legacyFile, legacy, "CR122"},
	} {
		t.Run(test.file, func(t *testing.T) {
			text := test.tree[test.file]
			// Every place of the short ones, and of the long ones still every kind of place.
			for n := 0; n < len(text); n += 1 + len(text)/400 {
				if strings.HasPrefix("\ufeff", text[:n]) && n > 0 && n < 3 {
					continue // a part of a byte order mark is no text at all
				}
				sol := openFS(t, test.tree.with(test.file, text[:n]))
				checkProblems(t, sol)
				if diff := cmp.Diff([]string{test.rule}, errorsIn(sol, test.file)); diff != "" {
					t.Fatalf("the first %d bytes: errors (-want +got):\n%s%v", n, diff, sol.Problems())
				}
				if file, err := sol.File(test.file); err != nil || string(file.Bytes()) != text[:n] {
					t.Fatalf("the first %d bytes: File = %v", n, err)
				}
			}
		})
	}
}

// What stands before the break is read.
func TestCutKeepsWhatIsBefore(t *testing.T) {
	text := packed["customizations.xml"]
	sol := openFS(t, packed.with("customizations.xml", text[:strings.Index(text, "contoso_helper.shared_x.1")]))
	if n := len(slices.Collect(sol.References())); n != 2 {
		t.Errorf("%d references, want the 2 before the break", n)
	}
	if n := len(slices.Collect(sol.Workflows())); n != 2 {
		t.Errorf("%d workflows, want 2", n)
	}
}

func TestWrongEncoding(t *testing.T) {
	for _, test := range []struct {
		file string
		tree tree
	}{
		{"solution.xml", packed}, {"customizations.xml", packed}, {agentSetFile, packed}, {variableFile, packed},
		{valuesFile, packed}, {intakeFile, packed}, {digestFile + ".data.xml", unpacked}, {"manifest.json", legacy},
		{legacyFile, legacy},
	} {
		text := strings.TrimPrefix(test.tree[test.file], "\ufeff")
		for what, raw := range map[string]string{
			"latin-1":         text[:20] + "M\xfcller" + text[20:],
			"cut utf-16":      "\xff\xfe" + text[:1] + "\x00" + text[:1],
			"lone surrogates": "\xff\xfe\x00\xd8" + text[:1] + "\x00",
		} {
			sol := openFS(t, test.tree.with(test.file, raw))
			checkProblems(t, sol)
			if diff := cmp.Diff([]string{"CR002"}, errorsIn(sol, test.file)); diff != "" {
				t.Errorf("%s in %s: errors (-want +got):\n%s%v", test.file, what, diff, sol.Problems())
			}
			if file, err := sol.File(test.file); err != nil || string(file.Bytes()) != raw {
				t.Errorf("%s in %s: File = %v", test.file, what, err)
			}
		}
	}
	// A declaration that names another encoding than the file has.
	sol := openFS(t, packed.with("solution.xml", `<?xml version="1.0" encoding="windows-1252"?>`+packed["solution.xml"]))
	wantProblems(t, sol, "error CR003 solution.xml:1:1")
}

func TestForbiddenXML(t *testing.T) {
	for name, text := range map[string]string{
		"document type": `<!DOCTYPE a [<!ENTITY b "c">]>` + packed["solution.xml"],
		"two roots":     packed["solution.xml"] + packed["solution.xml"],
		"text behind":   packed["solution.xml"] + "x",
	} {
		sol := openFS(t, packed.with("solution.xml", text))
		checkProblems(t, sol)
		if diff := cmp.Diff([]string{"CR003"}, errorsIn(sol, "solution.xml")); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s", name, diff)
		}
	}
}

func TestRepeatedEntries(t *testing.T) {
	first := strings.Replace(solutionXML(), "1.4.0.0", "1.0.0.1", 1)
	for _, test := range []struct {
		second string
		want   string
	}{
		{"solution.xml", "error CR006 solution.xml"},
		{"Solution.XML", "error CR006 Solution.XML"},
		{"./solution.xml", "error CR006 solution.xml"},
		{`x\..\solution.xml`, "error CR006 solution.xml"},
	} {
		raw := pack("",
			entry{zip.FileHeader{Name: "customizations.xml"}, customizationsXML()},
			entry{zip.FileHeader{Name: "solution.xml"}, first},
			entry{zip.FileHeader{Name: test.second}, solutionXML()})
		sol := openZip(t, raw)
		checkProblems(t, sol)
		wantProblems(t, sol, test.want)
		if v := sol.Manifest().Version; v != "1.0.0.1" {
			t.Errorf("%s: version %s was read, want that of the first entry", test.second, v)
		}
		if file, err := sol.File("solution.xml"); err != nil || string(file.Bytes()) != first {
			t.Errorf("%s: File = %v, want the first entry", test.second, err)
		}
		var out bytes.Buffer
		require.NoError(t, sol.WriteZip(t.Context(), &out))
		if !bytes.Equal(out.Bytes(), raw) {
			t.Errorf("%s: the archive came out changed", test.second)
		}
		dir := t.TempDir()
		if err := writeDir(t, sol, dir); !errors.Is(err, connref.ErrDuplicate) || !strings.Contains(err.Error(), "olution.") {
			t.Errorf("%s: WriteDir: %v, want ErrDuplicate that names the file", test.second, err)
		}
		if have := read(t, dir); len(have) > 0 {
			t.Errorf("%s: WriteDir wrote %v before it failed", test.second, have.names())
		}
	}
}

// An entry that can't be unpacked is an error with its name; the rest is read.
func TestUnreadableEntries(t *testing.T) {
	var entries []entry
	for _, name := range packed.names() {
		entries = append(entries, entry{zip.FileHeader{Name: name, Method: zip.Deflate}, packed[name]})
	}
	raw := pack("", entries...)
	name := []byte(digestFile)
	data := bytes.Index(raw, name) + len(name)
	central := bytes.LastIndex(raw, name) - 46 // where the entry's central header begins
	for what, damage := range map[string]func([]byte){
		"checksum":       func(b []byte) { b[central+16] ^= 1 },
		"data":           func(b []byte) { b[data+9] ^= 0xff },
		"unknown method": func(b []byte) { b[central+10] = 99 },
		"encrypted":      func(b []byte) { b[central+8] |= 1; b[data+3] ^= 0xff },
		"offset":         func(b []byte) { b[central+42] ^= 0x55 },
	} {
		damaged := bytes.Clone(raw)
		damage(damaged)
		sol := openZip(t, damaged)
		checkProblems(t, sol)
		if diff := cmp.Diff([]string{"CR001"}, errorsIn(sol, digestFile)); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s%v", what, diff, sol.Problems())
		}
		if diff := cmp.Diff([]string{intakeFile + ": Order intake"}, flowsOf(sol)); diff != "" {
			t.Errorf("%s: flows (-want +got):\n%s", what, diff)
		}
		if _, err := sol.File(digestFile); err == nil || !strings.Contains(err.Error(), digestFile) {
			t.Errorf("%s: File: %v, want an error that names it", what, err)
		}
		var out bytes.Buffer
		if err := sol.WriteZip(t.Context(), &out); err != nil || !bytes.Equal(out.Bytes(), damaged) {
			t.Errorf("%s: the archive must come out as it is: %v", what, err)
		}
	}
}

// An empty file is one that breaks off at its start, and has that place.
func TestEmptyFiles(t *testing.T) {
	sol := openFS(t, tree{"solution.xml": "", "customizations.xml": "", "Workflows/x.json": ""})
	wantProblems(t, sol, "error CR122 Workflows/x.json:1:1", "error CR003 customizations.xml:1:1",
		"error CR003 solution.xml:1:1")
	checkProblems(t, sol)
}

func TestProblemsAreACopy(t *testing.T) {
	sol := openFS(t, withCustomizations().without("solution.xml"))
	sol.Problems()[0].At = source.Location{}
	checkProblems(t, sol)
}

// A document of something else is no document without findings.
func TestOtherRoots(t *testing.T) {
	const flow = "Workflows/Intake.json"
	sol := openFS(t, withCustomizations().join(tree{
		"customizations.xml":                             "<?xml version=\"1.0\"?>\n<Foo />",
		"Assets/botcomponent_connectionreferenceset.xml": "<bar />",
		flow: flowJSON("k c_a"),
	}))
	wantProblems(t, sol,
		"error CR003 Assets/botcomponent_connectionreferenceset.xml:1:2", "error CR003 customizations.xml:2:2")
}

// A file of nothing but faults isn't told fault by fault.
func TestProblemsAreBounded(t *testing.T) {
	var roots strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&roots, "<RootComponent type=\"29\" id=\"%d\" />\n", i)
	}
	sol := openFS(t, tree{
		"solution.xml":       solutionXML("<RootComponents>" + roots.String() + "</RootComponents>"),
		"customizations.xml": customizationsXML(),
	})
	if got := len(sol.Problems()); got != diag.MaxOfRule+1 {
		t.Errorf("%d problems, want %d", got, diag.MaxOfRule+1)
	}
}
