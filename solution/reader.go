package solution

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// reader reads the model of a solution out of its files.
type reader struct {
	ctx        context.Context
	files      files
	opts       Options
	sol        *Solution
	known      parsed // of the solution that this one is a change of
	problems   diag.Collector
	agentIndex map[string]int   // folded schema name → index in sol.agents
	agentUses  map[agentUse]int // what they are known to use → index in Uses
	appIndex   map[string]int   // folded name → index in sol.apps
	broken     map[string]bool  // folded names of the files that could not be read to their end
}

// solution reads the parts of a solution in one of the XML layouts.
func (r *reader) solution() error {
	manifest, customizations := "solution.xml", "customizations.xml"
	if r.sol.Layout() == LayoutUnpacked {
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
	if r.sol.Layout() == LayoutUnpacked {
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
	case !r.isBroken(name):
		r.report(missingPart, source.Location{File: name}, "the solution has no "+name)
	}
	return nil
}

func (r *reader) customizations(file *source.File) {
	reads := []func(source.Element){r.workflow, r.app, r.connector, r.dataflow, r.reference}
	r.findXML(file, func(i int, e source.Element) { reads[i](e) },
		"ImportExportXml/Workflows/Workflow",
		"ImportExportXml/CanvasApps/CanvasApp",
		"ImportExportXml/Connectors/Connector",
		"ImportExportXml/msdyn_dataflows/msdyn_dataflow",
		"ImportExportXml/connectionreferences/connectionreference")
}

// sidecars reads what SolutionPackager takes out of customizations.xml into files of their own.
func (r *reader) sidecars() error {
	for _, kind := range []struct {
		pattern, root string
		read          func(source.Element)
	}{
		{"workflows/*.data.xml", "Workflow", r.workflow},
		{"canvasapps/*.meta.xml", "CanvasApp", r.app},
		{"connectors/*.xml", "Connector", r.connector},
	} {
		for _, name := range r.matching(kind.pattern) {
			if err := r.eachXML(name, kind.read, kind.root); err != nil {
				return err
			}
		}
	}
	return nil
}

// entries makes the list of the solution's files, by which they are found. Of files that share a name the first counts,
// as it does for .NET's archive reader.
func (r *reader) entries(entries []entry) {
	index := make(map[string]int, len(entries))
	for i, e := range entries {
		folded := connref.Fold(e.name)
		if err := r.files.fault(e.stored); err != nil && !e.changed {
			r.setBroken(e.name)
			r.report(unreadableFile, source.Location{File: e.name}, "can't be read: "+err.Error())
		}
		first, repeated := index[folded]
		switch at := (source.Location{File: e.name}); {
		case !repeated:
			index[folded] = i
		case entries[first].name == e.name:
			r.report(repeatedEntry, at, "the archive has this file more than once: the first one is read")
		default:
			r.report(repeatedEntry, at, "differs only in case from "+entries[first].name+", which is read instead")
		}
	}
	r.sol.entries, r.sol.index = entries, index
}

// find answers the name as written of a file of the solution, whose name is compared without regard to case.
func (r *reader) find(name string) (string, bool) {
	i, ok := r.sol.index[connref.Fold(name)]
	if !ok {
		return "", false
	}
	return r.sol.entries[i].name, true
}

// matching answers the files of the solution whose names match a pattern, which is in lower case and compared so, and
// whose one star stands for part of a name; sorted, each once.
func (r *reader) matching(pattern string) []string {
	folder, tail, _ := strings.Cut(pattern, "*")
	var names []string
	for i, e := range r.sol.entries {
		star := len(e.name) - len(folder) - len(tail)
		if star < 0 || !connref.EqualFold(e.name[:len(folder)], folder) ||
			!connref.EqualFold(e.name[len(folder)+star:], tail) || strings.Contains(e.name[len(folder):len(folder)+star], "/") {
			continue
		}
		if r.sol.index[connref.Fold(e.name)] == i {
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
	if r.isBroken(name) {
		return nil, nil
	}
	raw, err := r.files.read(e.stored)
	if err != nil {
		if errors.Is(err, ErrTooLarge) {
			return nil, err
		}
		r.setBroken(name)
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
	found := r.elements(file, paths)
	for _, e := range found.elements {
		read(e.path, e.element)
	}
	switch {
	case found.root != "":
		want, _, _ := strings.Cut(paths[0], "/")
		r.setBroken(file.Name())
		r.report(malformedFile, found.rootAt, "the root element is <"+found.root+">: expected <"+want+">")
	case found.err != nil:
		r.malformed(file, found.err)
	}
}

// malformed reports why a file's text could not be parsed.
func (r *reader) malformed(file *source.File, err error) {
	r.setBroken(file.Name())
	syntax := (*source.SyntaxError)(nil)
	if !errors.As(err, &syntax) {
		r.undecodable(file)
		return
	}
	position := source.Position{File: file.Name(), Line: syntax.Line, Column: syntax.Column}
	r.add(malformedFile.At(syntax.At, position, syntax.Msg))
}

func (r *reader) undecodable(file *source.File) {
	message := strings.TrimPrefix(file.Err().Error(), file.Name()+": ")
	r.report(undecodableText, source.Location{File: file.Name()}, message)
}

// isBroken tells whether a file could not be read to its end.
func (r *reader) isBroken(name string) bool { return r.broken[connref.Fold(name)] }

func (r *reader) setBroken(name string) { r.broken[connref.Fold(name)] = true }

// checkName reports why a name that was read isn't one that the platform takes.
func (r *reader) checkName(err error, at source.Location) {
	if field := (*connref.FieldError)(nil); errors.As(err, &field) {
		r.report(invalidName, at, field.Error())
	}
}

// guid reads an id; one that is no GUID is reported and answered as zero.
func (r *reader) guid(text string, at source.Location, what string) connref.GUID {
	id, err := connref.ParseGUID(text)
	if err != nil {
		r.report(invalidID, at, fmt.Sprintf("%s id %q is no GUID", what, text))
	}
	return id
}

func sortBy[T any](list []T, key func(T) string) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}
