package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

var update = flag.Bool("update", false, "rewrite testdata")

// generated runs the program, and answers its status and what it wrote.
func generated(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	status = run(context.Background(), args, &out, &errs)
	return status, out.String(), errs.String()
}

func TestSample(t *testing.T) {
	status, got, stderr := generated(t)
	require.Zero(t, status, stderr)
	const golden = "testdata/sample.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o666))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

// TestLayouts writes every layout, and opens what was written as anybody would.
func TestLayouts(t *testing.T) {
	for layout, want := range layouts {
		path := filepath.Join(t.TempDir(), "out."+layout)
		status, _, stderr := generated(t, "-layout", layout, "-out", path, "tables.json")
		require.Zero(t, status, stderr)
		sol, err := solution.Open(t.Context(), path, nil)
		require.NoError(t, err)
		if sol.Layout() != want || len(sol.Problems()) > 0 {
			t.Errorf("%s: layout %s, problems %v", layout, sol.Layout(), sol.Problems())
		}
		var names []string
		for f := range sol.Flows() {
			names = append(names, f.Name)
		}
		if diff := cmp.Diff([]string{"Sync Accounts", "Sync Contacts", "Sync Orders"}, names); diff != "" {
			t.Errorf("%s: flows (-want +got):\n%s", layout, diff)
		}
	}
}

func TestFaults(t *testing.T) {
	dir := t.TempDir()
	list := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		return path
	}
	out := filepath.Join(dir, "out.zip")
	for name, c := range map[string]struct {
		args []string
		want string // in what is told
	}{
		"a table twice":     {[]string{"-out", out, list("twice", `[{"display":"A"},{"display":"A"}]`)}, "Sync A"},
		"no JSON":           {[]string{"-out", out, list("text", `accounts`)}, "array of objects"},
		"no list":           {[]string{"-out", out, filepath.Join(dir, "none")}, "none"},
		"no such layout":    {[]string{"-layout", "tar", "-out", out}, "zip, folder or unpacked"},
		"no such flag":      {[]string{"-format", "text"}, "-format"},
		"nowhere to write":  {[]string{"-out", filepath.Join(dir, "twice", "out.zip")}, "out.zip"},
		"a name of no flow": {[]string{"-out", out, list("long", `[{"display":"`+strings.Repeat("x", 200)+`"}]`)}, "name"},
	} {
		status, stdout, stderr := generated(t, c.args...)
		if status != 2 || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, stdout %q, stderr %q; want 2, nothing, and %q", name, status, stdout, stderr, c.want)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("something was written in spite of a fault")
	}
}
