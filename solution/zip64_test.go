package solution_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

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
