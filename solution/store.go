package solution

import (
	"context"
	"fmt"
	"os"
)

// origin is where files come from and can be had again: an archive or a folder.
type origin interface {
	// open lists the files, to be read until close.
	open(ctx context.Context, opts Options) (store, error)
}

// store is an origin that is open.
type store interface {
	// names are the files' paths as written, in the archive's order or sorted; directories are no files.
	names() []string
	// fault is why the i-th file can't be read, as far as is known before it is tried.
	fault(i int) error
	// read answers the whole of the i-th file.
	read(i int) ([]byte, error)
	close() error
}

// originOf answers the origin of a path on disk.
func originOf(path string) (from origin, isDir bool, err error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, false, err
	case info.IsDir():
		return &folder{path: path}, true, nil
	case !info.Mode().IsRegular():
		return nil, false, fmt.Errorf("%s: neither a file nor a folder: %w", path, ErrNotSolution)
	}
	a, err := archiveFile(path)
	return a, false, err
}
