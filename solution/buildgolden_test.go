package solution_test

import (
	"flag"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

var update = flag.Bool("update", false, "write the files that are built into testdata")

// goldenFiles is what a Builder makes of a solution with something of everything: of each layout the files that the
// ones before don't have. Lines end in a line feed here and in carriage return and line feed there, and the last one
// has no end there; a byte order mark is spelled \ufeff. Definitions of flows and pictures are left out.
const goldenFiles = "testdata/built.txtar"

func TestBuiltBytes(t *testing.T) {
	archive := &txtar.Archive{}
	seen := tree{}
	for _, layout := range []solution.Layout{solution.LayoutZip, solution.LayoutUnpacked} {
		names, files := filesOf(t, build(t, orders(t, contoso()), layout))
		for _, name := range names {
			definition := strings.HasPrefix(name, "Workflows/") && path.Ext(name) == ".json"
			if seen[name] == files[name] || definition || path.Ext(name) == ".Png" {
				continue
			}
			seen[name] = files[name]
			text := strings.ReplaceAll(files[name], "\ufeff", `\ufeff`)
			if path.Ext(name) != ".csx" {
				text = strings.ReplaceAll(text, "\r\n", "\n") + "\n"
			}
			archive.Files = append(archive.Files, txtar.File{Name: layout.String() + "/" + name, Data: []byte(text)})
		}
	}
	got := txtar.Format(archive)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o777))
		require.NoError(t, os.WriteFile(goldenFiles, got, 0o666))
	}
	want, err := os.ReadFile(goldenFiles)
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("other files are built (-want +got); see the flag -update:\n%s", diff)
	}
}

// How files begin, how their lines end, and that the last line doesn't.
func TestBuiltSpelling(t *testing.T) {
	const bom, declared = "\ufeff", "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<"
	for _, layout := range builtLayouts {
		names, files := filesOf(t, build(t, orders(t, contoso()), layout))
		for _, name := range names {
			text := files[name]
			variable := strings.HasPrefix(name, "environmentvariabledefinitions/")
			want := ""
			switch {
			case name == "[Content_Types].xml":
				want = "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><Types "
			case path.Ext(name) == ".xml" && layout == solution.LayoutUnpacked && !variable:
				want = declared
			case path.Ext(name) == ".xml":
				want = "<"
			case strings.HasPrefix(name, "Workflows/") || path.Ext(name) != ".json":
				continue // the caller's
			}
			if !strings.HasPrefix(text, want) || want == "" && strings.HasPrefix(text, bom) {
				t.Errorf("%v: %s begins %.50q, want %q", layout, name, text, want)
			}
			if strings.Count(text, "\n") != strings.Count(text, "\r\n") || strings.HasSuffix(text, "\n") {
				t.Errorf("%v: %s has line feeds alone, or one at its end: %q", layout, name, text)
			}
		}
		if i := slices.Index(names, "[Content_Types].xml"); (i < 0) != (layout == solution.LayoutUnpacked) {
			t.Errorf("%v: [Content_Types].xml is at %d", layout, i)
		}
	}
}
