package graph

import (
	"cmp"
	"iter"
	"slices"

	"github.com/connref/connref/connref"
)

// Environment is an environment that the caller knows something of.
type Environment struct {
	Name        string
	connections []*Connection
	bound       []*Bound
}

// Bound yields the references that the environment is known to have, in the order given.
func (e *Environment) Bound() iter.Seq[*Bound] { return slices.Values(e.bound) }

// Unbound yields the references that an environment has without a connection, environment by environment. Flows that use
// one can't be turned on. A reference that an inventory doesn't list is not known to be unbound.
func (g *Graph) Unbound() iter.Seq[*Bound] {
	return func(yield func(*Bound) bool) {
		for _, e := range g.environments {
			for _, b := range e.bound {
				if b.Connection == nil && !yield(b) {
					return
				}
			}
		}
	}
}

// Bound is a reference in an environment: a row there, and the connection that answers for it.
type Bound struct {
	Environment *Environment
	Reference   *Reference
	Connector   *Connector  // as the row has it; nil if it has none
	Connection  *Connection // nil if the row is unbound
	Owner       connref.Principal
}

// Connection is a connection: one that an environment lists, or one that a reference or a flow names. Ids are made to be
// unique, so that one id is one connection here: if two environments list it, what the first says of it counts.
type Connection struct {
	ID          connref.ConnectionID
	Environment *Environment // that lists it; nil if none does, which is no proof that it is missing
	DisplayName string
	Connector   *Connector // nil if not known
	Owner       connref.Principal
	Account     string
	Status      connref.Status

	bound  []*Bound
	direct []*Binding
	apps   []*App
}

func (c *Connection) label() string { return cmp.Or(c.DisplayName, string(c.ID)) }

// Connections yields the connections that the environment lists.
func (e *Environment) Connections() iter.Seq[*Connection] { return slices.Values(e.connections) }

// References answers the references that are bound to the connection, each once.
func (c *Connection) References() []*Reference {
	var list []*Reference
	for _, b := range c.bound {
		if !slices.Contains(list, b.Reference) {
			list = append(list, b.Reference)
		}
	}
	return list
}

// Bound yields the rows of environments that are bound to the connection.
func (c *Connection) Bound() iter.Seq[*Bound] { return slices.Values(c.bound) }

// Direct yields the bindings of flows that name the connection itself, as those of legacy packages do.
func (c *Connection) Direct() iter.Seq[*Binding] { return slices.Values(c.direct) }

// Apps yields the canvas apps that name the connection itself, since it is shared with whoever runs them.
func (c *Connection) Apps() iter.Seq[*App] { return slices.Values(c.apps) }

// connection answers the node of an id; nil for none.
func (b *builder) connection(id connref.ConnectionID) *Connection {
	if id.IsZero() {
		return nil
	}
	key := id.Fold()
	c := b.g.byConnection[key]
	if c == nil {
		c = &Connection{ID: connref.ConnectionID(b.text(string(id)))}
		b.g.byConnection[connref.ConnectionID(b.text(string(key)))] = c
		b.g.connections = append(b.g.connections, c)
	}
	return c
}

// environment adds what the caller knows of an environment.
func (b *builder) environment(in Inventory) {
	env := &Environment{Name: b.text(in.Name)}
	b.g.environments = append(b.g.environments, env)
	for _, known := range in.Connections {
		c := b.connection(known.ID)
		if c == nil || c.Environment != nil {
			continue
		}
		c.Environment = env
		env.connections = append(env.connections, c)
		c.DisplayName = b.text(known.DisplayName)
		c.Connector = b.connector(known.Connector)
		c.Owner = b.principal(known.Owner)
		c.Account = b.text(known.Account)
		c.Status = known.Status
	}
	for _, known := range in.References {
		if known.LogicalName.IsZero() {
			continue
		}
		row := &Bound{
			Environment: env,
			Reference:   b.reference(known.LogicalName),
			Connector:   b.connector(known.Connector),
			Connection:  b.connection(known.Connection),
			Owner:       b.principal(known.Owner),
		}
		env.bound = append(env.bound, row)
		row.Reference.bound = append(row.Reference.bound, row)
		if row.Connection != nil {
			row.Connection.bound = append(row.Connection.bound, row)
		}
	}
}

func (b *builder) principal(p connref.Principal) connref.Principal {
	p.Name = b.text(p.Name)
	return p
}
