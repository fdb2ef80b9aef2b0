package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// page is where README.md can be read.
const page = "https://github.com/connref/connref/blob/main/solution/lint/rules/README.md"

// all are the rules, each with its place on the page.
var all = func() []*lint.Rule {
	list := slices.Concat(fileRules, flowRules, referenceRules, solutionRules)
	for _, r := range list {
		r.URL = page + "#" + strings.ToLower(r.ID) + "-" + r.Name
	}
	return list
}()

// All answers every rule, sorted by id.
func All() []*lint.Rule { return slices.Clone(all) }

// Default answers the rules that run unless somebody chooses: all of them today. Those that find what most teams want
// wait for a policy that says otherwise, those that compare for an old version, and say so by being skipped.
func Default() []*lint.Rule { return All() }

// Get answers the rule with an id, as in CR301, or a name, as in undeclared-reference; in any case. It fails with
// ErrNotFound.
func Get(id string) (*lint.Rule, error) {
	for _, r := range all {
		if connref.EqualFold(r.ID, id) || connref.EqualFold(r.Name, id) {
			return r, nil
		}
	}
	return nil, fmt.Errorf("rule %q: %w: no rule has that id or name", id, connref.ErrNotFound)
}

// Validate judges solutions as a set by the default rules, and answers what they find. It fails as lint.Run does, and
// where a rule is broken; then the findings of the others are there nevertheless.
func Validate(ctx context.Context, solutions ...*solution.Solution) (diag.List, error) {
	result, err := lint.Run(ctx, lint.Input{Solutions: solutions}, lint.Config{Rules: Default()})
	if err != nil {
		return nil, err
	}
	return result.Findings, result.Err()
}
