package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint/rules"
)

const sample = "../audit/sample"

func program(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

func TestStatus(t *testing.T) {
	empty := t.TempDir()
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string // in what is written to either
	}{
		"clean":               {[]string{"-rules", "CR310", "-old", sample, sample}, 0, "0 errors"},
		"an error":            {[]string{"-rules", "CR301", sample}, 1, "[CR301 undeclared-reference]"},
		"a warning":           {[]string{"-rules", "CR104", sample}, 0, "[CR104"},
		"a warning counts":    {[]string{"-rules", "CR104", "-fail-on", "warning", sample}, 1, "[CR104"},
		"one is left out":     {[]string{"-rules", "solution,-undeclared-reference,-CR302", sample}, 0, "[CR313"},
		"help":                {[]string{"-h"}, 0, "usage: lint"},
		"list":                {[]string{"-list"}, 0, "CR301"},
		"explain":             {[]string{"-explain", "undeclared-reference"}, 0, "Mend:"},
		"explain what":        {[]string{"-explain", "CR999"}, 2, "no rule has that id or name"},
		"no path":             {nil, 2, "no path"},
		"flag":                {[]string{"-formt", "json"}, 2, "not defined"},
		"format":              {[]string{"-format", "xml", sample}, 2, "expected text, json or sarif"},
		"severity":            {[]string{"-fail-on", "never", sample}, 2, "expected error, warning or info"},
		"rule":                {[]string{"-rules", "CR999", sample}, 2, `"CR999" is no rule's`},
		"missing path":        {[]string{"missing.zip", sample}, 2, "missing.zip"},
		"nothing there":       {[]string{empty}, 2, empty},
		"missing baseline":    {[]string{"-baseline", "missing.json", sample}, 2, "-accept makes it"},
		"no file to accept":   {[]string{"-accept", sample}, 2, "-baseline has to name the file"},
		"write without fix":   {[]string{"-write", empty, sample}, 2, "give -fix too"},
		"write over the read": {[]string{"-fix", "-write", sample + "/orders", sample}, 2, "something is there already"},
		"write into the read": {[]string{"-fix", "-write", sample + "/orders/new", sample}, 2, "inside a solution that was read"},
		"accept a dry run":    {[]string{"-fix", "-baseline", "b.json", "-accept", sample}, 2, "give -write too"},
		"flag behind a path":  {[]string{sample, "-complete"}, 2, "flags go before paths"},
		"dry run as json":     {[]string{"-fix", "-format", "json", sample}, 2, "a dry run is told as text"},
		"settings":            {[]string{"-settings", "main.go", sample}, 2, "main.go:1:1"},
		"policy":              {[]string{"-policy", "main.go", sample}, 2, "main.go: policy"},
	} {
		status, stdout, stderr := program(t, test.args...)
		if status != test.status || !strings.Contains(stdout+stderr, test.want) {
			t.Errorf("%s: status %d, want %d with %q:\n%s%s", name, status, test.status, test.want, stdout, stderr)
		}
	}
}

func TestListsAllRules(t *testing.T) {
	_, stdout, _ := program(t, "-list")
	for _, r := range rules.All() {
		if !strings.Contains(stdout, r.ID+"  "+r.Name) {
			t.Errorf("-list lacks %s", r)
		}
	}
}

// document is what of the JSON is looked at.
type document struct {
	Summary  struct{ Errors, Warnings, Infos, Skipped, Broken int }
	Findings []struct {
		Rule, Name, Severity, Solution, File, Message, Fingerprint string
		Line, Column                                               int
		Fixable                                                    *bool
	}
}

func judged(t *testing.T, args ...string) (d document) {
	t.Helper()
	status, stdout, stderr := program(t, append([]string{"-format", "json"}, args...)...)
	require.NotEqual(t, 2, status, stderr)
	require.NoError(t, json.Unmarshal([]byte(stdout), &d))
	return d
}

func TestJSON(t *testing.T) {
	d := judged(t, sample)
	counts := map[string]int{}
	for _, f := range d.Findings {
		counts[f.Severity]++
		if f.Rule == "" || f.Name == "" || f.Solution == "" || f.File == "" || f.Message == "" || f.Fingerprint == "" ||
			f.Fixable == nil {
			t.Errorf("a finding lacks something: %+v", f)
		}
	}
	s := d.Summary
	if s.Errors != counts["error"] || s.Warnings != counts["warning"] || s.Infos != counts["info"] || s.Broken != 0 {
		t.Errorf("summary %+v, counted %v", s, counts)
	}
	if s.Errors == 0 || s.Warnings == 0 || s.Infos == 0 || s.Skipped == 0 {
		t.Errorf("summary %+v: want some of each in the sample", s)
	}
}

func TestSARIF(t *testing.T) {
	_, stdout, _ := program(t, "-format", "sarif", sample)
	var log struct {
		Version string
		Runs    []struct{ Results []json.RawMessage }
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &log))
	require.Equal(t, "2.1.0", log.Version)
	require.Len(t, log.Runs, 1)
	if got, want := len(log.Runs[0].Results), len(judged(t, sample).Findings); got != want {
		t.Errorf("%d results, want %d", got, want)
	}
}

func TestBaseline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "accepted.json")
	if status, _, stderr := program(t, "-baseline", file, "-accept", sample); status != 0 {
		t.Fatalf("accepting answers %d: %s", status, stderr)
	}
	none := func() {
		t.Helper()
		if d := judged(t, "-baseline", file, sample); len(d.Findings) > 0 {
			t.Errorf("then there are %d findings, want none", len(d.Findings))
		}
	}
	none()
	// Accepting what one rule finds keeps what the others found.
	status, _, stderr := program(t, "-rules", "CR301", "-baseline", file, "-accept", sample)
	require.Zero(t, status, stderr)
	none()
}

func TestFix(t *testing.T) {
	before := judged(t, sample)
	fixable := 0
	for _, f := range before.Findings {
		if *f.Fixable {
			fixable++
		}
	}
	require.NotZero(t, fixable)

	// A dry run says what it would do and does nothing.
	_, stdout, _ := program(t, "-fix", sample)
	if strings.Count(stdout, "fix: ") == 0 || !strings.Contains(stdout, "\n@@ ") {
		t.Errorf("a dry run shows no fixes or no diff:\n%s", stdout)
	}
	require.Equal(t, before, judged(t, sample))

	into := filepath.Join(t.TempDir(), "mended")
	if status, _, stderr := program(t, "-fix", "-write", into, sample); status == 2 {
		t.Fatal(stderr)
	}
	after := judged(t, into)
	if len(after.Findings) >= len(before.Findings) {
		t.Errorf("%d findings before, %d after", len(before.Findings), len(after.Findings))
	}
	for _, f := range after.Findings {
		if *f.Fixable {
			t.Errorf("%s %s can still be fixed", f.Rule, f.Message)
		}
	}
}

// Nothing that is there is written over, and no part is written of what can't be written whole.
func TestFixWritesNothingOver(t *testing.T) {
	dir := t.TempDir()
	sol, err := solution.Open(t.Context(), sample+"/common", nil)
	require.NoError(t, err)
	for _, name := range []string{"a/common.zip", "b/common.zip", "precious.zip"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777))
		require.NoError(t, sol.WriteZipFile(t.Context(), filepath.Join(dir, name)))
	}
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for to, want := range map[string]string{
		"precious.zip": "something is there already",
		"new":          "two of the solutions would be written there",
	} {
		status, _, stderr := program(t, "-fix", "-write", filepath.Join(dir, to), a, b)
		if status != 2 || !strings.Contains(stderr, want) {
			t.Errorf("-write %s: status %d, want 2 with %q: %s", to, status, want, stderr)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
		t.Error("a part was written")
	}
}

func TestFixWritesZip(t *testing.T) {
	sol, err := solution.Open(t.Context(), sample+"/common", nil)
	require.NoError(t, err)
	from, to := filepath.Join(t.TempDir(), "common.zip"), filepath.Join(t.TempDir(), "new", "common.zip")
	require.NoError(t, sol.WriteZipFile(t.Context(), from))
	if status, _, stderr := program(t, "-fix", "-write", to, from); status == 2 {
		t.Fatal(stderr)
	}
	mended, err := solution.Open(t.Context(), to, nil)
	require.NoError(t, err)
	findings, err := rules.Validate(t.Context(), mended)
	require.NoError(t, err)
	for _, d := range findings {
		if len(d.Fixes) > 0 {
			t.Errorf("%s can still be fixed", d)
		}
	}
}
