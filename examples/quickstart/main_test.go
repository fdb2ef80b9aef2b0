package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestQuickstart(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	require.NoError(t, err)
	args, stdout := os.Args, os.Stdout
	os.Args, os.Stdout = []string{"quickstart", "../audit/sample/orders"}, out
	main()
	os.Args, os.Stdout = args, stdout
	require.NoError(t, out.Close())

	got, err := os.ReadFile(out.Name())
	require.NoError(t, err)
	want, err := os.ReadFile("testdata/orders.txt")
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}

// TestREADMEShowsThisProgram keeps the README's program one that compiles and runs.
func TestREADMEShowsThisProgram(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	program, err := os.ReadFile("main.go")
	require.NoError(t, err)
	_, body, found := strings.Cut(string(program), "package main\n")
	require.True(t, found)
	_, shown, found := strings.Cut(string(readme), "```go\npackage main\n")
	require.True(t, found, "README.md shows no program")
	shown, _, _ = strings.Cut(shown, "```")
	if diff := cmp.Diff(body, shown); diff != "" {
		t.Errorf("main.go (-), README.md (+):\n%s", diff)
	}
}
