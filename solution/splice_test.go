package solution_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
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

var little = binary.LittleEndian

// stretch is an entry of an archive as its bytes are there.
type stretch struct {
	name, comment string
	start         int    // of its header
	raw           string // from its header to the next, or to the directory
	record        string // in the directory, but for where the header is
}

// dissect takes an archive apart with nothing but the format's description: what is in front of the first header, the
// entries in the directory's order, and what follows the directory's sizes.
func dissect(tb testing.TB, raw []byte) (front string, entries []stretch, tail string) {
	tb.Helper()
	end := bytes.LastIndex(raw, []byte("PK\x05\x06"))
	require.GreaterOrEqual(tb, end, 0, "no end of a directory")
	count, start, base := int(little.Uint16(raw[end+10:])), int(little.Uint32(raw[end+16:])), 0
	if string(raw[start:start+4]) != "PK\x01\x02" { // offsets aren't from the file's start
		base = end - int(little.Uint32(raw[end+12:])) - start
		start += base
	}
	for at := start; len(entries) < count; {
		require.Equal(tb, "PK\x01\x02", string(raw[at:at+4]), "record of an entry")
		name, comment := int(little.Uint16(raw[at+28:])), int(little.Uint16(raw[at+32:]))
		length := 46 + name + int(little.Uint16(raw[at+30:])) + comment
		record := bytes.Clone(raw[at : at+length])
		where := record[42:46]
		header := int(little.Uint32(where))
		if header == 1<<32-1 { // none of the archives has its sizes in zip64
			where = record[bytes.Index(record, []byte{1, 0, 8, 0})+4:][:8]
			header = int(little.Uint64(where))
		}
		clear(where)
		entries = append(entries, stretch{
			name: string(record[46 : 46+name]), comment: string(record[length-comment:]),
			start: header + base, record: string(record),
		})
		at += length
	}
	starts := []int{start}
	for _, e := range entries {
		starts = append(starts, e.start)
	}
	slices.Sort(starts)
	for i, e := range entries {
		next, _ := slices.BinarySearch(starts, e.start+1)
		entries[i].raw = string(raw[e.start:starts[next]])
		require.Equal(tb, "PK\x03\x04", entries[i].raw[:4], "header of %s", e.name)
	}
	return string(raw[:starts[0]]), entries, string(raw[end+20:])
}

// byStart answers the names in the order of the headers.
func byStart(entries []stretch) (names []string) {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b stretch) int { return cmp.Compare(a.start, b.start) })
	for _, e := range entries {
		names = append(names, e.name)
	}
	return names
}

// wish is what an archive is to have otherwise than another: the texts of changed files, the removed ones, and the
// texts of created ones, by name in the archive.
type wish struct {
	changed map[string]string
	removed map[string]bool
	created map[string]string
}

// checkSplice holds two archives against each other: every entry that was to stay did, to the byte and in its place,
// and the others are written the way the platform does. Of entries that share a name, the first is meant.
func checkSplice(tb testing.TB, before, after []byte, w wish) {
	tb.Helper()
	front, old, tail := dissect(tb, before)
	newFront, now, newTail := dissect(tb, after)
	if front != newFront || tail != newTail {
		tb.Errorf("around the archive were %q and %q, are %q and %q", front, tail, newFront, newTail)
	}
	seen := map[string]bool{}
	var stays []stretch
	for _, e := range old {
		if seen[e.name] || !w.removed[e.name] {
			stays = append(stays, e)
		}
		seen[e.name] = true
	}
	require.Len(tb, now, len(stays)+len(w.created), "entries")
	clear(seen)
	for i, e := range stays {
		text, changed := w.changed[e.name]
		switch {
		case changed && !seen[e.name]:
			checkPacked(tb, e, now[i], text)
		case e.record != now[i].record:
			tb.Errorf("%s: the record was\n%q, is\n%q", e.name, e.record, now[i].record)
		case e.raw != now[i].raw:
			tb.Errorf("%s: header or data were\n%q, are\n%q", e.name, e.raw, now[i].raw)
		}
		seen[e.name] = true
	}
	model := old[slices.IndexFunc(old, func(e stretch) bool {
		isLink := e.record[5] == 3 && e.record[41]>>4 == 0o12
		return !isLink && !strings.HasSuffix(e.name, "/")
	})]
	for _, e := range now[len(stays):] {
		text, created := w.created[e.name]
		if !created {
			tb.Errorf("%s was not to be created", e.name)
		}
		checkPacked(tb, model.as(e.name), e, text)
	}
	want := append(byStart(stays), byStart(now[len(stays):])...)
	if diff := gocmp.Diff(want, byStart(now)); diff != "" {
		tb.Errorf("order of the headers (-want +got):\n%s", diff)
	}
}

// as answers the entry as one of another name: what a new one is made of.
func (e stretch) as(name string) stretch {
	record := []byte(e.record[:46] + name)
	flags := little.Uint16(record[8:]) &^ 0x800
	if strings.ContainsFunc(name, func(r rune) bool { return r > 127 }) {
		flags |= 0x800
	}
	little.PutUint16(record[8:], flags)
	clear(record[36:38])
	return stretch{name: name, record: string(record)}
}

// checkPacked checks an entry that is to hold a text, and to be like an old one otherwise.
func checkPacked(tb testing.TB, old, now stretch, text string) {
	tb.Helper()
	head := 30 + len(old.name)
	if len(now.raw) < head {
		tb.Errorf("%s: %d bytes are no entry", now.name, len(now.raw))
		return
	}
	data := strings.NewReader(now.raw[head:])
	size := uint32(data.Len())
	unpacked, err := io.ReadAll(flate.NewReader(data))
	if err != nil || string(unpacked) != text || data.Len() > 0 {
		tb.Errorf("%s: %v; holds\n%q, want\n%q", now.name, err, unpacked, text)
	}
	common := little.AppendUint16(nil, 20)
	common = little.AppendUint16(common, little.Uint16([]byte(old.record[8:]))&0x806)
	common = append(little.AppendUint16(common, zip.Deflate), old.record[12:16]...) // and date and time
	for _, n := range []uint32{crc32.ChecksumIEEE([]byte(text)), size, uint32(len(text)), uint32(len(old.name))} {
		common = little.AppendUint32(common, n) // the last with the length of extras, 0
	}
	if want := "PK\x03\x04" + string(common) + old.name; now.raw[:head] != want {
		tb.Errorf("%s: the header is\n%q, want\n%q", now.name, now.raw[:head], want)
	}
	comment := string(little.AppendUint16(nil, uint16(len(old.comment))))
	want := "PK\x01\x02" + old.record[4:6] + string(common) + comment + "\x00\x00" + old.record[36:42] +
		"\x00\x00\x00\x00" + old.name + old.comment
	if now.record != want {
		tb.Errorf("%s: the record is\n%q, want\n%q", now.name, now.record, want)
	}
}

// crafted is an entry that archive/zip's Writer wouldn't write so.
type crafted struct {
	name, text     string
	local, central string // extra fields
	comment        string
	gap            string // behind the data
	flags, madeBy  uint16
	attrs          uint32
	descriptor     bool // without its signature
	noSum          bool // in the record
	isWide         bool // the header's place is told in zip64
}

// craft makes an archive of the entries, whose headers are in the order of their places in the slice, and whose records
// are in the order given. Offsets count from base.
func craft(front string, base int, order []int, entries ...crafted) []byte {
	out := []byte(front)
	records := make([]string, len(entries))
	for i, e := range entries {
		start, data := len(out)-base, deflate(e.text)
		common := little.AppendUint16(little.AppendUint16(nil, 20), e.flags)
		common = append(common, 8, 0, 0x21, 0x43, byte(0x60+i), 0x58) // deflated at some time
		sizes := little.AppendUint32(nil, crc32.ChecksumIEEE([]byte(e.text)))
		sizes = little.AppendUint32(little.AppendUint32(sizes, uint32(len(data))), uint32(len(e.text)))
		head := sizes
		if e.descriptor {
			common[2] |= 8
			head = make([]byte, 12)
		}
		lengths := func(extra string) []byte {
			return little.AppendUint16(little.AppendUint16(nil, uint16(len(e.name))), uint16(len(extra)))
		}
		out = slices.Concat(out, []byte("PK\x03\x04"), common, head, lengths(e.local), []byte(e.name+e.local), data)
		if e.descriptor {
			out = append(out, sizes...)
		}
		out = append(out, e.gap...)
		where := little.AppendUint32(nil, uint32(start))
		if e.isWide {
			where = []byte{0xff, 0xff, 0xff, 0xff}
			e.central += string(little.AppendUint64([]byte{1, 0, 8, 0}, uint64(start)))
		}
		if e.noSum {
			sizes = slices.Concat(make([]byte, 4), sizes[4:])
		}
		record := little.AppendUint16([]byte("PK\x01\x02"), e.madeBy)
		record = slices.Concat(record, common, sizes, lengths(e.central), little.AppendUint16(nil, uint16(len(e.comment))))
		record = little.AppendUint32(append(record, 0, 0, 1, 0), e.attrs)
		records[i] = string(record) + string(where) + e.name + e.central + e.comment
	}
	start := len(out)
	for _, i := range order {
		out = append(out, records[i]...)
	}
	size := len(out) - start
	out = append(out, "PK\x05\x06\x00\x00\x00\x00"...)
	out = little.AppendUint16(little.AppendUint16(out, uint16(len(order))), uint16(len(order)))
	out = little.AppendUint32(little.AppendUint32(out, uint32(size)), uint32(start-base))
	return append(out, "\x05\x00hello"...)
}

// strange are archives with what archives may have, and few do.
func strange() map[string][]byte {
	made := func(change func(i int, e *crafted)) []crafted {
		var entries []crafted
		for i, name := range packed.names() {
			e := crafted{name: name, text: packed[name], madeBy: 0x2d, flags: 2}
			change(i, &e)
			entries = append(entries, e)
		}
		return entries
	}
	same := func(int, *crafted) {}
	n := len(packed)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	reversed := slices.Clone(order)
	slices.Reverse(reversed)
	const front = "#!/bin/sh\nexit\n"
	twice := append(made(same), crafted{name: "solution.xml", text: "<another />"},
		crafted{name: "Customizations.XML", text: "<another />", comment: "x"})
	return map[string][]byte{
		"extras in headers only": craft("", 0, order, made(func(i int, e *crafted) {
			e.local = "\xa2\x20\x18\x00" + strings.Repeat("x", 0x18)
		})...),
		"other extras in records": craft("", 0, order, made(func(i int, e *crafted) {
			e.local, e.central = "UT\x05\x00\x031234", "UT\x01\x00\x03"
		})...),
		"gaps":        craft("", 0, order, made(func(i int, e *crafted) { e.gap = strings.Repeat("gap", i) })...),
		"descriptors": craft("", 0, order, made(func(i int, e *crafted) { e.descriptor = i%2 == 0 })...),
		"zip64":       craft("", 0, order, made(func(i int, e *crafted) { e.isWide = i%2 == 0 })...),
		"zip64, in front": craft(front, len(front), order, made(func(i int, e *crafted) {
			e.isWide, e.central = true, "UT\x01\x00\x03"
		})...),
		"in front, counted":     craft(front, 0, order, made(same)...),
		"in front, not counted": craft(front, len(front), order, made(same)...),
		"other order":           craft("", 0, reversed, made(same)...),
		"made by Unix": craft("", 0, order, made(func(i int, e *crafted) {
			e.madeBy, e.attrs = 0x31e, 0o100640<<16
		})...),
		"a link first": craft("", 0, order, made(func(i int, e *crafted) {
			if e.madeBy, e.attrs = 0x31e, 0o100640<<16; i == 0 {
				e.attrs = 0o120777 << 16
			}
		})...),
		"both slashes": craft("", 0, order, made(func(i int, e *crafted) {
			if i > 3 {
				e.name = strings.ReplaceAll(e.name, "/", `\`)
			}
		})...),
		"no checksums": craft("", 0, order, made(func(i int, e *crafted) { e.noSum = true })...),
		"something behind the directory": []byte(strings.Replace(string(craft("", 0, order, made(same)...)), "PK\x05\x06",
			"somethingPK\x05\x06", 1)),
		"comments": craft("", 0, order, made(func(i int, e *crafted) { e.comment = "größe" })...),
		"twice": craft("", 0, append(slices.Clone(order), n, n+1),
			twice...),
	}
}

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

// sparse is an archive with nothing in its first bytes, and takes one in.
type sparse struct {
	front, size int64
	raw         []byte
}

func (s *sparse) ReadAt(p []byte, at int64) (n int, err error) {
	if at < s.front {
		n = int(min(int64(len(p)), s.front-at))
		clear(p[:n])
	}
	if n < len(p) {
		var more int
		more, err = bytes.NewReader(s.raw).ReadAt(p[n:], at+int64(n)-s.front)
		n += more
	}
	return n, err
}

func (s *sparse) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	if over := s.size - s.front; over > 0 {
		s.raw = append(s.raw, p[max(0, len(p)-int(over)):]...)
	}
	return len(p), nil
}

func (s *sparse) all() int64 { return s.front + int64(len(s.raw)) }

// Offsets beyond 4 GiB, and those that come to be.
func TestSpliceBeyond4GiB(t *testing.T) {
	for _, front := range []int64{5 << 30, 1<<32 - 1500, 1<<32 - 10, 1<<32 - int64(len(packed.zip())) - 2} {
		before := &sparse{front: front}
		w := zip.NewWriter(before)
		w.SetOffset(front)
		before.size = front
		for _, name := range packed.names() {
			to, err := w.Create(name)
			require.NoError(t, err)
			_, err = io.WriteString(to, packed[name])
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		if end := before.raw[len(before.raw)-22:]; front == 5<<30 { // other writers tell in 32 bits what has room there
			little.PutUint16(end[10:], uint16(len(packed)))
			zip64 := bytes.LastIndex(before.raw, []byte("PK\x06\x06"))
			little.PutUint32(end[12:], uint32(little.Uint64(before.raw[zip64+40:])))
		}
		sol, err := solution.OpenZip(t.Context(), before, before.all(), nil)
		require.NoError(t, err)
		next, err := sol.With(spaced(t, sol, agentSetFile), create("New.json", flowJSON("a b")), remove(digestFile))
		require.NoError(t, err)
		after := &sparse{front: front}
		require.NoError(t, next.WriteZip(t.Context(), after))
		again, err := solution.OpenZip(t.Context(), after, after.all(), nil)
		require.NoError(t, err)
		if diff := gocmp.Diff(contents(t, next), contents(t, again)); diff != "" {
			t.Errorf("%d bytes in front: files (-With +written and opened):\n%s", front, diff)
		}
	}
}

// As many entries as an archive without zip64 can tell, and one more or less.
func TestSpliceManyEntries(t *testing.T) {
	if os.Getenv("CONNREF_LONG") == "" {
		t.Skip("CONNREF_LONG isn't set: archives of 65,535 entries take a second")
	}
	const limit = 1<<16 - 1
	for _, front := range []string{"", "#!/bin/sh\n"} {
		raw := bytes.NewBufferString(front)
		w := zip.NewWriter(raw)
		for i := range limit - 1 {
			name := fmt.Sprint(i)
			if i == limit/2 {
				name = "solution.xml"
			}
			_, err := w.CreateRaw(&zip.FileHeader{Name: name})
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		sol := openZip(t, raw.Bytes())
		more, err := sol.With(create("new", "new"))
		require.NoError(t, err)
		out := zipOf(t, more)
		if !bytes.Contains(out, []byte("PK\x06\x06")) || bytes.Contains(raw.Bytes(), []byte("PK\x06\x06")) {
			t.Error("an archive of 65,535 entries has its end in zip64, and only that")
		}
		again := openZip(t, out)
		require.Equal(t, "new", fileOf(t, again, "new").Text())
		if front != "" {
			continue
		}
		checkOthers(t, raw.Bytes(), out)
		fewer, err := again.With(remove("7"))
		require.NoError(t, err)
		if out = zipOf(t, fewer); bytes.Contains(out, []byte("PK\x06\x06")) || len(readZip(t, out)) != limit-1 {
			t.Error("an archive of 65,534 entries needs no zip64")
		}
	}
}

func TestMovedRecord(t *testing.T) {
	const name, comment = "a.json", "comment"
	record := func(version uint16, sizes, offset uint32, extra string) string {
		r := []byte("PK\x01\x02\x2d\x00")
		r = little.AppendUint16(r, version)
		r = append(r, "\x02\x00\x08\x00time"...) // with the date
		r = append(r, "crc!"...)
		r = little.AppendUint32(little.AppendUint32(r, sizes), sizes)
		for _, n := range []int{len(name), len(extra), len(comment), 0, 0} {
			r = little.AppendUint16(r, uint16(n))
		}
		r = little.AppendUint32(little.AppendUint32(r, 0x20), offset)
		return string(r) + name + extra + comment
	}
	wide := func(all ...uint64) string {
		field := little.AppendUint16([]byte{1, 0}, uint16(8*len(all)))
		for _, n := range all {
			field = little.AppendUint64(field, n)
		}
		return string(field)
	}
	const far, none = 1<<32 + 7, 1<<32 - 1
	const other = "UT\x01\x00\x03"
	for what, test := range map[string]struct {
		record string
		offset int64
		want   string
	}{
		"near":               {record(20, 5, 1, other), 9, record(20, 5, 9, other)},
		"the last near one":  {record(20, 5, 1, ""), none - 1, record(20, 5, none-1, "")},
		"the first far one":  {record(20, 5, 1, ""), none, record(45, 5, none, wide(none))},
		"far":                {record(20, 5, 1, other), far, record(45, 5, none, other+wide(far))},
		"far, wide already":  {record(45, 5, none, other+wide(3)), far, record(45, 5, none, other+wide(far))},
		"near, wide already": {record(45, 5, none, wide(3)+other), 9, record(45, 5, none, wide(9)+other)},
		"sizes are wide":     {record(45, none, 1, wide(5, 6)+other), 9, record(45, none, 9, wide(5, 6)+other)},
		"far, sizes wide":    {record(45, none, 1, wide(5, 6)+other), far, record(45, none, none, wide(5, 6, far)+other)},
		"all wide":           {record(45, none, none, wide(5, 6, 7)), far, record(45, none, none, wide(5, 6, far))},
	} {
		got, err := solution.MoveRecord([]byte(test.record), test.offset)
		require.NoError(t, err, what)
		if string(got) != test.want {
			t.Errorf("%s: the record is\n%q, want\n%q", what, got, test.want)
		}
	}
	full := wide() + "UT\xf7\xff" + strings.Repeat("x", 0xfff7)
	if got, err := solution.MoveRecord([]byte(record(20, 5, 1, full)), far); err == nil {
		t.Errorf("a record without room for zip64 became one of %d bytes", len(got))
	}
}
