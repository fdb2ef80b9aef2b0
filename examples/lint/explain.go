package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/connref/connref/solution/lint/rules"
)

// list writes a line for each rule.
func list(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tFAMILY\tSEVERITY\tSCOPE\tNEEDS\tWHAT IT FINDS")
	for _, r := range rules.All() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Name, r.Family, r.Severity, r.Scope, r.Needs, r.Title())
	}
	return table.Flush() // it fails for all that went before
}

// explain writes all that a rule says of itself.
func explain(w io.Writer, id string) error {
	r, err := rules.Get(id)
	if err != nil {
		return err
	}
	title, doc, _ := strings.Cut(r.Doc, "\n")
	text := fmt.Sprintf("%s: %s\n\n%s\n\nMend: %s\n\nFamily: %s\nSeverity: %s\nScope: %s\nPage: %s\n",
		r, title, strings.TrimSpace(doc), r.Mend, r.Family, r.Severity, r.Scope, r.URL)
	if r.Needs != 0 {
		text += fmt.Sprintf("Needs: %s\n", r.Needs)
	}
	if len(r.Sources) > 0 {
		text += "Sources: " + strings.Join(r.Sources, ", ") + "\n"
	}
	_, err = io.WriteString(w, text)
	return err
}
