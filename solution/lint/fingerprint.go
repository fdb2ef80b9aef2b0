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
	r := newPlaces(sol)
	return r.anchor(at, r.position(at))
}

// places reads places of a solution's files, each of those that the model doesn't hold once.
type places struct {
	sol   *solution.Solution
	files map[string]text
}

// text is a file that can be read, and its tree if it is JSON.
type text struct {
	*source.File
	json *source.JSON
}

func newPlaces(sol *solution.Solution) places { return places{sol, map[string]text{}} }

// text is the file of a place that lies in its text; none if there is none.
func (p places) text(at source.Location) text {
	t, known := p.files[at.File]
	if !known {
		if file, err := p.sol.File(at.File); err == nil && file.Err() == nil {
			t.File = file
		}
		p.files[at.File] = t
	}
	if t.File == nil || at.Span.End > len(t.Text()) {
		return text{}
	}
	return t
}

// position makes a place readable, in a file that the model doesn't hold too.
func (p places) position(at source.Location) source.Position {
	position := p.sol.Position(at)
	if position.Pointer != "" || at.Span == (source.Span{}) {
		return position
	}
	t := p.text(at)
	if t.File == nil {
		return position
	}
	if t.json == nil && strings.EqualFold(path.Ext(at.File), ".json") {
		t.json, _ = source.ParseJSON(t.File, nil) // what is none has no pointers
		p.files[at.File] = t
	}
	if t.json != nil {
		return t.json.Position(at.Span.Start)
	}
	return t.Position(at.Span.Start)
}

func (p places) anchor(at source.Location, position source.Position) string {
	if at.Span == (source.Span{}) || position.Pointer != "" {
		return position.Pointer
	}
	t := p.text(at)
	if t.File == nil {
		return ""
	}
	there := t.Slice(at.Span)
	if strings.HasPrefix(there, "<") {
		if end := strings.IndexByte(there, '>'); end > 0 {
			there = there[:end+1]
		}
		return strings.Join(strings.Fields(there), " ")
	}
	if end := strings.IndexAny(there, "\r\n"); end >= 0 {
		there = there[:end]
	}
	return strings.TrimSpace(there)
}

// finish gives each finding its position, and its fingerprint: of its rule, solution, file, place as Anchor names it, and
// subject, which stands in the fingerprint's place until then. Findings that share all of these are counted. A text that
// may be a credential goes into none, since a guess could be tried on it.
func finish(list diag.List, set *Set) {
	bySolution, names, count := map[string]places{}, set.names(), map[string]int{}
	for i := range list {
		d := &list[i]
		p, ok := bySolution[d.Solution]
		if !ok {
			p = newPlaces(set.ByPath(d.Solution))
			bySolution[d.Solution] = p
		}
		d.Position = p.position(d.At)
		anchor := d.Position.Pointer
		if !d.Sensitive {
			anchor = p.anchor(d.At, d.Position)
		}
		key := strings.Join([]string{
			connref.Fold(d.Rule), connref.Fold(names[d.Solution]), connref.Fold(d.At.File), anchor, d.Fingerprint,
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
