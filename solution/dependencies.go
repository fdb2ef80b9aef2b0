package solution

import (
	"fmt"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// dependencies drops missing dependencies and adds others behind the last.
func (w *writer) dependencies(required []MissingDependency, dropped map[MentionKind]places) {
	gone := dropped[MentionRequired]
	if len(required)+len(gone) == 0 {
		return
	}
	switch {
	case w.sol.Layout() == LayoutFlowPackage:
		w.fault(errNoReferences)
		return
	case w.sol.manifest.At.File == "":
		w.fault(fmt.Errorf("no solution.xml, which lists missing dependencies: %w", connref.ErrNotFound))
		return
	}
	list := w.part(w.sol.manifest.At.File, manifestRoot+"MissingDependencies")
	switch {
	case !list.Exists():
		if len(required) > 0 && len(w.faults) == 0 {
			w.addDependencies(source.NewElement{Name: "MissingDependencies", Children: newDependencies(required)})
		}
	case len(required) == 0 && empties(list, gone):
		edit, err := list.Clear()
		w.add(list, edit, err)
	default:
		w.remove(list, gone)
		if len(required) > 0 {
			edit, err := list.Append(newDependencies(required)...)
			w.add(list, edit, err)
		}
	}
}

// addDependencies adds the list to a manifest that has none, as its last element.
func (w *writer) addDependencies(list source.NewElement) {
	manifest := w.part(w.sol.manifest.At.File, "ImportExportXml/SolutionManifest")
	if !manifest.Exists() {
		w.fault(fmt.Errorf("the solution has no manifest to list missing dependencies in: %w", connref.ErrNotFound))
		return
	}
	edit, err := manifest.Append(list)
	w.add(manifest, edit, err)
}

func newDependencies(required []MissingDependency) (list []source.NewElement) {
	for _, m := range required {
		list = append(list, source.NewElement{Name: "MissingDependency", Children: []source.NewElement{
			newComponent("Required", m.Required), newComponent("Dependent", m.Dependent),
		}})
	}
	return list
}

// newComponent writes a side of a missing dependency with its attributes in the order that exports have.
func newComponent(name string, c Component) source.NewElement {
	e := source.NewElement{Name: name}
	for _, a := range []source.Attr{
		{Name: "type", Value: c.Type},
		{Name: "schemaName", Value: c.SchemaName},
		{Name: "displayName", Value: c.DisplayName},
		{Name: "solution", Value: c.Solution},
		{Name: "id", Value: c.ID},
	} {
		if a.Value != "" {
			e.Attrs = append(e.Attrs, a)
		}
	}
	e.Attrs = append(e.Attrs, c.Keys...)
	return e
}

// RequiredReference is a connection reference as a missing dependency names it: the required side. From is the solution
// that has it, "Name (1.0.0.0)"; "Active" if none has.
func RequiredReference(name connref.LogicalName, from string) Component {
	return Component{
		Type:        "connectionreference",
		DisplayName: string(name),
		Solution:    from,
		Keys:        []source.Attr{{Name: referenceKey, Value: string(name)}},
	}
}

// DependentFlow is a cloud flow as a missing dependency names it: the dependent side. One without an id goes by its
// name.
func DependentFlow(w Workflow) Component {
	c := Component{Type: "29", DisplayName: w.Name}
	if !w.ID.IsZero() {
		c.ID = "{" + w.ID.String() + "}"
	}
	return c
}

// DependentApp is a canvas app as a missing dependency names it.
func DependentApp(a App) Component {
	return Component{Type: "300", SchemaName: a.Name, DisplayName: a.DisplayName}
}

// DependentAgent is an agent's component as a missing dependency names it: as other components that are known by a key
// are, since no export with one is known.
func DependentAgent(schemaName string) Component {
	return Component{
		Type: "botcomponent", DisplayName: schemaName, Keys: []source.Attr{{Name: "id.schemaname", Value: schemaName}},
	}
}
