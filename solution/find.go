package solution

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"
)

// Place is where Find found a solution.
type Place struct {
	// Path is the path that Find was given, then where in it: "/" enters a folder, "!" an archive. Always with forward
	// slashes.
	Path   string
	Layout Layout

	root   root
	origin origin
	whole  bool // the archive is the solution, not just holds it
}

// Open opens the solution at the place; see the function Open.
func (p Place) Open(ctx context.Context, opts *Options) (*Solution, error) {
	if p.origin == nil {
		return nil, fmt.Errorf("place %q wasn't made by Find: %w", p.Path, ErrNotSolution)
	}
	return openPlace(ctx, p, opts.withDefaults())
}

// Find walks a folder or an archive and yields every solution inside, in sorted order: zips and folders, flow packages,
// the archives in a package zip, twins. What can't be read is yielded as an error beside its place, and the walk goes
// on: ErrLayout for the YAML source-control layout, ErrUnsafePath, ErrTooLarge. Such a place has only its Path, which the
// error names too. A path that holds no solution yields one ErrNotSolution. Archives that hold none are passed over; only
// names that end in .zip are looked into.
func Find(ctx context.Context, path string, opts *Options) iter.Seq2[Place, error] {
	return func(yield func(Place, error) bool) {
		f := finder{ctx: ctx, opts: opts.withDefaults(), yield: yield}
		given := trimSlash(filepath.ToSlash(path))
		from, isDir, err := originOf(path)
		if err != nil {
			yield(Place{Path: given}, err)
			return
		}
		at := spot{from: from, path: given, inside: given + "/"}
		switch {
		case !isDir:
			at.inside, at.archives = given+"!", 1
		case given == "/":
			at.inside = given
		}
		if f.walk(at) && f.yielded == 0 {
			yield(Place{Path: given}, fmt.Errorf("%s: no solution inside: %w", given, ErrNotSolution))
		}
	}
}

// FindFS is Find for a file system that the caller has, from its root; its places have paths relative to that.
func FindFS(ctx context.Context, fsys fs.FS, opts *Options) iter.Seq2[Place, error] {
	return func(yield func(Place, error) bool) {
		f := finder{ctx: ctx, opts: opts.withDefaults(), yield: yield}
		if f.walk(spot{from: &folder{fsys: fsys}, path: "."}) && f.yielded == 0 {
			yield(Place{Path: "."}, fmt.Errorf("no solution inside: %w", ErrNotSolution))
		}
	}
}

// OpenAll opens every solution that Find finds at the path, one by one, and yields it, or the error of Find or Open.
func OpenAll(ctx context.Context, path string, opts *Options) iter.Seq2[*Solution, error] {
	return func(yield func(*Solution, error) bool) {
		for place, err := range Find(ctx, path, opts) {
			var sol *Solution
			if err == nil {
				sol, err = place.Open(ctx, opts)
			}
			if !yield(sol, err) {
				return
			}
		}
	}
}

type finder struct {
	ctx     context.Context
	opts    Options
	yield   func(Place, error) bool
	yielded int
	// inflated is how many bytes of archives inside archives the outermost one has been unpacked to so far. The limits of
	// each archive don't bound what all of them hold.
	inflated int64
}

func (f *finder) found(p Place, err error) bool {
	f.yielded++
	return f.yield(p, err)
}

// spot is an archive or a folder that the finder has come to.
type spot struct {
	from     origin
	store    store  // while it is open
	path     string // its own
	inside   string // what the paths of all that it holds begin with
	archives int    // how many archives it lies in, itself included
}

func (s spot) isArchive() bool {
	_, is := s.from.(*archive)
	return is
}

// walk yields what a spot holds. It answers false when the caller has had enough.
func (f *finder) walk(at spot) bool {
	var err error
	if at.store, err = at.from.open(f.ctx, f.opts); err != nil {
		return f.failed(at.path, err)
	}
	more := f.visit(at)
	if err := at.store.close(); err != nil && more {
		return f.failed(at.path, err)
	}
	return more
}

func (f *finder) failed(path string, err error) bool {
	return f.found(Place{Path: path}, fmt.Errorf("%s: %w", path, err))
}

// visit yields the solutions and walks the archives of an open spot, sorted by path.
func (f *finder) visit(at spot) bool {
	names := at.store.names()
	roots := findRoots(names, at.isArchive())
	if at.isArchive() && len(roots) > 0 && roots[0].dir == "" && roots[0].layout != layoutYAML {
		// The archive is a solution: what else it holds are its components.
		roots = slices.DeleteFunc(roots, func(r root) bool { return r.dir != "" })
		names = nil
	}
	type step struct {
		path string
		do   func() bool
	}
	var steps []step
	for _, r := range roots {
		steps = append(steps, step{r.dir, func() bool { return f.root(at, r) }})
	}
	for i, name := range names {
		path := slashed(name)
		if err := at.store.fault(i); errors.Is(err, errFolder) {
			steps = append(steps, step{path, func() bool { return f.failed(at.inside+path, err) }})
		} else if len(path) > 4 && strings.EqualFold(path[len(path)-4:], ".zip") {
			steps = append(steps, step{path, func() bool { return f.inner(at, i) }})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.path, b.path) })
	for _, step := range steps {
		if err := f.ctx.Err(); err != nil {
			f.found(Place{Path: at.path}, err)
			return false
		}
		if !step.do() {
			return false
		}
	}
	return true
}

// root yields a solution of a spot.
func (f *finder) root(at spot, r root) bool {
	p := Place{Path: at.path, Layout: r.layout, root: r, origin: at.from, whole: at.isArchive() && r.dir == ""}
	if r.dir != "" {
		p.Path = at.inside + r.dir
	}
	if r.layout == layoutYAML {
		return f.failed(p.Path, errYAML)
	}
	if d, isFolder := at.from.(*folder); isFolder && r.dir != "" {
		// So that opening it lists that folder only.
		sub, err := d.sub(r.dir)
		if err != nil {
			return f.failed(p.Path, err)
		}
		p.origin, p.root.dir = sub, ""
	}
	return f.found(p, nil)
}

// inner walks an archive that lies in a spot.
func (f *finder) inner(at spot, i int) bool {
	name := at.store.names()[i]
	path := at.inside + slashed(name)
	if at.archives == 0 {
		f.inflated = 0
	}
	var a *archive
	var err error
	if dir, isFolder := at.from.(*folder); isFolder && dir.path != "" {
		a, err = dir.archive(name)
	} else if at.archives == f.opts.MaxArchiveDepth {
		err = fmt.Errorf("archives nest deeper than %d: %w", f.opts.MaxArchiveDepth, ErrTooLarge)
	} else if f.inflated >= f.opts.MaxTotalSize {
		err = tooLarge("what archives inside archives hold", f.inflated, f.opts.MaxTotalSize)
	} else {
		var raw []byte
		if raw, err = at.store.read(i); err == nil {
			f.inflated += int64(len(raw))
			a = archiveBytes(raw)
		}
	}
	if err != nil {
		return f.failed(path, err)
	}
	return f.walk(spot{from: a, path: path, inside: path + "!", archives: at.archives + 1})
}
