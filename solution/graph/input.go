package graph

import (
	"iter"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// Input is what a graph is made of.
type Input struct {
	// Solutions are read first, in this order, which is the order of everything in the graph.
	Solutions []*solution.Solution
	// Stream yields more solutions one by one, as solution.OpenAll does, so that of many only one need be in memory; or
	// the error why one could not be opened, after which nothing in the graph is conclusively unused.
	Stream iter.Seq2[*solution.Solution, error]
	// Environments are what the caller knows of the environments that the solutions are or will be in.
	Environments []Inventory
	// Complete says that there is nothing else, in any environment, that could use the references: not if a solution of
	// the slice's could not be opened, which only the stream tells.
	Complete bool
}

// Inventory is what the caller knows of an environment. What it doesn't list isn't missing, only not known.
type Inventory struct {
	Name        string
	Connections []connref.Connection
	References  []connref.Reference // with the connection that each is bound to
}

// All yields the solutions, those of the slice first, and the errors of the stream.
func (in Input) All() iter.Seq2[*solution.Solution, error] {
	return func(yield func(*solution.Solution, error) bool) {
		for _, sol := range in.Solutions {
			if !yield(sol, nil) {
				return
			}
		}
		if in.Stream != nil {
			in.Stream(yield)
		}
	}
}
