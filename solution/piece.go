package solution

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
)

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
