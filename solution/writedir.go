package solution

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/connref/connref/connref"
)

// Written is what WriteDir did to a folder. The lists are in the solution's order, with the names that Files gives.
type Written struct {
	Created   []string // were not there
	Replaced  []string // held other bytes, or were links
	Removed   []string // were there, and the solution that was opened had them, but this one doesn't
	Unchanged int      // how many held what is to be written, and were not touched
}

// WriteDir writes the solution's files into a folder, which is made if it isn't there; an archive is unzipped by that.
// Files that already hold what is to be written are left alone, and so are strangers. Files that With removed are
// removed from the folder, too; folders stay.
//
// Every file is first written beside its place, and nothing is replaced before that went well: where a disk is full or
// a folder is write-protected, nothing has changed. Then one after the other is renamed, so that none is ever half. If
// that fails, or the context ends, Written tells what was done by then, and writing again does the rest.
//
// It fails with ErrDuplicate, before it writes anything, if two files share a name, and with ErrChanged as WriteZip
// does. Files that replace others keep their permissions; a link is replaced by a file. Who goes on with a folder that
// was written into itself opens it again if files were created or removed.
func (s *Solution) WriteDir(ctx context.Context, dir string) (Written, error) {
	if err := s.checkPaths(); err != nil {
		return Written{}, err
	}
	base, below, err := existing(dir)
	if err != nil {
		return Written{}, err
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return Written{}, err
	}
	done, err := s.writeDir(ctx, rootDisk{root}, below, dir)
	return done, errors.Join(err, root.Close())
}

// checkPaths refuses files that can't be in one folder.
func (s *Solution) checkPaths() error {
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
	return nil
}

// existing parts a path into the folder that is there and those below that are to be made.
func existing(dir string) (base, below string, err error) {
	if dir == "" {
		return "", "", fmt.Errorf("a folder to write to must have a name: %w", connref.ErrInvalid)
	}
	for base = filepath.Clean(dir); ; base = filepath.Dir(base) {
		_, err := os.Stat(base)
		switch {
		case err == nil:
			return base, below, nil
		case !errors.Is(err, fs.ErrNotExist) || base == filepath.Dir(base):
			return "", "", err
		}
		below = filepath.Join(filepath.Base(base), below)
	}
}

// writeDir writes the files below a folder of the disk, which errors call dir.
func (s *Solution) writeDir(ctx context.Context, d disk, below, dir string) (Written, error) {
	w := dirWriter{sol: s, stage: stage{disk: d}, below: below}
	err := w.write(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("%s: %w", dir, err), w.stage.abandon())
	}
	return w.done, err
}

// dirWriter writes a solution's files below a folder.
type dirWriter struct {
	sol   *Solution
	stage stage
	below string
	names []string // of the files on the stage
	done  Written
}

func (w *dirWriter) write(ctx context.Context) error {
	if err := w.sol.eachFile(ctx, w.put); err != nil {
		w.done = Written{}
		return fmt.Errorf("%w; nothing is changed", err)
	}
	for i, name := range w.names {
		if err := w.stage.settle(ctx); err != nil {
			return fmt.Errorf("%s: %w; %d of %d files are written, this one and those behind it are as before",
				name, err, i, len(w.names))
		}
		if w.stage.files[i].replaces {
			w.done.Replaced = append(w.done.Replaced, name)
		} else {
			w.done.Created = append(w.done.Created, name)
		}
	}
	return w.removeOthers(ctx)
}

func (w *dirWriter) place(name string) string {
	return filepath.Join(w.below, filepath.FromSlash(name))
}

// put stages a file unless its place holds the same.
func (w *dirWriter) put(name string, raw []byte) error {
	place := w.place(name)
	if has(w.stage.disk, place, raw) {
		w.done.Unchanged++
		return nil
	}
	w.names = append(w.names, name)
	err := w.stage.put(place, func(to io.Writer) error {
		_, err := to.Write(raw)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// removeOthers removes the files that the solution had when it was opened, and no longer has.
func (w *dirWriter) removeOthers(ctx context.Context) error {
	for _, e := range w.sol.origin {
		if _, stays := w.sol.index[connref.Fold(e.name)]; stays {
			continue
		}
		removed, err := w.remove(ctx, w.place(e.name))
		if err != nil {
			return fmt.Errorf("%s: %w; every file is written, this one and those behind it aren't removed", e.name, err)
		}
		if removed {
			w.done.Removed = append(w.done.Removed, e.name)
		}
	}
	return nil
}

// remove removes a file, or a link to one; a folder of its name is a stranger.
func (w *dirWriter) remove(ctx context.Context, place string) (removed bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	is, err := w.stage.disk.Lstat(place)
	if errors.Is(err, fs.ErrNotExist) || err == nil && is.IsDir() {
		return false, nil
	}
	if err == nil {
		err = w.stage.disk.Remove(place)
	}
	return err == nil, err
}
