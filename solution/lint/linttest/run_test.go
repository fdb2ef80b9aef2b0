package linttest_test

import (
	"testing"

	"github.com/connref/connref/solution/lint/linttest"
)

func TestRun(t *testing.T) { linttest.Run(t, dangling, "testdata/first.txtar") }
