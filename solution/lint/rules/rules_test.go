package rules_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/linttest"
	"github.com/connref/connref/solution/lint/rules"
)

func TestRulesAreDeclared(t *testing.T) {
	all := rules.All()
	require.NoError(t, lint.Check(all...))
	byID := func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(all, byID) {
		t.Error("All isn't sorted by id")
	}
	families := map[string]string{"CR0xx": "files", "CR1xx": "flow", "CR2xx": "reference", "CR3xx": "solution"}
	for _, r := range all {
		if !r.Is(r.ID[:3]+"xx") || families[r.ID[:3]+"xx"] != r.Family {
			t.Errorf("%s is of the family %q", r, r.Family)
		}
		if want := "/README.md#" + strings.ToLower(strings.ReplaceAll(r.String(), " ", "-")); !strings.HasSuffix(r.URL, want) {
			t.Errorf("%s has the page %s, want one that ends in %s", r, r.URL, want)
		}
		if strings.HasSuffix(r.Title(), ".") || !strings.Contains(r.Doc, "\n\n") || r.Mend == "" || len(r.Sources) == 0 {
			t.Errorf("%s: want a title without a full stop, what it finds and why, how to mend it, and sources", r)
		}
	}
}

// Every rule has a case that fails, one that passes, and those that might be taken for either.
func TestCases(t *testing.T) {
	for _, r := range rules.All() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			dir := "testdata/" + r.ID
			passes, err := linttest.Load(dir + "/passes.txtar")
			require.NoError(t, err)
			if len(passes.Want) > 0 {
				t.Errorf("%s doesn't pass", passes.Path)
			}
			if !slices.Contains(withoutCases, r.ID) {
				fails, err := linttest.Load(dir + "/fails.txtar")
				require.NoError(t, err)
				if len(fails.Want) == 0 {
					t.Errorf("%s doesn't fail", fails.Path)
				}
			}
			linttest.Run(t, r, dir+"/*.txtar")
		})
	}
}

func TestGet(t *testing.T) {
	for _, id := range []string{"CR301", "cr301", "undeclared-reference", "Undeclared-Reference"} {
		if r, err := rules.Get(id); err != nil || r.ID != "CR301" {
			t.Errorf("Get(%q) = %v, %v", id, r, err)
		}
	}
	for _, id := range []string{"", "CR3xx", "CR999", "solution"} {
		if r, err := rules.Get(id); !errors.Is(err, connref.ErrNotFound) {
			t.Errorf("Get(%q) = %v, %v, want ErrNotFound", id, r, err)
		}
	}
}

// What only some teams want waits for their policy.
func TestDefault(t *testing.T) {
	in := lint.Input{Solutions: []*solution.Solution{orders()}}
	result, err := lint.Run(t.Context(), in, lint.Config{Rules: rules.Default()})
	require.NoError(t, err)
	var skipped []string
	for _, s := range result.Skipped {
		skipped = append(skipped, s.Rule.ID)
	}
	if diff := cmp.Diff([]string{"CR112", "CR211", "CR304", "CR308", "CR310", "CR311", "CR312"}, skipped); diff != "" {
		t.Errorf("skipped without policy, old version and complete set (-want +got):\n%s", diff)
	}
}

func TestValidate(t *testing.T) {
	findings, err := rules.Validate(t.Context(), orders())
	require.NoError(t, err)
	var got []string
	for _, d := range findings {
		if d.Severity == diag.Error {
			got = append(got, d.Rule)
		}
	}
	if diff := cmp.Diff([]string{"CR302"}, got); diff != "" { // what nobody adds becomes a missing dependency of Active
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if findings.Err() == nil {
		t.Error("Err answers nil for a list with an error")
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := rules.Validate(ctx, orders()); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want that of the context", err)
	}
}
