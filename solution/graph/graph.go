package graph

import (
	"fmt"
	"iter"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
)

// Graph is who shares what. It never changes; safe for use by many goroutines. Everything in it is in the order of the
// solutions that it was made of, and there in the order of files.
type Graph struct {
	complete     bool
	solutions    []*Solution
	references   []*Reference
	connectors   []*Connector
	connections  []*Connection
	environments []*Environment
	flows        []*Flow
	calls        []*Call
	apps         []*App
	agents       []*Agent
	variables    []*Variable
	needs        []*Need
	dependencies []Dependency
	doubts       []Doubt // that hold for every reference
	problems     diag.List

	bySolution   map[string]*Solution
	byReference  map[connref.LogicalName]*Reference // folded
	byConnector  map[connref.ConnectorID]*Connector // without hash, folded
	byConnection map[connref.ConnectionID]*Connection
	byFlow       map[connref.FlowID]*Flow
}

// Solutions yields the solutions, in the order in which they were read first.
func (g *Graph) Solutions() iter.Seq[*Solution] { return slices.Values(g.solutions) }

// References yields the references: those that solutions declare, that something names, and that environments have.
func (g *Graph) References() iter.Seq[*Reference] { return slices.Values(g.references) }

// Connectors yields the connectors that something names.
func (g *Graph) Connectors() iter.Seq[*Connector] { return slices.Values(g.connectors) }

// Connections yields the connections that environments list or something names.
func (g *Graph) Connections() iter.Seq[*Connection] { return slices.Values(g.connections) }

// Environments yields the environments, in the order given.
func (g *Graph) Environments() iter.Seq[*Environment] { return slices.Values(g.environments) }

// Flows yields the cloud flows.
func (g *Graph) Flows() iter.Seq[*Flow] { return slices.Values(g.flows) }

// Calls yields the calls of child flows, by flows and by agents.
func (g *Graph) Calls() iter.Seq[*Call] { return slices.Values(g.calls) }

// Apps yields the canvas apps.
func (g *Graph) Apps() iter.Seq[*App] { return slices.Values(g.apps) }

// Agents yields the components of agents that use references or call flows.
func (g *Graph) Agents() iter.Seq[*Agent] { return slices.Values(g.agents) }

// Variables yields the environment variables.
func (g *Graph) Variables() iter.Seq[*Variable] { return slices.Values(g.variables) }

// Problems is what is wrong with the solutions as a set: copies of one solution, flows that differ between copies, and
// one name declared for different connectors.
func (g *Graph) Problems() diag.List { return slices.Clone(g.problems) }

// Solution is the solution of that unique name, compared without regard to case. It fails with ErrNotFound.
func (g *Graph) Solution(uniqueName string) (*Solution, error) {
	return found(g.bySolution[connref.Fold(uniqueName)], "solution", uniqueName)
}

// Reference is the reference of that name, compared as Dataverse does. It fails with ErrNotFound.
func (g *Graph) Reference(name connref.LogicalName) (*Reference, error) {
	return found(g.byReference[name.Fold()], "connection reference", string(name))
}

// ByConnector is the connector of that id, in either spelling and whatever environment's, with all that uses it. It fails
// with ErrNotFound.
func (g *Graph) ByConnector(id connref.ConnectorID) (*Connector, error) {
	return found(g.byConnector[connectorKey(id)], "connector", string(id))
}

// ByConnection is the connection of that id, with all that is known to use it. It fails with ErrNotFound.
func (g *Graph) ByConnection(id connref.ConnectionID) (*Connection, error) {
	return found(g.byConnection[id.Fold()], "connection", string(id))
}

// Flow is the flow of that id. It fails with ErrNotFound.
func (g *Graph) Flow(id connref.FlowID) (*Flow, error) {
	return found(g.byFlow[id], "flow", id.String())
}

func found[T any](node *T, kind, name string) (*T, error) {
	if node == nil {
		return nil, fmt.Errorf("%s %q: %w: nothing that was read has or names it", kind, name, connref.ErrNotFound)
	}
	return node, nil
}
