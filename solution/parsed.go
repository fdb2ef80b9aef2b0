package solution

import (
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// parsed is what files were found to hold when the model was read, so that a change of one file doesn't parse the others
// again. A file never changes, so it stands for its text.
type parsed struct {
	xml   map[*source.File]foundXML
	flows map[*source.File]parsedFlow
	data  map[*source.File][]dataUse
}

func newParsed() parsed {
	return parsed{
		xml:   map[*source.File]foundXML{},
		flows: map[*source.File]parsedFlow{},
		data:  map[*source.File][]dataUse{},
	}
}

// foundXML is what was looked for in an XML file.
type foundXML struct {
	elements []foundElement
	root     string // the root element, if it isn't the one expected
	rootAt   source.Location
	err      error // where the file breaks off
}

type foundElement struct {
	path    int // index of its path among those looked for
	element source.Element
}

type parsedFlow struct {
	flow     *flow.Flow
	problems diag.List
}

// elements finds the elements with the given paths, which are the same for a file each time.
func (r *reader) elements(file *source.File, paths []string) foundXML {
	found, ok := r.known.xml[file]
	if !ok {
		found = findElements(file, r.opts.source(), paths)
	}
	r.sol.parsed.xml[file] = found
	return found
}

func findElements(file *source.File, opts *source.Options, paths []string) (found foundXML) {
	want, _, _ := strings.Cut(paths[0], "/")
	if root, at := source.RootName(file); root != "" && root != want {
		found.root, found.rootAt = root, at
		return found
	}
	found.err = source.FindXML(file, opts, func(path int, e source.Element) error {
		found.elements = append(found.elements, foundElement{path, e})
		return nil
	}, paths...)
	return found
}

func (r *reader) parseFlow(file *source.File) (*flow.Flow, diag.List) {
	p, ok := r.known.flows[file]
	if !ok {
		p.flow, p.problems = flow.Parse(file, r.opts.source())
	}
	r.sol.parsed.flows[file] = p
	return p.flow, p.problems
}

// dataUses finds the references that a bot component's data names.
func (r *reader) dataUses(file *source.File) []dataUse {
	uses, ok := r.known.data[file]
	if !ok {
		uses = dataUses(file.Text())
	}
	r.sol.parsed.data[file] = uses
	return uses
}
