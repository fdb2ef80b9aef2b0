package rules_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/linttest"
	"github.com/connref/connref/solution/lint/rules"
)

// faulty are the files of a solution in which rules of every family find something.
func faulty() map[string]string {
	return exported(strings.Replace(mailFlow, `"connectionName":"mail"`, `"connectionName":"post"`, 1))
}

// foundIn is what all rules but those about spelling find in a solution.
func foundIn(t *testing.T, sol *solution.Solution) []string {
	t.Helper()
	list := foundBy(t, lint.Input{Solutions: []*solution.Solution{sol}})
	return slices.DeleteFunc(list, func(found string) bool { return strings.HasPrefix(found, "CR121 ") })
}

// Encodings and ends of lines change nothing of what other rules find.
func TestSpellings(t *testing.T) {
	lines := func(end string) map[string]string {
		files := faulty()
		for name, text := range files {
			files[name] = strings.NewReplacer("><", ">"+end+"<", `,"`, ","+end+`"`).Replace(text)
		}
		return files
	}
	want := foundIn(t, opened(t, lines("\n")))
	require.Contains(t, want, "CR101 /properties/definition/triggers/On mäil/inputs/host/connectionName "+
		"trigger On mäil names key post, which the flow doesn't declare")
	utf16 := faulty()
	for name, text := range utf16 {
		utf16[name] = inUTF16(binary.LittleEndian, text)
	}
	for spelling, files := range map[string]map[string]string{
		"one line": faulty(), "CRLF": lines("\r\n"), "UTF-16": utf16,
	} {
		if diff := cmp.Diff(want, foundIn(t, opened(t, files))); diff != "" {
			t.Errorf("%s: findings (-want +got):\n%s", spelling, diff)
		}
	}
}

// A fix of a file with CRLF keeps every end of a line.
func TestFixKeepsCRLF(t *testing.T) {
	files := exported(mailFlow)
	name := "customizations.xml"
	files[name] = strings.ReplaceAll(files[name], "><", ">\r\n<")
	in := lint.Input{Solutions: []*solution.Solution{opened(t, files)}}
	fixed, err := lint.Fix(t.Context(), in, lint.Config{Rules: rules.All(), Only: []string{"CR206"}})
	require.NoError(t, err)
	require.Len(t, fixed.Applied, 1)
	file, err := fixed.Solutions[0].File(name)
	require.NoError(t, err)
	text := string(file.Bytes())
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") || text == files[name] {
		t.Errorf("%s has ends of lines that aren't CRLF:\n%q", name, text)
	}
}

// Archives made by Windows tools have back-slashes in their names; SolutionPackager's folder is found in any case, and
// that of connectors beside it.
func TestNamesOfFiles(t *testing.T) {
	want := foundIn(t, opened(t, faulty()))
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	other := map[string]string{
		"Connectors/contoso_erp.xml": `<Connector><connectorid>no-guid</connectorid></Connector>`,
	}
	for name, text := range faulty() {
		entry, err := w.Create(strings.ReplaceAll(name, "/", `\`))
		require.NoError(t, err)
		_, err = entry.Write([]byte(text))
		require.NoError(t, err)
		if !strings.Contains(name, "/") {
			name = "other/" + strings.ToUpper(name[:1]) + name[1:]
		}
		other[name] = text
	}
	require.NoError(t, w.Close())
	windows, err := solution.OpenZip(t.Context(), bytes.NewReader(archive.Bytes()), int64(archive.Len()), nil)
	require.NoError(t, err)
	if diff := cmp.Diff(want, foundIn(t, windows)); diff != "" {
		t.Errorf("back-slashes: findings (-want +got):\n%s", diff)
	}
	want = append([]string{`CR009  connector id "no-guid" is no GUID`}, want...)
	if diff := cmp.Diff(want, foundIn(t, opened(t, other))); diff != "" {
		t.Errorf("other/: findings (-want +got):\n%s", diff)
	}
}

// What many real flows have is no error to any rule.
func TestNoErrors(t *testing.T) {
	for _, path := range []string{
		"CR101/parse-json", "CR103/parse-json", "CR107/several-references", "CR301/key-like-reference",
		"CR301/keys-of-one-reference", "CR316/managed", "CR008/file-name", "CR122/other-kinds", "CR308/agent-row",
	} {
		c, err := linttest.Load("testdata/" + path + ".txtar")
		require.NoError(t, err)
		result, err := lint.Run(t.Context(), c.Input, lint.Config{Rules: rules.All(), MinSeverity: diag.Error})
		require.NoError(t, err)
		if len(result.Findings) > 0 {
			t.Errorf("%s: errors: %v", path, result.Findings)
		}
	}
}
