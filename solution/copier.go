package solution

import (
	"context"
	"io"
)

// copier copies bytes of an archive as they are. It looks at its context before each chunk.
type copier struct {
	ctx context.Context
	at  io.ReaderAt
	w   io.Writer
	buf []byte
}

func newCopier(ctx context.Context, at io.ReaderAt, w io.Writer) *copier {
	return &copier{ctx: ctx, at: at, w: w}
}

// copy copies the bytes between two offsets.
func (c *copier) copy(from, to int64) error {
	const chunk = 64 << 10
	if c.buf == nil {
		c.buf = make([]byte, min(chunk, to-from))
	}
	for from < to {
		buf := c.buf[:min(int64(len(c.buf)), to-from)]
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

func (c *copier) write(raw []byte) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	n, err := c.w.Write(raw)
	if err == nil && n < len(raw) {
		return io.ErrShortWrite
	}
	return err
}
