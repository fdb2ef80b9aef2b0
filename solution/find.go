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
		at := given + "/"
		if !isDir {
			at = given + "!"
		} else if given == "/" {
			at = given
		}
		archives := 0
		if !isDir {
			archives = 1
		}
		if f.walk(from, given, at, archives) && f.yielded == 0 {
			yield(Place{Path: given}, fmt.Errorf("%s: no solution inside: %w", given, ErrNotSolution))
		}
	}
}

// FindFS is Find for a file system that the caller has, from its root; its places have paths relative to that.
func FindFS(ctx context.Context, fsys fs.FS, opts *Options) iter.Seq2[Place, error] {
	return func(yield func(Place, error) bool) {
		f := finder{ctx: ctx, opts: opts.withDefaults(), yield: yield}
		if f.walk(&folder{fsys: fsys}, ".", "", 0) && f.yielded == 0 {
			yield(Place{Path: "."}, fmt.Errorf("no solution inside: %w", ErrNotSolution))
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

// walk yields what an origin holds; self is its path, inside begins the paths of what is in it, and archives is how many
// archives it lies in, itself included. It answers false when the caller has had enough.
func (f *finder) walk(from origin, self, inside string, archives int) bool {
	s, err := from.open(f.ctx, f.opts)
	if err != nil {
		return f.found(Place{Path: self}, fmt.Errorf("%s: %w", self, err))
	}
	_, inArchive := from.(*archive)
	more := f.visit(from, s, inArchive, self, inside, archives)
	if err := s.close(); err != nil && more {
		return f.found(Place{Path: self}, fmt.Errorf("%s: %w", self, err))
	}
	return more
}

// visit yields the solutions and walks the archives of an open store, sorted by path.
func (f *finder) visit(from origin, s store, inArchive bool, self, inside string, archives int) bool {
	roots := findRoots(s.names(), inArchive)
	if inArchive && len(roots) > 0 && roots[0].dir == "" {
		// The archive is a solution: what else it holds are its components.
		roots = slices.DeleteFunc(roots, func(r root) bool { return r.dir != "" })
		return f.roots(from, roots, self, inside, inArchive)
	}
	type step struct {
		path string
		do   func() bool
	}
	var steps []step
	for _, r := range roots {
		steps = append(steps, step{r.dir, func() bool { return f.roots(from, []root{r}, self, inside, inArchive) }})
	}
	for i, name := range s.names() {
		if err := s.fault(i); errors.Is(err, errFolder) {
			p := Place{Path: inside + name}
			steps = append(steps, step{name, func() bool { return f.found(p, fmt.Errorf("%s: %w", p.Path, err)) }})
			continue
		}
		if path := slashed(name); len(path) > 4 && strings.EqualFold(path[len(path)-4:], ".zip") {
			steps = append(steps, step{path, func() bool { return f.inner(from, s, i, inside+path, archives) }})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.path, b.path) })
	for _, step := range steps {
		if err := f.ctx.Err(); err != nil {
			f.found(Place{Path: self}, err)
			return false
		}
		if !step.do() {
			return false
		}
	}
	return true
}

func (f *finder) roots(from origin, roots []root, self, inside string, inArchive bool) bool {
	for _, r := range roots {
		p := Place{Path: self, Layout: r.layout, root: r, origin: from, whole: inArchive && r.dir == ""}
		var err error
		if r.dir != "" {
			p.Path = inside + r.dir
		}
		if d, isFolder := from.(*folder); isFolder && r.dir != "" {
			// So that opening it lists that folder only.
			p.origin, err = d.sub(r.dir)
			p.root.dir = ""
		}
		if r.layout == layoutYAML {
			err = fmt.Errorf("%s: %w", p.Path, errYAML)
		}
		if !f.found(p, err) {
			return false
		}
	}
	return true
}

// inner walks an archive that lies in a store, which may be a folder on disk.
func (f *finder) inner(from origin, s store, i int, path string, archives int) bool {
	name := s.names()[i]
	if archives == 0 {
		f.inflated = 0
	}
	var a *archive
	var err error
	if dir, isFolder := from.(*folder); isFolder && dir.path != "" {
		a, err = dir.archive(name)
	} else if archives == f.opts.MaxArchiveDepth {
		err = fmt.Errorf("archives nest deeper than %d: %w", f.opts.MaxArchiveDepth, ErrTooLarge)
	} else if f.inflated >= f.opts.MaxTotalSize {
		err = tooLarge("what archives inside archives hold", f.inflated, f.opts.MaxTotalSize)
	} else {
		var raw []byte
		if raw, err = s.read(i); err == nil {
			f.inflated += int64(len(raw))
			a = archiveBytes(raw)
		}
	}
	if err != nil {
		return f.found(Place{Path: path}, fmt.Errorf("%s: %w", path, err))
	}
	return f.walk(a, path, path+"!", archives+1)
}
