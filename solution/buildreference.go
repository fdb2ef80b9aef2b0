package solution

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/connref/connref/connref"
)

// external is a reference that another solution declares.
type external struct {
	connref.Reference
	from string
}

// addReferences completes and checks the references that the solution declares.
func (c *construction) addReferences(refs []connref.Reference) {
	c.declared = make(map[connref.LogicalName]connref.Reference, len(refs))
	for _, ref := range refs {
		path := named("reference", string(ref.LogicalName))
		if built := c.connectorsByID[ref.Connector.WithoutHash().Fold()]; built != nil && ref.CustomConnector.IsZero() {
			ref.CustomConnector = built.id
		}
		c.faults.join(ref.Validate())
		c.faults.text(path+": display name", ref.DisplayName, len(ref.DisplayName)) // Validate checks the length
		c.faults.text(path+": description", ref.Description, len(ref.Description))
		if err := ref.LogicalName.Validate(); err == nil {
			c.referenceName(path, ref)
		}
		c.customConnector(path, ref)
	}
	for _, ref := range c.declared {
		c.references = append(c.references, ref)
	}
	slices.SortFunc(c.references, func(a, b connref.Reference) int { return cmp.Compare(a.LogicalName, b.LogicalName) })
}

func (c *construction) referenceName(path string, ref connref.Reference) {
	name := ref.LogicalName.Fold()
	if _, again := c.declared[name]; again {
		c.faults.addKind(connref.ErrDuplicate, path+": logical name", "", "is added more than once")
		return
	}
	if ref.LogicalName.Prefix() == "" {
		prefix := c.manifest.Publisher.Prefix
		if prefixFault(prefix) != "" {
			prefix = "contoso"
		}
		c.faults.add(path+": logical name", "",
			"has no publisher's prefix; right would be such as "+prefix+"_"+string(ref.LogicalName))
	}
	c.declared[name] = ref
}

// customConnector checks what a reference says of a custom connector against the one that is built.
func (c *construction) customConnector(path string, ref connref.Reference) {
	if ref.CustomConnector.IsZero() {
		return
	}
	if built := c.connectorsByGUID[ref.CustomConnector]; built != nil && !built.connector.Same(ref.Connector) {
		c.faults.add(path+": connector", string(ref.Connector),
			"is not the one that the custom connector's GUID names; right would be "+string(built.connector))
	}
	if !ref.Connector.Custom() && ref.Connector.Validate() == nil {
		c.faults.add(path+": connector", string(ref.Connector),
			"is no custom connector's id, but the reference has the GUID of one")
	}
}

// addExternals checks the references that other solutions declare.
func (c *construction) addExternals(externals []external) {
	c.external = make(map[connref.LogicalName]external, len(externals))
	for _, ext := range externals {
		path := named("external", string(ext.LogicalName))
		ext.from = cmp.Or(ext.from, active)
		name := ext.LogicalName.Fold()
		if err := ext.LogicalName.Validate(); err != nil {
			c.faults.add(path+": logical name", string(ext.LogicalName), reasonOf(err))
		}
		if !ext.Connector.IsZero() {
			c.faults.add(path+": connector", string(ext.Connector), reasonOf(ext.Connector.Validate()))
		}
		if ext.from != active && !solutionAndVersion.MatchString(ext.from) {
			c.faults.add(path+": solution", ext.from,
				"names no solution; right would be its unique name and version, such as ContosoCommon (1.0.0.0), or Active")
		}
		if _, again := c.external[name]; again {
			c.faults.addKind(connref.ErrDuplicate, path+": logical name", "", "is added more than once")
		}
		if _, declared := c.declared[name]; declared {
			c.faults.addKind(connref.ErrDuplicate, path+": logical name", "", "is declared here too: it is one or the other")
		}
		c.external[name] = ext
	}
}

// active is where a component is that is in no managed solution.
const active = "Active"

var solutionAndVersion = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]* \(\d+(\.\d+){1,3}\)$`)

// reasonOf is what a *connref.FieldError says of its value.
func reasonOf(err error) string {
	if field, ok := err.(*connref.FieldError); ok { // the very error, not one inside
		return field.Reason
	}
	return ""
}
