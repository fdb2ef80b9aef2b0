// Command audit lists who shares which connection reference in Power Automate solutions.
//
//	audit [flags] [path ...]
//
// A path is a solution zip, a folder, or a folder of many. Without one, it audits a sample that is built in. It answers
// 0, or 2 when a path can't be opened or a flag is wrong; the other paths are still done.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"

	"golang.org/x/term"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/audit"
)

//go:embed all:sample
var sample embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: it answers the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	flags.SetOutput(stderr)
	format := flags.String("format", "text", "text or json")
	flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: audit [flags] [path ...]\n\n"+
			"A path is a solution zip, a folder, or a folder of many; without one, a built-in sample is audited.\n\n")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case *format != "text" && *format != "json":
		fmt.Fprintf(stderr, "audit: -format %s: expected text or json\n", *format)
		return 2
	}

	status := 0
	solutions, errs := open(ctx, flags.Args(), stderr)
	for _, err := range errs {
		fmt.Fprintln(stderr, "audit:", err)
		status = 2
	}
	document := audit.New(solutions...)
	write := func() error { return document.WriteText(stdout, &audit.TextOptions{Color: isTerminal(stdout)}) }
	if *format == "json" {
		write = func() error { return document.WriteJSON(stdout) }
	}
	if err := write(); err != nil {
		fmt.Fprintln(stderr, "audit:", err)
		return 2
	}
	return status
}

// open opens every solution below the paths, or the sample if there are none.
func open(ctx context.Context, paths []string, stderr io.Writer) (solutions []*solution.Solution, errs []error) {
	if len(paths) == 0 {
		return openPlaces(ctx, solution.FindFS(ctx, sample, nil), func() {})
	}
	progress := func() {}
	if isTerminal(stderr) {
		opened := 0
		progress = func() {
			opened++
			fmt.Fprintf(stderr, "\r%d opened", opened)
		}
		defer fmt.Fprint(stderr, "\r\x1b[K")
	}
	for _, path := range paths {
		more, faults := openPlaces(ctx, solution.Find(ctx, path, nil), progress)
		solutions, errs = append(solutions, more...), append(errs, faults...)
	}
	return solutions, errs
}

func openPlaces(
	ctx context.Context, places iter.Seq2[solution.Place, error], progress func(),
) (solutions []*solution.Solution, errs []error) {
	for place, err := range places {
		var sol *solution.Solution
		if err == nil {
			sol, err = place.Open(ctx, nil)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		solutions = append(solutions, sol)
		progress()
	}
	return solutions, errs
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
