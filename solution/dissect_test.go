package solution_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
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
