package solution

import (
	"fmt"
	"path"
	"strings"
)

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

func trimSlash(path string) string {
	if trimmed := strings.TrimRight(path, "/"); trimmed != "" {
		return trimmed
	}
	return path
}
