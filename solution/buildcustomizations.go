package solution

import "github.com/connref/connref/connref/source"

// customizationsXML is customizations.xml. What SolutionPackager takes out of it leaves an empty element behind; there
// are no elements for connectors and references where there are none.
func (c *construction) customizationsXML() source.NewElement {
	unpacked := c.layout == LayoutUnpacked
	workflows, connectors := element("Workflows"), element("Connectors")
	references := element("connectionreferences")
	if !unpacked {
		for _, f := range c.flows {
			workflows.Children = append(workflows.Children, f.element(c.manifest.Version))
		}
		for _, n := range c.connectors {
			connectors.Children = append(connectors.Children, n.element())
		}
	}
	for _, ref := range c.references {
		references.Children = append(references.Children, newReference(ref, true))
	}
	root := element("ImportExportXml",
		element("Entities"),
		element("Roles"),
		workflows,
		element("FieldSecurityProfiles"),
		element("Templates"),
		element("EntityMaps"),
		element("EntityRelationships"),
		element("OrganizationSettings"),
		element("optionsets"),
		element("CustomControls"),
		element("EntityDataProviders"),
	)
	root.Attrs = []source.Attr{xsi}
	if len(c.connectors) > 0 {
		root.Children = append(root.Children, connectors)
	}
	if len(c.references) > 0 {
		root.Children = append(root.Children, references)
	}
	root.Children = append(root.Children, element("Languages", text("Language", language)))
	return root
}
