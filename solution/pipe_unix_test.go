//go:build unix

package solution_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

// A pipe in a folder would be waited for without end.
func TestPipeInAFolder(t *testing.T) {
	dir := packed.without("solution.xml").dir(t)
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "solution.xml"), 0o666))
	sol, err := solution.Open(t.Context(), dir, nil)
	require.NoError(t, err)
	wantProblems(t, sol, "error CR001 solution.xml")
}
