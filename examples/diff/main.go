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

	"github.com/connref/connref/connref/diag"
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
	out := printer{w}
	for _, s := range d.Stay {
		out.line("stays as it is: %s", s.Name())
	}
	for _, s := range d.New {
		out.line("replaces nothing: %s", s.Name())
	}
	for _, removed := range d.Removed {
		out.line("removed %s", removed.Reference.Name)
		out.users(removed.StillUsed)
	}
	for _, renamed := range d.Renamed {
		out.line("renamed %s to %s", renamed.Old.Name, renamed.New.Name)
		out.line("    it comes as a new reference without a connection")
	}
	for _, changed := range d.Changed {
		out.line("changed %s from %s to %s", changed.New.Name, connectors(changed.Old), connectors(changed.New))
		out.line("    an import can't do that")
	}
	for _, need := range d.Needed {
		out.line("needed %s by %s, and no solution here declares it", need.Reference.Name, need.Solution.Name())
		if need.From != "" {
			out.line("    it was in %s", need.From)
		}
		out.users(need.Consumers())
	}
	for _, call := range d.Lost {
		if gone, err := before.Flow(call.ID); err == nil {
			out.line("lost flow %s, which something calls", gone.Name)
		}
	}
	for _, moved := range d.Moved {
		out.line("moved flow %s from %s to %s", moved.Flow.Name, moved.From.Name, moved.To.Name)
		for _, op := range moved.Operations {
			out.line("    %s", op.Path())
		}
	}
	for _, added := range d.Added {
		out.line("added %s", added.Name)
	}
	return d.Breaks(), nil
}

// printer writes lines in which nothing that files say can steer a terminal.
type printer struct{ w io.Writer }

func (p printer) line(format string, args ...any) {
	fmt.Fprintln(p.w, diag.Printable(fmt.Sprintf(format, args...)))
}

func (p printer) users(users graph.Consumers) {
	for _, f := range users.Flows {
		p.line("    used by flow %s", f.Name)
	}
	for _, a := range users.Apps {
		p.line("    used by canvas app %s", a.Name)
	}
	for _, a := range users.Agents {
		p.line("    used by agent component %s", a.SchemaName)
	}
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
