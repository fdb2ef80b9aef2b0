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
// whole. JSON of which the model holds nothing has no pointers.
func Anchor(sol *solution.Solution, at source.Location) string {
	return readerOf{sol, map[string]*source.File{}}.anchor(at)
}

// readerOf reads files of a solution, those that the model doesn't hold once.
type readerOf struct {
	sol   *solution.Solution
	files map[string]*source.File
}

// file is the file of a place that lies in its text; nil if there is none.
func (r readerOf) file(at source.Location) *source.File {
	file, known := r.files[at.File]
	if !known {
		var err error
		if file, err = r.sol.File(at.File); err != nil || file.Err() != nil {
			file = nil
		}
		r.files[at.File] = file
	}
	if file == nil || at.Span.End > len(file.Text()) {
		return nil
	}
	return file
}

// position makes a place readable, in a file that the model doesn't hold too.
func (r readerOf) position(at source.Location) source.Position {
	p := r.sol.Position(at)
	if p.Line > 0 || at.Span == (source.Span{}) {
		return p
	}
	if file := r.file(at); file != nil {
		return file.Position(at.Span.Start)
	}
	return p
}

func (r readerOf) anchor(at source.Location) string {
	if at.Span == (source.Span{}) {
		return ""
	}
	if pointer := r.sol.Position(at).Pointer; pointer != "" {
		return pointer
	}
	file := r.file(at)
	if file == nil {
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

// finish gives each finding its position, and its fingerprint: of its rule, solution, file, place as Anchor names it, and
// subject, which stands in the fingerprint's place until then. Findings that share all of these are counted.
func finish(list diag.List, set *Set) {
	readers, names, count := map[string]readerOf{}, set.names(), map[string]int{}
	for i := range list {
		d := &list[i]
		r, ok := readers[d.Solution]
		if !ok {
			r = readerOf{set.Solution(d.Solution), map[string]*source.File{}}
			readers[d.Solution] = r
		}
		d.Position = r.position(d.At)
		key := strings.Join([]string{
			connref.Fold(d.Rule), connref.Fold(names[d.Solution]), connref.Fold(d.At.File), r.anchor(d.At), d.Fingerprint,
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
