package connref

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/connref/connref/connref/source"
)

// Builder gathers the connectors, connections, principals and references of an estate, in any order. Build then checks
// how they fit. What was added stays, so that an estate can be built, added to and built again. The zero Builder is
// ready to use; it is not for several goroutines at once.
type Builder struct {
	connectors  []Connector
	connections []Connection
	principals  []Principal
	references  []Reference
}

// AddConnector adds what is known of connectors. References and connections may be of others too.
func (b *Builder) AddConnector(connectors ...Connector) {
	b.connectors = append(b.connectors, connectors...)
}

// AddConnection adds connections, with the grants that they have now.
func (b *Builder) AddConnection(connections ...Connection) {
	for _, c := range connections {
		c.Grants = slices.Clone(c.Grants)
		b.connections = append(b.connections, c)
	}
}

// AddPrincipal adds those who own connections and references, or whom connections are shared with. Each needs its id
// and its kind. A name helps who reads the faults.
func (b *Builder) AddPrincipal(principals ...Principal) {
	b.principals = append(b.principals, principals...)
}

// AddReference adds references, bound to a connection or not.
func (b *Builder) AddReference(references ...Reference) {
	b.references = append(b.references, references...)
}

// Build checks everything that was added, and answers it as an estate. It completes two things: an owner, or a grant's
// principal, that has only its id, from the principals that were added; and a reference's CustomConnector, from the
// connector that the catalogue finds for it.
//
// It fails with a *FieldError for each fault, joined:
//
//   - ErrInvalid, where something isn't valid by itself, a reference has a text that XML and thereby a solution can't
//     hold, a reference is bound to a connection of another connector, or two facts of one thing contradict each other
//   - ErrDuplicate, where a name is there twice: a connector, a principal, a reference, a connection in one
//     environment, a principal among the grants of one connection
//   - ErrNotFound, where what isn't in the estate is needed: the connection of a reference, an owner, the principal of
//     a grant
//
// The ids of one custom connector in two environments are taken for one connector, unless their rows are known to
// differ. A fault of something that has no good name tells its number among those of its kind, from 1.
func (b *Builder) Build() (*Estate, error) {
	in := inspection{Estate: &Estate{
		connections:   slices.Clone(b.connections),
		principals:    slices.Clone(b.principals),
		references:    slices.Clone(b.references),
		byID:          make(map[ConnectionID][]int, len(b.connections)),
		byEnvironment: make(map[place]int, len(b.connections)),
		byPrincipal:   make(map[GUID]int, len(b.principals)),
		byName:        make(map[LogicalName]int, len(b.references)),
	}}
	in.connectors(b.connectors)
	in.everybody()
	in.everyConnection()
	in.everyReference()
	if err := errors.Join(in.faults...); err != nil {
		return nil, err
	}
	return in.Estate, nil
}

// inspection is an estate on its way through Build.
type inspection struct {
	*Estate
	faults []error
	of     map[offer]bool
}

// offer is what a reference can ask of a connection: to have its connector, by the row of the custom connector, or by
// the name without the environment's hash. It keeps the search for one among equal ids of many environments short.
type offer struct {
	id      ConnectionID
	row     GUID
	name    ConnectorID
	rowless bool // asks for one of which no row is known
}

func (in *inspection) fault(err error, at source.Location, field, value, reason string) {
	if reason != "" {
		in.faults = append(in.faults, &FieldError{Field: field, Value: value, Reason: reason, Err: err, At: at})
	}
}

// alone takes over the faults that a thing's own Validate has found. Where these only tell the kind of thing, they
// begin with what it is called here.
func (in *inspection) alone(kind, called string, err error) {
	if err == nil {
		return
	}
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		fault := err.(*FieldError) // as Validate promises; nobody else has this one
		if field, ok := strings.CutPrefix(fault.Field, kind+": "); ok {
			fault.Field = called + ": " + field
		}
		in.faults = append(in.faults, fault)
	}
}

// called answers what faults call a thing: its name if it is good, or its number.
func called(kind, name, fault string, i int) string {
	if fault != "" {
		name = strconv.Itoa(i + 1)
	}
	return kind + " " + name
}

const again = "is in the estate already, in this or another spelling; right would be once"

func (in *inspection) connectors(connectors []Connector) {
	var good []Connector
	seen := make(map[ConnectorID]bool, len(connectors))
	for i, c := range connectors {
		err := c.Validate()
		in.alone("connector", called("connector", string(c.ID), c.ID.fault(), i), err)
		name := c.ID.Fold()
		if c.ID != "" && seen[name] {
			in.fault(ErrDuplicate, c.At, "connector", string(c.ID), again)
		} else if err == nil {
			good = append(good, c)
		}
		seen[name] = true
	}
	var err error
	if in.catalogue, err = NewCatalogue(good...); err != nil {
		in.faults = append(in.faults, err)
	}
}

func (in *inspection) everybody() {
	for i, p := range in.principals {
		var none source.Location
		who := "principal " + strconv.Itoa(i+1)
		if p.ID.IsZero() {
			in.fault(ErrInvalid, none, who, p.Name, "has no id; right would be the object id in Entra ID")
		} else {
			who = "principal " + p.ID.String()
			if _, ok := in.byPrincipal[p.ID]; ok {
				in.fault(ErrDuplicate, none, "principal", p.ID.String(), again)
			} else {
				in.byPrincipal[p.ID] = i
			}
		}
		if p.Kind == 0 || p.Kind > PrincipalTenant {
			in.fault(ErrInvalid, none, who+": kind", p.Kind.String(), "is not one of "+strings.Join(kinds[1:], ", "))
		}
	}
}

// known answers the principal as the estate knows it. That must be one, and of the kind and name given, if any.
func (in *inspection) known(p Principal, field string, at source.Location) Principal {
	i, ok := in.byPrincipal[p.ID]
	switch {
	case p.IsZero():
		return p
	case p.ID.IsZero():
		in.fault(ErrInvalid, at, field, p.Name, "has no principal id; right would be the object id in Entra ID")
		return p
	case !ok:
		in.fault(ErrNotFound, at, field, p.String(),
			"is not among the estate's principals; right would be to add it too")
		return p
	}
	known := in.principals[i]
	contradicts := "contradicts the estate's principal " + p.ID.String() + "; right would be none, or "
	if p.Kind != 0 && p.Kind != known.Kind {
		in.fault(ErrInvalid, at, field+": kind", p.Kind.String(), contradicts+known.Kind.String())
	}
	if p.Name != "" && known.Name != "" && !EqualFold(p.Name, known.Name) {
		in.fault(ErrInvalid, at, field+": name", p.Name, contradicts+strconv.Quote(known.Name))
	}
	known.Name = cmp.Or(known.Name, p.Name)
	return known
}

func (in *inspection) everyConnection() {
	in.of = make(map[offer]bool, 2*len(in.connections))
	for i := range in.connections {
		c := &in.connections[i]
		path := called("connection", string(c.ID), c.ID.fault(), i)
		in.alone("connection", path, c.Validate())

		c.Owner = in.known(c.Owner, path+": owner", c.At)
		c.Grants = slices.Clone(c.Grants)
		granted := make(map[GUID]int, len(c.Grants))
		for j, g := range c.Grants {
			if g.Principal.ID.IsZero() {
				continue // Validate has told
			}
			grant := path + ": grant " + strconv.Itoa(j+1)
			if first, ok := granted[g.Principal.ID]; ok {
				in.fault(ErrDuplicate, c.At, grant, g.Principal.String(),
					"is for the principal of grant "+strconv.Itoa(first+1)+"; right would be the greater of both alone")
				continue
			}
			granted[g.Principal.ID] = j
			c.Grants[j].Principal = in.known(g.Principal, grant, c.At)
		}

		if c.ID == "" {
			continue
		}
		id := c.ID.Fold()
		where := place{Fold(c.Environment), id}
		if _, ok := in.byEnvironment[where]; ok {
			in.fault(ErrDuplicate, c.At, "connection", string(c.ID), "is in one environment twice; right would be once")
			continue
		}
		in.byEnvironment[where] = i
		in.byID[id] = append(in.byID[id], i)
		row, name := in.row(c.Connector), c.Connector.WithoutHash().Fold()
		in.of[offer{id: id, name: name}] = true
		if row.IsZero() {
			in.of[offer{id: id, name: name, rowless: true}] = true
		} else {
			in.of[offer{id: id, row: row}] = true
		}
	}
}

// row answers the row of the custom connector with this very id, where it is known. One of the same name in another
// environment could be another connector, whose row would be no proof of anything.
func (in *inspection) row(id ConnectorID) GUID {
	if c, ok := in.catalogue.Lookup(id); ok && c.ID.Equal(id) {
		return c.Custom
	}
	return GUID{}
}

func (in *inspection) everyReference() {
	for i := range in.references {
		r := &in.references[i]
		path := called("reference", string(r.LogicalName), r.LogicalName.fault(), i)
		in.alone("reference", path, r.Validate())
		in.fault(ErrInvalid, r.At, path+": display name", r.DisplayName, TextFault(r.DisplayName, len(r.DisplayName)))
		in.fault(ErrInvalid, r.At, path+": description", r.Description, TextFault(r.Description, len(r.Description)))
		if r.LogicalName != "" {
			name := r.LogicalName.Fold()
			if _, ok := in.byName[name]; ok {
				in.fault(ErrDuplicate, r.At, "reference", string(r.LogicalName), again)
			} else {
				in.byName[name] = i
			}
		}
		r.Owner = in.known(r.Owner, path+": owner", r.At)
		in.complete(r, path)
		in.bound(r, path)
	}
}

// complete gives the reference the row of its custom connector, or tells that it has a wrong one.
func (in *inspection) complete(r *Reference, path string) {
	known, ok := in.catalogue.Lookup(r.Connector)
	if !ok {
		return
	}
	given, reason := r.CustomConnector, ""
	switch {
	case given.IsZero():
		r.CustomConnector = known.Custom
	case known.Custom.IsZero() && !known.ID.Custom():
		reason = "is the row of a custom connector, which " + known.ID.Name() + " is not; right would be none"
	case !known.Custom.IsZero() && known.Custom != given && known.ID.Equal(r.Connector):
		reason = "is not the row of " + known.ID.Name() + "; right would be " + known.Custom.String() + ", or none"
	}
	if reason != "" {
		in.fault(ErrInvalid, r.At, path+": custom connector", given.String(), reason)
		r.CustomConnector = known.Custom // so that it counts as one fault, whatever the reference is bound to
	}
}

// bound checks that the reference's connection is there, and of its connector. Where both rows are known they decide,
// otherwise the names do.
func (in *inspection) bound(r *Reference, path string) {
	if r.Connection == "" || r.Connection.fault() != "" {
		return
	}
	id, row, name := r.Connection.Fold(), r.CustomConnector, r.Connector.WithoutHash().Fold()
	with := in.byID[id]
	switch {
	case with == nil:
		in.fault(ErrNotFound, r.At, path+": connection", string(r.Connection),
			"is not among the estate's connections; right would be to add it too, or none")
	case r.Connector.fault() != "" || in.connections[with[0]].Connector.fault() != "":
		// The connector is the fault.
	case in.of[offer{id: id, row: row}] || in.of[offer{id: id, name: name, rowless: !row.IsZero()}]:
		// One connection fits. Its equals in other environments need not.
	default:
		other := in.connections[with[0]].Connector
		in.fault(ErrInvalid, r.At, path+": connection", string(r.Connection),
			"is of "+shownAs(other, in.row(other))+"; right would be a connection of "+shownAs(r.Connector, row))
	}
}

// shownAs tells custom connectors apart that have one name.
func shownAs(id ConnectorID, row GUID) string {
	if row.IsZero() {
		return id.Name()
	}
	return id.Name() + " (row " + row.String() + ")"
}
