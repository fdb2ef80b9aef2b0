package solution

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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
	if err := whole.end(members, dir); err != nil {
		return nil, err
	}
	return whole.parts, nil
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
