package solution_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/audit"
)

// corpus is the folder of real solutions that CONNREF_CORPUS names.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("CONNREF_CORPUS")
	if dir == "" {
		t.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	return dir
}

// knownErrors are the problems of severity error that real solutions have: rule and place, as "rule place".
var knownErrors = map[string]bool{}

// Every solution of the corpus opens without an error that isn't known, answers the same twice, and is written as it
// was read.
func TestCorpus(t *testing.T) {
	dir := corpus(t)
	var first, second []*solution.Solution
	zips := 0
	for place, err := range solution.Find(t.Context(), dir, nil) {
		if err != nil {
			if !errors.Is(err, solution.ErrLayout) { // which the corpus has, too
				t.Error(err)
			}
			continue
		}
		short := strings.TrimPrefix(place.Path, filepath.ToSlash(dir)+"/")
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		again, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		first, second = append(first, sol), append(second, again)
		checkProblems(t, sol)
		for _, d := range sol.Problems() {
			if d.Severity == diag.Error && !knownErrors[d.Rule+" "+short+"/"+d.At.File] {
				t.Errorf("%s: %v", short, d)
			}
		}

		if place.Layout == solution.LayoutZip || place.Layout == solution.LayoutFlowPackage && strings.HasSuffix(short,
			".zip") {
			var out bytes.Buffer
			require.NoError(t, sol.WriteZip(t.Context(), &out))
			if !strings.Contains(short, "!") {
				zips++
				raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(short)))
				require.NoError(t, err)
				if !bytes.Equal(raw, out.Bytes()) {
					t.Errorf("%s: WriteZip gives other bytes", short)
				}
			}
			reopened := openZip(t, out.Bytes())
			if diff := cmp.Diff(viewOf(sol), viewOf(reopened)); diff != "" {
				t.Errorf("%s: WriteZip gives another model (-before +after):\n%s", short, diff)
			}
		}

		out := t.TempDir()
		require.NoError(t, writeDir(t, sol, out), short)
		written := read(t, out)
		count := 0
		for range sol.Files() {
			count++
		}
		if count != len(written) {
			t.Errorf("%s: %d files were written, want %d", short, len(written), count)
		}
		from := os.DirFS(filepath.Join(dir, filepath.FromSlash(short)))
		for name, text := range written {
			if string(source.NewFile(name, []byte(text)).Bytes()) != text {
				t.Errorf("%s: %s isn't spelled back as it was read", short, name)
			}
			if place.Layout == solution.LayoutFolder || place.Layout == solution.LayoutUnpacked {
				if strings.Contains(short, "!") {
					continue
				}
				if raw, err := fs.ReadFile(from, name); err != nil || string(raw) != text {
					t.Errorf("%s: WriteDir gives other bytes in %s: %v", short, name, err)
				}
			}
		}
		require.NoError(t, os.RemoveAll(out)) // the corpus need not be there twice at the end
	}
	if diff := cmp.Diff(audit.New(first...), audit.New(second...)); diff != "" {
		t.Errorf("reading twice gives other audits:\n%s", diff)
	}
	t.Logf("%d solutions, %d zips byte for byte", len(first), zips)
}
