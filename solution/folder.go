package solution

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// folder is the origin of a folder: one on disk, opened when it is needed, or a file system that the caller has.
type folder struct {
	path string // of a folder on disk; "" if fsys is set
	fsys fs.FS
}

func (d *folder) open(ctx context.Context, opts Options) (store, error) {
	if d.path == "" {
		return openFolder(ctx, d.fsys, opts, func() error { return nil })
	}
	// A Root follows no link out of its folder.
	root, err := os.OpenRoot(d.path)
	if err != nil {
		return nil, err
	}
	s, err := openFolder(ctx, root.FS(), opts, root.Close)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return s, nil
}

// sub is the origin of a folder inside.
func (d *folder) sub(dir string) (*folder, error) {
	if d.path != "" {
		return &folder{path: filepath.Join(d.path, filepath.FromSlash(dir))}, nil
	}
	fsys, err := fs.Sub(d.fsys, dir)
	return &folder{fsys: fsys}, err
}

type folderStore struct {
	fsys       fs.FS
	list       []string
	faults     map[int]error // why a name in list can't be read, as far as listing tells
	opts       Options
	total      int64
	closeFiles func() error
}

// errFolder is a folder that stands in the list, since what is in it can't be.
var errFolder = errors.New("a folder whose files can't be listed")

// openFolder lists a file system's files. A repository's own .git is nobody's solution.
func openFolder(ctx context.Context, fsys fs.FS, opts Options, closeFiles func() error) (*folderStore, error) {
	s := &folderStore{fsys: fsys, faults: map[int]error{}, opts: opts, closeFiles: closeFiles}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && name == ".":
			return err
		case err != nil:
			s.faults[len(s.list)] = fmt.Errorf("%w: %w", errFolder, err)
			s.list = append(s.list, name)
			return fs.SkipDir
		case entry.IsDir() && entry.Name() == ".git":
			return fs.SkipDir
		case entry.IsDir():
			return nil
		case len(s.list) == opts.MaxFiles:
			return fmt.Errorf("folder has more than %d files: %w", opts.MaxFiles, ErrTooLarge)
		}
		if !entry.Type().IsRegular() {
			switch info, err := fs.Stat(fsys, name); {
			case err != nil: // a link that leads nowhere, or out of the folder
				s.faults[len(s.list)] = err
			case info.IsDir():
				return nil // a link to a folder: its files are found where they are, if they are inside
			case !info.Mode().IsRegular(): // a pipe would be waited for
				s.faults[len(s.list)] = fmt.Errorf("%s is no regular file: %w", name, fs.ErrInvalid)
			}
		}
		s.list = append(s.list, name)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *folderStore) names() []string   { return s.list }
func (s *folderStore) fault(i int) error { return s.faults[i] }
func (s *folderStore) close() error      { return s.closeFiles() }

func (s *folderStore) read(i int) (raw []byte, err error) {
	if err := s.faults[i]; err != nil {
		return nil, err
	}
	f, err := s.fsys.Open(s.list[i])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file: %w", s.list[i], fs.ErrInvalid)
	}
	if info.Size() > s.opts.MaxFileSize {
		return nil, tooLarge(s.list[i], info.Size(), s.opts.MaxFileSize)
	}
	if s.total += info.Size(); s.total > s.opts.MaxTotalSize {
		return nil, tooLarge("the folder", s.total, s.opts.MaxTotalSize)
	}
	raw = make([]byte, info.Size())
	n, err := io.ReadFull(f, raw)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return raw[:n], nil // it became shorter since
	}
	return raw, err
}

// archive is the archive of that name in the folder, unless a link leads to one outside.
func (d *folder) archive(name string) (a *archive, err error) {
	root, err := os.OpenRoot(d.path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if _, err := root.Stat(name); err != nil {
		return nil, err
	}
	return archiveFile(filepath.Join(d.path, filepath.FromSlash(name)))
}
