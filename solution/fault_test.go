package solution_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

var errFault = errors.New("this disk fails")

// faults tell which operations of a disk fail: the one of a kind with that number, and those after it if it lasts.
type faults struct {
	kind   string
	number int
	lasts  bool
	hit    bool
}

// next tells whether the next operation of a kind fails.
func (f *faults) next(kind string) error {
	if kind != f.kind {
		return nil
	}
	f.number--
	if f.number == -1 || f.lasts && f.number < 0 {
		f.hit = true
		return &fs.PathError{Op: kind, Path: "somewhere", Err: errFault}
	}
	return nil
}

// faultyDisk is a disk that fails by more than one cause.
type faultyDisk struct {
	solution.Disk
	faults []*faults
}

func (d faultyDisk) next(kind string) error {
	for _, f := range d.faults {
		if err := f.next(kind); err != nil {
			return err
		}
	}
	return nil
}

// The kinds of operations. Where the first ones fail, files count as changed.
var (
	comparing  = []string{"stat", "read"}
	operations = []string{"lstat", "mkdir", "create", "write", "chmod", "sync", "close", "rename", "remove"}
)

func (d faultyDisk) Stat(name string) (fs.FileInfo, error) {
	if err := d.next("stat"); err != nil {
		return nil, err
	}
	return d.Disk.Stat(name)
}

func (d faultyDisk) Lstat(name string) (fs.FileInfo, error) {
	if err := d.next("lstat"); err != nil {
		return nil, err
	}
	return d.Disk.Lstat(name)
}

func (d faultyDisk) ReadFile(name string) ([]byte, error) {
	if err := d.next("read"); err != nil {
		return nil, err
	}
	return d.Disk.ReadFile(name)
}

func (d faultyDisk) Mkdir(name string, perm fs.FileMode) error {
	if err := d.next("mkdir"); err != nil {
		return err
	}
	return d.Disk.Mkdir(name, perm)
}

func (d faultyDisk) Create(name string, perm fs.FileMode) (solution.DiskFile, error) {
	if err := d.next("create"); err != nil {
		return nil, err
	}
	file, err := d.Disk.Create(name, perm)
	return faultyFile{file, d}, err
}

func (d faultyDisk) Rename(from, to string) error {
	if err := d.next("rename"); err != nil {
		return err
	}
	return d.Disk.Rename(from, to)
}

func (d faultyDisk) Remove(name string) error {
	if err := d.next("remove"); err != nil {
		return err
	}
	return d.Disk.Remove(name)
}

type faultyFile struct {
	solution.DiskFile
	disk faultyDisk
}

// Write leaves half of the bytes behind where it fails.
func (f faultyFile) Write(p []byte) (int, error) {
	if err := f.disk.next("write"); err != nil {
		n, _ := f.DiskFile.Write(p[:len(p)/2])
		return n, err
	}
	return f.DiskFile.Write(p)
}

func (f faultyFile) Chmod(perm fs.FileMode) error {
	if err := f.disk.next("chmod"); err != nil {
		return err
	}
	return f.DiskFile.Chmod(perm)
}

func (f faultyFile) Sync() error {
	if err := f.disk.next("sync"); err != nil {
		return err
	}
	return f.DiskFile.Sync()
}

func (f faultyFile) Close() error {
	return errors.Join(f.DiskFile.Close(), f.disk.next("close"))
}

// ending is a context that ends when it is asked for the time after the next few.
type ending struct {
	context.Context
	left *int
}

func (c ending) Err() error {
	if *c.left--; *c.left < 0 {
		return context.Canceled
	}
	return nil
}

// trial is one way in which writing fails.
type trial struct {
	ctx    context.Context
	faults []*faults
	left   *int // of the context's good answers
	err    error
}

func faultTrial(t *testing.T, all ...*faults) trial {
	return trial{ctx: t.Context(), faults: all, left: new(int), err: errFault}
}

// hit tells whether it came to the failure.
func (c trial) hit() bool {
	return *c.left < 0 || slices.ContainsFunc(c.faults, func(f *faults) bool { return f.hit })
}

// everyTrial fails writing in every way, one after the other, and answers how many there are of each kind.
func everyTrial(t *testing.T, try func(t *testing.T, c trial)) map[string]int {
	count := map[string]int{}
	for _, lasts := range []bool{false, true} {
		for _, kind := range slices.Concat(comparing, operations) {
			for n, more := 0, true; more; n++ {
				t.Run(fmt.Sprint(kind, n, lasts), func(t *testing.T) {
					c := faultTrial(t, &faults{kind: kind, number: n, lasts: lasts})
					try(t, c)
					if more = c.hit(); more {
						count[kind]++
					}
				})
			}
		}
	}
	for n, more := 0, true; more; n++ {
		t.Run(fmt.Sprint("context", n), func(t *testing.T) {
			left := n
			c := trial{ctx: ending{t.Context(), &left}, left: &left, err: context.Canceled}
			try(t, c)
			if more = c.hit(); more {
				count["context"]++
			}
		})
	}
	return count
}

// listing is what a folder holds: files with their texts, and folders, which end in a slash.
func listing(tb testing.TB, dir string) tree {
	tb.Helper()
	have := read(tb, dir)
	require.NoError(tb, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != dir {
			name, _ := filepath.Rel(dir, path)
			have[filepath.ToSlash(name)+"/"] = ""
		}
		return err
	}))
	return have
}

// faultCase is a solution in an archive with changes, and a folder into which it is written.
func faultCase(t *testing.T) (path string, sol *solution.Solution, before, after tree) {
	path = filepath.Join(t.TempDir(), "a.zip")
	write(t, path, string(packed.zip()))
	opened, err := solution.Open(t.Context(), path, nil)
	require.NoError(t, err)
	sol, err = opened.With(spaced(t, opened, intakeFile), source.Change{File: digestFile, Remove: true},
		source.Change{File: valuesFile, Remove: true}, source.Change{File: "a/b/new.txt", Create: []byte("new")},
		source.Change{File: "a/other.txt", Create: []byte("other")})
	require.NoError(t, err)
	before = packed.without(variableFile, agentSetFile).
		with("customizations.xml", "old").with("mine.txt", "mine").with("Workflows/mine.json", "mine")
	after = before.without(digestFile, valuesFile)
	for name := range sol.Files() {
		file, err := sol.File(name)
		require.NoError(t, err)
		after[name] = string(file.Bytes())
	}
	return path, sol, before, after
}

func TestWriteDirFaults(t *testing.T) {
	t.Parallel()
	path, sol, before, after := faultCase(t)
	archive, err := os.ReadFile(path)
	require.NoError(t, err)
	order := append(slices.Collect(sol.Files()), digestFile, valuesFile)
	try := func(t *testing.T, c trial) {
		dir := before.dir(t)
		require.NoError(t, os.Chmod(filepath.Join(dir, "customizations.xml"), 0o660)) // which umask has no part in
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "Empty"), 0o777))
		was := listing(t, dir)
		root, err := os.OpenRoot(dir)
		require.NoError(t, err)
		done, err := sol.WriteDirOn(c.ctx, faultyDisk{solution.RootDisk(root), c.faults}, ".")
		require.NoError(t, root.Close())
		is := read(t, dir)

		if raw, err := os.ReadFile(path); err != nil || !bytes.Equal(raw, archive) {
			t.Errorf("the archive that was opened is another one: %v", err)
		}
		harmless := c.hit() && len(c.faults) == 1 && slices.Contains(comparing, c.faults[0].kind)
		switch {
		case err == nil && (harmless || !c.hit()):
			if diff := cmp.Diff(after, is); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		case !errors.Is(err, c.err):
			t.Errorf("error %v, want one that is %v", err, c.err)
		case !slices.ContainsFunc(append(order, path), func(name string) bool { return strings.Contains(err.Error(), name) }):
			t.Errorf("error %v names no file", err)
		}

		// Every file is the old or the new one, Written says which, and nothing else is there.
		want := solution.Written{Unchanged: done.Unchanged}
		for _, name := range order {
			old, wasThere := before[name]
			text, isThere := is[name]
			fresh, toBe := after[name]
			switch {
			case isThere && toBe && text == fresh && !wasThere:
				want.Created = append(want.Created, name)
			case isThere && toBe && text == fresh && text != old:
				want.Replaced = append(want.Replaced, name)
			case !isThere && wasThere && !toBe:
				want.Removed = append(want.Removed, name)
			case isThere != wasThere || text != old:
				t.Errorf("%s is neither the old nor the new file: %q", name, text)
			}
		}
		if diff := cmp.Diff(want, done); diff != "" && !harmless {
			t.Errorf("Written (-what is there +told):\n%s", diff)
		}
		cantRemove := slices.ContainsFunc(c.faults, func(f *faults) bool { return f.hit && f.kind == "remove" })
		for name := range is {
			if strings.HasSuffix(name, ".tmp") && !(cantRemove && strings.Contains(err.Error(), name+" is left")) {
				t.Errorf("%s is left: %v", name, err)
			}
		}
		if err != nil && !cantRemove && strings.Contains(err.Error(), "is left") {
			t.Errorf("error %v, but nothing is left", err)
		}
		if len(done.Created)+len(done.Replaced)+len(done.Removed) == 0 && err != nil && !cantRemove {
			if diff := cmp.Diff(was, listing(t, dir)); diff != "" {
				t.Errorf("nothing was written (-before +after):\n%s", diff)
			}
		}
		info, err := os.Stat(filepath.Join(dir, "customizations.xml"))
		require.NoError(t, err)
		if info.Mode().Perm() != 0o660 {
			t.Errorf("permissions are %v, were 660", info.Mode())
		}

		// Another try does the rest.
		for name := range is {
			if strings.HasSuffix(name, ".tmp") {
				require.NoError(t, os.Remove(filepath.Join(dir, name)))
			}
		}
		require.NoError(t, writeDir(t, sol, dir))
		if diff := cmp.Diff(after, read(t, dir)); diff != "" {
			t.Errorf("files after another try (-want +got):\n%s", diff)
		}
	}
	count := everyTrial(t, try)
	for _, kind := range slices.Concat(comparing, operations) {
		if count[kind] == 0 {
			t.Errorf("there was no %s to fail", kind)
		}
	}
	steps := len(order) - 2 + count["rename"]/2 + 2 // files to read, to rename and to remove; half of the trials last
	if count["context"] < steps {
		t.Errorf("the context was asked %d times, want %d", count["context"], steps)
	}
	t.Run("cleaning up fails, too", func(t *testing.T) {
		for n, more := 0, true; more; n++ {
			c := faultTrial(t, &faults{kind: "rename", number: n}, &faults{kind: "remove", lasts: true})
			try(t, c)
			more = c.faults[0].hit
		}
	})
}

func TestWriteZipFileFaults(t *testing.T) {
	t.Parallel()
	path, sol, _, _ := faultCase(t)
	archive, err := os.ReadFile(path)
	require.NoError(t, err)
	fresh := string(zipOf(t, sol))
	for what, before := range map[string]tree{"new": {}, "another": {"out.zip": "old"}} {
		t.Run(what, func(t *testing.T) {
			count := everyTrial(t, func(t *testing.T, c trial) {
				dir := before.dir(t)
				file := filepath.Join(dir, "out.zip")
				if len(before) > 0 {
					require.NoError(t, os.Chmod(file, 0o660))
				}
				root, err := os.OpenRoot(dir)
				require.NoError(t, err)
				err = sol.WriteZipFileOn(c.ctx, faultyDisk{solution.RootDisk(root), c.faults}, "out.zip")
				require.NoError(t, root.Close())
				want := before
				if !c.hit() {
					require.NoError(t, err)
					want = before.with("out.zip", fresh)
				} else if !errors.Is(err, c.err) || !strings.Contains(err.Error(), "out.zip") {
					t.Errorf("error %v, want one that is %v and names the file", err, c.err)
				}
				if diff := cmp.Diff(want, read(t, dir)); diff != "" {
					t.Errorf("files (-want +got):\n%s", diff)
				}
				if len(before) > 0 {
					info, err := os.Stat(file)
					require.NoError(t, err)
					if info.Mode().Perm() != 0o660 {
						t.Errorf("permissions are %v, were 660", info.Mode())
					}
				}
			})
			kinds := []string{"lstat", "create", "write", "close", "rename"}
			if what == "another" {
				kinds = append(kinds, "chmod", "sync")
			}
			for _, kind := range kinds {
				if count[kind] == 0 {
					t.Errorf("there was no %s to fail", kind)
				}
			}
			if steps := (count["write"] + count["rename"]) / 2; count["context"] < steps {
				t.Errorf("the context was asked %d times, want %d", count["context"], steps)
			}
		})
	}
	if raw, err := os.ReadFile(path); err != nil || !bytes.Equal(raw, archive) {
		t.Errorf("the archive that was opened is another one: %v", err)
	}
}

// stumbling is a writer that fails after some calls.
type stumbling struct {
	io.Writer
	left int
}

func (s *stumbling) Write(p []byte) (int, error) {
	if s.left--; s.left < 0 {
		n, _ := s.Writer.Write(p[:len(p)/2])
		return n, errFault
	}
	return s.Writer.Write(p)
}

func TestWriteZipFaults(t *testing.T) {
	_, sol, _, _ := faultCase(t)
	for what, sol := range map[string]*solution.Solution{
		"spliced": sol, "the same": openZip(t, packed.zip()), "packed": openFS(t, packed),
	} {
		t.Run(what, func(t *testing.T) {
			want := zipOf(t, sol)
			check := func(err error, out *bytes.Buffer, cause error) (more bool) {
				if err != nil && (!errors.Is(err, cause) || !strings.HasPrefix(err.Error(), sol.Path())) {
					t.Errorf("WriteZip = %v, want %v with the solution's path", err, cause)
				}
				if !bytes.HasPrefix(want, out.Bytes()) || err == nil && out.Len() < len(want) {
					t.Errorf("WriteZip = %v, but the %d bytes are no archive's beginning", err, out.Len())
				}
				return err != nil
			}
			for n, more := 0, true; more; n++ {
				var out bytes.Buffer
				more = check(sol.WriteZip(t.Context(), &stumbling{&out, n}), &out, errFault)
			}
			for n, more := 0, true; more; n++ {
				var out bytes.Buffer
				left := n
				more = check(sol.WriteZip(ending{t.Context(), &left}, &out), &out, context.Canceled)
			}
			if !bytes.Equal(want, zipOf(t, sol)) {
				t.Error("the solution is written otherwise now")
			}
		})
	}
}
