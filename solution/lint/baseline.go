package lint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/connref/connref/connref"
)

// baselineVersion is the version of a baseline's JSON.
const baselineVersion = "1"

// Baseline is findings that are accepted, so that only new ones are told.
type Baseline struct {
	Entries []Entry
}

// Entry is a finding that is accepted. Only the fingerprint counts; the rest is for people.
type Entry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Solution    string `json:"solution"` // the unique name, or the last part of the path of a solution without one
	File        string `json:"file"`
	Message     string `json:"message"`
}

// Baseline is a baseline that accepts all that was found, and that was accepted before; of rules that didn't run and
// solutions that weren't judged, what the run's own baseline accepts.
func (r Result) Baseline() *Baseline {
	all, b := slices.Concat(r.Findings, r.Accepted), &Baseline{}
	all.Sort()
	for _, d := range all {
		b.Entries = append(b.Entries, Entry{
			Fingerprint: d.Fingerprint, Rule: d.Rule, Solution: r.names[d.Solution], File: d.At.File, Message: d.Message,
		})
	}
	b.Entries = append(b.Entries, r.kept...)
	return b
}

type baselineJSON struct {
	SchemaVersion string  `json:"schemaVersion"`
	Findings      []Entry `json:"findings"`
}

// ReadBaseline reads what Write writes. It fails with ErrInvalid.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	var in baselineJSON
	if err := decode(r, "baseline", &in); err != nil {
		return nil, err
	}
	var faults []error
	if in.SchemaVersion != baselineVersion {
		faults = append(faults, fmt.Errorf("baseline: schemaVersion %q: expected %q: %w",
			in.SchemaVersion, baselineVersion, connref.ErrInvalid))
	}
	if in.Findings == nil {
		faults = append(faults, fmt.Errorf("baseline: no findings: expected a list, which may be empty: %w",
			connref.ErrInvalid))
	}
	for i, e := range in.Findings {
		if e.Fingerprint == "" {
			faults = append(faults, fmt.Errorf("baseline: findings[%d] has no fingerprint: %w", i, connref.ErrInvalid))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return &Baseline{in.Findings}, nil
}

// Write writes the baseline as indented JSON, a file to keep beside the solutions.
func (b *Baseline) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(baselineJSON{baselineVersion, append([]Entry{}, b.Entries...)})
}

// fingerprints are those that the baseline accepts; none if there is no baseline.
func (b *Baseline) fingerprints() map[string]bool {
	known := map[string]bool{}
	if b != nil {
		for _, e := range b.Entries {
			known[e.Fingerprint] = true
		}
	}
	return known
}

// unmatched are the entries of a baseline that match none of what was found: stale ones, and those of rules and solutions
// that nobody looked at.
func (r *runner) unmatched(b *Baseline, matched map[string]bool) (stale, kept []Entry) {
	if b == nil {
		return nil, nil
	}
	judged := r.judged()
	for _, e := range b.Entries {
		switch {
		case matched[e.Fingerprint]:
		case judged(e):
			stale = append(stale, e)
		default:
			kept = append(kept, e)
		}
	}
	return stale, kept
}

// judged tells of an entry whether its rule ran over its solution, or isn't one any more.
func (r *runner) judged() func(Entry) bool {
	silent := map[*Rule]bool{}
	known, ran, solutions := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, s := range r.result.Skipped {
		silent[s.Rule] = true
	}
	for _, b := range r.result.Broken {
		silent[b.Rule] = true
	}
	for _, rule := range r.plan.known {
		known[connref.Fold(rule.Key())] = true
	}
	for _, rule := range r.plan.rules {
		ran[connref.Fold(rule.Key())] = !silent[rule]
	}
	for _, name := range r.set.names() {
		solutions[connref.Fold(name)] = true
	}
	return func(e Entry) bool {
		rule := connref.Fold(e.Rule)
		return !known[rule] || ran[rule] && solutions[connref.Fold(e.Solution)]
	}
}
