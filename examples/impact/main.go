// Command impact tells which flows stand behind each connection reference, and which of them stop when a connection does.
//
//	impact PATH [REFERENCE=CONNECTION ...]
//
// PATH is a solution, or a folder of many. Each REFERENCE=CONNECTION says what production has a reference bound to.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("usage: impact PATH [REFERENCE=CONNECTION ...]")
	}
	if err := run(context.Background(), os.Stdout, os.Args[1], os.Args[2:]); err != nil {
		log.Fatal("impact: ", err)
	}
}

// report is what to copy: the impact of each reference, and "this connection's login dies tonight: who stops?"
func report(w io.Writer, g *graph.Graph) error {
	for ref := range g.References() {
		hit, err := g.Impact(ref.Name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %d flows, %d operations\n", ref.Name, len(hit.Flows), len(hit.Operations))
	}
	for connection := range g.Connections() {
		hit, err := g.ImpactOfConnection(connection.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "\n%s: its login dies tonight, who stops?\n", connection.ID)
		for _, op := range hit.Operations {
			fmt.Fprintf(w, "  %s: %s\n", op.Flow.Name, op.Path())
		}
		for _, reach := range hit.Reached {
			fmt.Fprintf(w, "  %s, which calls %s\n", reach.Name(), reach.Calls[0].Callee.Name)
		}
	}
	return nil
}

// run opens the solutions and makes the graph of them and of what production has.
func run(ctx context.Context, w io.Writer, path string, bound []string) error {
	production := graph.Inventory{Name: "production"}
	for _, pair := range bound {
		reference, connection, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("%q: expected REFERENCE=CONNECTION", pair)
		}
		production.References = append(production.References, connref.Reference{
			LogicalName: connref.LogicalName(reference), Connection: connref.ConnectionID(connection),
		})
	}
	var solutions []*solution.Solution
	for sol, err := range solution.OpenAll(ctx, path, nil) {
		if err != nil {
			return err
		}
		solutions = append(solutions, sol)
	}
	return report(w, graph.New(graph.Input{Solutions: solutions, Environments: []graph.Inventory{production}}))
}
