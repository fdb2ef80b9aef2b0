package solution

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// The records of the zip format, by their signatures, and how long they are without names, extras and comments.
const (
	zipHeader       = 0x04034b50
	zipRecordSign   = 0x02014b50
	zipEnd          = 0x06054b50
	zipEnd64        = 0x06064b50
	zipEnd64Locator = 0x07064b50

	zipHeaderSize       = 30
	zipRecordSize       = 46
	zipEndSize          = 22
	zipEnd64Size        = 56
	zipEnd64LocatorSize = 20

	zipExtra64 = 1 // what stands in the extra field of this id, since it has no room in 32 bits
)

// zipVersion is the version of the format that deflate and folders need, zip64Version the one that zip64 needs.
const (
	zipVersion   = 20
	zip64Version = 45
)

var little = binary.LittleEndian

// zipDirectory is the central directory of an archive, as its bytes are there. It agrees with archive/zip.
type zipDirectory struct {
	records []zipRecord
	start   int64  // where the first record is
	base    int64  // what offsets are counted from: where the archive begins behind what was put before it
	tail    []byte // what stands behind the sizes in the directory's end: the comment with its length, and what follows
}

// readZipDirectory reads the directory of an archive in which archive/zip found these files.
func readZipDirectory(at io.ReaderAt, size int64, files []*zip.File) (*zipDirectory, error) {
	end, err := readZipEnd(at, size)
	if err != nil {
		return nil, err
	}
	dir := &zipDirectory{tail: end.tail}
	length := 0
	for _, f := range files {
		length += zipRecordSize + len(f.Name) + len(f.Extra) + len(f.Comment)
	}
	raw := make([]byte, length)
	bases := []int64{end.at - int64(end.size) - int64(end.offset)}
	if bases[0] > 0 { // what seems to be put before an archive is now and then something behind its directory
		bases = []int64{0, bases[0]}
	}
	for _, base := range bases {
		dir.base, dir.start = base, base+int64(end.offset)
		if n, _ := at.ReadAt(raw, dir.start); n < len(raw) {
			continue
		}
		if dir.records = splitRecords(raw, files); dir.records != nil {
			return dir, nil
		}
	}
	return nil, fmt.Errorf("the archive's directory is no longer what it was: %w", ErrChanged)
}

// splitRecords cuts a directory into the records of these files; nil if it isn't theirs.
func splitRecords(raw []byte, files []*zip.File) []zipRecord {
	records := make([]zipRecord, 0, len(files))
	for _, f := range files {
		r := zipRecord(raw[:zipRecordSize+len(f.Name)+len(f.Extra)+len(f.Comment)])
		if little.Uint32(r) != zipRecordSign || len(r.name()) != len(f.Name) || string(r.name()) != f.Name ||
			len(r.extra()) != len(f.Extra) {
			return nil
		}
		records, raw = append(records, r), raw[len(r):]
	}
	return records
}

// zipDirectoryEnd is what the record at the end of an archive says.
type zipDirectoryEnd struct {
	at     int64  // where the record is; of two, the one in zip64
	size   uint64 // of the directory
	offset uint64 // of the directory, from the archive's base
	tail   []byte
}

// readZipEnd finds the end of the directory, which is the last thing in an archive but for a comment.
func readZipEnd(at io.ReaderAt, size int64) (end zipDirectoryEnd, err error) {
	var raw []byte
	i := -1
	for _, length := range []int64{1 << 10, 65 << 10} /* as archive/zip does */ {
		raw = make([]byte, min(length, size))
		if _, err := at.ReadAt(raw, size-int64(len(raw))); err != nil && err != io.EOF {
			return end, err
		}
		if i = bytes.LastIndex(raw[:max(0, len(raw)-zipEndSize+4)], little.AppendUint32(nil, zipEnd)); i >= 0 {
			break
		}
	}
	if i < 0 {
		return end, zip.ErrFormat
	}
	end.at, raw = size-int64(len(raw)-i), raw[i:]
	count := little.Uint16(raw[10:])
	end.size, end.offset = uint64(little.Uint32(raw[12:])), uint64(little.Uint32(raw[16:]))
	end.tail = slices.Clone(raw[20:])
	if count == math.MaxUint16 || end.size == math.MaxUint16 || end.offset == math.MaxUint32 { // as archive/zip asks
		err = end.widen(at)
	}
	return end, err
}

// widen takes what there is no room for in 32 bits from the record in zip64, if there is one.
func (end *zipDirectoryEnd) widen(at io.ReaderAt) error {
	var locator [zipEnd64LocatorSize]byte
	if end.at < zipEnd64LocatorSize {
		return nil
	}
	if _, err := at.ReadAt(locator[:], end.at-zipEnd64LocatorSize); err != nil {
		return err
	}
	if little.Uint32(locator[:]) != zipEnd64Locator {
		return nil
	}
	var raw [zipEnd64Size]byte
	end.at = int64(little.Uint64(locator[8:]))
	if _, err := at.ReadAt(raw[:], end.at); err != nil {
		return err
	}
	end.size, end.offset = little.Uint64(raw[40:]), little.Uint64(raw[48:])
	return nil
}

// appendEnd ends a directory of that many records that begins at start. What is too much for 32 bits is told in zip64.
func (d *zipDirectory) appendEnd(raw []byte, count int, start int64) []byte {
	size, offset := uint64(len(raw)), uint64(start-d.base)
	if count >= math.MaxUint16 || size >= math.MaxUint32 || offset >= math.MaxUint32 {
		at := uint64(start) + size
		raw = little.AppendUint32(raw, zipEnd64)
		raw = little.AppendUint64(raw, zipEnd64Size-12)
		raw = little.AppendUint16(raw, zip64Version)
		raw = little.AppendUint16(raw, zip64Version)
		raw = append(raw, make([]byte, 8)...) // disks
		for _, n := range []uint64{uint64(count), uint64(count), size, offset} {
			raw = little.AppendUint64(raw, n)
		}
		raw = little.AppendUint32(raw, zipEnd64Locator)
		raw = append(raw, make([]byte, 4)...) // disk
		raw = little.AppendUint64(raw, at)
		raw = little.AppendUint32(raw, 1)
		count, size, offset = math.MaxUint16, math.MaxUint32, math.MaxUint32
	}
	raw = little.AppendUint32(raw, zipEnd)
	raw = append(raw, make([]byte, 4)...) // disks
	raw = little.AppendUint16(raw, uint16(count))
	raw = little.AppendUint16(raw, uint16(count))
	raw = little.AppendUint32(raw, uint32(size))
	raw = little.AppendUint32(raw, uint32(offset))
	return append(raw, d.tail...)
}

// zipRecord is the record of an entry in an archive's directory, byte for byte.
type zipRecord []byte

func (r zipRecord) name() []byte {
	return r[zipRecordSize:][:min(int(little.Uint16(r[28:])), len(r)-zipRecordSize)]
}

func (r zipRecord) extra() []byte {
	rest := r[zipRecordSize+len(r.name()):]
	return rest[:min(int(little.Uint16(r[30:])), len(rest))]
}

func (r zipRecord) comment() []byte { return r[zipRecordSize+len(r.name())+len(r.extra()):] }

// zip64 is where in the record its offset has a place in zip64, and where the extra field that has it begins; the
// latter is negative if there is none.
func (r zipRecord) zip64() (field, offset int) {
	before := 0 // sizes that have their place in front of it
	for _, at := range []int{24, 20} {
		if little.Uint32(r[at:]) == math.MaxUint32 {
			before += 8
		}
	}
	at := zipRecordSize + len(r.name())
	for end := at + len(r.extra()); at+4 <= end; at += 4 + int(little.Uint16(r[at+2:])) {
		if little.Uint16(r[at:]) == zipExtra64 {
			return at, at + 4 + before
		}
	}
	return -1, -1
}

var errZip64 = errors.New("broken zip64 field")

// offset is where the entry's header is, from the archive's base.
func (r zipRecord) offset() (int64, error) {
	offset := uint64(little.Uint32(r[42:]))
	if offset == math.MaxUint32 {
		field, at := r.zip64()
		if field < 0 || at+8 > len(r) {
			return 0, errZip64
		}
		offset = little.Uint64(r[at:])
	}
	return int64(offset), nil
}

// appendMoved appends the record of the entry at another offset. Nothing else in it changes, unless the offset has no
// room in it.
func (r zipRecord) appendMoved(raw []byte, offset int64) ([]byte, error) {
	first := len(raw)
	field, at := r.zip64()
	switch isWide := little.Uint32(r[42:]) == math.MaxUint32; {
	case isWide:
		raw = append(raw, r...)
		little.PutUint64(raw[first+at:], uint64(offset))
		return raw, nil
	case offset < math.MaxUint32:
		raw = append(raw, r...)
		little.PutUint32(raw[first+42:], uint32(offset))
		return raw, nil
	}
	var add []byte
	if field < 0 {
		at = len(r) - len(r.comment())
		add = little.AppendUint16(add, zipExtra64)
		add = little.AppendUint16(add, 8)
	}
	add = little.AppendUint64(add, uint64(offset))
	if len(r.extra())+len(add) > math.MaxUint16 || at > len(r) {
		return nil, errZip64
	}
	raw = append(append(append(raw, r[:at]...), add...), r[at:]...)
	moved := raw[first:]
	if field >= 0 {
		little.PutUint16(moved[field+2:], little.Uint16(moved[field+2:])+8)
	}
	little.PutUint16(moved[6:], max(little.Uint16(moved[6:]), zip64Version))
	little.PutUint16(moved[30:], uint16(len(r.extra())+len(add)))
	little.PutUint32(moved[42:], math.MaxUint32)
	return raw, nil
}

// packed answers the record of an entry that is to hold a file of this checksum in so many compressed bytes, written as
// the platform does: with its sizes in the header, and nothing beside them.
func (r zipRecord) packed(sum checksum, size int) zipRecord {
	const kept = 0x800 | 0x6 // a name in UTF-8, and how hard was compressed
	name, comment := r.name(), r.comment()
	p := make(zipRecord, 0, zipRecordSize+len(name)+len(comment))
	p = append(append(append(p, r[:zipRecordSize]...), name...), comment...)
	little.PutUint16(p[6:], zipVersion)
	little.PutUint16(p[8:], little.Uint16(r[8:])&kept)
	little.PutUint16(p[10:], zip.Deflate)
	little.PutUint32(p[16:], sum.crc)
	little.PutUint32(p[20:], uint32(size))
	little.PutUint32(p[24:], uint32(sum.size))
	little.PutUint16(p[30:], 0) // extras
	little.PutUint16(p[34:], 0) // disk
	little.PutUint32(p[42:], 0)
	return p
}

// appendHeader appends the header that stands before a packed entry's data.
func (r zipRecord) appendHeader(raw []byte) []byte {
	raw = little.AppendUint32(raw, zipHeader)
	raw = append(raw, r[6:30]...) // version, flags, method, time, checksum, sizes, length of the name
	raw = append(raw, 0, 0)       // no extras
	return append(raw, r.name()...)
}
