package linttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

const (
	// onlyName is what the solution of an archive is called that has only one.
	onlyName = "Test"

	// What a case expects.
	wantName    = "want"
	fixedFolder = "fixed/"
	removedName = fixedFolder + "removed"
)

// Load reads a case. It fails with all that is wrong with the archive, each with its line and an ErrInvalid or an
// ErrDuplicate, or as reading the file does.
func Load(file string) (*Case, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parse(file, data)
}

// reader makes a Case of the files of an archive.
type reader struct {
	*Case
	members []*member // in the order of their first files
	faults  []error
}

// misspelled finds lines that are meant to begin a file, but would be a part of the one before. On one without a name
// package txtar panics.
var misspelled = regexp.MustCompile(`(?m)^(--( +|[^ -].*|.*[^ -])--|-- .*[^-\r\n])\r?$`)

func parse(file string, data []byte) (*Case, error) {
	r := reader{Case: &Case{Path: file}}
	if at := misspelled.FindIndex(data); at != nil {
		line := 1 + bytes.Count(data[:at[0]], []byte("\n"))
		r.invalid(line, "%s: expected -- NAME --, blanks and all", bytes.TrimSpace(data[at[0]:at[1]]))
		return nil, r.faults[0]
	}
	archive := txtar.Parse(data)
	if len(archive.Files) == 0 {
		r.invalid(1, "no files: expected an archive in which each begins with -- NAME --")
	}
	r.Comment = string(archive.Comment)
	line := 1 + bytes.Count(archive.Comment, []byte("\n"))
	for _, f := range archive.Files {
		line++ // of the marker
		r.take(File{f.Name, string(f.Data), line})
		line += bytes.Count(f.Data, []byte("\n"))
	}
	r.open()
	if err := errors.Join(r.faults...); err != nil {
		return nil, err
	}
	return r.Case, nil
}

func (r *reader) fault(line int, err error) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %w", r.Path, line, err))
}

func (r *reader) invalid(line int, format string, args ...any) {
	r.fault(line, fmt.Errorf(format+": %w", append(args, connref.ErrInvalid)...))
}

func (r *reader) take(f File) {
	if find(r.Files, f.Name).Name != "" {
		r.fault(f.Line-1, fmt.Errorf("file %s is there twice: %w", f.Name, connref.ErrDuplicate))
		return
	}
	r.Files = append(r.Files, f)
	inFixed, isFixed := strings.CutPrefix(f.Name, fixedFolder)
	switch {
	case !fs.ValidPath(f.Name):
		r.invalid(f.Line-1, "file name %s: expected a relative path with forward slashes", f.Name)
	case f.Name == wantName:
		r.wants(f)
	case f.Name == "complete":
		r.Input.Complete = true
	case f.Name == "broken":
		r.broken = true
	case f.Name == "policy.json":
		policy, err := lint.ReadPolicy(strings.NewReader(f.Text))
		if err != nil {
			r.fault(f.Line, err)
		}
		r.Input.Policy = policy
	case f.Name == "settings.json", strings.HasPrefix(f.Name, "settings/"):
		r.Input.Settings = append(r.Input.Settings, source.NewFile(f.Name, []byte(f.Text)))
	case f.Name == removedName:
		r.Removed = strings.FieldsFunc(f.Text, func(c rune) bool { return c == '\n' || c == '\r' })
	case isFixed:
		r.Fixed = append(r.Fixed, File{inFixed, f.Text, f.Line})
	default:
		r.solutionFile(f)
	}
}

// misplaced finds names that no export has at its root, those that mean something at the root of the archive only, and
// those that are spelled like them: as files of a solution nothing would read them.
var misplaced = regexp.MustCompile(`(?i)^([^./]*|want[^/]*|(policy|settings)\.json|(settings|fixed|old|solutions)/.*)$`)

// solutionFile gives a file to the solution that has it.
func (r *reader) solutionFile(f File) {
	name, isOld := strings.CutPrefix(f.Name, "old/")
	name, inSet := strings.CutPrefix(name, "solutions/")
	m := &member{name: onlyName}
	if inSet {
		m.name, name, _ = strings.Cut(name, "/")
	}
	if m.path = m.name; isOld {
		m.path = path.Join("old", m.name)
	}
	if name != "references" && misplaced.MatchString(name) {
		r.invalid(f.Line-1, "file %s has no meaning here: expected want, references, policy.json, settings.json, "+
			"settings/NAME.json, complete, broken, old/FILE, solutions/NAME/FILE, fixed/FILE, fixed/removed or the name of "+
			"a file in an export", f.Name)
		return
	}
	if len(r.members) > 0 && r.set != inSet {
		r.invalid(f.Line-1, "file %s: either all files of solutions are in solutions/NAME or none", f.Name)
	}
	r.set = inSet
	if i := slices.IndexFunc(r.members, func(known *member) bool { return known.path == m.path }); i >= 0 {
		m = r.members[i]
	} else {
		r.members = append(r.members, m)
	}
	if name == "references" {
		r.references(m, f)
	} else {
		m.files = append(m.files, File{name, f.Text, f.Line})
	}
}

// references reads what a solution declares, a line each.
func (r *reader) references(m *member, f File) {
	for i, line := range strings.Split(f.Text, "\n") {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "" || strings.HasPrefix(name, "//") {
			continue
		}
		id, title, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if title = strings.TrimSpace(title); title == "" {
			title = name
		}
		connector, err := connref.ParseConnectorID(id)
		if err != nil {
			r.fault(f.Line+i, fmt.Errorf("reference %s: expected LOGICALNAME CONNECTOR [DISPLAY NAME…]: %w", name, err))
		}
		m.References = append(m.References, connref.Reference{
			LogicalName: connref.LogicalName(name), Connector: connector, DisplayName: title,
		})
	}
}

// open completes the solutions and opens them.
func (r *reader) open() {
	isNew := func(m *member) bool { return m.path == m.name }
	if !slices.ContainsFunc(r.members, isNew) {
		r.members = append(r.members, &member{name: onlyName, path: onlyName}) // nothing but made up
	}
	fsys := fstest.MapFS{}
	for _, m := range r.members {
		for _, f := range r.complete(m) {
			fsys[path.Join(m.path, f.Name)] = &fstest.MapFile{Data: []byte(f.Text)}
		}
	}
	ctx := context.Background() // what is in memory doesn't keep anybody waiting
	opened := map[string]*solution.Solution{}
	for place, err := range solution.FindFS(ctx, fsys, nil) {
		if err == nil {
			opened[place.Path], err = place.Open(ctx, nil)
		}
		if err != nil {
			r.fault(1, err)
		}
	}
	for _, m := range r.members {
		switch sol := opened[m.path]; {
		case sol == nil:
			r.invalid(1, "solution %s: its files are no solution's", m.path)
		case isNew(m):
			r.Input.Solutions = append(r.Input.Solutions, sol)
		default:
			r.Input.Old = append(r.Input.Old, sol)
		}
	}
}
