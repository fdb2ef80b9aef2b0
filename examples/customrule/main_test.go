package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunBesideBuiltIn(t *testing.T) {
	var out bytes.Buffer
	err := run(t.Context(), []string{"../audit/sample"}, &out)
	require.ErrorContains(t, err, "[CR301") // the sample has one error
	for _, rule := range []string{"[team-name]", "[CR301"} {
		if !strings.Contains(out.String(), rule) {
			t.Errorf("no finding of %s:\n%s", rule, out.String())
		}
	}
	require.Error(t, run(t.Context(), []string{"missing.zip"}, &out))
}
