package solution

import (
	"context"
	"io"
	"sync"
)

// copier copies bytes of an archive as they are. It looks at its context before each chunk.
type copier struct {
	ctx context.Context
	at  io.ReaderAt
	w   io.Writer
}

// chunks are buffers at rest.
var chunks = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// copy copies the bytes between two offsets.
func (c copier) copy(from, to int64) error {
	chunk := chunks.Get().(*[32 << 10]byte)
	defer chunks.Put(chunk)
	for from < to {
		buf := chunk[:min(int64(len(chunk)), to-from)]
		n, err := c.at.ReadAt(buf, from)
		switch {
		case n == len(buf):
		case err == io.EOF:
			return io.ErrUnexpectedEOF
		default:
			return err
		}
		if err := c.write(buf); err != nil {
			return err
		}
		from += int64(n)
	}
	return nil
}

func (c copier) write(raw []byte) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	n, err := c.w.Write(raw)
	if err == nil && n < len(raw) {
		return io.ErrShortWrite
	}
	return err
}
