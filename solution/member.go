package solution

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// member is an entry of the archive's directory, or one that is to come into it.
type member struct {
	record zipRecord
	isNew  bool
	gone   bool
	start  int64  // where its header is in the old archive
	packed []byte // header and data that it has from now on; nil if it stays as it is
	moved  int64  // where its header is from now on
}

func (m member) stays() bool   { return !m.gone && m.packed == nil }
func (m member) differs() bool { return !m.stays() }

// members answers what the directory lists, folders too.
func (d *zipDirectory) members() ([]member, error) {
	members := make([]member, len(d.records))
	for i, r := range d.records {
		offset, err := r.offset()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name(), err)
		}
		members[i] = member{record: r, start: d.base + offset}
	}
	return members, nil
}

// members answers what the archive's directory lists with what becomes of it, and behind that what is created.
func (s *Solution) members(ctx context.Context, dir *zipDirectory, store *archiveStore) ([]member, error) {
	members, err := dir.members()
	if err != nil {
		return nil, err
	}
	for _, i := range store.records {
		members[i].gone = true
	}
	for _, e := range s.entries {
		m := &member{isNew: true}
		if e.stored != created {
			m = &members[store.records[e.stored]]
			m.gone = false
		}
		if !e.changed {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		file := s.texts[e.name]
		sum := checksumOf(file)
		if m.isNew {
			m.record, err = newRecord(e.name, dir, store)
		} else if holds(store, e.stored, file, sum) {
			continue
		}
		if err == nil {
			err = m.pack(file, sum)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		if m.isNew {
			members = append(members, *m)
		}
	}
	return members, nil
}

// holds tells whether the archive has the file's very bytes, so that a change was undone. They are read only if their
// size and checksum don't tell.
func holds(store *archiveStore, stored int, file *source.File, sum checksum) bool {
	f := store.files[stored]
	if f.UncompressedSize64 != sum.size || f.CRC32 != sum.crc && f.CRC32 != 0 {
		return false
	}
	raw, err := store.read(stored)
	return err == nil && bytes.Equal(raw, file.Bytes())
}

// newRecord is the record of an entry that the archive doesn't have: made like its first file, on the same day.
func newRecord(name string, dir *zipDirectory, store *archiveStore) (zipRecord, error) {
	if usesBackSlashes(store.directory) {
		name = strings.ReplaceAll(name, "/", `\`)
	}
	if len(name) > math.MaxUint16 {
		return nil, fmt.Errorf("a name in an archive has at most %d bytes: %w", math.MaxUint16, connref.ErrInvalid)
	}
	// A link's attributes would make one of it.
	like := slices.IndexFunc(store.files, func(f *zip.File) bool { return f.Mode().IsRegular() })
	model := dir.records[store.records[max(like, 0)]]
	r := append(slices.Clone(model[:zipRecordSize]), name...)
	little.PutUint16(r[8:], little.Uint16(r[8:])&^utf8Name|nameFlags(name))
	little.PutUint16(r[28:], uint16(len(name)))
	clear(r[30:34]) // no extras, no comment
	clear(r[36:38]) // not known to be text
	return r, nil
}

// usesBackSlashes tells whether the archive writes folders so, as .NET once did, and never otherwise.
func usesBackSlashes(files []*zip.File) bool {
	has := func(slash string) bool {
		return slices.ContainsFunc(files, func(f *zip.File) bool { return strings.Contains(f.Name, slash) })
	}
	return has(`\`) && !has("/")
}

// pack makes the member hold a file.
func (m *member) pack(file *source.File, sum checksum) error {
	if sum.size >= math.MaxUint32 {
		return fmt.Errorf("has %d bytes, one that is written into an archive at most %d: %w",
			sum.size, uint32(math.MaxUint32-1), ErrTooLarge)
	}
	head := zipHeaderSize + len(m.record.name())
	var packed bytes.Buffer
	packed.Grow(head + int(sum.size/4)) // flows take an eighth of their size
	packed.Write(make([]byte, head))
	if err := deflate(&packed, file); err != nil {
		return err
	}
	m.packed = packed.Bytes()
	m.record = m.record.packed(sum, len(m.packed)-head)
	m.record.appendHeader(m.packed[:0])
	return nil
}
