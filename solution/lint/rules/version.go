package rules

import (
	"slices"
	"strconv"
	"strings"
)

// version is a solution's version: major, minor, build and revision, of which the last two may be missing.
type version [4]uint64

// parseVersion reads two to four numbers with dots between them.
func parseVersion(text string) (v version, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) < 2 || len(parts) > len(v) {
		return version{}, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return version{}, false
		}
		v[i] = n
	}
	return v, true
}

func (v version) compare(other version) int { return slices.Compare(v[:], other[:]) }
