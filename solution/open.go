package solution

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
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
	return openTop(ctx, &folder{fsys: fsys}, ".", opts)
}

// OpenZip opens the solution that a zip archive is; see Open. The Solution reads from r again when it is asked for what
// the model doesn't need.
func OpenZip(ctx context.Context, r io.ReaderAt, size int64, opts *Options) (*Solution, error) {
	return openTop(ctx, &archive{at: r, size: size}, "archive", opts)
}

func openTop(ctx context.Context, from origin, path string, opts *Options) (sol *Solution, err error) {
	full := opts.withDefaults()
	s, err := from.open(ctx, full)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer func() { err = errors.Join(err, s.close()) }()
	_, inArchive := from.(*archive)
	var elsewhere string
	for _, r := range findRoots(s.names(), inArchive) {
		switch {
		case r.dir != "":
			elsewhere = r.dir
		case r.layout == layoutYAML:
			return nil, fmt.Errorf("%s: %w", path, errYAML)
		default:
			return openStore(ctx, Place{Path: path, Layout: r.layout, root: r, origin: from, whole: inArchive}, s, full)
		}
	}
	if elsewhere != "" {
		return nil, fmt.Errorf("%s: no solution at its top, but one in %s: open that, or use Find: %w",
			path, elsewhere, ErrNotSolution)
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
	if p.root.layout == layoutYAML {
		return nil, fmt.Errorf("%s: %w", p.Path, errYAML)
	}
	s, err := p.origin.open(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Path, err)
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return openStore(ctx, p, s, opts)
}

// reader reads a solution out of an open store.
type reader struct {
	ctx        context.Context
	store      store
	opts       Options
	sol        *Solution
	agentIndex map[string]int // folded schema name → index in sol.agents
	broken     map[string]bool
}

func openStore(ctx context.Context, p Place, s store, opts Options) (*Solution, error) {
	sol := &Solution{
		path: p.Path, layout: p.Layout, place: p, opts: opts,
		declared: map[connref.LogicalName]bool{},
		external: map[connref.LogicalName]bool{},
		texts:    map[string]*source.File{},
	}
	r := &reader{ctx: ctx, store: s, opts: opts, sol: sol, agentIndex: map[string]int{}, broken: map[string]bool{}}
	sol.entries, sol.index = r.list(p.root.dir)
	var err error
	if p.Layout == LayoutFlowPackage {
		err = r.flowPackage()
	} else {
		err = r.solution()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Path, err)
	}
	if p.root.twin {
		at := source.Location{File: "solution.xml"}
		if p.Layout == LayoutUnpacked {
			at.File = "Other/Solution.xml"
		}
		if name, there := r.find(at.File); there {
			at.File = name
		}
		r.report(twinLayouts, at, "the folder holds this solution exploded and unpacked; this is the "+
			p.Layout.String()+" one")
	}
	sol.problems.Sort()
	return sol, nil
}

// entry is a file of the solution.
type entry struct {
	name   string // relative to the solution's root, with forward slashes
	stored int    // its index in the store
}

// list answers the files below the solution's root, in the store's order, and where each stands, by folded name. Of
// files that share a name the first counts, as it does for .NET's archive reader.
func (r *reader) list(dir string) ([]entry, map[string]int) {
	names := r.store.names()
	entries := make([]entry, 0, len(names))
	index := make(map[string]int, len(names))
	for i, stored := range names {
		name, inside := within(dir, slashed(stored))
		if !inside {
			continue
		}
		folded := connref.Fold(name)
		if err := r.store.fault(i); err != nil {
			r.broken[folded] = true
			r.report(unreadableFile, source.Location{File: name}, "can't be read: "+err.Error())
		}
		if first, repeated := index[folded]; repeated {
			at := source.Location{File: name}
			if entries[first].name == name {
				r.report(repeatedEntry, at, "the archive has this file more than once: the first one is read")
			} else {
				r.report(repeatedEntry, at, "differs only in case from "+entries[first].name+", which is read instead")
			}
		} else {
			index[folded] = len(entries)
		}
		entries = append(entries, entry{name, i})
	}
	return entries, index
}

// solution reads the parts of a solution in one of the XML layouts.
func (r *reader) solution() error {
	manifest, customizations := "solution.xml", "customizations.xml"
	if r.sol.layout == LayoutUnpacked {
		manifest, customizations = "Other/Solution.xml", "Other/Customizations.xml"
	}
	if err := r.part(manifest, r.manifest); err != nil {
		return err
	}
	r.missing()
	if err := r.part(customizations, r.customizations); err != nil {
		return err
	}
	steps := []func() error{r.agents, r.variables, r.flows}
	if r.sol.layout == LayoutUnpacked {
		steps = append([]func() error{r.sidecars}, steps...)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// part reads a file that every solution has.
func (r *reader) part(name string, read func(*source.File)) error {
	file, err := r.read(name)
	switch {
	case err != nil:
		return err
	case file != nil:
		read(file)
	case !r.broken[connref.Fold(name)]:
		r.report(missingPart, source.Location{File: name}, "the solution has no "+name)
	}
	return nil
}

func (r *reader) customizations(file *source.File) {
	reads := []func(source.Element){r.workflow, r.app, r.connector, r.reference}
	r.findXML(file, func(path int, e source.Element) { reads[path](e) },
		"ImportExportXml/Workflows/Workflow",
		"ImportExportXml/CanvasApps/CanvasApp",
		"ImportExportXml/Connectors/Connector",
		"ImportExportXml/connectionreferences/connectionreference")
}

// sidecars reads what SolutionPackager takes out of customizations.xml into files of their own.
func (r *reader) sidecars() error {
	for _, kind := range []struct {
		folder, suffix, root string
		read                 func(source.Element)
	}{
		{"Workflows", ".data.xml", "Workflow", r.workflow},
		{"CanvasApps", ".meta.xml", "CanvasApp", r.app},
		{"Connectors", ".xml", "Connector", r.connector},
	} {
		for _, name := range r.inFolder(kind.folder, kind.suffix) {
			if err := r.eachXML(name, kind.read, kind.root); err != nil {
				return err
			}
		}
	}
	return nil
}

// flowPackage reads a legacy flow package: every flow has a folder of its own, and binds connections directly.
func (r *reader) flowPackage() error {
	if file, err := r.read("manifest.json"); err != nil {
		return err
	} else if file != nil {
		r.packageManifest(file)
	} else {
		r.report(missingPart, source.Location{File: "manifest.json"}, "the flow package has no manifest.json")
	}
	for _, name := range r.inFolder("Microsoft.Flow/flows", "/definition.json") {
		if err := r.flow(Workflow{Category: CategoryCloudFlow, FileName: name, At: source.Location{File: name}}); err != nil {
			return err
		}
	}
	for _, f := range r.sol.flows {
		if f.Name = f.DisplayName(); f.Name == "" {
			f.Name = path.Base(path.Dir(f.FileName))
		}
	}
	return nil
}

func (r *reader) packageManifest(file *source.File) {
	r.sol.manifest.At = source.Location{File: file.Name()}
	doc, err := source.ParseJSON(file, r.opts.source())
	if err != nil {
		r.malformed(file, err)
		return
	}
	r.sol.manifest.DisplayName = doc.Root().Get("details", "displayName").Text()
	r.sol.manifest.Description = doc.Root().Get("details", "description").Text()
}

// find answers the name as written of a file of the solution, whose name is compared without regard to case.
func (r *reader) find(name string) (string, bool) {
	i, ok := r.sol.index[connref.Fold(name)]
	if !ok {
		return "", false
	}
	return r.sol.entries[i].name, true
}

// inFolder answers the files below a folder of the solution whose names end in suffix, sorted, each once.
func (r *reader) inFolder(folder, suffix string) []string {
	var names []string
	for i, e := range r.sol.entries {
		if len(e.name) > len(folder)+len(suffix) && e.name[len(folder)] == '/' &&
			strings.EqualFold(e.name[:len(folder)], folder) &&
			strings.EqualFold(e.name[len(e.name)-len(suffix):], suffix) &&
			r.sol.index[connref.Fold(e.name)] == i {
			names = append(names, e.name)
		}
	}
	slices.Sort(names)
	return names
}

// read answers a file of the solution. A file that isn't there, or that can't be read, is nil; the latter is reported.
// The error is one that ends the reading: a limit, or the context's.
func (r *reader) read(name string) (*source.File, error) {
	i, ok := r.sol.index[connref.Fold(name)]
	if !ok {
		return nil, nil
	}
	e := r.sol.entries[i]
	if file := r.sol.texts[e.name]; file != nil {
		return file, nil
	}
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	if r.broken[connref.Fold(name)] {
		return nil, nil
	}
	raw, err := r.store.read(e.stored)
	if err != nil {
		if errors.Is(err, ErrTooLarge) {
			return nil, err
		}
		r.broken[connref.Fold(name)] = true
		r.report(unreadableFile, source.Location{File: e.name}, "can't be read: "+err.Error())
		return nil, nil
	}
	file := source.NewFile(e.name, raw)
	r.sol.texts[e.name] = file
	return file, nil
}

// eachXML hands over the elements with one path of a file, if the file is there.
func (r *reader) eachXML(name string, read func(source.Element), path string) error {
	file, err := r.read(name)
	if file != nil {
		r.findXML(file, func(_ int, e source.Element) { read(e) }, path)
	}
	return err
}

// findXML hands over the elements with the given paths; what follows a fault is not seen, but the fault is reported.
func (r *reader) findXML(file *source.File, read func(path int, e source.Element), paths ...string) {
	err := source.FindXML(file, r.opts.source(), func(path int, e source.Element) error {
		read(path, e)
		return nil
	}, paths...)
	if err != nil {
		r.malformed(file, err)
	}
}

// malformed reports why a file's text could not be parsed.
func (r *reader) malformed(file *source.File, err error) {
	r.broken[connref.Fold(file.Name())] = true
	syntax := (*source.SyntaxError)(nil)
	if !errors.As(err, &syntax) {
		r.undecodable(file)
		return
	}
	r.report(malformedFile, syntax.At, syntax.Msg)
	// Of an empty file, too, which as a location is the file as a whole.
	last := &r.sol.problems[len(r.sol.problems)-1]
	last.Position.Line, last.Position.Column = syntax.Line, syntax.Column
}

func (r *reader) undecodable(file *source.File) {
	message := strings.TrimPrefix(file.Err().Error(), file.Name()+": ")
	r.report(undecodableText, source.Location{File: file.Name()}, message)
}

// sound tells whether all of a file could be read.
func (r *reader) sound(file *source.File) bool { return !r.broken[connref.Fold(file.Name())] }

// guid reads an id; one that is no GUID is reported and answered as zero.
func (r *reader) guid(text string, at source.Location, what string) connref.GUID {
	id, err := connref.ParseGUID(text)
	if err != nil {
		r.report(invalidID, at, fmt.Sprintf("%s id %q is no GUID", what, text))
	}
	return id
}

func (r *reader) report(rule diag.Rule, at source.Location, message string) {
	d := rule.At(at, r.sol.Position(at), oneLine(message))
	d.Solution = r.sol.path
	r.sol.problems = append(r.sol.problems, d)
}

// oneLine is a message without the newlines and other control characters that names in a file may bring into it.
func oneLine(message string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, message)
}

func sortBy[T any](list []T, key func(T) string) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}
