package connref

import (
	"iter"
	"slices"
	"strconv"
)

// Estate is a set of connectors, connections, principals and references that fit each other, as Builder.Build answers
// it. It can't be changed and is safe for concurrent use; what it hands out is the caller's own. A nil Estate is empty.
//
// Names are compared without regard to case. Sequences come in the order in which their things were added.
type Estate struct {
	catalogue     *Catalogue
	connections   []Connection
	principals    []Principal
	references    []Reference
	byID          map[ConnectionID][]int // folded id; one for each environment
	byEnvironment map[place]int
	byPrincipal   map[GUID]int
	byName        map[LogicalName]int // folded name
}

// place is where a connection is: its environment and its id, folded.
type place struct {
	environment string
	id          ConnectionID
}

var nothing Estate

func (e *Estate) orNothing() *Estate {
	if e == nil {
		return &nothing
	}
	return e
}

// Catalogue answers what is known of the connectors. It is nil, which knows none, for a nil Estate.
func (e *Estate) Catalogue() *Catalogue { return e.orNothing().catalogue }

// Connections answers every connection, of whatever environment.
func (e *Estate) Connections() iter.Seq[Connection] {
	return func(yield func(Connection) bool) {
		for i := range e.orNothing().connections {
			if !yield(e.connection(i)) {
				return
			}
		}
	}
}

// connection answers a connection whose grants the caller may change.
func (e *Estate) connection(i int) Connection {
	c := e.connections[i]
	c.Grants = slices.Clone(c.Grants)
	return c
}

// Principals answers every principal.
func (e *Estate) Principals() iter.Seq[Principal] { return slices.Values(e.orNothing().principals) }

// References answers every reference.
func (e *Estate) References() iter.Seq[Reference] { return slices.Values(e.orNothing().references) }

// Reference answers the reference of that name. It fails with ErrNotFound.
func (e *Estate) Reference(name LogicalName) (Reference, error) {
	i, ok := e.orNothing().byName[name.Fold()]
	if !ok {
		return Reference{}, missing("reference", string(name))
	}
	return e.references[i], nil
}

// Connection answers the connection of that id. It fails with ErrNotFound, and with ErrDuplicate where several
// environments have one of that id: ConnectionIn tells them apart.
func (e *Estate) Connection(id ConnectionID) (Connection, error) {
	switch with := e.orNothing().byID[id.Fold()]; len(with) {
	case 0:
		return Connection{}, missing("connection", string(id))
	case 1:
		return e.connection(with[0]), nil
	default:
		return Connection{}, &FieldError{
			Field: "connection", Value: string(id), Err: ErrDuplicate,
			Reason: "is in " + strconv.Itoa(len(with)) + " environments of the estate; right would be to ask ConnectionIn",
		}
	}
}

// ConnectionIn answers the connection of that id in the environment, which is empty for a connection that doesn't tell
// its environment. It fails with ErrNotFound.
func (e *Estate) ConnectionIn(environment string, id ConnectionID) (Connection, error) {
	i, ok := e.orNothing().byEnvironment[place{Fold(environment), id.Fold()}]
	if !ok {
		return Connection{}, missing("environment "+strconv.Quote(environment)+": connection", string(id))
	}
	return e.connection(i), nil
}

// Principal answers the principal with that object id. It fails with ErrNotFound.
func (e *Estate) Principal(id GUID) (Principal, error) {
	i, ok := e.orNothing().byPrincipal[id]
	if !ok {
		return Principal{}, missing("principal", id.String())
	}
	return e.principals[i], nil
}

func missing(field, value string) error {
	return &FieldError{
		Field: field, Value: value, Reason: "is not in the estate; right would be one that was added", Err: ErrNotFound,
	}
}
