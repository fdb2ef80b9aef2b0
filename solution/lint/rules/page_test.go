package rules_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/linttest"
	"github.com/connref/connref/solution/lint/rules"
)

// README.md is the page of all rules. It is made of the rules and of the first failing case of each, which is run.
func TestPage(t *testing.T) {
	page := newPage(t)
	if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
		require.NoError(t, os.WriteFile("README.md", []byte(page), 0o666))
	}
	have, err := os.ReadFile("README.md")
	require.NoError(t, err)
	if diff := cmp.Diff(page, string(have)); diff != "" {
		t.Errorf("README.md isn't what the rules say: run go test -update here (-want +got):\n%s", diff)
	}
}

const pageHead = `# The rules

<!-- Made by go test -run TestPage -update of the rules themselves: edit those. -->

These are the rules that ` + "`rules.Default()`" + ` answers. Each has an id and a name, and
either is understood wherever a rule is named; so are the families (files, flow, reference, solution) and ranges such as
CR3xx. A severity is the one that a finding has unless a config or a team's policy sets another.

The examples are in the short hand of [linttest](../linttest): ` + "`references`" + ` lists the connection references that a
solution declares, and flows, manifest and metadata are completed to a whole solution. Below each stands what the rule
finds there: file, place, severity and message.

`

func newPage(t *testing.T) string {
	var page, sections strings.Builder
	page.WriteString(pageHead + "| rule | severity | finds | needs | fix |\n|---|---|---|---|---|\n")
	for _, r := range rules.All() {
		fix := ""
		if isFixable(t, r) {
			fix = "yes"
		}
		fmt.Fprintf(&page, "| [%s](#%s) | %s | %s | %s | %s |\n",
			r, anchor(r), r.Severity, cell(r.Title()), r.Needs, fix)
		sections.WriteString(section(r, example(t, r)))
	}
	return page.String() + sections.String()
}

// anchor is the part of the rule's URL that its place on the page answers to.
func anchor(r *lint.Rule) string {
	_, anchor, _ := strings.Cut(r.URL, "#")
	return anchor
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func section(r *lint.Rule, example string) string {
	title, doc, _ := strings.Cut(r.Doc, "\n")
	facts := []string{r.Severity.String(), "judges each " + r.Scope.String()}
	if r.Scope == lint.ScopeSet {
		facts[1] = "judges all solutions together"
	}
	if r.Needs != 0 {
		facts = append(facts, "needs: "+r.Needs.String())
	}
	return fmt.Sprintf("\n## %s\n\n**%s** (%s)\n\n%s\n\n%s\n%s\nSources: %s.\n",
		r, title, strings.Join(facts, "; "), strings.TrimSpace(doc), r.Mend, example, strings.Join(r.Sources, ", "))
}

// example is the rule's failing case and what the rule finds there.
func example(t *testing.T, r *lint.Rule) string {
	if slices.Contains(withoutCases, r.ID) {
		return ""
	}
	path := "testdata/" + r.ID + "/fails.txtar"
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	c, err := linttest.Load(path)
	require.NoError(t, err)
	result, err := lint.Run(t.Context(), c.Input, lint.Config{Rules: []*lint.Rule{r}})
	require.NoError(t, err)
	require.NotEmpty(t, result.Findings, path)
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n\n```\n", strings.TrimSpace(string(archive.Comment)))
	for _, f := range archive.Files {
		if f.Name == "want" || strings.HasPrefix(f.Name, "fixed/") {
			continue
		}
		fmt.Fprintf(&b, "-- %s --\n%s", f.Name, f.Data)
	}
	b.WriteString("```\n\n```\n")
	for _, d := range result.Findings {
		fmt.Fprintf(&b, "%s: %s: %s\n", place(c.Input, d), d.Severity, d.Message)
	}
	b.WriteString("```\n")
	return b.String()
}

// isFixable tells whether any case of the rule is mended.
func isFixable(t *testing.T, r *lint.Rule) bool {
	paths, err := filepath.Glob("testdata/" + r.ID + "/*.txtar")
	require.NoError(t, err)
	return slices.ContainsFunc(paths, func(path string) bool {
		c, err := linttest.Load(path)
		require.NoError(t, err)
		return len(c.Fixed)+len(c.Removed) > 0
	})
}

// place is where a finding is, as cases name it.
func place(in lint.Input, d diag.Diagnostic) string {
	text := d.At.File
	for _, sol := range in.Solutions {
		if sol.Path() != d.Solution {
			continue
		}
		if anchor := lint.Anchor(sol, d.At); anchor != "" {
			text += "#" + anchor
		}
		if len(in.Solutions) > 1 {
			text = sol.Path() + "/" + text
		}
	}
	return text
}
