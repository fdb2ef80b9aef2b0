package main

import (
	"testing"

	"github.com/connref/connref/solution/lint/linttest"
)

func TestTeamName(t *testing.T) { linttest.Run(t, teamName, "testdata/team-name-*.txtar") }
