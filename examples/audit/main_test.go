package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution/audit"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func runAudit(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs)
	return status, out.String(), errs.String()
}

func TestSample(t *testing.T) {
	for _, tc := range []struct {
		file string
		args []string
	}{
		{"sample.txt", nil},
		{"sample.json", []string{"-format", "json"}},
		{"impact.txt", []string{"-impact", "lmb_sharedsharepointonline_1d8e4"}},
		{"impact.json", []string{"-format", "json", "-impact", "shared_teams"}},
		{"graph.dot", []string{"-graph", "dot"}},
		{"graph.mmd", []string{"-graph", "mermaid"}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			status, got, stderr := runAudit(tc.args...)
			require.Zero(t, status, stderr)
			file := filepath.Join("testdata", tc.file)
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o666))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

func TestPathsOnDisk(t *testing.T) {
	dir := filepath.ToSlash(t.TempDir())
	require.NoError(t, os.CopyFS(filepath.Join(dir, "all"), sample))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cut.zip"), []byte("PK\x03\x04"), 0o666))

	for _, tc := range []struct {
		name   string
		paths  []string
		status int
		want   []string // the paths of the solutions
		stderr string
	}{
		{"folder of many", []string{dir + "/all"}, 0, []string{dir + "/all/sample/common", dir + "/all/sample/orders"}, ""},
		{"one folder", []string{dir + "/all/sample/orders"}, 0, []string{dir + "/all/sample/orders"}, ""},
		{"broken file, others are done", []string{dir}, 2,
			[]string{dir + "/all/sample/common", dir + "/all/sample/orders"}, "cut.zip"},
		{"no such path, others are done", []string{dir + "/none", dir + "/all/sample/common"}, 2,
			[]string{dir + "/all/sample/common"}, "none"},
		{"folder without solution", []string{dir + "/all/sample/common/Workflows"}, 2, nil, "no solution inside"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, stdout, stderr := runAudit(append([]string{"-format", "json"}, tc.paths...)...)
			var doc audit.Document
			require.NoError(t, json.Unmarshal([]byte(stdout), &doc))
			var got []string
			for _, s := range doc.Solutions {
				got = append(got, s.Path)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("solutions (-want +got):\n%s", diff)
			}
			if status != tc.status || !strings.Contains(stderr, tc.stderr) || (tc.stderr == "") != (stderr == "") {
				t.Errorf("status %d, stderr %q; want %d, %q", status, stderr, tc.status, tc.stderr)
			}
		})
	}
}

func TestFlags(t *testing.T) {
	for _, tc := range []struct {
		args   []string
		status int
		stderr string
	}{
		{[]string{"-h"}, 0, "usage: audit"},
		{[]string{"-format", "xml"}, 2, "expected text or json"},
		{[]string{"-nonsense"}, 2, "-nonsense"},
		{[]string{"-graph", "svg"}, 2, "expected dot, mermaid, json or csv"},
		{[]string{"-graph", "dot", "-impact", "x"}, 2, "expected one of them"},
		{[]string{"-impact", "lmb_none"}, 2, `"lmb_none"`},
	} {
		status, stdout, stderr := runAudit(tc.args...)
		if status != tc.status || stdout != "" || !strings.Contains(stderr, tc.stderr) {
			t.Errorf("audit %v: status %d, stdout %q, stderr %q", tc.args, status, stdout, stderr)
		}
	}
}

func TestGraphAsData(t *testing.T) {
	status, csv, _ := runAudit("-graph", "csv")
	if status != 0 || !strings.HasPrefix(csv, "from_kind,") {
		t.Errorf("status %d, csv:\n%s", status, csv)
	}
	status, text, _ := runAudit("-graph", "json", "-complete")
	var g struct{ Complete bool }
	require.NoError(t, json.Unmarshal([]byte(text), &g))
	if status != 0 || !g.Complete {
		t.Errorf("status %d, complete %t", status, g.Complete)
	}
}

// What could not be opened may use anything.
func TestNothingIsProvenOfAPart(t *testing.T) {
	if _, stdout, _ := runAudit("-complete"); !strings.Contains(stdout, "proven") {
		t.Errorf("nothing is proven of the sample:\n%s", stdout)
	}
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, sample))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cut.zip"), []byte("PK\x03\x04"), 0o666))
	status, stdout, _ := runAudit("-complete", "-format", "json", dir)
	if status != 2 || strings.Contains(stdout, `"conclusive": true`) || !strings.Contains(stdout, "could not be opened") {
		t.Errorf("status %d, stdout:\n%s", status, stdout)
	}
}

func TestInterruptedPrintsNoPart(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stdout, stderr bytes.Buffer
	if status := run(ctx, nil, &stdout, &stderr); status != 2 || stdout.Len() > 0 || stderr.Len() == 0 {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout.String(), stderr.String())
	}
}

func TestProgressIsForMany(t *testing.T) {
	for _, tc := range []struct {
		shown bool
		steps int
		want  string
	}{
		{true, many - 1, ""},
		{true, many + 1, "\r10 solutions\r11 solutions\r\x1b[K"},
		{false, many + 1, ""},
	} {
		var b bytes.Buffer
		p := progress{to: &b, shown: tc.shown}
		for range tc.steps {
			p.step()
		}
		p.clear()
		if b.String() != tc.want {
			t.Errorf("%d steps, shown %t: %q, want %q", tc.steps, tc.shown, b.String(), tc.want)
		}
	}
}
