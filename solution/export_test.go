package solution

import (
	"context"
	"os"
)

// Disk and DiskFile are what writing needs of a file system, so that tests can make it fail.
type (
	Disk     = disk
	DiskFile = diskFile
)

// RootDisk is the disk that writing uses.
func RootDisk(root *os.Root) Disk { return rootDisk{root} }

// WriteDirOn is WriteDir for a folder below the disk's.
func (s *Solution) WriteDirOn(ctx context.Context, d Disk, below string) (Written, error) {
	return s.writeDir(ctx, d, below, "disk")
}

// WriteZipFileOn is WriteZipFile for a file in the disk's folder.
func (s *Solution) WriteZipFileOn(ctx context.Context, d Disk, name string) error {
	return s.writeZipFile(ctx, d, name)
}

// MoveRecord answers the record of an archive's entry for a header that is at another offset.
func MoveRecord(record []byte, offset int64) ([]byte, error) {
	return zipRecord(record).appendMoved(nil, offset)
}
