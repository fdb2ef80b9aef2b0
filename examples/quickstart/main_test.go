package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestQuickstart(t *testing.T) {
	got, err := exec.Command("go", "run", ".", "../audit/sample/orders").Output()
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
