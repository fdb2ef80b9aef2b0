package solution

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/connref/connref/connref"
)

// WriteZip writes the solution as a zip archive: one that was read as an archive comes out as the same bytes, a folder's
// files are packed in order, compressed, with their names and nothing else. What the model was read from is written as
// it was then, other files of a folder as they are now. It fails with ErrLayout for an unpacked
// folder, which is not what an import takes, and with ErrChanged if the archive is another file by now, or the folder
// holds others; then nothing is written.
func (s *Solution) WriteZip(w io.Writer) error {
	if s.place.Layout == LayoutUnpacked {
		return fmt.Errorf("%s: an unpacked folder has to be packed by SolutionPackager or pac first: %w", s.place.Path, ErrLayout)
	}
	if a, ok := s.place.origin.(*archive); ok && s.place.whole {
		if err := a.copyTo(w); err != nil {
			return fmt.Errorf("%s: %w", s.place.Path, err)
		}
		return nil
	}
	archive := zip.NewWriter(w)
	if err := s.eachFile(func(name string, raw []byte) error { return pack(archive, name, raw) }); err != nil {
		return err
	}
	return archive.Close()
}

// zipVersion is the version of the format that deflate and folders need.
const zipVersion = 20

// nameFlags tells readers that a name beyond ASCII is UTF-8; without that .NET takes it for an old code page.
func nameFlags(name string) uint16 {
	const utf8Name = 0x800
	if strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return utf8Name
	}
	return 0
}

// pack adds a file the way the platform does: deflated, with its sizes in the header instead of behind the data.
func pack(archive *zip.Writer, name string, raw []byte) error {
	var packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err != nil {
		return err
	}
	if _, err := deflate.Write(raw); err != nil {
		return err
	}
	if err := deflate.Close(); err != nil {
		return err
	}
	w, err := archive.CreateRaw(&zip.FileHeader{
		Name:           name,
		CreatorVersion: zipVersion,
		ReaderVersion:  zipVersion,
		Flags:          nameFlags(name),
		Method:         zip.Deflate,
		//lint:ignore SA1019 CreateRaw takes no Modified; this is 1 January 1980, the first day that there is
		ModifiedDate:       1<<5 | 1,
		CRC32:              crc32.ChecksumIEEE(raw),
		CompressedSize64:   uint64(packed.Len()),
		UncompressedSize64: uint64(len(raw)),
	})
	if err != nil {
		return err
	}
	_, err = packed.WriteTo(w)
	return err
}

// WriteDir writes the solution's files into a folder, which is made if it isn't there; an archive is unzipped by that.
// Files that already hold what is to be written are left alone, and so are strangers. Each file is written beside its
// place and then renamed, so that none is ever half. It fails with ErrDuplicate, before it writes anything, if two files
// share a name, and with ErrChanged as WriteZip does.
func (s *Solution) WriteDir(dir string) error {
	files := make(map[string]bool, len(s.entries))
	for _, e := range s.entries {
		if !s.isFirst(e) {
			return fmt.Errorf("%s: %s is there twice, a folder can hold one: %w", s.place.Path, e.name, connref.ErrDuplicate)
		}
		files[e.name] = true
	}
	for _, e := range s.entries {
		for dir := path.Dir(e.name); dir != "."; dir = path.Dir(dir) {
			if files[dir] {
				return fmt.Errorf("%s: %s is a file and a folder: %w", s.place.Path, dir, connref.ErrDuplicate)
			}
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	err = s.eachFile(func(name string, raw []byte) error { return replaceFile(root, filepath.FromSlash(name), raw) })
	return errors.Join(err, root.Close())
}

// replaceFile makes the file hold raw, by way of a temporary file beside it.
func replaceFile(root *os.Root, name string, raw []byte) error {
	if info, err := root.Stat(name); err == nil && info.Mode().IsRegular() && info.Size() == int64(len(raw)) {
		if have, err := root.ReadFile(name); err == nil && bytes.Equal(have, raw) {
			return nil
		}
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	file, temporary, err := temporaryFile(root, filepath.Dir(name))
	if err != nil {
		return err
	}
	_, err = file.Write(raw)
	if err = errors.Join(err, file.Close()); err == nil {
		err = root.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, root.Remove(temporary))
	}
	return nil
}

// temporaryFile makes a new file in a folder. Its name is one that nothing there has, and short, since a solution's own
// names may be as long as a file system takes.
func temporaryFile(root *os.Root, dir string) (file *os.File, name string, err error) {
	for i := 0; ; i++ {
		name = filepath.Join(dir, fmt.Sprintf(".connref-%d.tmp", i))
		file, err = root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return file, name, err
		}
	}
}
