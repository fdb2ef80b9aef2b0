package report

import (
	_ "embed"
	"encoding/json"
	"io"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

// SchemaVersion is the version of the JSON, which Schema describes. Within one version members are added, never
// changed.
const SchemaVersion = "1"

//go:embed schema.json
var schema string

// Schema is the JSON Schema, 2020-12, of what WriteJSON writes.
func Schema() string { return schema }

// Document is the report as JSON has it.
type Document struct {
	SchemaVersion string       `json:"schemaVersion"`
	Summary       Summary      `json:"summary"`
	Findings      []Finding    `json:"findings"` // sorted by solution, file, place and rule
	Skipped       []Skipped    `json:"skipped"`
	Broken        []Broken     `json:"broken"`
	Stale         []lint.Entry `json:"stale"` // entries of the baseline that match nothing any more
}

// Finding is something that a rule found: a problem as an audit has it, and more.
type Finding struct {
	Solution    string        `json:"solution"` // the path
	Rule        string        `json:"rule"`     // the stable id, CR301
	Name        string        `json:"name"`     // the rule in words
	Severity    diag.Severity `json:"severity"`
	File        string        `json:"file"`    // relative to the solution's root
	Line        int           `json:"line"`    // 0 for the file as a whole
	Column      int           `json:"column"`  // in runes
	Pointer     string        `json:"pointer"` // a JSON pointer; "" outside of flows
	Message     string        `json:"message"`
	Fixable     bool          `json:"fixable"`
	Fingerprint string        `json:"fingerprint"` // the same while the file is edited elsewhere
}

// Skipped is a rule that could not judge.
type Skipped struct {
	Rule     string `json:"rule"`
	Name     string `json:"name"`
	Solution string `json:"solution"` // "" for all
	Reason   string `json:"reason"`
}

// Broken is a rule that failed.
type Broken struct {
	Rule     string `json:"rule"`
	Name     string `json:"name"`
	Solution string `json:"solution"` // "" for all
	Error    string `json:"error"`
}

// Document is the report as WriteJSON writes it.
func (r Report) Document() *Document {
	doc := &Document{
		SchemaVersion: SchemaVersion, Summary: r.Summary(),
		Findings: []Finding{}, Skipped: []Skipped{}, Broken: []Broken{},
		Stale: append([]lint.Entry{}, r.Result.Stale...),
	}
	for _, d := range r.Result.Findings {
		doc.Findings = append(doc.Findings, Finding{
			Solution: d.Solution, Rule: d.Rule, Name: d.Name, Severity: d.Severity, File: d.At.File,
			Line: d.Position.Line, Column: d.Position.Column, Pointer: d.Position.Pointer,
			Message: d.Message, Fixable: len(d.Fixes) > 0, Fingerprint: d.Fingerprint,
		})
	}
	for _, s := range r.Result.Skipped {
		doc.Skipped = append(doc.Skipped, Skipped{s.Rule.Key(), s.Rule.Name, s.Solution, s.Reason})
	}
	for _, b := range r.Result.Broken {
		doc.Broken = append(doc.Broken, Broken{b.Rule.Key(), b.Rule.Name, b.Solution, b.Err.Error()})
	}
	return doc
}

// WriteJSON writes the report as indented JSON, as Schema describes it. It fails where w does.
func WriteJSON(w io.Writer, r Report) error { return writeJSON(w, r.Document()) }

func writeJSON(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}
