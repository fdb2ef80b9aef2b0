package solution

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// splice writes the archive that the solution was opened from with the solution's changes in it: every byte of an entry
// that stays is copied, header and what follows its data included. All that is new is made before anything is written.
func (s *Solution) splice(ctx context.Context, a *archive, w io.Writer) (err error) {
	opened, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	store := opened.(*archiveStore)
	parts, err := s.parts(ctx, store, a.size)
	if err == nil {
		err = writeParts(copier{ctx, store.at, w}, parts)
		err = errors.Join(err, a.stillThere(store.at)) // which may be the reason
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.place.Path, err)
	}
	return nil
}

// parts answers what the archive is to be.
func (s *Solution) parts(ctx context.Context, store *archiveStore, size int64) ([]part, error) {
	dir, err := readZipDirectory(store.at, size, store.directory)
	if err != nil {
		return nil, err
	}
	members, err := s.members(ctx, dir, store)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(members, member.differs) {
		return []part{{from: 0, to: size}}, nil
	}
	pieces, err := cut(members, dir.start)
	if err != nil {
		return nil, err
	}
	keepOverlapped(pieces, members, store)
	var whole joint
	whole.copy(0, pieces[0].from)
	whole.join(pieces, members)
	return whole.parts, whole.end(members, dir)
}

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

// members answers what the directory lists, folders too, with what becomes of it, and behind that what is created.
func (s *Solution) members(ctx context.Context, dir *zipDirectory, store *archiveStore) ([]member, error) {
	members := make([]member, len(dir.records))
	for i, r := range dir.records {
		offset, err := r.offset()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name(), err)
		}
		members[i] = member{record: r, start: dir.base + offset}
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
		var err error
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

// holds tells whether the archive has the file's very bytes, so that a change was undone. They are read only if their size
// and checksum don't tell.
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

// piece is the bytes of an archive from a header to the next. Broken archives have members that begin at the same.
type piece struct {
	from, to int64
	members  []int
	stays    bool
}

// cut cuts an archive in front of its directory into pieces.
func cut(members []member, end int64) ([]piece, error) {
	var order []int
	for i, m := range members {
		if m.isNew {
			continue
		}
		if m.start < 0 || m.start >= end {
			return nil, fmt.Errorf("%s: isn't where the archive's directory says: pack the solution anew: %w",
				m.record.name(), ErrLayout)
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(members[i].start, members[j].start) })
	var pieces []piece
	for first := 0; first < len(order); {
		p := piece{from: members[order[first]].start, to: end}
		last := first
		for ; last < len(order) && members[order[last]].start == p.from; last++ {
			p.stays = p.stays || members[order[last]].stays()
		}
		if last < len(order) {
			p.to = members[order[last]].start
		}
		p.members = order[first:last]
		pieces, first = append(pieces, p), last
	}
	return pieces, nil
}

// keepOverlapped makes every piece stay that a member which stays reaches into, as broken archives have them.
func keepOverlapped(pieces []piece, members []member, store *archiveStore) {
	reach := int64(0) // how far the members so far do
	next := 0         // the next piece behind that is to go
	for i := range pieces {
		pieces[i].stays = pieces[i].stays || pieces[i].from < reach
		for next <= i || next < len(pieces) && pieces[next].stays {
			next++
		}
		if next >= len(pieces) {
			return
		}
		for _, m := range pieces[i].members {
			if members[m].stays() {
				reach = max(reach, reachOf(members[m].start, store.directory[m], store.at, pieces[next].from))
			}
		}
	}
}

// reachOf tells where an entry ends. Its header is read only if it may go on behind limit.
func reachOf(start int64, f *zip.File, at io.ReaderAt, limit int64) int64 {
	size := int64(min(f.CompressedSize64, 1<<62))
	if start+size+zipHeaderSize+2*math.MaxUint16 <= limit {
		return 0
	}
	var head [zipHeaderSize]byte
	if n, _ := at.ReadAt(head[:], start); n < len(head) || little.Uint32(head[:]) != zipHeader {
		return 0 // can't be read anyway
	}
	return start + zipHeaderSize + int64(little.Uint16(head[26:])) + int64(little.Uint16(head[28:])) + size
}

// part is a stretch of an archive that is written: bytes that the old one has, or made ones.
type part struct {
	from, to int64
	made     []byte
}

func writeParts(to copier, parts []part) error {
	for _, p := range parts {
		if p.made != nil {
			if err := to.write(p.made); err != nil {
				return err
			}
		} else if err := to.copy(p.from, p.to); err != nil {
			return err
		}
	}
	return nil
}

// joint is an archive that is put together.
type joint struct {
	parts []part
	size  int64
}

func (j *joint) copy(from, to int64) {
	if from == to {
		return
	}
	j.size += to - from
	if n := len(j.parts); n > 0 && j.parts[n-1].made == nil && j.parts[n-1].to == from {
		j.parts[n-1].to = to
		return
	}
	j.parts = append(j.parts, part{from: from, to: to})
}

func (j *joint) make(m *member) {
	m.moved = j.size
	j.size += int64(len(m.packed))
	j.parts = append(j.parts, part{made: m.packed})
}

// join puts the pieces that stay one behind another, what is changed in its place, and behind them what is created. A
// changed entry whose old bytes another one needs comes there, too.
func (j *joint) join(pieces []piece, members []member) {
	var late []int
	for _, p := range pieces {
		for _, i := range p.members {
			switch m := &members[i]; {
			case m.stays():
				m.moved = j.size
			case m.packed == nil: // gone
			case p.stays:
				late = append(late, i)
			default:
				j.make(m)
			}
		}
		if p.stays {
			j.copy(p.from, p.to)
		}
	}
	for _, i := range late {
		j.make(&members[i])
	}
	for i := range members {
		if members[i].isNew {
			j.make(&members[i])
		}
	}
}

// end puts the directory behind.
func (j *joint) end(members []member, dir *zipDirectory) error {
	length, count := zipEndSize+len(dir.tail), 0
	for _, m := range members {
		length += len(m.record)
	}
	raw := make([]byte, 0, length)
	for _, m := range members {
		if m.gone {
			continue
		}
		var err error
		if raw, err = m.record.appendMoved(raw, m.moved-dir.base); err != nil {
			return fmt.Errorf("%s: %w", m.record.name(), err)
		}
		count++
	}
	j.parts = append(j.parts, part{made: dir.appendEnd(raw, count, j.size)})
	return nil
}
