package solution_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
)

// archives are solutions in archives of every make.
func archives() map[string][]byte {
	all := func(header func(i int, name string) zip.FileHeader) []entry {
		var entries []entry
		for i, name := range packed.names() {
			entries = append(entries, entry{header(i, name), packed[name]})
		}
		return entries
	}
	deflated := func(_ int, name string) zip.FileHeader { return zip.FileHeader{Name: name, Method: zip.Deflate} }
	reversed := all(deflated)
	slices.Reverse(reversed)
	withFolders := append([]entry{{zip.FileHeader{Name: "Workflows/"}, ""}, {zip.FileHeader{Name: "Empty/"}, ""}},
		all(deflated)...)
	return map[string][]byte{
		"plain":   packed.zip(),
		"order":   pack("", reversed...),
		"comment": pack("made by hand\r\n", all(deflated)...),
		"extra": pack("", all(func(_ int, name string) zip.FileHeader {
			return zip.FileHeader{Name: name, Method: zip.Deflate, Extra: []byte{0xa2, 0x20, 4, 0, 1, 2, 3, 4}, Comment: "c"}
		})...),
		"descriptors": pack("", all(func(i int, name string) zip.FileHeader {
			return zip.FileHeader{Name: name, Method: zip.Deflate, Flags: uint16(i%2) * 8}
		})...),
		"stored":       pack("", all(func(_ int, name string) zip.FileHeader { return zip.FileHeader{Name: name} })...),
		"folders":      pack("", withFolders...),
		"prepended":    append([]byte("#!/bin/sh\nexit\n"), packed.zip()...),
		"flow package": legacy.zip(),
		"back-slashes": pack("", all(func(_ int, name string) zip.FileHeader {
			return zip.FileHeader{Name: strings.ReplaceAll(name, "/", `\`), Method: zip.Deflate}
		})...),
		"dates": pack("", all(func(i int, name string) zip.FileHeader {
			//lint:ignore SA1019 CreateRaw takes no Modified
			return zip.FileHeader{Name: name, Method: zip.Deflate, ModifiedDate: uint16(0x5000 + i), ModifiedTime: 7,
				ExternalAttrs: 0o777 << 16}
		})...),
		"a broken flow": packed.with(intakeFile, "{").zip(),
	}
}

func TestWriteZipGivesTheSameBytes(t *testing.T) {
	dir := t.TempDir()
	for name, raw := range archives() {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".zip")
			write(t, file, string(raw))
			fromFile, err := solution.Open(t.Context(), file, nil)
			require.NoError(t, err)
			for what, sol := range map[string]*solution.Solution{"Open": fromFile, "OpenZip": openZip(t, raw)} {
				for range 2 {
					var out bytes.Buffer
					require.NoError(t, sol.WriteZip(t.Context(), &out))
					if !bytes.Equal(out.Bytes(), raw) {
						t.Errorf("%s, then WriteZip: %d bytes became %d others", what, len(raw), out.Len())
					}
				}
			}
		})
	}
}

// Of an archive in an archive, the inner one comes out; of a folder in an archive, its files.
func TestWriteZipInside(t *testing.T) {
	inner := archives()["extra"]
	path := filepath.Join(t.TempDir(), "a.zip")
	write(t, path, string(tree{"PkgAssets/b.zip": string(inner)}.join(packed.under("sub/Foo")).zip()))
	for place, err := range solution.Find(t.Context(), path, nil) {
		require.NoError(t, err)
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, sol.WriteZip(t.Context(), &out))
		switch place.Layout {
		case solution.LayoutZip:
			if !bytes.Equal(out.Bytes(), inner) {
				t.Errorf("%s came out changed", place.Path)
			}
		case solution.LayoutFolder:
			if diff := cmp.Diff(viewOf(sol), viewOf(openZip(t, out.Bytes()))); diff != "" {
				t.Errorf("%s (-before +after):\n%s", place.Path, diff)
			}
		}
	}
}

func TestWriteZipOfAFolder(t *testing.T) {
	files := packed.with("WebResources/größe 漢.html", "<p>").with("Empty.txt", "")
	for _, sol := range []*solution.Solution{openFS(t, files), openFS(t, legacy), openFS(t, packed.join(unpacked))} {
		var first, second bytes.Buffer
		if sol.Layout() == solution.LayoutUnpacked { // the twin that comes first can't be packed, the other can
			for place, err := range solution.FindFS(t.Context(), packed.join(unpacked).fs(), nil) {
				require.NoError(t, err)
				var openErr error
				sol, openErr = place.Open(t.Context(), nil)
				require.NoError(t, openErr)
			}
		}
		require.NoError(t, sol.WriteZip(t.Context(), &first))
		require.NoError(t, sol.WriteZip(t.Context(), &second))
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Error("the same folder gives other bytes the second time")
		}
		again := openZip(t, first.Bytes())
		// The message about twins names the layout, which is another one now.
		message := cmpopts.IgnoreFields(diag.Diagnostic{}, "Message")
		if diff := cmp.Diff(viewOf(sol), viewOf(again), message); diff != "" {
			t.Errorf("model (-folder +zip):\n%s", diff)
		}
		if diff := cmp.Diff(slices.Collect(sol.Files()), slices.Collect(again.Files())); diff != "" {
			t.Errorf("files (-folder +zip):\n%s", diff)
		}
		r, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
		require.NoError(t, err)
		for _, f := range r.File {
			file, err := sol.File(f.Name)
			require.NoError(t, err)
			text, err := f.Open()
			require.NoError(t, err)
			raw, err := io.ReadAll(text)
			require.NoError(t, err)
			if !bytes.Equal(raw, file.Bytes()) {
				t.Errorf("%s came out changed", f.Name)
			}
			// As the platform writes entries: nothing but what an old reader understands, UTF-8 names marked.
			if f.ReaderVersion != 20 || f.Flags&^0x800 != 0 || f.NonUTF8 || len(f.Extra) > 0 || f.Method != zip.Deflate ||
				f.Modified.Year() != 1980 {
				t.Errorf("header of %s = %+v", f.Name, f.FileHeader)
			}
			if beyondASCII := strings.Contains(f.Name, "ö"); beyondASCII != (f.Flags&0x800 != 0) {
				t.Errorf("flags of %s = %x", f.Name, f.Flags)
			}
		}
	}
}

func TestWriteZipOfUnpacked(t *testing.T) {
	var out bytes.Buffer
	for _, sol := range []*solution.Solution{openFS(t, unpacked), openZip(t, unpacked.zip())} {
		if err := sol.WriteZip(t.Context(), &out); !errors.Is(err, solution.ErrLayout) || out.Len() > 0 {
			t.Errorf("WriteZip = %v and %d bytes; want ErrLayout and nothing", err, out.Len())
		}
	}
}

func TestWriteZipFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.zip")
	write(t, path, string(packed.zip()))
	require.NoError(t, os.Chmod(path, 0o606))
	sol, err := solution.Open(t.Context(), path, nil)
	require.NoError(t, err)
	next, err := sol.With(spaced(t, sol, intakeFile))
	require.NoError(t, err)
	want := tree{"a.zip": string(zipOf(t, next)), "b.zip": string(zipOf(t, next)), "c.zip": string(packed.zip())}
	require.NoError(t, sol.WriteZipFile(t.Context(), filepath.Join(dir, "c.zip")))
	require.NoError(t, os.Symlink(filepath.Join(t.TempDir(), "elsewhere"), filepath.Join(dir, "b.zip")))
	for _, name := range []string{"b.zip", "a.zip"} { // the last is the one that was opened
		require.NoError(t, next.WriteZipFile(t.Context(), filepath.Join(dir, name)))
	}
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	created := 0o666 &^ umask(t)
	for name, perm := range map[string]os.FileMode{"a.zip": 0o606, "b.zip": created, "c.zip": created} {
		info, err := os.Lstat(filepath.Join(dir, name))
		require.NoError(t, err)
		if info.Mode() != perm {
			t.Errorf("%s has mode %v, want %v", name, info.Mode(), perm)
		}
	}
	if err := next.WriteZip(t.Context(), io.Discard); !errors.Is(err, solution.ErrChanged) {
		t.Errorf("WriteZip of what was opened from another file by now = %v", err)
	}

	sol = openFS(t, packed)
	for path, says := range map[string]string{
		dir: "no file", filepath.Join(dir, "missing", "a.zip"): "missing", "": "no file",
	} {
		if err := sol.WriteZipFile(t.Context(), path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("WriteZipFile to %q = %v, want an error that says %q", path, err, says)
		}
	}
	err = openFS(t, unpacked).WriteZipFile(t.Context(), filepath.Join(dir, "d.zip"))
	if !errors.Is(err, solution.ErrLayout) {
		t.Errorf("WriteZipFile of an unpacked folder = %v, want ErrLayout", err)
	}
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Errorf("files after what failed (-want +got):\n%s", diff)
	}
}

// The caller's own file is the caller's business.
func TestOpenZipOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.zip")
	raw := packed.zip()
	write(t, path, string(raw))
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	sol, err := solution.OpenZip(t.Context(), file, int64(len(raw)), nil)
	require.NoError(t, err)
	if !bytes.Equal(raw, zipOf(t, sol)) {
		t.Error("the archive came out changed")
	}
	next, err := sol.With(spaced(t, sol, intakeFile))
	require.NoError(t, err)
	openZip(t, zipOf(t, next))
}

// A solution that isn't the whole of an archive is packed anew, with its changes in it.
func TestWriteZipInsideChanged(t *testing.T) {
	raw := packed.under("sub/Foo").zip()
	path := filepath.Join(t.TempDir(), "a.zip")
	write(t, path, string(raw))
	for place, err := range solution.Find(t.Context(), path, nil) {
		require.NoError(t, err)
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		next, err := sol.With(spaced(t, sol, intakeFile), create("new.json", "{}"), remove(digestFile))
		require.NoError(t, err)
		if diff := cmp.Diff(contents(t, next), contents(t, openZip(t, zipOf(t, next)))); diff != "" {
			t.Errorf("files (-With +written and opened):\n%s", diff)
		}
	}
}

func TestArchiveThatChanges(t *testing.T) {
	other := packed.with(digestFile, flowJSON()).zip()
	raw := packed.zip()
	for name, change := range map[string]func(path string) error{
		"longer":    func(path string) error { return os.WriteFile(path, append(bytes.Clone(raw), 0), 0o666) },
		"truncated": func(path string) error { return os.Truncate(path, int64(len(raw)/2)) },
		"emptied":   func(path string) error { return os.Truncate(path, 0) },
		"touched":   func(path string) error { return os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)) },
		"replaced": func(path string) error {
			return errors.Join(os.WriteFile(path+".new", other, 0o666), os.Rename(path+".new", path))
		},
		// The same size and time do not make it the same file.
		"replaced by its like": func(path string) error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			damaged := bytes.Clone(raw)
			damaged[len(damaged)/2] ^= 1
			return errors.Join(os.WriteFile(path+".new", damaged, 0o666),
				os.Chtimes(path+".new", info.ModTime(), info.ModTime()), os.Rename(path+".new", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.zip")
			write(t, path, string(raw))
			sol, err := solution.Open(t.Context(), path, nil)
			require.NoError(t, err)
			want := viewOf(sol)
			require.NoError(t, change(path))

			var out bytes.Buffer
			if err := sol.WriteZip(t.Context(), &out); !errors.Is(err, solution.ErrChanged) ||
				!strings.Contains(err.Error(), "a.zip") || out.Len() > 0 {
				t.Errorf("WriteZip = %v and %d bytes; want ErrChanged that names the archive, and nothing", err, out.Len())
			}
			dir := filepath.Join(t.TempDir(), "out")
			if err := writeDir(t, sol, dir); !errors.Is(err, solution.ErrChanged) {
				t.Errorf("WriteDir = %v, want ErrChanged", err)
			}
			if _, err := sol.File("[Content_Types].xml"); !errors.Is(err, solution.ErrChanged) {
				t.Errorf("File = %v, want ErrChanged", err)
			}
			// What was read stays.
			if diff := cmp.Diff(want, viewOf(sol)); diff != "" {
				t.Errorf("model (-before +after):\n%s", diff)
			}
			if _, err := sol.File(intakeFile); err != nil {
				t.Errorf("File of a flow that was read = %v", err)
			}
		})
	}
	t.Run("removed", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a.zip")
		write(t, path, string(raw))
		sol, err := solution.Open(t.Context(), path, nil)
		require.NoError(t, err)
		require.NoError(t, os.Remove(path))
		if err := sol.WriteZip(t.Context(), io.Discard); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("WriteZip = %v, want that the file is gone", err)
		}
	})
}

// meddling is a writer that has something done when it is first written to.
type meddling struct {
	bytes.Buffer
	do func()
}

func (m *meddling) Write(p []byte) (int, error) {
	if m.Len() == 0 {
		m.do()
	}
	return m.Buffer.Write(p)
}

func TestArchiveThatChangesOnTheWay(t *testing.T) {
	for what, do := range map[string]func(path string) error{
		"touched": func(path string) error { return os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)) },
		"emptied": func(path string) error { return os.Truncate(path, 0) },
	} {
		for _, edit := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "a.zip")
			write(t, path, string(packed.with("big", string(packed.zip())).zip()))
			sol, err := solution.Open(t.Context(), path, nil)
			require.NoError(t, err)
			if edit {
				sol, err = sol.With(spaced(t, sol, intakeFile))
				require.NoError(t, err)
			}
			to := &meddling{do: func() { require.NoError(t, do(path)) }}
			err = sol.WriteZip(t.Context(), to)
			if !errors.Is(err, solution.ErrChanged) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: WriteZip = %v, want ErrChanged that names the archive", what, err)
			}
		}
	}
}

func TestFolderWithANewFile(t *testing.T) {
	for _, name := range []string{"AAA", "zzz"} {
		dir := packed.dir(t)
		sol, err := solution.Open(t.Context(), dir, nil)
		require.NoError(t, err)
		write(t, filepath.Join(dir, name), "new")
		var out bytes.Buffer
		err = sol.WriteZip(t.Context(), &out)
		if !errors.Is(err, solution.ErrChanged) || !strings.Contains(err.Error(), name) || out.Len() > 0 {
			t.Errorf("WriteZip = %v and %d bytes; want ErrChanged that names %s, and nothing", err, out.Len(), name)
		}
	}
}

func TestFolderThatChanges(t *testing.T) {
	dir := packed.dir(t)
	sol, err := solution.Open(t.Context(), dir, nil)
	require.NoError(t, err)
	write(t, filepath.Join(dir, "[Content_Types].xml"), "changed")
	write(t, filepath.Join(dir, "solution.xml"), "changed")
	out := t.TempDir()
	require.NoError(t, writeDir(t, sol, out))
	// The model's files are those that were read; the others are read when they are asked for.
	want := packed.with("[Content_Types].xml", "changed")
	if diff := cmp.Diff(want, read(t, out)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "Connector", "contoso_5FERP_openapidefinition.json")))
	for what, err := range map[string]error{
		"WriteDir": writeDir(t, sol, t.TempDir()), "WriteZip": sol.WriteZip(t.Context(), io.Discard),
		"File": func() error { _, err := sol.File("Connector/contoso_5FERP_openapidefinition.json"); return err }(),
	} {
		if !errors.Is(err, solution.ErrChanged) {
			t.Errorf("%s = %v, want ErrChanged", what, err)
		}
	}
}

// full is a writer that takes only so much.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errors.New("no room")
	}
	return len(p), nil
}

func TestWriteZipIntoFullWriter(t *testing.T) {
	for name, sol := range map[string]*solution.Solution{"zip": openZip(t, packed.zip()), "folder": openFS(t, packed)} {
		for _, room := range []int{0, 100, 1000} {
			if err := sol.WriteZip(t.Context(), &full{room}); err == nil || !strings.Contains(err.Error(), "no room") {
				t.Errorf("%s into %d bytes: %v", name, room, err)
			}
		}
	}
}

// However a tree is turned, its files stay what they are.
func TestRoundTrip(t *testing.T) {
	dir := packed.dir(t)
	files := packed
	for i := range 3 {
		sol, err := solution.Open(t.Context(), dir, nil)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, sol.WriteZip(t.Context(), &out))
		dir = filepath.Join(t.TempDir(), fmt.Sprint(i))
		require.NoError(t, writeDir(t, openZip(t, out.Bytes()), dir))
		if have := read(t, dir); !maps.Equal(files, have) {
			t.Fatalf("round %d: %s", i, cmp.Diff(files, have))
		}
	}
}
