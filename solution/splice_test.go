package solution_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// changes are the changes that archives are tried with, each with a name.
func changes(t testing.TB, sol *solution.Solution) map[string][]source.Change {
	t.Helper()
	all := map[string][]source.Change{
		"create json":      {create("Workflows/New.json", flowJSON("k contoso_mail"))},
		"create no ending": {create("botcomponents/größe/data", "kind: x\n")},
		"create empty":     {create("empty.txt", "")},
		"create two":       {create("z.txt", "z"), create("a.txt", "a")},
	}
	names := slices.Collect(sol.Files())
	last := len(names) - 1
	for _, name := range []string{names[0], names[last/2], names[last]} {
		all["change "+name] = []source.Change{spaced(t, sol, name)}
		all["remove "+name] = []source.Change{remove(name)}
	}
	every := []source.Change{create("new/one.txt", "new"), remove(names[last])}
	for i := 0; i < last; i += 2 {
		every = append(every, spaced(t, sol, names[i]))
	}
	all["every second file"] = every
	return all
}

// spaced is the change that puts a space behind a file's text.
func spaced(tb testing.TB, sol *solution.Solution, name string) source.Change {
	tb.Helper()
	file, err := sol.File(name)
	require.NoError(tb, err)
	end := len(file.Text())
	return source.Change{File: name, Edits: []source.Edit{file.NewEdit(source.Span{Start: end, End: end}, " ")}}
}

// wishOf tells how a solution differs from the one that it was made of.
func wishOf(tb testing.TB, before, after *solution.Solution, inArchive func(string) string) wish {
	tb.Helper()
	texts := func(sol *solution.Solution) map[string]string {
		all, seen := map[string]string{}, map[string]bool{}
		for name := range sol.Files() {
			if seen[connref.Fold(name)] {
				continue // the first is meant
			}
			seen[connref.Fold(name)] = true
			file, err := sol.File(name)
			require.NoError(tb, err)
			all[inArchive(name)] = string(file.Bytes())
		}
		return all
	}
	w := wish{map[string]string{}, map[string]bool{}, map[string]string{}}
	old, now := texts(before), texts(after)
	for name, text := range now {
		switch was, isOld := old[name]; {
		case !isOld:
			w.created[name] = text
		case was != text:
			w.changed[name] = text
		}
	}
	for name := range old {
		if _, stays := now[name]; !stays {
			w.removed[name] = true
		}
	}
	return w
}

func zipOf(tb testing.TB, sol *solution.Solution) []byte {
	tb.Helper()
	var out bytes.Buffer
	require.NoError(tb, sol.WriteZip(tb.Context(), &out))
	return out.Bytes()
}

// checkChanged writes a changed solution and checks the archive, and that the changes' inverse gives the old one's
// bytes.
func checkChanged(tb testing.TB, raw []byte, sol *solution.Solution, changes ...source.Change) []byte {
	tb.Helper()
	next, err := sol.With(changes...)
	require.NoError(tb, err)
	inverse, err := sol.Inverse(changes...)
	require.NoError(tb, err)
	out := zipOf(tb, next)
	checkSplice(tb, raw, out, wishOf(tb, sol, next, slashesOf(tb, raw)))
	readZip(tb, out)
	if again := zipOf(tb, next); !bytes.Equal(out, again) {
		tb.Error("the same solution gives other bytes the second time")
	}
	undone, err := next.With(inverse...)
	require.NoError(tb, err)
	if !bytes.Equal(raw, zipOf(tb, undone)) {
		tb.Error("undone, the archive isn't what it was")
	}
	if !bytes.Equal(raw, zipOf(tb, sol)) {
		tb.Error("the solution that was changed is no longer what it was")
	}
	return out
}

// slashesOf answers how an archive spells the names of files.
func slashesOf(tb testing.TB, raw []byte) func(string) string {
	names := readZip(tb, raw)
	all := strings.Join(names, "")
	return func(name string) string {
		back := strings.ReplaceAll(name, "/", `\`)
		isNew := !slices.Contains(names, name) && !slices.Contains(names, back)
		if slices.Contains(names, back) || isNew && strings.Contains(all, `\`) && !strings.Contains(all, "/") {
			return back
		}
		return name
	}
}

// readZip reads every entry of an archive with archive/zip, and answers their names.
func readZip(tb testing.TB, raw []byte) (names []string) {
	tb.Helper()
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	require.NoError(tb, err)
	for _, f := range r.File {
		names = append(names, f.Name)
		text, err := f.Open()
		require.NoError(tb, err)
		_, err = io.Copy(io.Discard, text)
		require.NoError(tb, err, f.Name)
	}
	return names
}

func TestSplice(t *testing.T) {
	t.Parallel()
	all := archives()
	maps.Copy(all, strange())
	for name, raw := range all {
		t.Run(name, func(t *testing.T) {
			sol := openZip(t, raw)
			for what, changes := range changes(t, sol) {
				t.Run(what, func(t *testing.T) {
					if _, err := sol.With(changes...); errors.Is(err, connref.ErrConflict) && name == "twice" {
						return // of an entry that is there twice, one can't be removed
					}
					out := checkChanged(t, raw, sol, changes...)
					next, err := sol.With(changes...)
					require.NoError(t, err)
					again, err := tryZip(t, out, nil)
					if errors.Is(err, solution.ErrNotSolution) && strings.HasPrefix(what, "remove") {
						return
					}
					require.NoError(t, err)
					if diff := gocmp.Diff(viewOf(next), viewOf(again), cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("model (-With +written and opened):\n%s", diff)
					}
				})
			}
		})
	}
}

// Every solution of the corpus that is an archive keeps its bytes but for a flow, or its manifest, that is changed, for
// a file that is created and for one that is removed.
func TestCorpusSplice(t *testing.T) {
	t.Parallel()
	count := 0
	for place, err := range solution.Find(t.Context(), corpus(t), nil) {
		if err != nil || !strings.HasSuffix(place.Path, ".zip") || strings.Contains(place.Path, "!") ||
			place.Layout == solution.LayoutUnpacked {
			continue
		}
		count++
		raw, err := os.ReadFile(filepath.FromSlash(place.Path))
		require.NoError(t, err)
		sol, err := place.Open(t.Context(), nil)
		require.NoError(t, err)
		var name, gone string
		for file := range sol.Files() {
			if slices.Contains(manifests, strings.ToLower(file)) {
				name = file
			}
		}
		for f := range sol.Flows() {
			name = f.FileName
		}
		for file := range sol.Files() {
			if file != name && !slices.Contains(manifests, strings.ToLower(file)) {
				gone = file
			}
		}
		slashes := slashesOf(t, raw)
		for what, changes := range map[string][]source.Change{
			"one":  {spaced(t, sol, name)},
			"more": {spaced(t, sol, name), remove(gone), create("Workflows/new.flow", "new")},
		} {
			if gone == "" && what == "more" {
				continue // an archive of nothing but manifests
			}
			next, err := sol.With(changes...)
			require.NoError(t, err, place.Path)
			w := wish{changed: map[string]string{}, removed: map[string]bool{}, created: map[string]string{}}
			w.changed[slashes(name)] = string(fileOf(t, next, name).Bytes())
			if len(changes) > 1 {
				w.removed[slashes(gone)] = true
				w.created[slashes("Workflows/new.flow")] = "new"
				if types, err := next.File("[Content_Types].xml"); err == nil && gone != types.Name() {
					w.changed[slashes(types.Name())] = string(types.Bytes())
				}
			}
			out := zipOf(t, next)
			checkSplice(t, raw, out, w)
			readZip(t, out)
			again := openZip(t, out)
			if diff := gocmp.Diff(viewOf(next), viewOf(again)); diff != "" {
				t.Errorf("%s, %s: model (-With +written and opened):\n%s", place.Path, what, diff)
			}
			if what == "one" && len(again.Problems()) > len(sol.Problems()) {
				t.Errorf("%s has new problems: %v", place.Path, again.Problems())
			}
			inverse, err := sol.Inverse(changes...)
			require.NoError(t, err)
			undone, err := next.With(inverse...)
			require.NoError(t, err)
			if !bytes.Equal(raw, zipOf(t, undone)) {
				t.Errorf("%s, %s: undone, the archive isn't what it was", place.Path, what)
			}
		}
		if t.Failed() {
			t.Fatalf("the first archive to fail is %s", place.Path)
		}
	}
	t.Logf("%d archives", count)
}

// manifests are the files without which there is no solution, in lower case.
var manifests = []string{"solution.xml", "customizations.xml", "manifest.json", "microsoft.flow/flows/manifest.json"}

// checkOthers checks that an archive made of another has its entries in order and, but for the changed ones, as far as
// they can be read the same.
func checkOthers(tb testing.TB, before, after []byte, changed ...string) {
	tb.Helper()
	files := func(raw []byte) []*zip.File {
		r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		require.NoError(tb, err)
		return r.File
	}
	old, now := files(before), files(after)
	require.GreaterOrEqual(tb, len(now), len(old), "entries")
	for i, f := range old {
		if slices.ContainsFunc(changed, func(s string) bool { return connref.EqualFold(s, slashed(f.Name)) }) {
			continue
		}
		was, wasErr := unpack(f)
		if is, err := unpack(now[i]); wasErr == nil && (err != nil || was != is) || f.Name != now[i].Name {
			tb.Errorf("%s: %d bytes became %d others: %v", f.Name, len(was), len(is), err)
		}
	}
}

// checkAnyChange changes a file of an archive that may be broken in any way.
func checkAnyChange(t *testing.T, raw []byte, sol *solution.Solution) {
	t.Helper()
	for name := range sol.Files() {
		file, err := sol.File(name)
		if err != nil || file.Err() != nil || sol.Layout() == solution.LayoutUnpacked {
			continue
		}
		next, err := sol.With(spaced(t, sol, name), create("new.txt", "new"))
		if err != nil {
			continue // since [Content_Types].xml can't be read, say
		}
		var out bytes.Buffer
		if err := next.WriteZip(t.Context(), &out); err != nil {
			if !errors.Is(err, solution.ErrLayout) || out.Len() > 0 {
				t.Errorf("WriteZip = %v and %d bytes", err, out.Len())
			}
			return
		}
		checkOthers(t, raw, out.Bytes(), name, "[Content_Types].xml")
		again := openZip(t, out.Bytes())
		if diff := gocmp.Diff(fileOf(t, next, name).Text(), fileOf(t, again, name).Text()); diff != "" {
			t.Errorf("%s (-With +written and opened):\n%s", name, diff)
		}
		return // one is enough
	}
}

// unpack answers what an entry holds.
func unpack(f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), err
}

func slashed(name string) string { return path.Clean(strings.ReplaceAll(name, `\`, "/")) }

// What is changed or removed may be needed by an entry that stays: its bytes aren't taken away.
func TestSpliceOverlapping(t *testing.T) {
	plain := packed.zip()
	_, entries, _ := dissect(t, plain)
	at := slices.IndexFunc(entries, func(e stretch) bool { return e.name == digestFile })
	outer, inner := entries[at-1], entries[at]
	record := bytes.LastIndex(plain, []byte(outer.name)) - 46

	quoting := bytes.Clone(plain) // the entry before holds the digest's header and data, too
	data := outer.start + 30 + len(outer.name)
	quoted := quoting[data : inner.start+len(inner.raw)]
	little.PutUint16(quoting[record+10:], zip.Store)
	little.PutUint32(quoting[record+16:], crc32.ChecksumIEEE(quoted))
	little.PutUint32(quoting[record+20:], uint32(len(quoted)))
	little.PutUint32(quoting[record+24:], uint32(len(quoted)))

	sharing := bytes.Clone(plain) // the entry before has the same header and data
	copy(sharing[record+10:record+28], inner.record[10:28])
	little.PutUint32(sharing[record+42:], uint32(inner.start))

	for what, raw := range map[string][]byte{"quoting": quoting, "sharing": sharing} {
		sol := openZip(t, raw)
		_, err := sol.File(outer.name)
		require.NoError(t, err)
		next, err := sol.With(spaced(t, sol, digestFile))
		require.NoError(t, err)
		out := zipOf(t, next)
		checkOthers(t, raw, out, digestFile)
		require.Equal(t, packed[digestFile]+" ", contents(t, openZip(t, out))[digestFile], what)

		next, err = sol.With(remove(digestFile))
		require.NoError(t, err)
		if diff := gocmp.Diff(contents(t, next), contents(t, openZip(t, zipOf(t, next)))); diff != "" {
			t.Errorf("%s: files (-With +written and opened):\n%s", what, diff)
		}
	}

	beyond := bytes.Clone(plain)
	little.PutUint32(beyond[record+42:], uint32(len(beyond)-10))
	sol := openZip(t, beyond)
	next, err := sol.With(spaced(t, sol, digestFile))
	require.NoError(t, err)
	var out bytes.Buffer
	if err := next.WriteZip(t.Context(), &out); !errors.Is(err, solution.ErrLayout) || out.Len() > 0 ||
		!strings.Contains(err.Error(), outer.name) {
		t.Errorf("an entry behind the directory: %v and %d bytes, want ErrLayout that names it", err, out.Len())
	}
}
