// Command refactor changes the connection references of Power Automate solutions: it plans first, tells in words and as
// a unified diff what it would do, and writes only where it is told to.
//
//	refactor [flags] path ...
//
// A path is a solution zip, a folder, or a folder of many; all solutions that they hold are changed together. Without
// -write or -in-place nothing is written. It answers 0 if all was done or there was nothing to do, 1 if something is
// refused, with the reasons, and nothing is written then, and 2 when a path can't be read, a flag is wrong or writing
// fails.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/refactor"
	"github.com/connref/connref/solution/refactor/unified"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// request is what the flags ask for.
type request struct {
	renamings  []refactor.Renaming
	mergings   []refactor.Merging
	rebindings []refactor.Rebinding
	flows      []connref.FlowID // that stand before the first rebinding
	prefixes   []string
	removals   []connref.LogicalName
	prune      bool
	complete   bool
	output     output
}

// run is the program: it answers the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var r request
	flags := r.flags(stderr)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	err := r.do(ctx, flags.Args(), stdout)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, refactor.ErrRefused):
		return 1
	}
	fmt.Fprintln(stderr, "refactor:", diag.Printable(strings.ReplaceAll(err.Error(), "\n", "; ")))
	return 2
}

func (r *request) flags(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("refactor", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Func("rename", "`OLD=NEW`: give a reference another logical name", func(text string) error {
		before, after, err := pair(text)
		r.renamings = append(r.renamings, refactor.Renaming{Old: before, New: after})
		return err
	})
	flags.Func("merge", "`KEEP=DROP[,DROP...]`: make references one", func(text string) error {
		keep, list, ok := strings.Cut(text, "=")
		m := refactor.Merging{Keep: connref.LogicalName(keep)}
		for name := range strings.SplitSeq(list, ",") {
			name = strings.TrimSpace(name)
			ok = ok && name != ""
			m.Drop = append(m.Drop, connref.LogicalName(name))
		}
		r.mergings = append(r.mergings, m)
		return want(ok && keep != "", "KEEP=DROP[,DROP...]")
	})
	flags.Func("rebind", "`OLD=NEW`: move flows from one reference to another", func(text string) error {
		before, after, err := pair(text)
		r.rebindings = append(r.rebindings, refactor.Rebinding{From: before, To: after, Flows: r.flows})
		r.flows = nil
		return err
	})
	flags.Func("flow", "`ID` of a flow that the -rebind before it moves; without any, all move", func(text string) error {
		id, err := connref.ParseGUID(text)
		if err != nil {
			err = errors.New("expected a flow's id, as the audit's JSON tells it")
		}
		flows := &r.flows
		if n := len(r.rebindings); n > 0 {
			flows = &r.rebindings[n-1].Flows
		}
		*flows = append(*flows, id)
		return err
	})
	flags.Func("externalise", "`PREFIX`: give flows' direct connections references, PREFIX_connector",
		func(text string) error {
			r.prefixes = append(r.prefixes, text)
			return want(text != "", "a prefix")
		})
	flags.Func("remove", "`NAME`: remove a reference that nothing uses", func(text string) error {
		r.removals = append(r.removals, connref.LogicalName(text))
		return want(text != "", "a name")
	})
	flags.BoolVar(&r.prune, "prune", false, "remove all references that are proven to be unused; goes with -complete")
	flags.BoolVar(&r.complete, "complete", false, "the paths hold all that could use the references")
	flags.Func("write",
		"write the outcome to `PATH`: of one solution a zip or folder, of several a folder; what is there is replaced",
		func(text string) error {
			r.output.path = text
			return want(text != "", "a path")
		})
	flags.BoolVar(&r.output.inPlace, "in-place", false,
		"write over the solutions that were read; with -write, let PATH be one of them")
	flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: refactor [flags] path ...\n\n"+
			"A path is a solution zip, a folder, or a folder of many. Flags go before paths and can be repeated.\n"+
			"Nothing is written without -write or -in-place. Exit status 0; 1 when something is refused; 2 when a path\n"+
			"can't be read, a flag is wrong or writing fails.\n\n")
		flags.PrintDefaults()
	}
	return flags
}

func want(ok bool, expected string) error {
	if !ok {
		return fmt.Errorf("expected %s", expected)
	}
	return nil
}

func pair(text string) (before, after connref.LogicalName, err error) {
	a, b, ok := strings.Cut(text, "=")
	return connref.LogicalName(a), connref.LogicalName(b), want(ok && a != "" && b != "", "OLD=NEW")
}

// do carries out the request.
func (r *request) do(ctx context.Context, paths []string, stdout io.Writer) error {
	verbs := r.verbs()
	switch {
	case len(r.flows) > 0:
		return errors.New("-flow says which flows -rebind moves: give -rebind OLD=NEW")
	case len(verbs) == 0:
		return errors.New("expected something to do: -rename, -merge, -rebind, -externalise, -remove or -prune")
	}
	read, err := read(ctx, paths)
	if err != nil {
		return err
	}
	solutions := read
	targets, err := r.output.targets(solutions)
	if err != nil {
		return err
	}
	var refused error
	idle := true
	for _, verb := range verbs {
		in := refactor.Input{
			Solutions: solutions,
			Graph:     graph.New(graph.Input{Solutions: solutions, Complete: r.complete}),
		}
		plan, err := verb(in)
		if err != nil {
			return err
		}
		if err := errors.Join(plan.WriteText(stdout), unified.Write(stdout, plan)); err != nil {
			return err
		}
		refused, idle = errors.Join(refused, plan.Err()), idle && plan.Empty()
		done, err := plan.Apply()
		if err != nil {
			return err
		}
		solutions = done.Solutions
	}
	if refused != nil {
		return refused
	}
	if idle {
		if _, err := fmt.Fprintln(stdout, "nothing to change"); err != nil {
			return err
		}
	}
	for i, target := range targets {
		if solutions[i] == read[i] && target.isInput {
			continue // it stands there
		}
		if err := target.write(ctx, solutions[i]); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(stdout, "wrote", diag.Printable(target.path)); err != nil {
			return err
		}
	}
	return nil
}

// verbs are what the request asks for, each planned over what the one before made.
func (r *request) verbs() (verbs []func(refactor.Input) (*refactor.Plan, error)) {
	type verb = func(refactor.Input) (*refactor.Plan, error)
	if len(r.renamings) > 0 {
		verbs = append(verbs, func(in refactor.Input) (*refactor.Plan, error) { return refactor.Rename(in, r.renamings...) })
	}
	if len(r.mergings) > 0 {
		verbs = append(verbs, func(in refactor.Input) (*refactor.Plan, error) { return refactor.Merge(in, r.mergings...) })
	}
	if len(r.rebindings) > 0 {
		verbs = append(verbs, func(in refactor.Input) (*refactor.Plan, error) { return refactor.Rebind(in, r.rebindings...) })
	}
	for _, prefix := range r.prefixes {
		verbs = append(verbs, func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.Externalise(in, refactor.PerConnector(prefix))
		})
	}
	if len(r.removals) > 0 {
		verbs = append(verbs, func(in refactor.Input) (*refactor.Plan, error) { return refactor.Remove(in, r.removals...) })
	}
	if r.prune {
		verbs = append(verbs, verb(refactor.Prune))
	}
	return verbs
}

// read opens all solutions at the paths.
func read(ctx context.Context, paths []string) ([]*solution.Solution, error) {
	if len(paths) == 0 {
		return nil, errors.New("expected a path: a solution zip, a folder, or a folder of many")
	}
	var solutions []*solution.Solution
	for _, path := range paths {
		if strings.HasPrefix(path, "-") {
			return nil, fmt.Errorf("%s stands behind a path: flags go before paths", path)
		}
		for sol, err := range solution.OpenAll(ctx, path, nil) {
			if err != nil {
				return nil, err
			}
			solutions = append(solutions, sol)
		}
	}
	return solutions, nil
}
