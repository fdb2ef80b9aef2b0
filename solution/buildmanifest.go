package solution

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// How many characters the columns of the solution and publisher tables hold, in UTF-16 code units.
const (
	maxUniqueName     = 65
	maxSolutionTitle  = 256
	maxSolutionText   = 2000
	maxPublisherName  = 256
	maxPublisherTitle = 256
)

// addManifest completes and checks what the solution is called.
func (c *construction) addManifest(m Manifest) {
	m.DisplayName = cmp.Or(m.DisplayName, m.UniqueName)
	m.Publisher.DisplayName = cmp.Or(m.Publisher.DisplayName, m.Publisher.UniqueName)
	if m.Managed == ManagedUnknown {
		m.Managed = ManagedNo
	}
	if m.Publisher.OptionValuePrefix == "" {
		m.Publisher.OptionValuePrefix = deriveOptionValuePrefix(m.Publisher.UniqueName)
	}
	c.manifest = m
	c.faults.add("unique name", m.UniqueName, uniqueNameFault(m.UniqueName, maxUniqueName))
	c.faults.text("display name", m.DisplayName, maxSolutionTitle)
	c.faults.text("description", m.Description, maxSolutionText)
	c.faults.add("version", m.Version, versionFault(m.Version))
	switch {
	case m.Managed > ManagedBoth:
		c.faults.add("managed", strconv.Itoa(int(m.Managed)), "is not one of unmanaged, managed, both")
	case m.Managed == ManagedBoth && c.layout != LayoutUnpacked:
		c.faults.add("managed", m.Managed.String(),
			"is for an unpacked folder that either can be packed of; a "+c.layout.String()+" is managed or unmanaged")
	}
	p := m.Publisher
	c.faults.add("publisher: unique name", p.UniqueName, uniqueNameFault(p.UniqueName, maxPublisherName))
	c.faults.text("publisher: display name", p.DisplayName, maxPublisherTitle)
	c.faults.add("publisher: prefix", p.Prefix, prefixFault(p.Prefix))
	if n, err := strconv.Atoi(p.OptionValuePrefix); err != nil || n < 10000 || n > 99999 {
		c.faults.add("publisher: option value prefix", p.OptionValuePrefix, "is not a number from 10000 to 99999")
	}
}

// deriveOptionValuePrefix makes up the number that a publisher's option values begin with.
func deriveOptionValuePrefix(publisher string) string {
	id := connref.DeriveGUID("publisher", publisher)
	return strconv.Itoa(10000 + (int(id[0])<<16|int(id[1])<<8|int(id[2]))%90000)
}

// uniqueNameFault answers why a solution or a publisher can't be called so. The rule is the platform's own message.
func uniqueNameFault(name string, limit int) string {
	switch {
	case name == "":
		return "is missing; right would be letters, digits and underscores, such as ContosoOrders"
	case !isWord(name) || isDigit(rune(name[0])):
		return "is not made of ASCII letters, digits and underscores with no digit first, such as ContosoOrders"
	}
	return connref.TextFault(name, limit)
}

func versionFault(version string) string {
	const right = "right would be major.minor, or up to four numbers, such as 1.0.0.0"
	if version == "" {
		return "is missing; " + right
	}
	parts := strings.Split(version, ".")
	if len(parts) < 2 || len(parts) > 4 {
		return fmt.Sprintf("has %d parts; %s", len(parts), right)
	}
	for _, part := range parts {
		n, err := strconv.ParseUint(part, 10, 64)
		if err != nil || n > math.MaxInt32 || strings.HasPrefix(part, "+") {
			return fmt.Sprintf("has %q where a number is expected; %s", part, right)
		}
	}
	return ""
}

// prefixFault answers why a publisher can't have the prefix.
func prefixFault(prefix string) string {
	switch {
	case prefix == "":
		return "is missing; right would be 2 to 8 letters and digits, such as contoso"
	case strings.ContainsFunc(prefix, func(r rune) bool { return !isLetterOrDigit(r) }) || isDigit(rune(prefix[0])):
		return "is not made of ASCII letters and digits with a letter first"
	case len(prefix) < 2 || len(prefix) > 8:
		return "is not 2 to 8 characters long"
	case strings.HasPrefix(connref.Fold(prefix), "mscrm"):
		return "begins with mscrm, which is the platform's own"
	}
	return ""
}

// ownName answers why a component of the solution can't have the name: it must begin with the publisher's prefix.
func (c *construction) ownName(name string) string {
	prefix := c.manifest.Publisher.Prefix + "_"
	switch {
	case prefixFault(c.manifest.Publisher.Prefix) != "":
		return "" // which is a fault of the publisher's
	case name == "":
		return "is missing; right would be the publisher's prefix and a purpose, such as " + prefix + "Orders"
	case len(name) <= len(prefix) || !connref.EqualFold(name[:len(prefix)], prefix):
		return "doesn't begin with the publisher's prefix; right would be such as " + prefix + "Orders"
	}
	return ""
}

// What exports say of who wrote them. The version is of the first platform whose exports are as these in every file:
// its import is that of every environment today.
const (
	platformVersion = "9.2.25102.147"
	packageVersion  = "9.2"
	language        = "1033"
	schemaInstance  = "http://www.w3.org/2001/XMLSchema-instance"
)

var xsi = source.Attr{Name: "xmlns:xsi", Value: schemaInstance}

// manifestXML is solution.xml.
func (c *construction) manifestXML() source.NewElement {
	m := c.manifest
	managed := map[Managed]string{ManagedNo: "0", ManagedYes: "1", ManagedBoth: "2"}[m.Managed]
	return source.NewElement{
		Name: "ImportExportXml",
		Attrs: []source.Attr{
			{Name: "version", Value: platformVersion},
			{Name: "SolutionPackageVersion", Value: packageVersion},
			{Name: "languagecode", Value: language},
			{Name: "generatedBy", Value: "CrmLive"},
			xsi,
		},
		Children: []source.NewElement{element("SolutionManifest",
			text("UniqueName", m.UniqueName),
			element("LocalizedNames", described("LocalizedName", m.DisplayName)),
			descriptions(m.Description),
			text("Version", m.Version),
			text("Managed", managed),
			m.Publisher.element(),
			element("RootComponents", c.rootComponents()...),
			element("MissingDependencies", newDependencies(c.missing)...),
		)},
	}
}

func element(name string, children ...source.NewElement) source.NewElement {
	return source.NewElement{Name: name, Children: children}
}

func text(name, value string) source.NewElement { return source.NewElement{Name: name, Text: value} }

// described is a text in the solution's language.
func described(name, value string) source.NewElement {
	return source.NewElement{Name: name, Attrs: []source.Attr{
		{Name: "description", Value: value}, {Name: "languagecode", Value: language},
	}}
}

func descriptions(value string) source.NewElement {
	if value == "" {
		return element("Descriptions")
	}
	return element("Descriptions", described("Description", value))
}

// element is the publisher with its two addresses, which exports write though nothing is in them.
func (p Publisher) element() source.NewElement {
	return element("Publisher",
		text("UniqueName", p.UniqueName),
		element("LocalizedNames", described("LocalizedName", p.DisplayName)),
		element("Descriptions"),
		noValue("EMailAddress"),
		noValue("SupportingWebsiteUrl"),
		text("CustomizationPrefix", p.Prefix),
		text("CustomizationOptionValuePrefix", p.OptionValuePrefix),
		element("Addresses", address("1"), address("2")),
	)
}

func address(number string) source.NewElement {
	e := element("Address", text("AddressNumber", number), text("AddressTypeCode", "1"))
	for _, name := range []string{
		"City", "County", "Country", "Fax", "FreightTermsCode", "ImportSequenceNumber", "Latitude", "Line1", "Line2", "Line3",
		"Longitude", "Name", "PostalCode", "PostOfficeBox", "PrimaryContactName", "ShippingMethodCode", "StateOrProvince",
		"Telephone1", "Telephone2", "Telephone3", "TimeZoneRuleVersionNumber", "UPSZone", "UTCOffset",
		"UTCConversionTimeZoneCode",
	} {
		if name == "ShippingMethodCode" {
			e.Children = append(e.Children, text(name, "1"))
			continue
		}
		e.Children = append(e.Children, noValue(name))
	}
	return e
}

func noValue(name string) source.NewElement {
	return source.NewElement{Name: name, Attrs: []source.Attr{{Name: "xsi:nil", Value: "true"}}}
}

// rootComponents lists flows, then connectors, each by id: exports sort by type, then by id. References and variables
// are never listed.
func (c *construction) rootComponents() []source.NewElement {
	ids := make([]string, 0, len(c.flows))
	for _, f := range c.flows {
		ids = append(ids, f.ID.Braced())
	}
	slices.Sort(ids)
	var list []source.NewElement
	for _, id := range ids {
		list = append(list, source.NewElement{Name: "RootComponent", Attrs: []source.Attr{
			{Name: "type", Value: flowType}, {Name: "id", Value: id}, {Name: "behavior", Value: "0"},
		}})
	}
	connectors := slices.Clone(c.connectors)
	slices.SortFunc(connectors, func(a, b *newConnector) int { return cmp.Compare(a.id.String(), b.id.String()) })
	for _, n := range connectors {
		list = append(list, source.NewElement{Name: "RootComponent", Attrs: []source.Attr{
			{Name: "type", Value: connectorType},
			{Name: "id", Value: n.id.Braced()},
			{Name: "schemaName", Value: n.name},
			{Name: "behavior", Value: "0"},
		}})
	}
	return list
}

// The numbers of component types, as solution.xml has them.
const (
	flowType      = "29"
	connectorType = "372"
)
