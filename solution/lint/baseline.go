package lint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
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

// Baseline is a baseline that accepts all that was found and accepted. In are the solutions that were judged.
func (r Result) Baseline(in Input) *Baseline {
	set, b := newSet(in), &Baseline{}
	all := append(append(diag.List{}, r.Findings...), r.Accepted...)
	all.Sort()
	for _, d := range all {
		b.Entries = append(b.Entries, Entry{
			Fingerprint: d.Fingerprint, Rule: d.Rule, Solution: solutionName(set.Solution(d.Solution)),
			File: d.At.File, Message: d.Message,
		})
	}
	return b
}

type baselineJSON struct {
	SchemaVersion string  `json:"schemaVersion"`
	Findings      []Entry `json:"findings"`
}

// ReadBaseline reads what Write writes. It fails with ErrInvalid.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	var in baselineJSON
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return nil, fmt.Errorf("baseline: %w: %w", err, connref.ErrInvalid)
	}
	var faults []error
	if in.SchemaVersion != baselineVersion {
		faults = append(faults, fmt.Errorf("baseline: schemaVersion %q: expected %q: %w",
			in.SchemaVersion, baselineVersion, connref.ErrInvalid))
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

// accept leaves out the findings that the baseline has, and finds the entries that match none.
func (r *runner) accept(b *Baseline) {
	known := map[string]bool{}
	for _, e := range b.Entries {
		known[e.Fingerprint] = true
	}
	matched := map[string]bool{}
	var left diag.List
	for _, d := range r.result.Findings {
		if !known[d.Fingerprint] {
			left = append(left, d)
			continue
		}
		matched[d.Fingerprint] = true
		r.result.Accepted = append(r.result.Accepted, d)
	}
	r.result.Findings = left
	judged := r.judged()
	for _, e := range b.Entries {
		if !matched[e.Fingerprint] && judged(e) {
			r.result.Stale = append(r.result.Stale, e)
		}
	}
}

// judged tells of an entry whether its rule ran over its solution.
func (r *runner) judged() func(Entry) bool {
	silent, ran, solutions := map[*Rule]bool{}, map[string]bool{}, map[string]bool{}
	for _, s := range r.result.Skipped {
		silent[s.Rule] = true
	}
	for _, b := range r.result.Broken {
		silent[b.Rule] = true
	}
	for _, rule := range r.plan.rules {
		ran[connref.Fold(rule.Key())] = !silent[rule]
	}
	for _, sol := range r.set.Solutions {
		solutions[connref.Fold(solutionName(sol))] = true
	}
	return func(e Entry) bool { return ran[connref.Fold(e.Rule)] && solutions[connref.Fold(e.Solution)] }
}
