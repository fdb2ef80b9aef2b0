package solution

import (
	"context"
	"fmt"
	"path"
	"strings"
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

// slashed is the form in which names are compared and shown: with forward slashes, whatever the archive has, and without
// the empty and dotted parts that would give one file two names.
func slashed(name string) string {
	if name == "" {
		return ""
	}
	if strings.IndexByte(name, '\\') >= 0 {
		name = strings.ReplaceAll(name, `\`, "/")
	}
	return path.Clean(name)
}

// checkName refuses a name that would leave the folder it is unpacked to.
func checkName(name string) error {
	if name == "" {
		return fmt.Errorf("an entry without a name: %w", ErrUnsafePath)
	}
	clean := strings.ReplaceAll(name, `\`, "/")
	if path.Clean(clean) == "." {
		return fmt.Errorf("entry %q: names must name a file: %w", name, ErrUnsafePath)
	}
	if strings.HasPrefix(clean, "/") || len(clean) > 1 && clean[1] == ':' || strings.ContainsRune(clean, 0) {
		return fmt.Errorf("entry %q: names must be relative: %w", name, ErrUnsafePath)
	}
	if strings.Contains(clean, "..") && !isLocal(clean) {
		return fmt.Errorf("entry %q: names must stay inside the archive: %w", name, ErrUnsafePath)
	}
	return nil
}

func isLocal(name string) bool {
	clean := path.Clean(name)
	return clean != ".." && !strings.HasPrefix(clean, "../")
}

func tooLarge[N int64 | uint64](what string, size N, limit int64) error {
	return fmt.Errorf("%s has %d bytes, the limit is %d: %w", what, size, limit, ErrTooLarge)
}
