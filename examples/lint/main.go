// Command lint judges Power Automate solutions by the rules that connref knows.
//
//	lint [flags] path ...
//
// A path is a solution zip, a folder, or a folder of many; all solutions that they hold are judged as one set. It answers
// 0, 1 when a finding is as bad as -fail-on says, and 2 when a path can't be read, a flag is wrong or a rule fails; other
// paths and rules are still done.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/report"
	"github.com/connref/connref/solution/lint/rules"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// request is what the flags ask for.
type request struct {
	format   string
	rules    string
	old      string
	complete bool
	baseline string
	accept   bool
	policy   string
	settings []string
	fix      bool
	write    string
	list     bool
	explain  string
	failOn   diag.Severity
}

// run is the program: it answers the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	r := request{failOn: diag.Error}
	flags := r.flags(stderr)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	status, err := r.do(ctx, flags.Args(), stdout, stderr)
	if err != nil {
		tell(stderr, err)
		return 2
	}
	return status
}

func tell(stderr io.Writer, err error) {
	fmt.Fprintln(stderr, "lint:", diag.Printable(strings.ReplaceAll(err.Error(), "\n", "; ")))
}

func (r *request) flags(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("lint", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&r.format, "format", "text", "text, json or sarif")
	flags.StringVar(&r.rules, "rules", "",
		"run only these: ids, names, families or ranges as in CR3xx, separated by commas; -ID takes one out")
	flags.StringVar(&r.old, "old", "", "what the targets have now is at `PATH`: judge the change")
	flags.BoolVar(&r.complete, "complete", false, "the paths hold all that could use the references")
	flags.StringVar(&r.baseline, "baseline", "", "leave out the findings that `FILE` accepts")
	flags.BoolVar(&r.accept, "accept", false, "write all findings to the file of -baseline, so that they are accepted")
	flags.StringVar(&r.policy, "policy", "", "what the team wants, a JSON `FILE`")
	flags.Func("settings", "a deployment settings `FILE`; may be given again", func(path string) error {
		r.settings = append(r.settings, path)
		return nil
	})
	flags.BoolVar(&r.fix, "fix", false, "tell what fixes would change, and what they leave; with -write, write it")
	flags.StringVar(&r.write, "write", "",
		"write what -fix makes to `PATH`, where nothing is yet; of several solutions, below it")
	flags.BoolVar(&r.list, "list", false, "list the rules")
	flags.StringVar(&r.explain, "explain", "", "explain the rule `ID`, by its id or name")
	flags.TextVar(&r.failOn, "fail-on", diag.Error,
		"answer 1 for a finding of this `SEVERITY` or worse: error, warning or info")
	flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: lint [flags] path ...\n\n"+
			"A path is a solution zip, a folder, or a folder of many; all that they hold is judged as one set.\n"+
			"Exit status 0; 1 when a finding is as bad as -fail-on says; 2 when a path can't be read, a flag is wrong\n"+
			"or a rule fails.\n\n")
		flags.PrintDefaults()
	}
	return flags
}

// do does what was asked for, and answers the exit status.
func (r *request) do(ctx context.Context, paths []string, stdout, stderr io.Writer) (status int, err error) {
	switch {
	case r.list:
		return 0, list(stdout)
	case r.explain != "":
		return 0, explain(stdout, r.explain)
	}
	if err := r.check(paths); err != nil {
		return 2, err
	}
	in, err := r.input(ctx, paths, func(err error) { tell(stderr, err); status = 2 })
	if err != nil {
		return 2, err
	}
	config, err := r.config()
	if err != nil {
		return 2, err
	}
	if len(in.Solutions) == 0 {
		return 2, nil // why was told
	}
	result, err := r.judge(ctx, &in, config, stdout)
	if err != nil {
		return 2, err
	}
	if r.accept {
		if err := writeBaseline(r.baseline, result.Baseline()); err != nil {
			return 2, err
		}
		result.Accepted = append(result.Accepted, result.Findings...)
		result.Findings = nil
	}
	if err := r.report(stdout, report.Report{Result: result, Solutions: in.Solutions, Rules: config.Rules}); err != nil {
		return 2, err
	}
	switch {
	case len(result.Broken) > 0:
		status = 2
	case status == 0 && result.Findings.Worst() >= r.failOn:
		status = 1
	}
	return status, nil
}

// check tells which flags don't go together.
func (r *request) check(paths []string) error {
	switch {
	case len(paths) == 0:
		return errors.New("no path: give a solution zip, a folder, or a folder of many")
	case slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(path, "-") }):
		return errors.New("a flag stands behind a path: flags go before paths")
	case r.fix && r.write == "" && r.format != "text":
		return fmt.Errorf("-fix: a dry run is told as text, not as %s: give -write too, or no -format", r.format)
	case r.format != "text" && r.format != "json" && r.format != "sarif":
		return fmt.Errorf("-format %s: expected text, json or sarif", r.format)
	case r.accept && r.baseline == "":
		return errors.New("-accept: -baseline has to name the file")
	case r.accept && r.fix && r.write == "":
		return errors.New("-accept: what a dry run of -fix leaves isn't what there is: give -write too, or no -fix")
	case r.write != "" && !r.fix:
		return errors.New("-write: give -fix too")
	}
	return nil
}

// input reads what is to be judged. What can't be opened is told, and the rest is judged as not complete.
func (r *request) input(ctx context.Context, paths []string, unread func(error)) (in lint.Input, err error) {
	in.Complete = r.complete
	open := func(path string) (solutions []*solution.Solution) {
		for sol, err := range solution.OpenAll(ctx, path, nil) {
			if err != nil {
				unread(err)
				in.Complete = false
				continue
			}
			solutions = append(solutions, sol)
		}
		return solutions
	}
	for _, path := range paths {
		in.Solutions = append(in.Solutions, open(path)...)
	}
	if r.old != "" {
		in.Old = open(r.old)
	}
	for _, path := range r.settings {
		raw, err := os.ReadFile(path)
		if err != nil {
			return in, err
		}
		file := source.NewFile(path, raw)
		if _, err := source.ParseJSON(file, nil); err != nil {
			return in, err
		}
		in.Settings = append(in.Settings, file)
	}
	if r.policy == "" {
		return in, nil
	}
	in.Policy, err = readFile(r.policy, lint.ReadPolicy)
	return in, err
}

func (r *request) config() (config lint.Config, err error) {
	config.Rules = rules.Default()
	for name := range strings.SplitSeq(r.rules, ",") {
		switch name = strings.TrimSpace(name); {
		case name == "":
		case name[0] == '-':
			config.Except = append(config.Except, name[1:])
		default:
			config.Only = append(config.Only, name)
		}
	}
	if r.baseline == "" {
		return config, nil
	}
	config.Baseline, err = readFile(r.baseline, lint.ReadBaseline)
	switch missing := errors.Is(err, fs.ErrNotExist); {
	case missing && r.accept:
		return config, nil // it is to be made
	case missing:
		return config, fmt.Errorf("-baseline: %w: -accept makes it", err)
	}
	return config, err
}

// judge runs the rules, and with -fix mends the solutions of the input first.
func (r *request) judge(ctx context.Context, in *lint.Input, config lint.Config, stdout io.Writer) (lint.Result, error) {
	if !r.fix {
		return lint.Run(ctx, *in, config)
	}
	fixed, err := lint.Fix(ctx, *in, config)
	if err != nil {
		return lint.Result{}, err
	}
	if r.format == "text" {
		if err := tellFixes(stdout, in.Solutions, fixed, r.write == ""); err != nil {
			return lint.Result{}, err
		}
	}
	if r.write != "" {
		if err := write(ctx, r.write, fixed.Solutions); err != nil {
			return lint.Result{}, err
		}
	}
	in.Solutions = fixed.Solutions
	return fixed.Left, nil
}

func (r *request) report(w io.Writer, found report.Report) error {
	switch r.format {
	case "json":
		return report.WriteJSON(w, found)
	case "sarif":
		return report.WriteSARIF(w, found, &report.SARIFOptions{Root: "."})
	}
	return report.WriteText(w, found, &report.TextOptions{Color: report.WantsColor(w)})
}

// readFile reads a file by what reads its content, and names it in an error.
func readFile[T any](path string, read func(io.Reader) (T, error)) (value T, err error) {
	file, err := os.Open(path)
	if err != nil {
		return value, err
	}
	if value, err = read(file); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return value, errors.Join(err, file.Close())
}
