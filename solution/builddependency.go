package solution

import (
	"cmp"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// addMissing works out what the solution needs and doesn't hold: as exports list it, sorted by what is required, then
// by what needs it. Asked are the names of flows by the ids that were answered for them.
func (c *construction) addMissing(asked map[connref.FlowID]string) {
	d := dependencies{seen: map[[2]componentKey]bool{}}
	for _, ref := range c.references {
		if required, missing := c.missingConnector(ref, active); missing {
			d.add(required, dependentReference(ref.LogicalName))
		}
	}
	for _, f := range c.flows {
		dependent := DependentFlow(f.Workflow)
		for b := range f.Bindings() {
			c.missingReference(&d, b, dependent)
		}
		for v := range f.Variables() {
			if _, defined := c.defined[connref.Fold(v.SchemaName)]; !defined {
				d.add(requiredVariable(v.SchemaName), dependent)
			}
		}
		for op := range f.Calls() {
			path := f.path() + ": " + operationPath(op) + ": flow"
			id, err := connref.ParseGUID(op.Host.ChildFlow)
			name, wasAsked := asked[id]
			switch {
			case err != nil:
				c.faults.add(path, op.Host.ChildFlow, "is no id of a flow")
			case c.flowIDs[id]:
				if c.uncallable[id] {
					c.faults.add(path, id.String(), "is a flow that nobody can call; right would be one with a Manual trigger")
				}
			case wasAsked:
				c.faults.addKind(connref.ErrNotFound, path, name, "isn't added, or has an ID of its own that FlowID didn't know")
			default:
				d.add(Component{Type: flowType, Solution: active, ID: id.Braced()}, dependent)
			}
		}
	}
	c.missing = d.sorted()
}

// missingReference adds what a flow's binding needs of other solutions.
func (c *construction) missingReference(d *dependencies, b flow.Binding, dependent Component) {
	if b.Direct() {
		return
	}
	from := active
	if ext, ok := c.external[b.Reference.Fold()]; ok {
		from = ext.from
		d.add(RequiredReference(ext.LogicalName, from), dependent)
	}
	ref, _ := c.reference(b.Reference) // which is declared or external by now
	if required, missing := c.missingConnector(ref, from); missing {
		d.add(required, dependent)
	}
}

// missingConnector is the custom connector that a reference points to, and whether the solution lacks it. Of its names
// only the one is known that its id was made of.
func (c *construction) missingConnector(ref connref.Reference, from string) (Component, bool) {
	if ref.CustomConnector.IsZero() || c.connectorsByGUID[ref.CustomConnector] != nil {
		return Component{}, false
	}
	return Component{
		Type:       connectorType,
		SchemaName: connectorName(ref.Connector),
		Solution:   from,
		ID:         ref.CustomConnector.Braced(),
	}, true
}

// requiredVariable is an environment variable as a missing dependency names it: the required side.
func requiredVariable(schemaName string) Component {
	c := DependentAgent(schemaName) // both are known by their schema names
	c.Type, c.Solution = "EnvironmentVariableDefinition", active
	return c
}

// dependentReference is a connection reference as a missing dependency names it: the dependent side.
func dependentReference(name connref.LogicalName) Component { return RequiredReference(name, "") }

// dependencies are missing ones, each once.
type dependencies struct {
	list []dependency
	seen map[[2]componentKey]bool
}

type dependency struct {
	MissingDependency
	required, dependent componentKey
}

// componentKey is by what a component is known, and sorted.
type componentKey struct{ kind, name, id string }

func keyOf(c Component) componentKey {
	return componentKey{connref.Fold(c.Type), connref.Fold(cmp.Or(c.SchemaName, c.DisplayName)), c.ID}
}

func (k componentKey) compare(other componentKey) int {
	return cmp.Or(cmp.Compare(k.kind, other.kind), cmp.Compare(k.name, other.name), cmp.Compare(k.id, other.id))
}

func (d *dependencies) add(required, dependent Component) {
	keys := [2]componentKey{keyOf(required), keyOf(dependent)}
	if !d.seen[keys] {
		d.seen[keys] = true
		d.list = append(d.list, dependency{
			MissingDependency{Required: required, Dependent: dependent}, keys[0], keys[1],
		})
	}
}

func (d *dependencies) sorted() []MissingDependency {
	slices.SortFunc(d.list, func(a, b dependency) int {
		of, to := a.dependent, b.dependent
		return cmp.Or(
			a.required.compare(b.required),
			cmp.Compare(of.kind, to.kind), cmp.Compare(of.id, to.id), cmp.Compare(of.name, to.name),
		)
	})
	list := make([]MissingDependency, len(d.list))
	for i, one := range d.list {
		list[i] = one.MissingDependency
	}
	return list
}
