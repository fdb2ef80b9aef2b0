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
	files
	close() error
}

// files are what a store holds, each known by its index in the list of names.
type files interface {
	// fault is why a file can't be read, as far as is known before it is tried.
	fault(stored int) error
	// read answers the whole of a file.
	read(stored int) ([]byte, error)
}

// entry is a file of the solution.
type entry struct {
	name    string // relative to the solution's root, with forward slashes
	stored  int    // its index in the store; created if it isn't there
	changed bool   // what it holds is in the solution's texts, no longer in the store
}

// created is the index of a file that no store has.
const created = -1

// entriesBelow answers the files below a folder, in the store's order.
func entriesBelow(dir string, names []string) []entry {
	entries := make([]entry, 0, len(names))
	for stored, name := range names {
		if name, inside := within(dir, slashed(name)); inside {
			entries = append(entries, entry{name: name, stored: stored})
		}
	}
	return entries
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
