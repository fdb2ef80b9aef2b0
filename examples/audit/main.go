// Command audit lists who shares which connection reference in Power Automate solutions.
//
//	audit [flags] [path ...]
//
// A path is a solution zip, a folder, or a folder of many. Without one, it audits a sample that is built in. With -impact
// it writes what a change of one reference, connector or connection reaches, with -graph all that it knows as a graph. It
// answers 0, or 2 when a path can't be opened, a flag is wrong or nothing has the name; other paths are still done.
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
	"slices"

	"golang.org/x/term"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/audit"
	"github.com/connref/connref/solution/graph"
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
	complete := flags.Bool("complete", false,
		"the paths hold all that could use the references, so that what is unused can be proven to be")
	impact := flags.String("impact", "", "write what a change of the reference, connector or connection `NAME` reaches")
	drawing := flags.String("graph", "", "write the graph as `FORMAT`: dot, mermaid, json or csv")
	flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: audit [flags] [path ...]\n\n"+
			"A path is a solution zip, a folder, or a folder of many; without one, a built-in sample is audited.\n"+
			"Flags go before paths. Exit status 0; 2 when a path can't be opened, a flag is wrong, or nothing has NAME.\n\n")
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
	case !slices.Contains([]string{"", "dot", "mermaid", "json", "csv"}, *drawing):
		fmt.Fprintf(stderr, "audit: -graph %s: expected dot, mermaid, json or csv\n", *drawing)
		return 2
	case *drawing != "" && *impact != "":
		fmt.Fprintln(stderr, "audit: -graph and -impact: expected one of them")
		return 2
	}

	places := []iter.Seq2[solution.Place, error]{solution.FindFS(ctx, sample, nil)}
	if flags.NArg() > 0 {
		places = places[:0]
	}
	for _, path := range flags.Args() {
		places = append(places, solution.Find(ctx, path, nil))
	}
	solutions := &opener{ctx: ctx, places: places, stderr: stderr}
	write, err := answer(graph.Input{Stream: solutions.each, Complete: *complete}, *format, *drawing, *impact)
	if ctx.Err() != nil {
		err = ctx.Err() // a part would look like the whole
	}
	if err == nil {
		err = write(stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "audit:", diag.Printable(err.Error()))
		return 2
	}
	return solutions.status
}

// answer reads the solutions and answers how to write what was asked for.
func answer(in graph.Input, format, drawing, impact string) (func(io.Writer) error, error) {
	type document interface {
		WriteJSON(io.Writer) error
		WriteText(io.Writer, *audit.TextOptions) error
	}
	var doc document
	switch {
	case drawing != "":
		g := graph.New(in)
		return map[string]func(io.Writer) error{
			"dot": g.WriteDOT, "mermaid": g.WriteMermaid, "json": g.WriteJSON, "csv": g.WriteCSV,
		}[drawing], nil
	case impact != "":
		hit, err := audit.ImpactOf(graph.New(in), impact)
		if err != nil {
			return nil, err
		}
		doc = hit
	default:
		doc = audit.Of(in)
	}
	if format == "json" {
		return doc.WriteJSON, nil
	}
	return func(w io.Writer) error { return doc.WriteText(w, &audit.TextOptions{Color: wantsColor(w)}) }, nil
}

// opener opens one solution after the other; what can't be opened is told on stderr and makes the status 2.
type opener struct {
	ctx    context.Context
	places []iter.Seq2[solution.Place, error]
	stderr io.Writer
	status int
}

func (o *opener) each(yield func(*solution.Solution, error) bool) {
	progress := progress{to: o.stderr, shown: isTerminal(o.stderr)}
	defer progress.clear()
	for _, found := range o.places {
		for place, err := range found {
			var sol *solution.Solution
			if err == nil {
				sol, err = place.Open(o.ctx, nil)
			}
			if err != nil {
				progress.clear()
				fmt.Fprintln(o.stderr, "audit:", diag.Printable(err.Error()))
				o.status = 2
			}
			if !yield(sol, err) {
				return
			}
			progress.step()
		}
	}
}

// progress counts on a terminal, once there are many.
type progress struct {
	to    io.Writer
	shown bool
	count int
}

const many = 10

func (p *progress) step() {
	if p.count++; p.shown && p.count >= many {
		fmt.Fprintf(p.to, "\r%d solutions", p.count)
	}
}

func (p *progress) clear() {
	if p.shown && p.count >= many {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}

// wantsColor follows https://no-color.org.
func wantsColor(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
