package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

const (
	sample = "../audit/sample"
	common = sample + "/common"
	watch  = "Workflows/Oventemperaturewatch-1F4C7A20-53B8-F011-BBD3-6045BD9E21A4.json"
	intake = "Workflows/Supplierinvoice-intake-8A3DE915-5AB8-F011-BBD3-6045BD9E21A4.json"
)

// refactored is what the program answers and writes.
func refactored(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// words are the lines of the output that are no diff, without the names of folders.
func words(stdout string) (lines []string) {
	inDiff := false
	for line := range strings.Lines(stdout) {
		switch {
		case strings.HasPrefix(line, "diff "):
			inDiff = true
		case inDiff && strings.ContainsAny(line[:1], " +-@\\"):
		default:
			inDiff = false
			lines = append(lines, strings.ReplaceAll(strings.TrimSuffix(line, "\n"), sample+"/", ""))
		}
	}
	return lines
}

// asNew is the warning of a reference that gets another name.
func asNew(before, after string) string {
	return "warning: a logical name can't be changed in an environment: a target of " + before + " gets a new reference " +
		after + ", without a connection, beside the old one: bind it before flows are turned on, then delete the old one"
}

// What a plan asks for in environments.
func leftover(name string) string {
	return "warning: an environment keeps " + name + " until it is deleted there: a managed upgrade deletes it once nothing uses it"
}

func moves(from, to string) string {
	return "warning: what ran on the connection behind " + from + " runs on the one behind " + to +
		" then: owners of flows need access to that"
}

const unbound = "warning: a target gets lmb_rss without a connection: bind it there before flows that use it are turned on"

// copied is a copy of a folder that can be written to.
func copied(t *testing.T, from string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), filepath.Base(from))
	require.NoError(t, os.CopyFS(dir, os.DirFS(from)))
	return dir
}

// zipped is a folder as an archive.
func zipped(t *testing.T, from string) string {
	t.Helper()
	sol, err := solution.Open(t.Context(), from, nil)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), filepath.Base(from)+".zip")
	require.NoError(t, sol.WriteZipFile(t.Context(), path))
	return path
}

// contents are the files of a folder or an archive, by name.
func contents(t *testing.T, path string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for sol, err := range solution.OpenAll(t.Context(), path, nil) {
		require.NoError(t, err)
		for name := range sol.Files() {
			file, err := sol.File(name)
			require.NoError(t, err)
			files[strings.TrimPrefix(sol.Path(), filepath.ToSlash(path))+"/"+name] = string(file.Bytes())
		}
	}
	return files
}

// changed are the files that differ between two folders or archives.
func changed(t *testing.T, before, after string) (names []string) {
	t.Helper()
	was, is := contents(t, before), contents(t, after)
	for name := range was {
		if was[name] != is[name] {
			names = append(names, name)
		}
	}
	for name := range is {
		if _, old := was[name]; !old {
			names = append(names, name+" is new")
		}
	}
	slices.Sort(names)
	return names
}

// Words first, then the diff; nothing is written.
func TestRename(t *testing.T) {
	dir := copied(t, common)
	before := contents(t, dir)
	status, out, errs := refactored(t, "-rename", "lmb_sharedteams_c80d2=lmb_Teams", dir)
	want := "DIR: " + watch + `:26:46: rename lmb_sharedteams_c80d2 to lmb_Teams in flow Oven temperature watch
DIR: customizations.xml:230:58: rename lmb_sharedteams_c80d2 to lmb_Teams in its declaration
` + asNew("lmb_sharedteams_c80d2", "lmb_Teams") + `
diff DIR/WATCH DIR/WATCH
--- DIR/WATCH
+++ DIR/WATCH
@@ -23,7 +23,7 @@
       "shared_teams": {
         "runtimeSource": "embedded",
         "connection": {
-          "connectionReferenceLogicalName": "lmb_sharedteams_c80d2"
+          "connectionReferenceLogicalName": "lmb_Teams"
         },
         "api": {
           "name": "shared_teams"
diff DIR/customizations.xml DIR/customizations.xml
--- DIR/customizations.xml
+++ DIR/customizations.xml
@@ -227,7 +227,7 @@
       <statecode>0</statecode>
       <statuscode>1</statuscode>
     </connectionreference>
-    <connectionreference connectionreferencelogicalname="lmb_sharedteams_c80d2">
+    <connectionreference connectionreferencelogicalname="lmb_Teams">
       <connectionreferencedisplayname>Larkmill | Teams</connectionreferencedisplayname>
       <connectorid>/providers/Microsoft.PowerApps/apis/shared_teams</connectorid>
       <iscustomizable>1</iscustomizable>
`
	want = strings.ReplaceAll(want, "WATCH", watch)
	out = strings.ReplaceAll(strings.ReplaceAll(out, filepath.ToSlash(dir), "DIR"), "\r", "")
	if diff := cmp.Diff(want, out); diff != "" || status != 0 || errs != "" {
		t.Errorf("status %d, %q, output (-want +got):\n%s", status, errs, diff)
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("the input (-before +after):\n%s", diff)
	}
}

// Each flag, once and again, and what it says.
func TestVerbs(t *testing.T) {
	const incomplete = ", since it may be used: the solutions read are not declared to be all there are"
	for name, test := range map[string]struct {
		args   []string
		status int
		want   []string
	}{
		"rename twice": {
			args: []string{"-rename", "lmb_SharePointArchive=lmb_Archive", "-rename=lmb_none=lmb_some"}, status: 1,
			want: []string{
				"common: " + intake + ":16:46: rename lmb_SharePointArchive to lmb_Archive in flow Supplier invoice - intake",
				"common: customizations.xml:188:58: rename lmb_SharePointArchive to lmb_Archive in its declaration",
				asNew("lmb_SharePointArchive", "lmb_Archive"),
				"refused: rename lmb_none: no solution that was read declares or names it",
			},
		},
		"merge several": {
			args:   []string{"-merge", "lmb_sharedsharepointonline_52b6f=lmb_SharePointArchive,lmb_sharedteams_c80d2,lmb_none"},
			status: 1,
			want: []string{
				"common: " + intake + ":16:46: bind shared_sharepointonline_1 of flow Supplier invoice - intake to " +
					"lmb_sharedsharepointonline_52b6f instead of lmb_SharePointArchive",
				"common: customizations.xml:188:58: drop the declaration of lmb_SharePointArchive",
				moves("lmb_SharePointArchive", "lmb_sharedsharepointonline_52b6f"), leftover("lmb_SharePointArchive"),
				"refused: merge lmb_sharedteams_c80d2 into lmb_sharedsharepointonline_52b6f: " +
					"lmb_sharedsharepointonline_52b6f is for shared_sharepointonline, lmb_sharedteams_c80d2 for shared_teams",
				"refused: merge lmb_none: no solution that was read declares or names it",
			},
		},
		"rebind": {
			args: []string{"-rebind", "lmb_SharePointArchive=lmb_sharedsharepointonline_52b6f"},
			want: []string{"common: " + intake + ":16:46: bind shared_sharepointonline_1 of flow Supplier invoice - intake to " +
				"lmb_sharedsharepointonline_52b6f instead of lmb_SharePointArchive", moves("lmb_SharePointArchive", "lmb_sharedsharepointonline_52b6f")},
		},
		"rebind flows, each by its own": {
			args: []string{
				"-rebind", "lmb_SharePointArchive=lmb_sharedsharepointonline_52b6f",
				"-flow", "{8A3DE915-5AB8-F011-BBD3-6045BD9E21A4}",
				"-rebind", "lmb_OutlookAccounts=lmb_sharedoffice365_b7f20", "-flow", "5d60f1ac-1ac4-f011-8543-6045bd4c70fe",
			}, status: 1,
			want: []string{
				"common: " + intake + ":16:46: bind shared_sharepointonline_1 of flow Supplier invoice - intake to " +
					"lmb_sharedsharepointonline_52b6f instead of lmb_SharePointArchive",
				moves("lmb_SharePointArchive", "lmb_sharedsharepointonline_52b6f"),
				"refused: rebind flow 5d60f1ac-1ac4-f011-8543-6045bd4c70fe: no flow of that id that can be changed uses " +
					"lmb_OutlookAccounts",
			},
		},
		"a flow, then what it is for": {
			args: []string{
				"-flow", "8a3de915-5ab8-f011-bbd3-6045bd9e21a4",
				"-rebind", "lmb_sharedsharepointonline_52b6f=lmb_SharePointArchive",
			},
			want: []string{"common: " + intake + ":7:46: bind shared_sharepointonline-2 of flow Supplier invoice - intake to " +
				"lmb_SharePointArchive instead of lmb_sharedsharepointonline_52b6f", moves("lmb_sharedsharepointonline_52b6f", "lmb_SharePointArchive")},
		},
		"externalise": {
			args: []string{"-externalise", "lmb"},
			want: []string{
				"common: declare lmb_rss for shared_rss",
				"common: Workflows/Flourpricedigest-C05B62F7-D2B9-F011-BBD3-6045BD9E21A4.json:4:8: bind shared_rss of flow " +
					"Flour price digest to lmb_rss instead of a connection of its own",
				unbound,
			},
		},
		"externalise again, when all is done": {
			args: []string{"-externalise", "lmb_", "-externalise", "again"},
			want: []string{
				"common: declare lmb_rss for shared_rss",
				"common: Workflows/Flourpricedigest-C05B62F7-D2B9-F011-BBD3-6045BD9E21A4.json:4:8: bind shared_rss of flow " +
					"Flour price digest to lmb_rss instead of a connection of its own",
				unbound,
			},
		},
		"remove": {
			args: []string{"-remove", "lmb_sharedexcelonlinebusiness_7d19a", "-remove", "lmb_sharedteams_c80d2"}, status: 1,
			want: []string{
				"common: customizations.xml:214:58: drop the declaration of lmb_sharedexcelonlinebusiness_7d19a",
				leftover("lmb_sharedexcelonlinebusiness_7d19a"),
				"warning: lmb_sharedexcelonlinebusiness_7d19a may be used: the solutions read are not declared to be all there are",
				"refused: remove lmb_sharedteams_c80d2: it is used by flow Oven temperature watch (common)",
			},
		},
		"prune": {
			args: []string{"-prune"},
			want: []string{
				"warning: lmb_sharedexcelonlinebusiness_7d19a is left" + incomplete,
				"nothing to change",
			},
		},
		"prune all there is": {
			args: []string{"-prune", "-complete"},
			want: []string{
				"common: customizations.xml:214:58: drop the declaration of lmb_sharedexcelonlinebusiness_7d19a", leftover("lmb_sharedexcelonlinebusiness_7d19a"),
			},
		},
		"one after another, each over what the one before made": {
			args: []string{
				"-rename", "lmb_sharedexcelonlinebusiness_7d19a=lmb_Excel", "-remove", "lmb_Excel", "-complete",
			},
			want: []string{
				"common: customizations.xml:214:58: rename lmb_sharedexcelonlinebusiness_7d19a to lmb_Excel in its declaration",
				asNew("lmb_sharedexcelonlinebusiness_7d19a", "lmb_Excel"),
				"common: customizations.xml:214:58: drop the declaration of lmb_Excel", leftover("lmb_Excel"),
			},
		},
		"nothing to do": {
			args: []string{"-externalise", "lmb", sample + "/orders"}, want: []string{"nothing to change"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := test.args
			if !strings.HasPrefix(args[len(args)-1], sample) {
				args = append(args, sample)
			}
			status, out, errs := refactored(t, args...)
			if diff := cmp.Diff(test.want, words(out)); diff != "" || status != test.status || errs != "" {
				t.Errorf("status %d, %q, words (-want +got):\n%s", status, errs, diff)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no path":                 {[]string{"-prune"}, "expected a path"},
		"no verb":                 {[]string{common}, "expected something to do"},
		"no such path":            {[]string{"-prune", "none"}, "none"},
		"no solution":             {[]string{"-prune", "."}, "no solution"},
		"no such flag":            {[]string{"-split", common}, "-split"},
		"rename to nothing":       {[]string{"-rename", "a=", common}, "expected OLD=NEW"},
		"merge nothing":           {[]string{"-merge", "a=b,", common}, "expected KEEP=DROP"},
		"rebind without =":        {[]string{"-rebind", "a", common}, "expected OLD=NEW"},
		"no GUID":                 {[]string{"-rebind", "a=b", "-flow", "7", common}, "a flow's id"},
		"flow without rebind":     {[]string{"-prune", "-flow", "8a3de915-5ab8-f011-bbd3-6045bd9e21a4", common}, "-rebind"},
		"no prefix":               {[]string{"-externalise=", common}, "expected a prefix"},
		"remove nothing":          {[]string{"-remove=", common}, "expected a name"},
		"a solution twice":        {[]string{"-prune", "-write", "out", common, common}, "two of the solutions"},
		"a path in two spellings": {[]string{"-externalise=x", "-in-place", common, common + "/."}, "two of the solutions"},
		"over the input":          {[]string{"-prune", "-write", common, common}, "-in-place"},
		"over one of the inputs":  {[]string{"-prune", "-write", sample, sample}, "-in-place"},
		"inside an input":         {[]string{"-prune", "-write", common + "/out.zip", common}, "inside a folder that was read"},
		"written to nothing":      {[]string{"-prune", "-write=", common}, "expected a path"},
		"a flag behind a path":    {[]string{"-prune", common, "-complete"}, "flags go before paths"},
		"unpacked, into a zip":    {[]string{"-prune", "-write", "out.zip", sample + "/orders"}, "unpacked"},
		"in place, inside others": {[]string{"-prune", "-in-place", packed(t)}, "inside an archive"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, errs := refactored(t, test.args...)
			if status != 2 || out != "" || !strings.Contains(errs, test.want) {
				t.Errorf("status %d, output %q, errors %q; want 2, nothing and a word of %q", status, out, errs, test.want)
			}
		})
	}
	for _, name := range []string{"out", "out.zip"} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	status, _, errs := refactored(t, "-help")
	if status != 0 || !strings.Contains(errs, "usage: refactor [flags] path ...") {
		t.Errorf("-help: status %d, %q", status, errs)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if status := run(ended, []string{"-prune", common}, new(bytes.Buffer), new(bytes.Buffer)); status != 2 {
		t.Errorf("status %d when interrupted, want 2", status)
	}
}

// packed is an archive with a solution's archive inside.
func packed(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(zipped(t, common))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "package.zip")
	file, err := os.Create(path)
	require.NoError(t, err)
	w := zip.NewWriter(file)
	entry, err := w.Create("PkgAssets/common.zip")
	require.NoError(t, err)
	_, err = entry.Write(raw)
	require.NoError(t, errors.Join(err, w.Close(), file.Close()))
	return path
}

const rename = "-rename=lmb_sharedteams_c80d2=lmb_Teams"

var renamed = []string{"/" + watch, "/customizations.xml"}

// The outcome goes where it is told to, and holds what the plan says; what was read stays as it is.
func TestWrite(t *testing.T) {
	archive := zipped(t, common)
	for name, test := range map[string]struct {
		input, write, at string
		want             []string
	}{
		"folder":                  {common, "out", "out", renamed},
		"folder into a zip":       {common, "out.zip", "out.zip", renamed},
		"zip":                     {archive, "out.zip", "out.zip", renamed},
		"zip of any name":         {archive, "out", "out", renamed},
		"zip into a folder":       {archive, ".", "common.zip", renamed},
		"zip into a folder to be": {archive, "new/out.zip", "new/out.zip", renamed},
		"several into a folder to be": {sample, "new/out", "new/out", []string{
			"/common" + renamed[0], "/common" + renamed[1],
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			before := contents(t, test.input)
			status, out, errs := refactored(t, rename, "-write", filepath.Join(dir, test.write), test.input)
			require.Equal(t, 0, status, "%s%s", out, errs)
			if diff := cmp.Diff(before, contents(t, test.input)); diff != "" {
				t.Errorf("the input (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, changed(t, test.input, filepath.Join(dir, test.at))); diff != "" {
				t.Errorf("changed files (-want +got):\n%s", diff)
			}
			for sol, err := range solution.OpenAll(t.Context(), filepath.Join(dir, test.at), nil) {
				require.NoError(t, err)
				if _, err := sol.Reference("lmb_Teams"); err != nil && sol.Manifest().UniqueName == "LarkmillCommon" {
					t.Error(err)
				}
			}
		})
	}
}

// In place, what changes is written over, and the rest isn't touched.
func TestInPlace(t *testing.T) {
	dir := copied(t, sample)
	orders := filepath.Join(dir, "orders", "Other", "Solution.xml")
	before, err := os.Stat(orders)
	require.NoError(t, err)
	archive := zipped(t, common)
	for _, test := range []struct {
		args  []string
		input string
		want  []string
	}{
		{[]string{rename, "-in-place", dir}, dir, []string{"/common" + renamed[0], "/common" + renamed[1]}},
		{[]string{rename, "-in-place", archive}, archive, renamed},
		{[]string{"-rename=lmb_Teams=lmb_Talks", "-in-place", "-write", archive, archive}, archive, renamed},
	} {
		was := t.TempDir()
		if test.input == dir {
			was = copied(t, dir)
		} else {
			raw, err := os.ReadFile(archive)
			require.NoError(t, err)
			was = filepath.Join(was, "before.zip")
			require.NoError(t, os.WriteFile(was, raw, 0o666))
		}
		status, out, errs := refactored(t, test.args...)
		require.Equal(t, 0, status, "%s%s", out, errs)
		if diff := cmp.Diff(test.want, changed(t, was, test.input)); diff != "" {
			t.Errorf("%s: changed files (-want +got):\n%s", test.args, diff)
		}
	}
	after, err := os.Stat(orders)
	require.NoError(t, err)
	if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Error("a solution that doesn't change was written")
	}
}

// Where anything is refused, nothing is written.
func TestRefusedWritesNothing(t *testing.T) {
	dir, out := copied(t, common), filepath.Join(t.TempDir(), "out")
	before := contents(t, dir)
	for _, where := range [][]string{{"-write", out}, {"-in-place"}} {
		status, words, errs := refactored(t, append(where, rename, "-remove", "lmb_OvenMonitor", dir)...)
		if status != 1 || errs != "" || !strings.Contains(words, "refused: remove lmb_OvenMonitor: it is used by") {
			t.Errorf("%s: status %d, %q:\n%s", where, status, errs, words)
		}
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("the input (-before +after):\n%s", diff)
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("the outcome was written: %v", err)
	}
}

// What can't be written is told.
func TestWriteFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	for _, input := range []string{common, sample, zipped(t, common)} {
		status, _, errs := refactored(t, rename, "-write", filepath.Join(file, "out.zip"), input)
		if status != 2 || errs == "" {
			t.Errorf("%s into a file: status %d, %q", input, status, errs)
		}
	}
}
