package lint

import (
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
)

// Config says which rules run, and what of their findings counts. Wherever it names rules, each name is an id, a name, a
// family, or a range of ids as in CR3xx; one that no rule has is an ErrInvalid.
type Config struct {
	// Rules are the rules that there are. None is an ErrInvalid, since nothing would be judged.
	Rules []*Rule
	// Only names the rules that run; none means all.
	Only []string
	// Except names rules that don't run.
	Except []string
	// Severities are other severities for all findings of the named rules. One for a rule's id or name counts more than
	// one for its family or range.
	Severities map[string]diag.Severity
	// MinSeverity leaves out findings below it; zero leaves out none.
	MinSeverity diag.Severity
	// Exclusions leave out findings by their place.
	Exclusions []Exclusion
	// Baseline leaves out findings that were accepted before; nil leaves out none.
	Baseline *Baseline
}

// Exclusion leaves out findings in some solutions or files.
type Exclusion struct {
	// Solution is a pattern, as path.Match has it, for the unique name, or the last part of the path of a solution without
	// one; "" means every solution.
	Solution string
	// File is a pattern for the file's name, relative to the solution's root; "" means every file.
	File string
	// Rules names the rules that are meant; none means all.
	Rules []string
}

// plan is a Config made ready.
type plan struct {
	known      []*Rule // that there are
	rules      []*Rule // that are to run
	severities map[*Rule]diag.Severity
	exclusions []exclusion
	min        diag.Severity
}

type exclusion struct {
	Exclusion
	keys map[string]bool // of the rules that are meant; nil means all
}

func (c Config) plan() (plan, error) {
	if len(c.Rules) == 0 {
		return plan{}, fmt.Errorf("config has no rules, so that nothing would be judged: %w", connref.ErrInvalid)
	}
	if err := Check(c.Rules...); err != nil {
		return plan{}, err
	}
	s := selection{rules: c.Rules}
	p := plan{known: c.Rules, min: c.MinSeverity, severities: map[*Rule]diag.Severity{}}
	only, except := s.named("only", c.Only), s.named("except", c.Except)
	for _, r := range c.Rules {
		if (len(c.Only) == 0 || only[r]) && !except[r] {
			p.rules = append(p.rules, r)
		}
	}
	if len(p.rules) == 0 && len(s.faults) == 0 {
		s.fault("only and except leave no rule, so that nothing would be judged")
	}
	s.severities(c.Severities, p.severities)
	if c.MinSeverity > diag.Error {
		s.fault("minimum %s: expected error, warning or info", c.MinSeverity)
	}
	for i, e := range c.Exclusions {
		out := exclusion{Exclusion: e}
		if len(e.Rules) > 0 {
			out.keys = map[string]bool{}
			for r := range s.named(fmt.Sprintf("exclusion %d", i+1), e.Rules) {
				out.keys[r.Key()] = true
			}
		}
		for _, pattern := range []string{e.Solution, e.File} {
			if _, err := path.Match(pattern, ""); err != nil {
				s.fault("exclusion %d: pattern %q: %v", i+1, pattern, err)
			}
		}
		if e.Solution == "" && e.File == "" {
			s.fault("exclusion %d: no pattern: except says which rules don't run at all", i+1)
		}
		p.exclusions = append(p.exclusions, out)
	}
	return p, errors.Join(s.faults...)
}

// selection finds rules by what selects them, and gathers what is wrong.
type selection struct {
	rules  []*Rule
	faults []error
}

func (s *selection) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Errorf("config: "+format+": %w", append(args, connref.ErrInvalid)...))
}

// named answers the rules that any of the selectors means.
func (s *selection) named(where string, selectors []string) map[*Rule]bool {
	meant := map[*Rule]bool{}
	for _, selector := range selectors {
		found := false
		for _, r := range s.rules {
			if r.Is(selector) {
				meant[r], found = true, true
			}
		}
		if !found {
			s.fault("%s: %q is no rule's id, name, family or range", where, selector)
		}
	}
	return meant
}

// severities fills in the severity of each rule that gets another one.
func (s *selection) severities(by map[string]diag.Severity, of map[*Rule]diag.Severity) {
	type choice struct {
		rule    *Rule
		isExact bool
	}
	chosen := map[choice]diag.Severity{}
	for _, selector := range sortedKeys(by) {
		severity := by[selector]
		if severity < diag.Info || severity > diag.Error {
			s.fault("severity of %s: %s: expected error, warning or info", selector, severity)
		}
		for r := range s.named("severities", []string{selector}) {
			c := choice{r, connref.EqualFold(selector, r.ID) || connref.EqualFold(selector, r.Name)}
			if other, ok := chosen[c]; ok && other != severity {
				s.fault("severities: %s is to be %s and, for %s, %s", r, other, selector, severity)
			}
			chosen[c] = severity
		}
	}
	for c, severity := range chosen {
		if _, ok := chosen[choice{c.rule, true}]; c.isExact || !ok {
			of[c.rule] = severity
		}
	}
}

// counts tells whether a finding counts, by its severity and place, in a solution of that name.
func (p plan) counts(d diag.Diagnostic, solution string) bool {
	return d.Severity >= p.min && !slices.ContainsFunc(p.exclusions, func(e exclusion) bool {
		return (e.keys == nil || e.keys[d.Rule]) && matches(e.Solution, solution) &&
			matches(e.File, d.At.File)
	})
}

// matches tells whether a name is one that a pattern means, without regard to case.
func matches(pattern, name string) bool {
	if pattern == "" {
		return true
	}
	ok, _ := path.Match(connref.Fold(pattern), connref.Fold(name)) // a wrong pattern was reported before
	return ok
}
