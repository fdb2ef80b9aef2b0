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

// excerptOf answers what text shows of a place in a file, from the mark [ to the mark ].
func excerptOf(t *testing.T, marked string, encode func(string) []byte) string {
	start := strings.Index(marked, "[")
	text := strings.Replace(marked, "[", "", 1)
	end := strings.Index(text, "]")
	text = strings.Replace(text, "]", "", 1)
	sol, err := solution.OpenFS(t.Context(), fstest.MapFS{
		"solution.xml":       {Data: []byte("<ImportExportXml><SolutionManifest><UniqueName>Orders</UniqueName></SolutionManifest></ImportExportXml>")},
		"customizations.xml": {Data: []byte("<ImportExportXml/>")},
		"note.txt":           {Data: encode(text)},
	}, nil)
	require.NoError(t, err)
	file, err := sol.File("note.txt")
	require.NoError(t, err)
	at := file.At(source.Span{Start: start, End: end})
	found := diag.Diagnostic{
		Rule: "T1", Severity: diag.Info, Message: "here", Solution: sol.Path(), At: at, Position: file.Position(start),
	}
	var out bytes.Buffer
	require.NoError(t, report.WriteText(&out, report.Report{
		Result: lint.Result{Findings: diag.List{found}}, Solutions: []*solution.Solution{sol},
	}, nil))
	_, excerpt, _ := strings.Cut(out.String(), "\n")
	excerpt, _, _ = strings.Cut(excerpt, "0 errors")
	return excerpt
}

func TestExcerpt(t *testing.T) {
	utf8 := func(text string) []byte { return []byte(text) }
	withUTF16 := func(text string) []byte {
		raw := []byte{0xff, 0xfe}
		for _, unit := range utf16.Encode([]rune(text)) {
			raw = append(raw, byte(unit), byte(unit>>8))
		}
		return raw
	}
	long := strings.Repeat("0123456789", 20)
	for name, test := range map[string]struct {
		text   string
		encode func(string) []byte
		want   string
	}{
		"a word":         {"one\nthe [word] here\n", utf8, "  2 | the word here\n    |     ^~~~\n"},
		"nothing":        {"one\nthe []word\n", utf8, "  2 | the word\n    |     ^\n"},
		"the end":        {"one\nthe word[]", utf8, "  2 | the word\n    |         ^\n"},
		"several lines":  {"one\n<a [b\n c>] d", utf8, "  2 | <a b\n    |    ^\n"},
		"windows":        {"one\r\nthe [word]\r\n", utf8, "  2 | the word\n    |     ^~~~\n"},
		"indented":       {"\t\t  the [word]", utf8, "  1 | the word\n    |     ^~~~\n"},
		"a tab":          {"the\t[word]", utf8, "  1 | the word\n    |     ^~~~\n"},
		"runes":          {"Bäckerei „[Öfen]“", utf8, "  1 | Bäckerei „Öfen“\n    |           ^~~~\n"},
		"utf-16":         {"Bäckerei „[Öfen]“", withUTF16, "  1 | Bäckerei „Öfen“\n    |           ^~~~\n"},
		"a long line":    {"a " + long + "[word]" + long, utf8, "  1 | …" + long[170:] + "word" + long[:76] + "…\n    |" + strings.Repeat(" ", 32) + "^~~~\n"},
		"a long place":   {"[" + long + "]", utf8, "  1 | " + long[:110] + "…\n    | ^" + strings.Repeat("~", 109) + "\n"},
		"an empty line":  {"one\n[]\n", utf8, "  2 | \n    | ^\n"},
		"long, at start": {"the [word] " + long, utf8, "  1 | the word " + long[:101] + "…\n    |     ^~~~\n"},
	} {
		if diff := cmp.Diff(test.want, excerptOf(t, test.text, test.encode)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Nothing out of a file or a rule can steer a terminal.
func TestHostileText(t *testing.T) {
	const evil = "a\x1b]0;title\x07\u202eb"
	sol, err := solution.OpenFS(t.Context(), fstest.MapFS{
		"solution.xml":       {Data: []byte("<ImportExportXml><SolutionManifest><UniqueName>Orders</UniqueName></SolutionManifest></ImportExportXml>")},
		"customizations.xml": {Data: []byte("<ImportExportXml/>")},
		"note" + evil:        {Data: []byte(evil)},
	}, nil)
	require.NoError(t, err)
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
	result, err := lint.Run(t.Context(), lint.Input{Solutions: []*solution.Solution{sol}}, lint.Config{Rules: []*lint.Rule{rule}})
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
