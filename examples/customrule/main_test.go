package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunBesideBuiltIn(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"../audit/sample/orders"}, &out))
	for _, rule := range []string{"[team-name]", "[CR3"} {
		if !strings.Contains(out.String(), rule) {
			t.Errorf("no finding of %s:\n%s", rule, out.String())
		}
	}
	require.Error(t, run(t.Context(), []string{"missing.zip"}, &out))
}

func TestREADMEShowsThisRule(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, name := range []string{
		"rule.go", "rule_test.go", "testdata/team-name-fails.txtar", "testdata/team-name-passes.txtar",
	} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if !strings.Contains(string(readme), "\n"+string(text)+"```") {
			t.Errorf("README.md doesn't show %s as it is", name)
		}
	}
}
