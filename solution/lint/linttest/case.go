package linttest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// Case is an archive that was read: solutions that are ready to be judged, and what a rule should find in them.
type Case struct {
	Path    string
	Comment string     // the prose in front of the files
	Files   []File     // all of them, as they stand in the archive
	Input   lint.Input // with solutions completed; they have the paths that the archive gives them, the only one has Test
	Want    []Want
	Fixed   []File   // files that fixes make or change, as they are afterwards
	Removed []string // files that fixes remove

	set bool // the archive has several solutions, so that files are named by solution
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

func parse(file string, data []byte) (*Case, error) {
	archive := txtar.Parse(data)
	r := reader{Case: &Case{Path: file, Comment: string(archive.Comment)}, seen: map[string]int{}}
	line := 1 + bytes.Count(archive.Comment, []byte("\n"))
	for _, f := range archive.Files {
		line++ // of the marker
		r.Files = append(r.Files, File{f.Name, string(f.Data), line})
		line += bytes.Count(f.Data, []byte("\n"))
	}
	if len(r.Files) == 0 {
		r.fault(1, fmt.Errorf("no files: expected an archive in which each begins with -- NAME --: %w", connref.ErrInvalid))
	}
	for _, f := range r.Files {
		r.take(f)
	}
	r.set = r.new.isSet()
	r.Input.Solutions = r.open(&r.new)
	if len(r.old.members) > 0 {
		r.Input.Old = r.open(&r.old)
	}
	if err := errors.Join(r.faults...); err != nil {
		return nil, err
	}
	return r.Case, nil
}

// What a case expects.
const (
	wantName    = "want"
	fixedFolder = "fixed/"
	removedName = fixedFolder + "removed"
)

// reader makes a Case of the files of an archive.
type reader struct {
	*Case
	new, old side
	seen     map[string]int // the lines of names
	faults   []error
}

func (r *reader) fault(line int, err error) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %w", r.Path, line, err))
}

func (r *reader) take(f File) {
	if first := r.seen[f.Name]; first > 0 {
		r.fault(f.Line-1, fmt.Errorf("file %s is there twice, first in line %d: %w", f.Name, first, connref.ErrDuplicate))
		return
	}
	r.seen[f.Name] = f.Line - 1
	if !fs.ValidPath(f.Name) {
		r.fault(f.Line-1, fmt.Errorf("file name %s: expected a relative path with forward slashes: %w",
			f.Name, connref.ErrInvalid))
		return
	}
	folder, rest, _ := strings.Cut(f.Name, "/")
	switch {
	case f.Name == wantName:
		r.wants(f)
	case f.Name == "complete":
		r.Input.Complete = true
		if strings.TrimSpace(f.Text) != "" {
			r.fault(f.Line, fmt.Errorf("complete: expected nothing inside: %w", connref.ErrInvalid))
		}
	case f.Name == "policy.json":
		policy, err := lint.ReadPolicy(strings.NewReader(f.Text))
		if err != nil {
			r.fault(f.Line, err)
		}
		r.Input.Policy = policy
	case f.Name == "settings.json", folder == "settings" && rest != "":
		r.Input.Settings = append(r.Input.Settings, source.NewFile(f.Name, []byte(f.Text)))
	case f.Name == removedName:
		r.Removed = strings.FieldsFunc(f.Text, func(c rune) bool { return c == '\n' || c == '\r' })
	case folder+"/" == fixedFolder && rest != "":
		r.Fixed = append(r.Fixed, File{rest, f.Text, f.Line})
	case folder == "old" && rest != "":
		r.member(&r.old, rest, f)
	default:
		r.member(&r.new, f.Name, f)
	}
}

// member gives a file to the solution that has it.
func (r *reader) member(s *side, name string, f File) {
	solutionName, isMember := "", false
	if rest, in := strings.CutPrefix(name, "solutions/"); in {
		if solutionName, name, isMember = strings.Cut(rest, "/"); !isMember {
			r.fault(f.Line-1, fmt.Errorf("file %s is in no solution: expected solutions/NAME/FILE: %w",
				f.Name, connref.ErrInvalid))
			return
		}
	}
	if len(s.members) > 0 && s.isSet() != isMember {
		r.fault(f.Line-1, fmt.Errorf("file %s: either all files of solutions are in solutions/NAME or none: %w",
			f.Name, connref.ErrInvalid))
		return
	}
	m := s.member(solutionName)
	switch {
	case name == "references":
		r.references(m, f)
	case misplaced.MatchString(name):
		r.fault(f.Line-1, fmt.Errorf("file %s has no meaning here: expected references, want, complete, policy.json, "+
			"settings.json, settings/NAME.json, fixed/FILE, old/FILE, solutions/NAME/FILE or a file's name in an export: %w",
			f.Name, connref.ErrInvalid))
	default:
		m.files = append(m.files, File{name, f.Text, f.Line})
	}
}

// misplaced finds names that no export has at its root, and those that mean something at the root of the archive only.
var misplaced = regexp.MustCompile(`^([^./]*|(policy|settings)\.json|(settings|fixed|old|solutions)/.*)$`)

// references reads what a solution declares, a line each.
func (r *reader) references(m *member, f File) {
	for i, line := range strings.Split(f.Text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "//") {
			continue
		}
		if len(fields) < 2 {
			r.fault(f.Line+i, fmt.Errorf("reference %s: expected LOGICALNAME CONNECTOR [DISPLAY NAME…]: %w",
				fields[0], connref.ErrInvalid))
			continue
		}
		connector, err := connref.ParseConnectorID(fields[1])
		if err = errors.Join(err, source.CheckXMLText(line)); err != nil {
			r.fault(f.Line+i, fmt.Errorf("reference %s: %w", fields[0], err))
			continue
		}
		m.references = append(m.references, connref.Reference{
			LogicalName: connref.LogicalName(fields[0]), Connector: connector,
			DisplayName: cmp.Or(strings.Join(fields[2:], " "), fields[0]),
		})
	}
}

// open completes the solutions of a side and opens them.
func (r *reader) open(s *side) (list []*solution.Solution) {
	if len(s.members) == 0 {
		s.member("")
	}
	s.knowConnectors()
	fsys := fstest.MapFS{}
	for _, m := range s.members {
		files, faults := m.complete()
		for _, fault := range faults {
			r.fault(fault.line, fault.err)
		}
		for _, f := range files {
			fsys[path.Join(m.name, f.Name)] = &fstest.MapFile{Data: []byte(f.Text)}
		}
	}
	ctx := context.Background() // what is in memory doesn't keep anybody waiting
	opened := map[string]*solution.Solution{}
	for place, err := range solution.FindFS(ctx, fsys, nil) {
		var sol *solution.Solution
		if err == nil {
			sol, err = place.Open(ctx, nil)
		}
		if err != nil {
			r.faults = append(r.faults, fmt.Errorf("%s: solution %s: %w", r.Path, place.Path, err))
			continue
		}
		opened[place.Path] = sol
	}
	for _, m := range s.members {
		if sol := opened[m.name]; sol != nil {
			list = append(list, sol)
		}
	}
	return list
}
