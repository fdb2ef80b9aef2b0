package solution_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// writeDir writes into a folder where what was done to it is of no interest.
func writeDir(tb testing.TB, sol *solution.Solution, dir string) error {
	tb.Helper()
	_, err := sol.WriteDir(tb.Context(), dir)
	return err
}

func TestWriteDir(t *testing.T) {
	for name, test := range map[string]struct {
		tree tree
		sol  *solution.Solution
	}{
		"zip":              {packed, openZip(t, packed.zip())},
		"zip, back-slash":  {packed, openZip(t, archives()["back-slashes"])},
		"folder":           {packed, openFS(t, packed)},
		"unpacked":         {unpacked, openFS(t, unpacked)},
		"unpacked in zip":  {unpacked, openZip(t, unpacked.zip())},
		"flow package":     {legacy, openZip(t, legacy.zip())},
		"flow package dir": {legacy, openFS(t, legacy)},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new", "folder")
			names := slices.Collect(test.sol.Files())
			done, err := test.sol.WriteDir(t.Context(), dir)
			require.NoError(t, err)
			if diff := cmp.Diff(solution.Written{Created: names}, done); diff != "" {
				t.Errorf("Written (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.tree, read(t, dir)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}

			// A second time nothing is touched, and what is not the solution's is left alone.
			write(t, filepath.Join(dir, "mine", "notes.txt"), "hello")
			write(t, filepath.Join(dir, ".connref-0.tmp"), "a stranger, too")
			write(t, filepath.Join(dir, test.tree.names()[0]), "changed since")
			old := time.Now().Add(-time.Hour).Truncate(time.Second)
			for file := range test.tree {
				require.NoError(t, os.Chtimes(filepath.Join(dir, file), old, old))
			}
			done, err = test.sol.WriteDir(t.Context(), dir)
			require.NoError(t, err)
			one := solution.Written{Replaced: test.tree.names()[:1], Unchanged: len(names) - 1}
			if diff := cmp.Diff(one, done); diff != "" {
				t.Errorf("Written the second time (-want +got):\n%s", diff)
			}
			want := test.tree.with("mine/notes.txt", "hello").with(".connref-0.tmp", "a stranger, too")
			if diff := cmp.Diff(want, read(t, dir)); diff != "" {
				t.Errorf("files after the second time (-want +got):\n%s", diff)
			}
			for _, file := range test.tree.names()[1:] {
				info, err := os.Stat(filepath.Join(dir, file))
				require.NoError(t, err)
				if !info.ModTime().Equal(old) {
					t.Errorf("%s was written though it didn't change", file)
				}
			}
			sol, err := solution.Open(t.Context(), dir, nil)
			require.NoError(t, err)
			if diff := cmp.Diff(viewOf(test.sol), viewOf(sol)); diff != "" {
				t.Errorf("model (-before +after):\n%s", diff)
			}
		})
	}
}

// A folder may be written into itself, and another version over an older one.
func TestWriteDirOntoAnother(t *testing.T) {
	dir := packed.dir(t)
	sol, err := solution.Open(t.Context(), dir, nil)
	require.NoError(t, err)
	require.NoError(t, writeDir(t, sol, dir))
	if diff := cmp.Diff(packed, read(t, dir)); diff != "" {
		t.Errorf("written into itself (-want +got):\n%s", diff)
	}
	newer := packed.with("solution.xml", strings.Replace(packed["solution.xml"], "1.4.0.0", "1.5.0.0",
		1)).with("new.txt", "x")
	require.NoError(t, writeDir(t, openZip(t, newer.zip()), dir))
	if diff := cmp.Diff(newer, read(t, dir)); diff != "" {
		t.Errorf("newer over older (-want +got):\n%s", diff)
	}
}

// A folder that is changed in its place: what was removed goes, whoever else has files there keeps them, and so do
// files their permissions.
func TestWriteDirInPlace(t *testing.T) {
	for name, files := range map[string]tree{"folder": packed, "unpacked": unpacked} {
		t.Run(name, func(t *testing.T) {
			dir := files.dir(t)
			sol, err := solution.Open(t.Context(), dir, nil)
			require.NoError(t, err)
			require.NoError(t, os.Chmod(filepath.Join(dir, filepath.FromSlash(intakeFile)), 0o604))
			next, err := sol.With(spaced(t, sol, intakeFile), remove(digestFile), remove(valuesFile),
				create("botcomponents/a/data", "kind: x"))
			require.NoError(t, err)
			require.NoError(t, os.Remove(filepath.Join(dir, filepath.FromSlash(valuesFile)))) // which somebody else did
			write(t, filepath.Join(dir, ".git", "config"), "mine")
			if _, err := next.WriteDir(t.Context(), dir); !errors.Is(err, solution.ErrChanged) {
				t.Errorf("WriteDir = %v, want ErrChanged: %s is gone", err, valuesFile)
			}
			write(t, filepath.Join(dir, filepath.FromSlash(valuesFile)), files[valuesFile])

			want := contents(t, next).with(".git/config", "mine")
			done, err := next.WriteDir(t.Context(), dir)
			require.NoError(t, err)
			if diff := cmp.Diff(want, read(t, dir)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			written := solution.Written{
				Created: []string{"botcomponents/a/data"}, Replaced: []string{intakeFile},
				Removed: []string{digestFile, valuesFile},
			}
			_, typed := files["[Content_Types].xml"]
			if typed {
				written.Replaced = []string{intakeFile, "[Content_Types].xml"}
			}
			written.Unchanged = len(want) - 1 - len(written.Created) - len(written.Replaced)
			if diff := cmp.Diff(written, done); diff != "" {
				t.Errorf("Written (-want +got):\n%s", diff)
			}
			info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(intakeFile)))
			require.NoError(t, err)
			if info.Mode().Perm() != 0o604 {
				t.Errorf("permissions are %v, were 604", info.Mode())
			}
			again, err := solution.Open(t.Context(), dir, nil)
			require.NoError(t, err)
			if diff := cmp.Diff(viewOf(next), viewOf(again)); diff != "" {
				t.Errorf("model (-With +written and opened):\n%s", diff)
			}
		})
	}
}

// A folder that has a removed file's name is a stranger.
func TestWriteDirRemovesNoFolder(t *testing.T) {
	sol := openZip(t, packed.zip())
	next, err := sol.With(remove(valuesFile))
	require.NoError(t, err)
	dir := t.TempDir()
	write(t, filepath.Join(dir, filepath.FromSlash(valuesFile), "mine"), "mine")
	require.NoError(t, writeDir(t, next, dir))
	if diff := cmp.Diff(packed.without(valuesFile).with(valuesFile+"/mine", "mine"), read(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if err := writeDir(t, next, ""); !errors.Is(err, connref.ErrInvalid) {
		t.Errorf("WriteDir into no folder = %v", err)
	}
}

// umask is what new files don't get of their permissions.
func umask(t *testing.T) os.FileMode {
	path := filepath.Join(t.TempDir(), "new")
	write(t, path, "")
	info, err := os.Stat(path)
	require.NoError(t, err)
	return 0o666 &^ info.Mode()
}

func TestWriteDirFollowsNoLink(t *testing.T) {
	sol := openZip(t, packed.zip())
	secret := t.TempDir()
	write(t, filepath.Join(secret, "solution.xml"), "keep")
	t.Run("a file", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, os.Symlink(filepath.Join(secret, "solution.xml"), filepath.Join(dir, "solution.xml")))
		require.NoError(t, writeDir(t, sol, dir))
		if diff := cmp.Diff(packed, read(t, dir)); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
	})
	t.Run("a folder", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, os.Symlink(secret, filepath.Join(dir, "Workflows")))
		if err := writeDir(t, sol, dir); err == nil || !strings.Contains(err.Error(), "Workflows") {
			t.Errorf("WriteDir through a link to another folder: %v, want an error that names it", err)
		}
	})
	t.Run("a temporary file", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, os.Symlink(filepath.Join(secret, "new"), filepath.Join(dir, ".connref-0.tmp")))
		require.NoError(t, writeDir(t, sol, dir))
	})
	if diff := cmp.Diff(tree{"solution.xml": "keep"}, read(t, secret)); diff != "" {
		t.Errorf("the folder that links lead to (-want +got):\n%s", diff)
	}
}

func TestWriteDirFails(t *testing.T) {
	sol := openZip(t, packed.zip())
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "x")
	if err := writeDir(t, sol, filepath.Join(dir, "file")); err == nil {
		t.Error("WriteDir into a file didn't fail")
	}
	write(t, filepath.Join(dir, "taken", "solution.xml", "x"), "x")
	if err := writeDir(t, sol, filepath.Join(dir, "taken")); err == nil || !strings.Contains(err.Error(), "solution.xml") {
		t.Errorf("WriteDir where a file's name is a folder's: %v, want an error that names it", err)
	}
	for name := range read(t, dir) {
		if strings.Contains(name, "tmp") {
			t.Errorf("temporary file %s is left", name)
		}
	}
	// A file and a folder of one name.
	raw := packed.with("Workflows", "x").zip()
	if err := writeDir(t, openZip(t, raw), filepath.Join(dir, "both")); err == nil ||
		!strings.Contains(err.Error(), "Workflows") {
		t.Errorf("WriteDir of a file and a folder of one name: %v", err)
	}
}

// Names as long as a file system takes them leave no room for a temporary file's suffix.
func TestWriteDirLongName(t *testing.T) {
	long := packed.with("botcomponents/"+strings.Repeat("n", 255)+"/x", "y").with(strings.Repeat("m", 255), "z")
	dir := t.TempDir()
	require.NoError(t, writeDir(t, openZip(t, long.zip()), dir))
	if diff := cmp.Diff(long, read(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestWriteDirOfAFileThatIsAlsoAFolder(t *testing.T) {
	sol := openZip(t, packed.join(tree{"a": "file", "a/b": "inside"}).zip())
	dir := filepath.Join(t.TempDir(), "out")
	if err := writeDir(t, sol, dir); !errors.Is(err, connref.ErrDuplicate) {
		t.Errorf("WriteDir = %v, want ErrDuplicate", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}
