package solution

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// reader reads a solution out of an open store.
type reader struct {
	ctx        context.Context
	store      store
	opts       Options
	sol        *Solution
	agentIndex map[string]int // folded schema name → index in sol.agents
	broken     map[string]bool
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
