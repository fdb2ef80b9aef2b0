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
	"github.com/connref/connref/connref/diag"
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
		line(w, "%s: flows %d, operations %d, apps %d, agents %d",
			ref.Name, len(hit.Flows), len(hit.Operations), len(hit.Apps), len(hit.Agents))
	}
	for connection := range g.Connections() {
		hit, err := g.ImpactOfConnection(connection.ID)
		if err != nil {
			return err
		}
		fmt.Fprintln(w)
		line(w, "The login of %s dies tonight: who stops?", connection.ID)
		for _, op := range hit.Operations {
			line(w, "  flow %s: %s", op.Flow.Name, op.Path())
		}
		for _, app := range hit.Apps {
			line(w, "  app %s", app.Name)
		}
		for _, agent := range hit.Agents {
			line(w, "  agent %s", agent.SchemaName)
		}
		for _, reach := range hit.Reached {
			line(w, "  %s, which calls flow %s", reach.Name(), reach.Calls[0].Callee.Name)
		}
		for _, doubt := range hit.Doubts {
			line(w, "  perhaps more: %s", doubt)
		}
	}
	return nil
}

// line writes a line in which nothing that files say can steer a terminal.
func line(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, diag.Printable(fmt.Sprintf(format, args...)))
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
