package solution

import (
	"errors"
	"fmt"
)

// The errors of this package, beside the general ones of package connref. Reach them with errors.Is.
var (
	// ErrNotSolution says that a file or folder holds no solution.
	ErrNotSolution = errors.New("not a solution")
	// ErrTooLarge says that a limit of Options is passed.
	ErrTooLarge = errors.New("too large")
	// ErrUnsafePath says that a name in an archive leaves the folder it would be unpacked to.
	ErrUnsafePath = errors.New("unsafe path")
	// ErrChanged says that an archive is no longer the file that was opened.
	ErrChanged = errors.New("changed since it was opened")
	// ErrLayout says that a layout is recognised but can't be read, or can't be written in that form.
	ErrLayout = errors.New("unsupported layout")
)

var errYAML = fmt.Errorf("solutions/*/solution.yml is the YAML source-control layout, which can't be read yet: "+
	"export the solution as zip, or unpack it in the XML layout: %w", ErrLayout)

func tooLarge[N int64 | uint64](what string, size N, limit int64) error {
	return fmt.Errorf("%s has %d bytes, the limit is %d: %w", what, size, limit, ErrTooLarge)
}
