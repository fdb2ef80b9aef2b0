package solution

import (
	"io"
	"io/fs"
	"os"
)

// disk is the folder that files are written into, and what that needs. Names are relative to the folder, in the
// operating system's form.
type disk interface {
	Stat(name string) (fs.FileInfo, error)
	Lstat(name string) (fs.FileInfo, error)
	ReadFile(name string) ([]byte, error)
	Mkdir(name string, perm fs.FileMode) error
	// Create opens a file for writing, which isn't there yet.
	Create(name string, perm fs.FileMode) (diskFile, error)
	Rename(from, to string) error
	Remove(name string) error
}

// diskFile is a file that is being written.
type diskFile interface {
	io.Writer
	Chmod(perm fs.FileMode) error
	Sync() error
	Close() error
}

// rootDisk is a folder of the operating system. A Root follows no link out of it.
type rootDisk struct{ *os.Root }

func (d rootDisk) Create(name string, perm fs.FileMode) (diskFile, error) {
	file, err := d.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return nil, err
	}
	return file, nil
}
