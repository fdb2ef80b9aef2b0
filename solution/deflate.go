package solution

import (
	"bytes"
	"compress/flate"
	"hash/crc32"
	"io"
	"sync"
)

// deflater is a compressor, to be used again and again: one takes more memory than most files that it compresses.
type deflater struct {
	w   *flate.Writer // which writes to out
	out *bytes.Buffer // not at rest, so that what was made isn't held
}

var deflaters = sync.Pool{New: func() any {
	d := &deflater{}
	var err error
	if d.w, err = flate.NewWriter(d, flate.DefaultCompression); err != nil {
		panic(err) // the level is one that there is
	}
	return d
}}

// deflate appends a file's compressed bytes to what out holds.
func deflate(out *bytes.Buffer, file io.WriterTo) error {
	d := deflaters.Get().(*deflater)
	defer deflaters.Put(d)
	d.out = out
	defer func() { d.out = nil }()
	d.w.Reset(d)
	if _, err := file.WriteTo(d.w); err != nil {
		return err
	}
	return d.w.Close()
}

func (d *deflater) Write(p []byte) (int, error) { return d.out.Write(p) }

// checksum is the CRC-32 and the size of a file's bytes, which an archive tells beside the compressed ones.
type checksum struct {
	crc  uint32
	size uint64
}

func checksumOf(file io.WriterTo) (sum checksum) {
	_, _ = file.WriteTo(&sum) // which takes all
	return sum
}

func (c *checksum) Write(p []byte) (int, error) {
	c.crc = crc32.Update(c.crc, crc32.IEEETable, p)
	c.size += uint64(len(p))
	return len(p), nil
}
