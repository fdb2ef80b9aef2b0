// Command customrule runs a rule of a team beside those that connref brings.
//
//	customrule path ...
//
// A path is a solution zip, a folder, or a folder of many. It answers 0, or 1 when a finding is an error, a rule fails or
// a path can't be read. The rule is in rule.go, its test in rule_test.go, and the cases that the test runs in testdata.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/report"
	"github.com/connref/connref/solution/lint/rules"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "customrule:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, paths []string, w io.Writer) error {
	var in lint.Input
	for _, path := range paths {
		for sol, err := range solution.OpenAll(ctx, path, nil) {
			if err != nil {
				return err
			}
			in.Solutions = append(in.Solutions, sol)
		}
	}
	config := lint.Config{Rules: append(rules.Default(), teamName)}
	result, err := lint.Run(ctx, in, config)
	if err != nil {
		return err
	}
	err = report.WriteText(w, report.Report{Result: result, Solutions: in.Solutions, Rules: config.Rules}, nil)
	return errors.Join(err, result.Err(), result.Findings.Err())
}
