package solution

import (
	"sync"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

const referencesPath = "ImportExportXml/connectionreferences"

// declarationList is the element in which a solution declares references. It is looked for once: whoever makes a change
// for each of many references would have the file read anew for each.
type declarationList struct {
	once    sync.Once
	element source.Element
	err     error                                    // why it was not found
	byName  map[connref.LogicalName][]source.Element // folded
}

// declarationList is the list in the file that declares references.
func (s *Solution) declarationList(file string) *declarationList {
	l := &s.list
	l.once.Do(func() {
		l.element, l.err = s.part(file, referencesPath)
		l.byName = map[connref.LogicalName][]source.Element{}
		for e := range l.element.Children() {
			name := declaredName(e).Fold()
			l.byName[name] = append(l.byName[name], e)
		}
	})
	return l
}

// declaration is the first declaration of a name, or the very one at a place if that isn't zero; absent if there is none.
func (l *declarationList) declaration(folded connref.LogicalName, at source.Location) source.Element {
	for _, e := range l.byName[folded] {
		if at.IsZero() || at == e.At() {
			return e
		}
	}
	return source.Element{}
}
