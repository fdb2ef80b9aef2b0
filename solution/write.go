package solution

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// WriteZip writes the solution as a zip archive: one that was read as an archive and that nobody changed comes out as
// the same bytes. Of one that With changed, every entry that it didn't touch keeps its bytes: compressed data, headers,
// extra fields, order and times; so do the archive's comment and what stands in front of it. Changed entries stay where
// they were, new ones come last, and all of them are written the way the platform does, like the archive's others. An
// archive has no other bytes either once its changes are undone. A folder's files, or those of a folder in an archive,
// are packed in order, compressed, with their names and nothing else. What the model was read from is written as it was
// then, other files of a folder as they are now.
//
// It fails with ErrLayout for an unpacked folder, which is not what an import takes, and for an archive that is to be
// changed though its directory names places where no entry can be; with ErrTooLarge where a changed file doesn't fit
// into an archive; and with ErrChanged if the archive is another file by now, or the folder holds others. Then nothing
// is written, unless that happened during writing. The context is asked on the way.
func (s *Solution) WriteZip(ctx context.Context, w io.Writer) error {
	if s.place.Layout == LayoutUnpacked {
		return fmt.Errorf("%s: an unpacked folder has to be packed by SolutionPackager or pac first: %w",
			s.place.Path, ErrLayout)
	}
	a, isArchive := s.place.origin.(*archive)
	switch {
	case !isArchive || !s.place.whole:
		return s.packAll(ctx, w)
	case s.isChanged():
		return s.splice(ctx, a, w)
	}
	if err := a.copyTo(ctx, w); err != nil {
		return fmt.Errorf("%s: %w", s.place.Path, err)
	}
	return nil
}

// WriteZipFile writes what WriteZip does into a file, which has either all of it or is as it was before, and isn't
// there if it wasn't: the archive is written beside it and then renamed. A file that is there keeps its permissions; a
// link is replaced, not followed. It may be the very file that the solution was opened from, which is then opened again
// by whoever goes on with it.
func (s *Solution) WriteZipFile(ctx context.Context, path string) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return errors.Join(s.writeZipFile(ctx, rootDisk{root}, path), root.Close())
}

func (s *Solution) writeZipFile(ctx context.Context, d disk, path string) error {
	beside := stage{disk: d}
	err := beside.put(filepath.Base(path), func(w io.Writer) error { return s.WriteZip(ctx, w) })
	if err == nil {
		err = beside.settle(ctx)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", path, err), beside.abandon())
	}
	return nil
}

// isChanged tells whether With changed anything, be it that something was changed back.
func (s *Solution) isChanged() bool {
	for _, e := range s.entries {
		if e.changed {
			return true
		}
	}
	return len(s.entries) != len(s.origin)
}

// packAll makes an archive of the solution's files.
func (s *Solution) packAll(ctx context.Context, w io.Writer) error {
	archive := zip.NewWriter(w)
	var packed bytes.Buffer
	err := s.eachFile(ctx, func(name string, raw []byte) error {
		packed.Reset()
		if err := pack(archive, &packed, name, raw); err != nil {
			return fmt.Errorf("%s: %s: %w", s.place.Path, name, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("%s: %w", s.place.Path, err)
	}
	return nil
}

// pack adds a file the way the platform does: deflated, with its sizes in the header instead of behind the data.
func pack(archive *zip.Writer, packed *bytes.Buffer, name string, raw []byte) error {
	if err := deflate(packed, bytes.NewReader(raw)); err != nil {
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

// utf8Name tells readers that a name beyond ASCII is UTF-8; without that .NET takes it for an old code page.
const utf8Name = 0x800

func nameFlags(name string) uint16 {
	if strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return utf8Name
	}
	return 0
}
