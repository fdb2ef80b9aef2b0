package linttest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

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

func (r *reader) invalid(line int, format string, args ...any) {
	r.fault(line, fmt.Errorf(format+": %w", append(args, connref.ErrInvalid)...))
}

func (r *reader) take(f File) {
	if first := r.seen[f.Name]; first > 0 {
		r.fault(f.Line-1, fmt.Errorf("file %s is there twice, first in line %d: %w", f.Name, first, connref.ErrDuplicate))
		return
	}
	r.seen[f.Name] = f.Line - 1
	if !fs.ValidPath(f.Name) {
		r.invalid(f.Line-1, "file name %s: expected a relative path with forward slashes", f.Name)
		return
	}
	folder, rest, _ := strings.Cut(f.Name, "/")
	switch {
	case f.Name == wantName:
		r.wants(f)
	case rest == "" && strings.HasPrefix(strings.ToLower(f.Name), wantName):
		r.invalid(f.Line-1, "file %s: expected %s: nothing reads what is expected from another", f.Name, wantName)
	case f.Name == "complete", f.Name == "broken":
		r.Input.Complete = r.Input.Complete || f.Name == "complete"
		r.broken = r.broken || f.Name == "broken"
		if strings.TrimSpace(f.Text) != "" {
			r.invalid(f.Line, "%s: expected nothing inside", f.Name)
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
			r.invalid(f.Line-1, "file %s is in no solution: expected solutions/NAME/FILE", f.Name)
			return
		}
	}
	if len(s.members) > 0 && s.isSet() != isMember {
		r.invalid(f.Line-1, "file %s: either all files of solutions are in solutions/NAME or none", f.Name)
		return
	}
	m := s.member(solutionName)
	switch {
	case name == "references":
		r.references(m, f)
	case misplaced.MatchString(name):
		r.invalid(f.Line-1, "file %s has no meaning here: expected references, want, complete, broken, policy.json, settings.json, "+
			"settings/NAME.json, fixed/FILE, old/FILE, solutions/NAME/FILE or a file's name in an export", f.Name)
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
		if strings.HasPrefix(fields[0], "--") {
			r.invalid(f.Line+i, "%s: a file of the archive begins with -- NAME --, blanks and all", line)
			continue
		}
		if len(fields) < 2 {
			r.invalid(f.Line+i, "reference %s: expected LOGICALNAME CONNECTOR [DISPLAY NAME…]", fields[0])
			continue
		}
		displayName := fields[0]
		if len(fields) > 2 {
			displayName = strings.Join(fields[2:], " ")
		}
		connector, err := connref.ParseConnectorID(fields[1])
		if err = errors.Join(err, source.CheckXMLText(line)); err != nil {
			r.fault(f.Line+i, fmt.Errorf("reference %s: %w", fields[0], err))
			continue
		}
		m.references = append(m.references, connref.Reference{
			LogicalName: connref.LogicalName(fields[0]), Connector: connector, DisplayName: displayName,
		})
	}
}

// open completes the solutions of a side and opens them. The other side tells connectors that this one doesn't.
func (r *reader) open(s, other side) (list []*solution.Solution) {
	if len(s.members) == 0 {
		return nil
	}
	fsys := fstest.MapFS{}
	for _, m := range s.members {
		for _, f := range m.complete(slices.Concat(s.members, other.members), r.fault) {
			fsys[path.Join(s.folder, m.name, f.Name)] = &fstest.MapFile{Data: []byte(f.Text)}
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
		if sol := opened[path.Join(s.folder, m.name)]; sol != nil {
			list = append(list, sol)
		}
	}
	return list
}
