package lint_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// edited is the solution with a text replaced in each file of that beginning.
func edited(t *testing.T, sol *solution.Solution, file, old, to string) *solution.Solution {
	for name := range sol.Files() {
		if !strings.HasPrefix(name, file) {
			continue
		}
		f, err := sol.File(name)
		require.NoError(t, err)
		i := strings.Index(f.Text(), old)
		require.GreaterOrEqual(t, i, 0, "%s has no %q", name, old)
		edit := f.NewEdit(source.Span{Start: i, End: i + len(old)}, to)
		sol, err = sol.With(source.Change{File: name, Edits: []source.Edit{edit}})
		require.NoError(t, err)
	}
	return sol
}

func TestBaseline(t *testing.T) {
	sol := build(t, "Orders", "Daily", "Weekly")
	rules := config(everyKey, everyReference)
	before := run(t, input(sol), rules)
	var text bytes.Buffer
	require.NoError(t, before.Baseline().Write(&text))
	baseline, err := lint.ReadBaseline(&text)
	require.NoError(t, err)
	rules.Baseline = baseline

	t.Run("nothing changed", func(t *testing.T) {
		after := run(t, input(sol), rules)
		if len(after.Findings)+len(after.Stale) > 0 || len(after.Accepted) != len(before.Findings) {
			t.Errorf("found %v, stale %v, accepted %d of %d", after.Findings, after.Stale, len(after.Accepted), len(before.Findings))
		}
	})
	t.Run("edits elsewhere", func(t *testing.T) {
		moved := edited(t, sol, "Workflows/", `"actions"`, "\n\n\"actions\"")
		moved = edited(t, moved, "Workflows/", `"properties"`, "\n  \"properties\"")
		moved = edited(t, moved, "customizations.xml", "<connectionreferences>", "<!-- new -->\r\n<connectionreferences>\n")
		moved = edited(t, moved, "customizations.xml", ">SQL<", ">Orders<")
		after := run(t, input(moved), rules)
		if len(after.Findings)+len(after.Stale) > 0 {
			t.Errorf("found %v, stale %v", after.Findings, after.Stale)
		}
	})
	t.Run("one is new and one is gone", func(t *testing.T) {
		after := run(t, input(edited(t, sol, "Workflows/Daily", `"sql": {`, `"orders": {`)), rules)
		fresh := []string{"T101 warning Workflows/Daily: key orders of flow Daily"}
		if diff := cmp.Diff(fresh, told(after.Findings)); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
		require.Len(t, after.Stale, 1)
		want := lint.Entry{
			Fingerprint: after.Stale[0].Fingerprint, Rule: "T101", Solution: "Orders",
			File: after.Stale[0].File, Message: "key sql of flow Daily",
		}
		if diff := cmp.Diff(want, after.Stale[0]); diff != "" {
			t.Errorf("stale (-want +got):\n%s", diff)
		}
	})
	t.Run("what the config leaves out is not stale", func(t *testing.T) {
		c := rules
		c.MinSeverity, c.Exclusions = diag.Error, []lint.Exclusion{{File: "*"}, {File: "*/*"}}
		if after := run(t, input(sol), c); len(after.Stale)+len(after.Findings)+len(after.LeftOut) > 0 {
			t.Errorf("stale %v, found %v, left out %v", after.Stale, after.Findings, after.LeftOut)
		}
		c.Baseline = &lint.Baseline{}
		if after := run(t, input(sol), c); len(after.LeftOut) != len(before.Findings) {
			t.Errorf("%d left out, want all %d", len(after.LeftOut), len(before.Findings))
		}
	})
	t.Run("a rule that doesn't run has no stale entries", func(t *testing.T) {
		c := rules
		c.Only = []string{"every-key"}
		if after := run(t, input(sol), c); len(after.Stale) > 0 {
			t.Errorf("stale: %v", after.Stale)
		}
	})
	t.Run("a rule that there isn't any more has stale entries", func(t *testing.T) {
		c := config(everyKey)
		c.Baseline = baseline
		after := run(t, input(sol), c)
		if len(after.Stale) != 2 || after.Stale[0].Rule != "T201" {
			t.Errorf("stale: %v, want those of T201", after.Stale)
		}
	})
	t.Run("accepting what one rule finds keeps the others", func(t *testing.T) {
		c := rules
		c.Only = []string{"every-key"}
		if got := run(t, input(sol), c).Baseline(); len(got.Entries) != len(baseline.Entries) {
			t.Errorf("%d entries, want %d", len(got.Entries), len(baseline.Entries))
		}
	})
	t.Run("a solution that isn't judged has no stale entries", func(t *testing.T) {
		if after := run(t, input(build(t, "Stock", "Daily")), rules); len(after.Stale) > 0 || len(after.Accepted) > 0 {
			t.Errorf("stale %v, accepted %v", after.Stale, after.Accepted)
		}
	})
	t.Run("what was accepted stays so in the next baseline", func(t *testing.T) {
		after := run(t, input(sol), rules)
		if diff := cmp.Diff(baseline, after.Baseline()); diff != "" {
			t.Errorf("baseline (-want +got):\n%s", diff)
		}
	})
}

func TestBaselineFaults(t *testing.T) {
	for name, text := range map[string]string{
		"no json":        `[`,
		"unknown member": `{"schemaVersion": "1", "finding": []}`,
		"version":        `{"schemaVersion": "2", "findings": []}`,
		"no findings":    `{"schemaVersion": "1"}`,
		"garbage behind": `{"schemaVersion": "1", "findings": []} x`,
		"no fingerprint": `{"schemaVersion": "1", "findings": [{"rule": "T101"}]}`,
	} {
		if _, err := lint.ReadBaseline(strings.NewReader(text)); !errors.Is(err, connref.ErrInvalid) {
			t.Errorf("%s: err = %v, want ErrInvalid", name, err)
		}
	}
}

func TestEmptyBaseline(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, (&lint.Baseline{}).Write(&text))
	if diff := cmp.Diff("{\n  \"schemaVersion\": \"1\",\n  \"findings\": []\n}\n", text.String()); diff != "" {
		t.Errorf("baseline (-want +got):\n%s", diff)
	}
}
