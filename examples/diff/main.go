// Command diff tells what an upgrade breaks: which connection references are gone, still used, renamed or meant for
// another connector in NEW, and which flows run on another one than in OLD.
//
//	diff OLD NEW
//
// Both are a solution, or a folder of many. What only OLD has stays as it is in the target, and may use what is gone. The
// exit status is 0 if nothing breaks, 1 if something does, and 2 if a path can't be opened.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: diff OLD NEW")
		os.Exit(2)
	}
	breaks, err := run(context.Background(), os.Stdout, os.Args[1], os.Args[2])
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "diff:", err)
		os.Exit(2)
	case breaks:
		os.Exit(1)
	}
}

// run writes what is different and answers whether that breaks anything.
func run(ctx context.Context, w io.Writer, oldPath, newPath string) (breaks bool, err error) {
	before, err := read(ctx, oldPath)
	if err != nil {
		return false, err
	}
	after, err := read(ctx, newPath)
	if err != nil {
		return false, err
	}
	d := graph.Diff(before, after)
	for _, removed := range d.Removed {
		fmt.Fprintf(w, "removed %s\n", removed.Reference.Name)
		users := removed.StillUsed
		for _, f := range users.Flows {
			fmt.Fprintf(w, "    breaks flow %s\n", f.Name)
		}
		for _, a := range users.Apps {
			fmt.Fprintf(w, "    breaks canvas app %s\n", a.Name)
		}
		for _, a := range users.Agents {
			fmt.Fprintf(w, "    breaks agent component %s\n", a.SchemaName)
		}
		breaks = breaks || users.Len() > 0
	}
	for _, renamed := range d.Renamed {
		fmt.Fprintf(w, "renamed %s to %s\n    it comes as a new reference without a connection\n", renamed.Old.Name, renamed.New.Name)
		breaks = true
	}
	for _, changed := range d.Changed {
		fmt.Fprintf(w, "changed %s from %s to %s\n    an import can't do that\n",
			changed.New.Name, connectors(changed.Old), connectors(changed.New))
		breaks = true
	}
	for _, moved := range d.Moved {
		fmt.Fprintf(w, "moved flow %s from %s to %s\n", moved.Flow.Name, moved.From.Name, moved.To.Name)
		for _, op := range moved.Operations {
			fmt.Fprintf(w, "    %s\n", op.Path())
		}
	}
	for _, added := range d.Added {
		fmt.Fprintf(w, "added %s\n", added.Name)
	}
	return breaks, nil
}

func connectors(r *graph.Reference) string {
	text := ""
	for i, c := range r.Connectors() {
		if i > 0 {
			text += " and "
		}
		text += c.ID.Name()
	}
	return text
}

// read makes the graph of all solutions at the path.
func read(ctx context.Context, path string) (*graph.Graph, error) {
	var solutions []*solution.Solution
	for sol, err := range solution.OpenAll(ctx, path, nil) {
		if err != nil {
			return nil, err
		}
		solutions = append(solutions, sol)
	}
	return graph.New(graph.Input{Solutions: solutions}), nil
}
