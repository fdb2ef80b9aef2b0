package solution_test

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

// found answers what Find yields as "path: layout" or "path: error", with the error's kind.
func found(tb testing.TB, path string, opts *solution.Options) []string {
	tb.Helper()
	var list []string
	for place, err := range solution.Find(tb.Context(), path, opts) {
		list = append(list, describe(tb, place, err, opts))
	}
	return list
}

func describe(tb testing.TB, place solution.Place, err error, opts *solution.Options) string {
	tb.Helper()
	if err == nil {
		sol, err := place.Open(tb.Context(), opts)
		require.NoError(tb, err)
		if sol.Path() != place.Path || sol.Layout() != place.Layout {
			tb.Errorf("solution at %s says it is %s at %s", place.Path, sol.Layout(), sol.Path())
		}
		return place.Path + ": " + place.Layout.String()
	}
	if place.Path == "" || !strings.Contains(err.Error(), strings.TrimSuffix(filepath.Base(place.Path), "!")) &&
		!errors.Is(err, context.Canceled) {
		tb.Errorf("error %v doesn't name its place %q", err, place.Path)
	}
	for _, kind := range []error{
		solution.ErrNotSolution, solution.ErrLayout, solution.ErrTooLarge, solution.ErrUnsafePath, solution.ErrChanged,
		context.Canceled, fs.ErrNotExist, fs.ErrPermission,
	} {
		if errors.Is(err, kind) {
			return place.Path + ": " + kind.Error()
		}
	}
	return place.Path + ": " + err.Error()
}

func wantFound(tb testing.TB, got []string, want ...string) {
	tb.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		tb.Errorf("found (-want +got):\n%s", diff)
	}
}

// zoo is a folder with everything that Find can meet.
func zoo() tree {
	orders, old := string(packed.zip()), string(legacy.zip())
	return packed.under("exploded").join(
		unpacked.under("src/Orders"), packed.under("src/Orders/nested/deep"), legacy.under("legacy"),
		packed.join(unpacked).under("twins"),
		tree{
			"Orders_1_4_0_0.zip":            orders,
			"upper/ORDERS.ZIP":              orders,
			"old.zip":                       old,
			"web/resources.zip":             string(tree{"index.html": "<p>"}.zip()),
			"web/broken.zip":                "PK but no more",
			"web/unsafe.zip":                string(tree{"../solution.xml": "x"}.zip()),
			"yaml/solutions/A/solution.yml": "ImportExportXml:\n",
			".git/solution.xml":             "x", // a repository's own
			"package.zip": string(tree{
				`PkgAssets\Orders.zip`:       orders,
				`PkgAssets\ImportConfig.xml`: "<configdatastorage />",
				"PkgAssets/inner/old.zip":    old,
				"Contoso.dll":                "MZ",
			}.zip()),
			"appsource.zip": string(tree{"package.zip": string(tree{"PkgAssets/Orders.zip": orders}.zip())}.zip()),
			"sources.zip":   string(unpacked.under("sub/Foo").join(packed.under("sub/Bar")).zip()),
		})
}

var zooHolds = []string{
	"Orders_1_4_0_0.zip: zip",
	"appsource.zip!package.zip!PkgAssets/Orders.zip: zip",
	"exploded: folder",
	"legacy: flow-package",
	"old.zip: flow-package",
	"package.zip!PkgAssets/Orders.zip: zip",
	"package.zip!PkgAssets/inner/old.zip: flow-package",
	"sources.zip!sub/Bar: folder",
	"sources.zip!sub/Foo: unpacked",
	"src/Orders: unpacked",
	"src/Orders/nested/deep: folder",
	"twins: unpacked",
	"twins: folder",
	"upper/ORDERS.ZIP: zip",
	"web/broken.zip: not a solution",
	"web/unsafe.zip: unsafe path",
	"yaml: unsupported layout",
}

func TestFind(t *testing.T) {
	dir := zoo().dir(t)
	t.Chdir(filepath.Dir(dir))
	base := filepath.Base(dir)
	for _, test := range []struct{ path, prefix string }{
		{dir, filepath.ToSlash(dir) + "/"},
		{dir + "/", filepath.ToSlash(dir) + "/"},
		{base, base + "/"},
		{base + "//", base + "/"},
		{"./" + base, "./" + base + "/"},
	} {
		want := make([]string, len(zooHolds))
		for i, line := range zooHolds {
			want[i] = test.prefix + line
		}
		wantFound(t, found(t, test.path, nil), want...)
	}
	t.Chdir(dir)
	want := make([]string, len(zooHolds))
	for i, line := range zooHolds {
		want[i] = "./" + line
	}
	wantFound(t, found(t, ".", nil), want...)

	var inFS []string
	for place, err := range solution.FindFS(t.Context(), os.DirFS(dir), nil) {
		inFS = append(inFS, describe(t, place, err, nil))
	}
	wantFound(t, inFS, zooHolds...)
}

// An error stands for its place only: the walk goes on. All that was found can be written, twice.
func TestFindPlaces(t *testing.T) {
	t.Chdir(zoo().dir(t))
	flows := 0
	for place, err := range solution.Find(t.Context(), ".", nil) {
		if err != nil {
			continue
		}
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		out := t.TempDir()
		require.NoError(t, writeDir(t, sol, out))
		for name, text := range read(t, out) {
			file, err := sol.File(name)
			require.NoError(t, err)
			if string(file.Bytes()) != text {
				t.Errorf("%s: %s came out changed", place.Path, name)
			}
		}
		flows += len(slices.Collect(sol.Flows()))
	}
	if want := 11*2 + 3; flows != want { // 11 times the orders, 3 times the old package
		t.Errorf("%d flows in all, want %d", flows, want)
	}
}

func TestFindTwins(t *testing.T) {
	dir := packed.join(unpacked).dir(t)
	for place, err := range solution.Find(t.Context(), dir, nil) {
		require.NoError(t, err)
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		manifest := map[solution.Layout]string{
			solution.LayoutFolder: "solution.xml", solution.LayoutUnpacked: "Other/Solution.xml",
		}[place.Layout]
		wantProblems(t, sol, "warning CR011 "+manifest)
		if sol.Manifest().At.File != manifest {
			t.Errorf("the %s twin was read from %s", place.Layout, sol.Manifest().At.File)
		}
	}
}

func TestFindOne(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.zip"), string(packed.zip()))
	write(t, filepath.Join(dir, "none.zip"), string(tree{"x": "y"}.zip()))
	write(t, filepath.Join(dir, "text.txt"), "hello")
	write(t, filepath.Join(dir, "orders.bin"), string(packed.zip()))
	write(t, filepath.Join(dir, "sub", "x.txt"), "hello")
	t.Chdir(dir)
	wantFound(t, found(t, "a.zip", nil), "a.zip: zip")
	wantFound(t, found(t, "orders.bin", nil), "orders.bin: zip")
	wantFound(t, found(t, "none.zip", nil), "none.zip: not a solution")
	wantFound(t, found(t, "text.txt", nil), "text.txt: not a solution")
	wantFound(t, found(t, "absent", nil), "absent: "+fs.ErrNotExist.Error())
	wantFound(t, found(t, "sub", nil), "sub: not a solution")
	wantFound(t, found(t, ".", nil), "./a.zip: zip")
}

func TestFindNesting(t *testing.T) {
	raw := string(packed.zip())
	for range 4 {
		raw = string(tree{"inner.zip": raw}.zip())
	}
	path := filepath.Join(t.TempDir(), "five.zip")
	write(t, path, raw)
	t.Chdir(filepath.Dir(path))
	for depth, want := range map[int]string{
		0: "five.zip!inner.zip!inner.zip!inner.zip!inner.zip: too large",
		1: "five.zip!inner.zip: too large",
		2: "five.zip!inner.zip!inner.zip: too large",
		4: "five.zip!inner.zip!inner.zip!inner.zip!inner.zip: too large",
		5: "five.zip!inner.zip!inner.zip!inner.zip!inner.zip: zip",
	} {
		opts := &solution.Options{MaxArchiveDepth: depth}
		wantFound(t, found(t, "five.zip", opts), want)
		wantFound(t, found(t, ".", opts), "./"+want)
	}
}

// No archive passes a limit, but what they hold together does.
func TestFindManyArchivesInOne(t *testing.T) {
	stored := func(files tree) string {
		var entries []entry
		for _, name := range files.names() {
			entries = append(entries, entry{zip.FileHeader{Name: name}, files[name]})
		}
		return string(pack("", entries...))
	}
	deep := stored(tree{"a/solution.xml": solutionXML(), "pad": strings.Repeat("x", 20_000)})
	outer := tree{}
	for i := range 4 {
		outer[fmt.Sprintf("%d.zip", i)] = stored(tree{"deep.zip": deep})
	}
	t.Chdir(tree{"a.zip": stored(outer), "b.zip": string(packed.zip())}.dir(t))
	wantFound(t, found(t, ".", &solution.Options{MaxTotalSize: 100_000}), "./a.zip!0.zip!deep.zip!a: folder",
		"./a.zip!1.zip!deep.zip!a: folder", "./a.zip!2.zip!deep.zip: too large", "./a.zip!3.zip: too large", "./b.zip: zip")
}

func TestFindStops(t *testing.T) {
	t.Chdir(zoo().dir(t))
	for stop := range len(zooHolds) + 1 {
		n := 0
		for range solution.Find(t.Context(), ".", nil) {
			if n++; n == stop {
				break
			}
		}
		if stop > 0 && n != stop {
			t.Errorf("a loop that breaks after %d ran %d times", stop, n)
		}
	}
}

func TestFindContext(t *testing.T) {
	t.Chdir(zoo().dir(t))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	for place, err := range solution.Find(ctx, ".", nil) {
		got = append(got, describe(t, place, err, nil))
		if len(got) == 3 {
			cancel()
		}
	}
	wantFound(t, got, "./"+zooHolds[0], "./"+zooHolds[1], "./"+zooHolds[2], ".: context canceled")

	got = nil
	for place, err := range solution.Find(ctx, ".", nil) {
		got = append(got, describe(t, place, err, nil))
	}
	wantFound(t, got, ".: context canceled")
}

func TestFindSymlinks(t *testing.T) {
	outside := tree{"secret.zip": string(packed.zip())}.join(packed.under("folder")).dir(t)
	dir := tree{"a.zip": string(packed.zip())}.dir(t)
	link := func(to, name string) { require.NoError(t, os.Symlink(to, filepath.Join(dir, name))) }
	link(filepath.Join(outside, "secret.zip"), "out.zip")
	link(filepath.Join(outside, "folder"), "outfolder")
	link("a.zip", "same.zip")
	link(".", "loop")
	link("nowhere.zip", "dangling.zip")
	t.Chdir(dir)
	got := found(t, ".", nil)
	require.Len(t, got, 4)
	for i, want := range []string{"./a.zip: zip", "./dangling.zip: ", "./out.zip: ", "./same.zip: zip"} {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("found %s, want %s…", got[i], want)
		}
	}
}

// lockedFS can't list one of its folders.
type lockedFS struct {
	fstest.MapFS
	dir string
}

func (f lockedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == f.dir {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.ReadDir(name)
}

// A folder that may not be listed is an error of its own, and what is beside it is found.
func TestFindLockedFolder(t *testing.T) {
	var got []string
	for place, err := range solution.FindFS(t.Context(), lockedFS{zoo().fs(), "src"}, nil) {
		got = append(got, describe(t, place, err, nil))
	}
	want := slices.DeleteFunc(slices.Clone(zooHolds), func(s string) bool { return strings.HasPrefix(s, "src/") })
	want = slices.Insert(want, 9, "src: permission denied")
	wantFound(t, got, want...)

	sol, err := solution.OpenFS(t.Context(), lockedFS{packed.fs(), "Workflows"}, nil)
	require.NoError(t, err)
	wantProblems(t, sol, "error CR001 Workflows", "warning CR007 customizations.xml:5:1",
		"warning CR007 customizations.xml:13:1")
}

func TestZeroPlace(t *testing.T) {
	if sol, err := (solution.Place{Path: "x"}).Open(t.Context(), nil); sol != nil || !errors.Is(err,
		solution.ErrNotSolution) {
		t.Errorf("Open of a place that Find didn't make: %v", err)
	}
}

// Where a folder is several things at once, what can be read comes before what can't, and archive or folder makes no
// difference.
func TestLayoutsInOneFolder(t *testing.T) {
	both := tree{
		"solution.xml": solutionXML(), "customizations.xml": customizationsXML(),
		"Microsoft.Flow/flows/a/definition.json": flowJSON(),
		"solutions/S/solution.yml":               "ImportExportXml:",
	}
	if got := openFS(t, both).Layout(); got != solution.LayoutFolder {
		t.Errorf("folder: %s", got)
	}
	if got := openZip(t, both.zip()).Layout(); got != solution.LayoutZip {
		t.Errorf("archive: %s", got)
	}
}

// A repository in the YAML layout that was zipped may hold exports that can be read.
func TestFindBesideYAMLInAnArchive(t *testing.T) {
	file := filepath.Join(t.TempDir(), "repository.zip")
	write(t, file, string(tree{
		"out/Orders.zip": string(packed.zip()), "solutions/S/solution.yml": "ImportExportXml:",
	}.zip()))
	var got []string
	for place, err := range solution.Find(t.Context(), file, nil) {
		if err != nil {
			if !errors.Is(err, solution.ErrLayout) || place.Layout != 0 {
				t.Errorf("%s, layout %d: %v", place.Path, place.Layout, err)
			}
			continue
		}
		got = append(got, place.Path)
	}
	if diff := cmp.Diff([]string{filepath.ToSlash(file) + "!out/Orders.zip"}, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}
