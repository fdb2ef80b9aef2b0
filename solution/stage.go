package solution

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

// stage is where files are written beside their places, so that what can go wrong does before any of them is replaced.
type stage struct {
	disk    disk
	files   []staged
	settled int             // how many of files have come to their places
	next    int             // number of the next temporary file
	folders map[string]bool // those that are known to be there
	made    []string        // those that weren't there before
}

// staged is a file that waits for its place.
type staged struct {
	place, temporary string
	replaces         bool
}

// put writes a file beside its place. It gets the permissions of the one that is there; a link is replaced, not
// followed.
func (s *stage) put(place string, write func(io.Writer) error) error {
	perm := fs.FileMode(0o666)
	is, err := s.disk.Lstat(place)
	replaces := err == nil
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case is.Mode().IsRegular():
		perm = is.Mode().Perm()
	case is.Mode().Type() != fs.ModeSymlink:
		return fmt.Errorf("what is there is no file, and stays: %w", fs.ErrExist)
	}
	if err := s.folder(filepath.Dir(place)); err != nil {
		return err
	}
	file, temporary, err := s.create(filepath.Dir(place), perm)
	if err != nil {
		return err
	}
	s.files = append(s.files, staged{place, temporary, replaces})
	err = write(file)
	if err == nil && replaces && is.Mode().IsRegular() {
		err = s.permit(file, temporary, perm)
	}
	if err == nil {
		err = file.Sync() // or a crash could leave the name without the bytes
	}
	return errors.Join(err, file.Close())
}

// permit gives a file permissions that are taken from new files.
func (s *stage) permit(file diskFile, temporary string, perm fs.FileMode) error {
	is, err := s.disk.Lstat(temporary)
	if err != nil || is.Mode().Perm() == perm {
		return err
	}
	return file.Chmod(perm)
}

// folder makes a folder and those that it is in.
func (s *stage) folder(name string) error {
	if name == "." || s.folders[name] {
		return nil
	}
	if err := s.folder(filepath.Dir(name)); err != nil {
		return err
	}
	switch err := s.disk.Mkdir(name, 0o777); {
	case err == nil:
		s.made = append(s.made, name)
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if s.folders == nil {
		s.folders = map[string]bool{}
	}
	s.folders[name] = true
	return nil
}

// create makes a temporary file in a folder. Its name is one that nothing there has, and short, since a solution's own
// names may be as long as a file system takes.
func (s *stage) create(dir string, perm fs.FileMode) (file diskFile, name string, err error) {
	for {
		name = filepath.Join(dir, fmt.Sprintf(".connref-%d.tmp", s.next))
		s.next++
		file, err = s.disk.Create(name, perm)
		if !errors.Is(err, fs.ErrExist) {
			return file, name, err
		}
	}
}

// settle brings the next file to its place.
func (s *stage) settle(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f := s.files[s.settled]
	if err := s.disk.Rename(f.temporary, f.place); err != nil {
		return err
	}
	s.settled++
	return nil
}

// abandon removes the temporary files of those that haven't come to their places, and the folders made for them.
func (s *stage) abandon() error {
	var faults []error
	remove := func(name string) {
		if err := s.disk.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, fmt.Errorf("%s is left: %w", name, err))
		}
	}
	for _, f := range s.files[s.settled:] {
		remove(f.temporary)
	}
	for i := len(s.made) - 1; i >= 0; i-- {
		if !s.holds(s.made[i]) {
			remove(s.made[i])
		}
	}
	return errors.Join(faults...)
}

// holds tells whether a file has come to its place in the folder.
func (s *stage) holds(folder string) bool {
	for _, f := range s.files[:s.settled] {
		if strings.HasPrefix(f.place, folder+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// has tells whether a file, or what a link leads to, holds these bytes.
func has(d disk, name string, raw []byte) bool {
	is, err := d.Stat(name)
	if err != nil || !is.Mode().IsRegular() || is.Size() != int64(len(raw)) {
		return false
	}
	have, err := d.ReadFile(name)
	return err == nil && bytes.Equal(have, raw)
}
