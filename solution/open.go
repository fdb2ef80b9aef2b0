package solution

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Open opens the solution that a zip file or a folder is. Of a folder that holds one solution exploded and unpacked, it
// takes the unpacked one; of an archive that does, the one at its top. It fails with ErrNotSolution where there is none,
// ErrLayout for the YAML source-control layout, ErrTooLarge where a limit is passed, ErrUnsafePath where a name in the
// archive leaves it, and with the context's error.
func Open(ctx context.Context, path string, opts *Options) (*Solution, error) {
	from, _, err := originOf(path)
	if err != nil {
		return nil, err
	}
	return openTop(ctx, from, trimSlash(filepath.ToSlash(path)), opts)
}

// OpenFS opens the solution that a file system is; see Open.
func OpenFS(ctx context.Context, fsys fs.FS, opts *Options) (*Solution, error) {
	return openTop(ctx, &folder{fsys: fsys}, opts.path("."), opts)
}

// OpenZip opens the solution that a zip archive is; see Open. The Solution reads from r again when it is asked for what
// the model doesn't need.
func OpenZip(ctx context.Context, r io.ReaderAt, size int64, opts *Options) (*Solution, error) {
	return openTop(ctx, &archive{at: r, size: size}, opts.path("archive"), opts)
}

func openTop(ctx context.Context, from origin, path string, opts *Options) (sol *Solution, err error) {
	full := opts.withDefaults()
	s, err := from.open(ctx, full)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer func() { err = errors.Join(err, s.close()) }()
	_, inArchive := from.(*archive)
	var elsewhere []string
	for _, r := range findRoots(s.names(), inArchive) {
		switch {
		case r.dir != "" && r.layout != layoutYAML:
			elsewhere = append(elsewhere, r.dir)
		case r.dir != "":
		case r.layout == layoutYAML:
			return nil, fmt.Errorf("%s: %w", path, errYAML)
		default:
			return openStore(ctx, Place{Path: path, Layout: r.layout, root: r, origin: from, whole: inArchive}, s, full)
		}
	}
	if len(elsewhere) > 0 {
		return nil, fmt.Errorf("%s: no solution at its top, but %d inside, such as %s: open that, or use Find: %w",
			path, len(elsewhere), elsewhere[0], ErrNotSolution)
	}
	for _, name := range s.names() {
		if strings.EqualFold(filepath.Ext(name), ".zip") {
			return nil, fmt.Errorf("%s: no solution, but an archive inside, %s: use Find: %w", path, name, ErrNotSolution)
		}
	}
	return nil, fmt.Errorf("%s: neither solution.xml nor Other/Solution.xml nor Microsoft.Flow/flows inside: %w",
		path, ErrNotSolution)
}

func openPlace(ctx context.Context, p Place, opts Options) (sol *Solution, err error) {
	s, err := p.origin.open(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Path, err)
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return openStore(ctx, p, s, opts)
}

func openStore(ctx context.Context, p Place, s store, opts Options) (*Solution, error) {
	origin := entriesBelow(p.root.dir, s.names())
	faults := map[int]error{}
	for _, e := range origin {
		if err := s.fault(e.stored); err != nil {
			faults[e.stored] = err
		}
	}
	sol := &Solution{place: p, opts: opts, origin: origin, faults: faults, texts: map[string]*source.File{}}
	if err := sol.readModel(ctx, s, origin, parsed{}); err != nil {
		return nil, err
	}
	return sol, nil
}

// readModel reads what the solution's files say. What is known of files that stay the same isn't parsed again.
func (s *Solution) readModel(ctx context.Context, from files, entries []entry, known parsed) error {
	s.declared, s.external = map[connref.LogicalName]bool{}, map[connref.LogicalName]bool{}
	s.parsed = newParsed()
	r := &reader{
		ctx: ctx, files: from, opts: s.opts, sol: s, known: known,
		agentIndex: map[string]int{},
		agentUses:  map[agentUse]int{},
		appIndex:   map[string]int{},
		broken:     map[string]bool{},
	}
	r.entries(entries)
	read := r.solution
	if s.Layout() == LayoutFlowPackage {
		read = r.flowPackage
	}
	if err := read(); err != nil {
		return fmt.Errorf("%s: %w", s.Path(), err)
	}
	if s.place.root.twin {
		at := source.Location{File: "solution.xml"}
		if s.Layout() == LayoutUnpacked {
			at.File = "Other/Solution.xml"
		}
		if name, there := r.find(at.File); there {
			at.File = name
		}
		r.report(twinLayouts, at, "the solution is here twice, packed and unpacked; this is the "+s.Layout().String()+" one")
	}
	s.problems = r.problems.List()
	s.problems.Sort()
	return nil
}
