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

	"github.com/connref/connref/connref/diag"
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
			"A path is a solution zip, a folder, or a folder of many; without one, a built-in sample is audited.\n"+
			"Flags go before paths. Exit status 0; 2 when a path can't be opened or a flag is wrong.\n\n")
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

	places := []iter.Seq2[solution.Place, error]{solution.FindFS(ctx, sample, nil)}
	if flags.NArg() > 0 {
		places = places[:0]
	}
	for _, path := range flags.Args() {
		places = append(places, solution.Find(ctx, path, nil))
	}
	document, status := auditAll(ctx, places, stderr)
	if err := ctx.Err(); err != nil {
		fmt.Fprintln(stderr, "audit:", err)
		return 2 // a part would look like the whole
	}
	write := document.WriteJSON
	if *format == "text" {
		write = func(w io.Writer) error { return document.WriteText(w, &audit.TextOptions{Color: wantsColor(w)}) }
	}
	if err := write(stdout); err != nil {
		fmt.Fprintln(stderr, "audit:", err)
		return 2
	}
	return status
}

// auditAll audits every solution at the places; what can't be opened is told on stderr and makes the status 2.
func auditAll(
	ctx context.Context, places []iter.Seq2[solution.Place, error], stderr io.Writer,
) (document *audit.Document, status int) {
	document = audit.New()
	progress := progress{to: stderr, shown: isTerminal(stderr)}
	defer progress.clear()
	for _, found := range places {
		for place, err := range found {
			var sol *solution.Solution
			if err == nil {
				sol, err = place.Open(ctx, nil)
			}
			if err != nil {
				progress.clear()
				fmt.Fprintln(stderr, "audit:", diag.Printable(err.Error()))
				status = 2
				continue
			}
			document.Add(sol)
			progress.step()
		}
	}
	return document, status
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
