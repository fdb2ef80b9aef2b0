package solution

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// archive is the origin of a zip archive: a file that is opened when it is needed, or bytes that the caller has.
type archive struct {
	path string // of a file; "" if at is set
	info os.FileInfo
	at   io.ReaderAt
	size int64
}

// archiveFile notes what the file is now, so that another one in its place is noticed.
func archiveFile(path string) (*archive, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	return &archive{path: path, info: info, size: info.Size()}, nil
}

func archiveBytes(raw []byte) *archive {
	return &archive{at: bytes.NewReader(raw), size: int64(len(raw))}
}

// reader answers the archive's bytes, to be read until close.
func (a *archive) reader() (at io.ReaderAt, closeFile func() error, err error) {
	if a.path == "" {
		return a.at, func() error { return nil }, nil
	}
	file, err := os.Open(a.path)
	if err != nil {
		return nil, nil, err
	}
	if err := a.unchanged(file); err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, file.Close, nil
}

// stillThere fails with ErrChanged if a file's bytes, which reader answered, are other ones by now.
func (a *archive) stillThere(at io.ReaderAt) error {
	if a.path == "" { // the caller's, whatever it is
		return nil
	}
	return a.unchanged(at.(*os.File))
}

func (a *archive) unchanged(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(info, a.info) || info.Size() != a.size || !info.ModTime().Equal(a.info.ModTime()) {
		return ErrChanged
	}
	return nil
}

// copyTo writes the archive as it was read.
func (a *archive) copyTo(ctx context.Context, w io.Writer) (err error) {
	at, closeFile, err := a.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFile()) }()
	err = copier{ctx, at, w}.copy(0, a.size)
	return errors.Join(err, a.stillThere(at)) // which may be the reason
}

func (a *archive) open(ctx context.Context, opts Options) (store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	at, closeFile, err := a.reader()
	if err != nil {
		return nil, err
	}
	s, err := openArchive(at, a.size, opts)
	if err != nil {
		return nil, errors.Join(err, closeFile())
	}
	s.closeFile = closeFile
	return s, nil
}

type archiveStore struct {
	at        io.ReaderAt
	directory []*zip.File // all that the archive's directory lists
	files     []*zip.File // without directories
	records   []int       // where each of files is in directory
	list      []string
	closeFile func() error
}

func openArchive(at io.ReaderAt, size int64, opts Options) (*archiveStore, error) {
	r, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("no zip archive, or only a part of one (%w): %w", err, ErrNotSolution)
	}
	if len(r.File) > opts.MaxFiles {
		return nil, fmt.Errorf("archive has %d entries, the limit is %d: %w", len(r.File), opts.MaxFiles, ErrTooLarge)
	}
	s := &archiveStore{at: at, directory: r.File}
	var total uint64
	for i, f := range r.File {
		if err := checkName(f.Name); err != nil {
			return nil, err
		}
		if f.UncompressedSize64 > uint64(opts.MaxFileSize) {
			return nil, tooLarge(fmt.Sprintf("entry %q", f.Name), f.UncompressedSize64, opts.MaxFileSize)
		}
		if total += f.UncompressedSize64; total > uint64(opts.MaxTotalSize) {
			return nil, tooLarge("the archive, unpacked,", total, opts.MaxTotalSize)
		}
		if f.FileInfo().IsDir() || strings.HasSuffix(f.Name, `\`) {
			continue
		}
		s.files = append(s.files, f)
		s.records = append(s.records, i)
		s.list = append(s.list, f.Name)
	}
	return s, nil
}

func (s *archiveStore) names() []string { return s.list }
func (s *archiveStore) fault(int) error { return nil }
func (s *archiveStore) close() error    { return s.closeFile() }

// maxDeflate is the most that one byte of deflate can stand for: an entry that claims more is not worth the memory.
const maxDeflate = 1032

func (s *archiveStore) read(i int) (raw []byte, err error) {
	f := s.files[i]
	if f.UncompressedSize64 > maxDeflate*(f.CompressedSize64+64) {
		return nil, fmt.Errorf("claims %d bytes in %d compressed ones, which can't be: %w",
			f.UncompressedSize64, f.CompressedSize64, zip.ErrFormat)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := r.Close(); err == nil { // else it says the same again
			err = closing
		}
	}()
	raw = make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, err
	}
	// The checksum is compared at the end of the stream, which must be here.
	n, err := r.Read(make([]byte, 1))
	switch {
	case n > 0 || errors.Is(err, zip.ErrFormat):
		return nil, fmt.Errorf("holds more than the %d bytes it claims: %w", len(raw), zip.ErrFormat)
	case err != io.EOF:
		return nil, err
	}
	return raw, nil
}
