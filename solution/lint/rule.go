package lint

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
)

// Rule is something that holds in good solutions, and how to find out where it doesn't. It is a value: a rule of your
// own is a variable of this type. A Rule must not change once it has run, and its Run is called from many goroutines.
type Rule struct {
	// ID is the stable id that findings carry, as in CR301. Without one it is the Name.
	ID string
	// Name is the same in words, kebab-case, as in undeclared-reference.
	Name string
	// Family is the group that the rule is chosen by, kebab-case; "" for none.
	Family string
	// Doc is what the rule finds and why that matters. Its first line is a title.
	Doc string
	// Mend is how to put right what the rule finds.
	Mend string
	// Sources are where the rule's facts come from: pages, issues, counts.
	Sources []string
	// URL is a page about the rule; "" for none.
	URL string
	// Severity is what a finding has that says nothing else and that no Config changes.
	Severity diag.Severity
	// Scope is what one Pass is about.
	Scope Scope
	// Needs is what has to be in the Input. A rule that lacks it is skipped, and Result says so.
	Needs Needs
	// Sensitive says that what the rule finds may be a credential: reports show the place, and never its text.
	Sensitive bool
	// Run looks at what the Pass holds and reports what it finds. Its error says that the rule itself is broken, or is
	// made by Skip; a finding is no error.
	Run func(ctx context.Context, p *Pass) error
}

// Key is the id, or the name of a rule without one.
func (r *Rule) Key() string {
	if r.ID == "" {
		return r.Name
	}
	return r.ID
}

// Title is the first line of the Doc.
func (r *Rule) Title() string {
	title, _, _ := strings.Cut(r.Doc, "\n")
	return title
}

// String answers "CR301 undeclared-reference", or the name alone.
func (r *Rule) String() string { return strings.TrimSpace(r.ID + " " + r.Name) }

// diag is the rule as findings name it.
func (r *Rule) diag() diag.Rule {
	return diag.Rule{ID: r.Key(), Name: r.Name, Severity: r.Severity}
}

// Is tells whether a selector means the rule: its id, its name, its family, or the range of its id, which is the id with
// xx for the last two of at least three digits, as in CR3xx. Case doesn't matter.
func (r *Rule) Is(selector string) bool {
	for _, own := range []string{r.ID, r.Name, r.Family, r.idRange()} {
		if own != "" && connref.EqualFold(own, selector) {
			return true
		}
	}
	return false
}

// idRange is the id with xx for its last two digits.
func (r *Rule) idRange() string {
	if !numbered.MatchString(r.ID) {
		return ""
	}
	return r.ID[:len(r.ID)-2] + "xx"
}

var (
	kebab    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	ids      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)
	numbered = regexp.MustCompile(`^[A-Za-z]+[0-9]{3,}$`)
)

// Check tells what is wrong with how rules are declared, all faults at once: each an ErrInvalid, or an ErrDuplicate
// where two of them share an id or a name. Run checks the rules that it is given.
func Check(rules ...*Rule) error {
	var faults []error
	seen := map[string]int{}
	for i, r := range rules {
		if r == nil {
			faults = append(faults, fmt.Errorf("rule %d is nil: %w", i+1, connref.ErrInvalid))
			continue
		}
		for _, fault := range r.faults() {
			faults = append(faults, fmt.Errorf("rule %d %s: %s: %w", i+1, r, fault, connref.ErrInvalid))
		}
		own := map[string]bool{connref.Fold(r.ID): true, connref.Fold(r.Name): true}
		delete(own, "")
		for key := range own {
			if first := seen[key]; first > 0 {
				faults = append(faults, fmt.Errorf("rule %d %s: rule %d has the id or name %s too: %w",
					i+1, r, first, key, connref.ErrDuplicate))
			}
			seen[key] = i + 1
		}
	}
	return errors.Join(faults...)
}

func (r *Rule) faults() (faults []string) {
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	fault(!kebab.MatchString(r.Name), "name %q: expected kebab-case, as in undeclared-reference", r.Name)
	fault(r.ID != "" && !ids.MatchString(r.ID), "id %q: expected letters and digits, as in CR301", r.ID)
	fault(r.Family != "" && !kebab.MatchString(r.Family), "family %q: expected kebab-case", r.Family)
	fault(strings.TrimSpace(r.Title()) == "", "no doc: its first line is the rule's title")
	fault(r.Severity < diag.Info || r.Severity > diag.Error, "severity %s: expected error, warning or info", r.Severity)
	fault(r.Scope > ScopeSet, "%s: expected solution, flow or set", r.Scope)
	fault(r.Needs&^allNeeds != 0, "needs %#x: unknown", uint8(r.Needs))
	fault(r.Run == nil, "no run function")
	return faults
}
