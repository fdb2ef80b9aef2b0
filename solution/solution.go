package solution

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// Solution is a solution as it was read. It never changes and needs no closing; safe for use by many goroutines.
type Solution struct {
	place Place
	opts  Options

	manifest   Manifest
	references []connref.Reference
	workflows  []Workflow
	flows      []*Flow
	apps       []App
	agents     []Agent
	connectors []CustomConnector
	variables  []Variable
	dataflows  []Dataflow
	problems   diag.List

	declared map[connref.LogicalName]bool // folded
	external map[connref.LogicalName]bool // folded
	mentions []Mention                    // but those of flows
	entries  []entry
	index    map[string]int          // folded name → index in entries
	texts    map[string]*source.File // the files that the model was read from, and those that were changed
	parsed   parsed

	origin []entry       // the files as they were when the solution was opened
	faults map[int]error // why files of the origin can't be read, by their index there
	types  typesFile

	list declarationList // read when a change first needs it
	own  ownMentions     // likewise
}

// Path is where the solution was found: what Open was given, or the Path of its Place.
func (s *Solution) Path() string { return s.place.Path }

// Layout is the form that the solution has on disk.
func (s *Solution) Layout() Layout { return s.place.Layout }

// Manifest is what solution.xml says of the solution. The caller must not change its lists.
func (s *Solution) Manifest() Manifest { return s.manifest }

// References yields the connection references that the solution declares, in file order.
func (s *Solution) References() iter.Seq[connref.Reference] { return slices.Values(s.references) }

// Reference is the reference of that name, compared as Dataverse does. It fails with ErrNotFound if the solution
// doesn't declare it.
func (s *Solution) Reference(name connref.LogicalName) (connref.Reference, error) {
	for _, ref := range s.references {
		if ref.LogicalName.Equal(name) {
			return ref, nil
		}
	}
	return connref.Reference{}, fmt.Errorf("%s: connection reference %q: %w", s.place.Path, name, connref.ErrNotFound)
}

// Flows yields the cloud flows, sorted by file name. Files that can't be read as flows are among Problems instead.
func (s *Solution) Flows() iter.Seq[*Flow] { return slices.Values(s.flows) }

// Workflows yields every process that the solution's metadata lists, in file order: cloud flows, and those that are
// listed but not parsed, such as desktop flows, business rules and macros.
func (s *Solution) Workflows() iter.Seq[Workflow] { return slices.Values(s.workflows) }

// Apps yields the canvas apps, in file order.
func (s *Solution) Apps() iter.Seq[App] { return slices.Values(s.apps) }

// Agents yields the bot components that use references or call flows, sorted by schema name.
func (s *Solution) Agents() iter.Seq[Agent] { return slices.Values(s.agents) }

// Connectors yields the custom connectors that the solution brings, in file order.
func (s *Solution) Connectors() iter.Seq[CustomConnector] { return slices.Values(s.connectors) }

// Variables yields the definitions of environment variables, sorted by file name.
func (s *Solution) Variables() iter.Seq[Variable] { return slices.Values(s.variables) }

// Dataflows yields the dataflows, in file order.
func (s *Solution) Dataflows() iter.Seq[Dataflow] { return slices.Values(s.dataflows) }

// Problems is what is wrong with the files, in the order of place.
func (s *Solution) Problems() diag.List { return slices.Clone(s.problems) }

// State tells how the binding's reference stands to this solution; see StateOf.
func (s *Solution) State(b flow.Binding) State { return s.StateOf(b.Reference) }

// StateOf tells how a reference stands to this solution, as far as its files could be read: where solution.xml or
// customizations.xml is broken, a reference that seems dangling may be declared behind the fault. No name is Direct.
func (s *Solution) StateOf(name connref.LogicalName) State {
	name = name.Fold()
	switch {
	case name.IsZero():
		return Direct
	case s.declared[name]:
		return Declared
	case s.external[name]:
		return External
	}
	return Dangling
}

// Position answers line, column and, in flows, the JSON pointer of a place in one of the solution's files.
func (s *Solution) Position(at source.Location) source.Position {
	file := s.texts[at.File]
	if file == nil || file.Err() != nil || at.Span == (source.Span{}) {
		return source.Position{File: at.File}
	}
	if i, isFlow := s.flowIn(at.File); isFlow {
		return s.flows[i].Position(at)
	}
	return file.Position(at.Span.Start)
}

// Files yields the names of all files, relative to the solution's root with forward slashes, in the archive's order or
// sorted.
func (s *Solution) Files() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, e := range s.entries {
			if !yield(e.name) {
				return
			}
		}
	}
}

// File answers a file of the solution, whose name is compared without regard to case; of files that share a name, the
// first. It fails with ErrNotFound, with ErrChanged if the archive is another file by now, and where reading fails.
func (s *Solution) File(name string) (file *source.File, err error) {
	i, ok := s.index[connref.Fold(slashed(name))]
	if !ok {
		return nil, fmt.Errorf("%s: file %q: %w", s.place.Path, name, connref.ErrNotFound)
	}
	e := s.entries[i]
	if file := s.texts[e.name]; file != nil {
		return file, nil
	}
	store, err := s.open(context.Background())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	raw, err := s.read(store, e)
	if err != nil {
		return nil, err
	}
	return source.NewFile(e.name, raw), nil
}

// eachFile opens the solution's origin again and visits its files in order.
func (s *Solution) eachFile(ctx context.Context, visit func(name string, raw []byte) error) (err error) {
	store, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	for _, e := range s.entries {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%s: %w", s.place.Path, err)
		}
		raw, err := s.read(store, e)
		if err != nil {
			return err
		}
		if err := visit(e.name, raw); err != nil {
			return err
		}
	}
	return nil
}

// open opens the solution's origin again. It fails with ErrChanged if there are other files by now.
func (s *Solution) open(ctx context.Context) (store, error) {
	store, err := s.place.origin.open(ctx, s.opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.place.Path, err)
	}
	if name := s.changedOrigin(store.names()); name != "" {
		return nil, errors.Join(fmt.Errorf("%s: %s: %w", s.place.Path, name, ErrChanged), store.close())
	}
	return store, nil
}

// changedOrigin names the first file that is new or gone in a list of the origin's files; "" if none is. A folder's list
// is sorted, so the lesser of two names that differ is the one that the other list lacks.
func (s *Solution) changedOrigin(names []string) string {
	now := entriesBelow(s.place.root.dir, names)
	for i, e := range now {
		switch {
		case i == len(s.origin):
			return e.name
		case s.origin[i] != e:
			return min(e.name, s.origin[i].name)
		}
	}
	if len(now) < len(s.origin) {
		return s.origin[len(now)].name
	}
	return ""
}

// read answers a file as it was when the solution was opened if the model was read from it, else as it is.
func (s *Solution) read(store store, e entry) ([]byte, error) {
	if file := s.texts[e.name]; file != nil && s.isFirst(e) {
		return file.Bytes(), nil
	}
	raw, err := store.read(e.stored)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", s.place.Path, e.name, err)
	}
	return raw, nil
}

// isFirst tells whether the entry is the one that counts among those that share its name.
func (s *Solution) isFirst(e entry) bool { return s.entries[s.index[connref.Fold(e.name)]] == e }
