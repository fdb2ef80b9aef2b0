package lint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strconv"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// Anchor names a place of a solution's file in a way that edits elsewhere in the file don't change: in JSON the pointer,
// in other files the start tag that stands there, or else the text up to the end of its line. It is "" for a file as a
// whole.
func Anchor(sol *solution.Solution, at source.Location) string {
	if at.Span == (source.Span{}) {
		return ""
	}
	position := sol.Position(at)
	if position.Pointer != "" {
		return position.Pointer
	}
	file, err := sol.File(at.File)
	if err != nil || file.Err() != nil || at.Span.End > len(file.Text()) {
		return ""
	}
	text := file.Slice(at.Span)
	if strings.HasPrefix(text, "<") {
		if end := strings.IndexByte(text, '>'); end > 0 {
			text = text[:end+1]
		}
		return strings.Join(strings.Fields(text), " ")
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(line)
}

// fingerprint makes the fingerprint of each finding: of its rule, solution, file, place as Anchor names it, and subject.
// Findings that share all of these are counted.
func fingerprint(list diag.List, set *Set) {
	count := map[string]int{}
	for i := range list {
		d := &list[i]
		sol := set.Solution(d.Solution)
		key := strings.Join([]string{
			connref.Fold(d.Rule), connref.Fold(solutionName(sol)), connref.Fold(d.At.File), Anchor(sol, d.At), d.Fingerprint,
		}, "\x00")
		count[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(count[key])))
		d.Fingerprint = hex.EncodeToString(sum[:16])
	}
}

// solutionName is what a solution is called wherever it lies: the unique name, or for one without the last part of its
// path.
func solutionName(sol *solution.Solution) string {
	return cmp.Or(sol.Manifest().UniqueName, path.Base(strings.ReplaceAll(sol.Path(), `\`, "/")))
}
