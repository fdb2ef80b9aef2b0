package examples_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// README.md shows the files of the custom rule as they are.
func TestREADMEShowsCustomRule(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	for _, name := range []string{
		"rule.go", "rule_test.go", "testdata/team-name-fails.txtar", "testdata/team-name-passes.txtar",
	} {
		text, err := os.ReadFile("customrule/" + name)
		require.NoError(t, err)
		if !strings.Contains(string(readme), "\n"+string(text)+"```") {
			t.Errorf("README.md doesn't show %s as it is", name)
		}
	}
}
