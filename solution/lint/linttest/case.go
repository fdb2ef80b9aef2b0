package linttest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/lint"
)

// Case is an archive that was read: solutions that are ready to be judged, and what a rule should find in them.
type Case struct {
	Path    string
	Comment string // the prose in front of the files
	Files   []File // all of them, as they stand in the archive
	// Input has the solutions completed. The path of one is its NAME in solutions/NAME, or Test; that of an old one is the
	// same in the folder old.
	Input   lint.Input
	Want    []Want
	Fixed   []File   // files that fixes make or change, as they are afterwards
	Removed []string // files that fixes remove

	set    bool // the archive has several solutions, so that files are named by solution
	broken bool // files that can't be read are meant
}

// File is a file of an archive.
type File struct {
	Name string
	Text string
	Line int // of the archive, where the text begins
}

// Load reads a case. It fails with all that is wrong with the archive, each with its line and an ErrInvalid or an
// ErrDuplicate, or as reading the file does.
func Load(file string) (*Case, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parse(file, data)
}

// nameless finds a line on which package txtar panics.
var nameless = regexp.MustCompile(`(?m)^-- --\r?$`)

func parse(file string, data []byte) (*Case, error) {
	if at := nameless.FindIndex(data); at != nil {
		line := 1 + bytes.Count(data[:at[0]], []byte("\n"))
		return nil, fmt.Errorf("%s:%d: -- --: expected a file's name in between: %w", file, line, connref.ErrInvalid)
	}
	archive := txtar.Parse(data)
	r := reader{Case: &Case{Path: file, Comment: string(archive.Comment)}, seen: map[string]int{}}
	r.old.folder = "old"
	line := 1 + bytes.Count(archive.Comment, []byte("\n"))
	for _, f := range archive.Files {
		line++ // of the marker
		r.Files = append(r.Files, File{f.Name, string(f.Data), line})
		line += bytes.Count(f.Data, []byte("\n"))
	}
	if len(r.Files) == 0 {
		r.invalid(1, "no files: expected an archive in which each begins with -- NAME --")
	}
	for _, f := range r.Files {
		r.take(f)
	}
	if len(r.new.members) == 0 {
		r.new.member("") // nothing but made up
	}
	r.set = r.new.isSet()
	for _, m := range slices.Concat(r.new.members, r.old.members) {
		m.read()
	}
	r.Input.Solutions, r.Input.Old = r.open(r.new, r.old), r.open(r.old, r.new)
	if err := errors.Join(r.faults...); err != nil {
		return nil, err
	}
	return r.Case, nil
}
