package report_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/report"
)

// holding is a solution that holds a file besides.
func holding(t *testing.T, name string, raw []byte) *solution.Solution {
	sol, err := solution.OpenFS(t.Context(), fstest.MapFS{
		"solution.xml": {Data: []byte(
			"<ImportExportXml><SolutionManifest><UniqueName>Orders</UniqueName></SolutionManifest></ImportExportXml>")},
		"customizations.xml": {Data: []byte("<ImportExportXml/>")},
		name:                 {Data: raw},
	}, nil)
	require.NoError(t, err)
	return sol
}

// marked answers a text without the marks [ and ], and what stands between them.
func marked(text string) (string, source.Span) {
	before, rest, _ := strings.Cut(text, "[")
	place, after, _ := strings.Cut(rest, "]")
	return before + place + after, source.Span{Start: len(before), End: len(before) + len(place)}
}

// findingAt is one finding at a place of a solution's file.
func findingAt(t *testing.T, sol *solution.Solution, name string, span source.Span) diag.Diagnostic {
	file, err := sol.File(name)
	require.NoError(t, err)
	return diag.Diagnostic{
		Rule: "T1", Severity: diag.Info, Message: "here", Solution: sol.Path(), At: file.At(span),
		Position: file.Position(span.Start), Fingerprint: strings.Repeat("0", 32),
	}
}

func textOf(t *testing.T, sol *solution.Solution, found ...diag.Diagnostic) string {
	var out bytes.Buffer
	require.NoError(t, report.WriteText(&out, report.Report{
		Result: lint.Result{Findings: found}, Solutions: []*solution.Solution{sol},
	}, nil))
	return out.String()
}

// excerptOf answers what text shows of a place in a file, from the mark [ to the mark ].
func excerptOf(t *testing.T, text string, encode func(string) []byte) string {
	text, span := marked(text)
	sol := holding(t, "note.txt", encode(text))
	_, excerpt, _ := strings.Cut(textOf(t, sol, findingAt(t, sol, "note.txt", span)), "\n")
	excerpt, _, _ = strings.Cut(excerpt, "0 errors")
	return excerpt
}

func asUTF8(text string) []byte { return []byte(text) }

func asUTF16(text string) []byte {
	raw := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = append(raw, byte(unit), byte(unit>>8))
	}
	return raw
}

func TestExcerpt(t *testing.T) {
	long, wide := strings.Repeat("0123456789", 20), strings.Repeat("字", 100)
	for name, test := range map[string]struct {
		text   string
		encode func(string) []byte
		want   string
	}{
		"a word":        {"one\nthe [word] here\n", asUTF8, "  2 | the word here\n    |     ^~~~\n"},
		"nothing":       {"one\nthe []word\n", asUTF8, "  2 | the word\n    |     ^\n"},
		"the end":       {"one\nthe word[]", asUTF8, "  2 | the word\n    |         ^\n"},
		"several lines": {"one\n<a [b\n c>] d", asUTF8, "  2 | <a b\n    |    ^\n"},
		"an element":    {"one\n[<a b=\"c\"><d>secret</d></a>] e", asUTF8, "  2 | <a b=\"c\">…\n    | ^~~~~~~~~\n"},
		"an object":     {"one\n\"a\": [{\"b\": \"secret\"}], 2", asUTF8, "  2 | \"a\": {…\n    |      ^\n"},
		"windows":       {"one\r\nthe [word]\r\n", asUTF8, "  2 | the word\n    |     ^~~~\n"},
		"indented":      {"\t\t  the [word]", asUTF8, "  1 | the word\n    |     ^~~~\n"},
		"a tab":         {"the\t[word]", asUTF8, "  1 | the word\n    |     ^~~~\n"},
		"wide runes":    {"注文 [受付] ok", asUTF8, "  1 | 注文 受付 ok\n    |      ^~~~\n"},
		"accents":       {"Ba\u0308cker [word]", asUTF8, "  1 | Ba\u0308cker word\n    |        ^~~~\n"},
		"old mac":       {"one\rthe [word]\rtwo", asUTF8, "  2 | the word\n    |     ^~~~\n"},
		"runes":         {"Bäckerei „[Öfen]“", asUTF8, "  1 | Bäckerei „Öfen“\n    |           ^~~~\n"},
		"utf-16":        {"Bäckerei „[Öfen]“", asUTF16, "  1 | Bäckerei „Öfen“\n    |           ^~~~\n"},
		"a long line": {"a " + long + "[word]" + long, asUTF8,
			"  1 | …" + long[170:] + "word" + long[:76] + "…\n    |" + strings.Repeat(" ", 32) + "^~~~\n"},
		"far in a line": {strings.Repeat(long, 100) + "[word]" + strings.Repeat(long, 100), asUTF8,
			"  1 | …" + long[170:] + "word" + long[:76] + "…\n    |" + strings.Repeat(" ", 32) + "^~~~\n"},
		"a wide line": {wide + "[注文]" + wide, asUTF8,
			"  1 | …" + wide[:45] + "注文" + wide[:114] + "…\n    |" + strings.Repeat(" ", 32) + "^~~~\n"},
		"a long place":   {"[" + long + "]", asUTF8, "  1 | " + long[:110] + "…\n    | ^" + strings.Repeat("~", 109) + "\n"},
		"an empty line":  {"one\n[]\n", asUTF8, "  2 | \n    | ^\n"},
		"long, at start": {"the [word] " + long, asUTF8, "  1 | the word " + long[:101] + "…\n    |     ^~~~\n"},
	} {
		if diff := cmp.Diff(test.want, excerptOf(t, test.text, test.encode)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A text that is another by now, and one that isn't there, are not shown.
func TestExcerptOfAnotherText(t *testing.T) {
	sol := holding(t, "note.txt", []byte("one\nthe word\n"))
	right := findingAt(t, sol, "note.txt", source.Span{Start: 8, End: 12})
	require.Contains(t, textOf(t, sol, right), "the word")
	for name, change := range map[string]func(*diag.Diagnostic){
		"line":     func(d *diag.Diagnostic) { d.Position.Line = 1 },
		"column":   func(d *diag.Diagnostic) { d.Position.Column = 2 },
		"end":      func(d *diag.Diagnostic) { d.At.Span.End = 99 },
		"start":    func(d *diag.Diagnostic) { d.At.Span = source.Span{Start: -9, End: 2} },
		"order":    func(d *diag.Diagnostic) { d.At.Span.End = 2 },
		"file":     func(d *diag.Diagnostic) { d.At.File = "other.txt" },
		"solution": func(d *diag.Diagnostic) { d.Solution = "other" },
	} {
		d := right
		change(&d)
		if text := textOf(t, sol, d); strings.Contains(text, "the word") || strings.Count(text, "\n") != 2 {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// Nothing out of a file or a rule can steer a terminal.
func TestHostileText(t *testing.T) {
	const evil = "a\x1b]0;title\x07\u202eb"
	sol := holding(t, "note"+evil, []byte(evil))
	rule := &lint.Rule{
		Name: "hostile", Doc: "It is hostile", Severity: diag.Error,
		Run: func(_ context.Context, p *lint.Pass) error {
			file, err := p.Solution.File("note" + evil)
			if err != nil {
				return err
			}
			span := source.Span{Start: 0, End: len(file.Text())}
			p.Report(lint.Finding{At: file.At(span), Message: evil, Fixes: []diag.Fix{{
				Message: evil, Changes: []source.Change{{File: file.Name(), Edits: []source.Edit{file.NewEdit(span, "b")}}},
			}}})
			return lint.Skip("%s", evil)
		},
	}
	in := lint.Input{Solutions: []*solution.Solution{sol}}
	result, err := lint.Run(t.Context(), in, lint.Config{Rules: []*lint.Rule{rule}})
	require.NoError(t, err)
	require.Len(t, result.Findings, 1)
	var out bytes.Buffer
	require.NoError(t, report.WriteText(&out, report.Report{Result: result, Solutions: []*solution.Solution{sol}}, nil))
	if strings.ContainsAny(out.String(), "\x1b\x07\u202e") {
		t.Errorf("control characters come through: %q", out.String())
	}
	if n := strings.Count(out.String(), "\n"); n != 6 {
		t.Errorf("%d lines, want 6:\n%s", n, out.String())
	}
}

func TestTextPlaces(t *testing.T) {
	for _, test := range []struct{ solution, file, want string }{
		{"./src/Orders", "Workflows/A.json", "src/Orders/Workflows/A.json:3:4: "},
		{"./out/Orders.zip", "Workflows/A.json", "out/Orders.zip!Workflows/A.json:3:4: "},
		{"out/All.zip!in/Orders.ZIP", "solution.xml", "out/All.zip!in/Orders.ZIP!solution.xml:3:4: "},
		{"out/All.zip!in/Orders", "solution.xml", "out/All.zip!in/Orders/solution.xml:3:4: "},
		{"out/Orders.zip", "", "out/Orders.zip: "},
		{".", "solution.xml", "solution.xml:3:4: "},
	} {
		d := diag.Diagnostic{
			Rule: "T1", Severity: diag.Info, Message: "here", Solution: test.solution, At: source.Location{File: test.file},
		}
		if test.file != "" {
			d.Position = source.Position{File: test.file, Line: 3, Column: 4}
		}
		var out bytes.Buffer
		require.NoError(t, report.WriteText(&out, report.Report{Result: lint.Result{Findings: diag.List{d}}}, nil))
		if got, _, _ := strings.Cut(out.String(), "info: "); got != test.want {
			t.Errorf("%s of %s is at %q, want %q", test.file, test.solution, got, test.want)
		}
	}
}
