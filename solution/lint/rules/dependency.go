package rules

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
)

var undeclaredReference = &lint.Rule{
	ID: "CR301", Name: "undeclared-reference", Family: "solution", Severity: diag.Error,
	Doc: "A flow, an agent or an app uses a reference that nobody declares\n\n" +
		"It names a connection reference that its solution neither declares nor lists among the missing dependencies " +
		"of solution.xml, and that no other solution of the set declares. Nothing brings it to a target: the import " +
		"stops with \"Failed to find connection references with logical name(s)\", or the flow stays off.",
	Mend: "Add the reference to the solution where it was made, and export again; or bind the key to a " +
		"reference that is declared.",
	Sources: []string{
		"Azure/azure-sdk-tools#5677", "microsoft/coe-starter-kit#1169",
		"counted over 208 uses of references that aren't declared in their solution: 179 are listed, 29 are not",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		var lost []use
		for u := range foreignUses(p.Solution) {
			if u.state != solution.Dangling {
				continue
			}
			if others, itself := declaredBy(p, u.reference); !itself && len(others) == 0 && !inOldBase(p, u.reference) {
				lost = append(lost, u)
			}
		}
		if len(lost) == 0 {
			return nil
		}
		if file := unread(p.Solution); file != "" {
			return lint.Skip("%s has errors: what can't be read of it may declare what seems to be undeclared", file)
		}
		severity, looked := diag.Error, lookedAt(p)
		if broken := unreadBeside(p, p.Solution); broken != "" {
			severity, looked = diag.Warning, looked+", as far as "+broken+" could be read"
		}
		for _, u := range lost {
			p.Report(lint.Finding{At: u.at, Severity: severity, Subject: string(u.reference.Fold()), Message: fmt.Sprintf(
				"%s names reference %s, which the solution neither declares nor lists as a dependency%s",
				u.by, u.reference, looked)})
		}
		return nil
	},
}

// inOldBase tells whether the solution is a patch of an old one that declares a reference: a patch replaces nothing of
// its base.
func inOldBase(p *lint.Pass, name connref.LogicalName) bool {
	own := p.Solution.Manifest().UniqueName
	return owner(own) != connref.Fold(own) && slices.ContainsFunc(p.Old, func(old *solution.Solution) bool {
		return owner(old.Manifest().UniqueName) == owner(own) && old.StateOf(name) == solution.Declared
	})
}

// lookedAt says what was looked at beside the solution, for what nothing there declares.
func lookedAt(p *lint.Pass) string {
	switch others := len(p.Solutions) - 1; others {
	case 0:
		return "; no other solution was looked at"
	case 1:
		return ", nor does the other one of the set declare it"
	default:
		return ", nor does any of the " + strconv.Itoa(others) + " others of the set declare it"
	}
}

// listing is a reference that solution.xml lists among the missing dependencies, and doesn't get from the solution
// itself.
type listing struct {
	reference connref.LogicalName
	name      string // of the solution that it was in; "" for none and for Active
	version   string // of that
	active    bool   // it was in no managed solution
	count     int    // how many components need it
	at        source.Location
}

// listings answers what solution.xml lists, each reference once for each solution that it was in.
func listings(sol *solution.Solution) (list []listing) {
	for _, m := range sol.Manifest().MissingDependencies {
		name := m.Required.Reference()
		if name.IsZero() || sol.StateOf(name) == solution.Declared {
			continue
		}
		l := listing{reference: name, count: 1, at: m.At}
		l.name, l.version, l.active = origin(m.Required.Solution)
		isSame := func(other listing) bool {
			return other.reference.Equal(name) && other.active == l.active && connref.EqualFold(other.name, l.name)
		}
		if i := slices.IndexFunc(list, isSame); i >= 0 {
			list[i].count++
			continue
		}
		list = append(list, l)
	}
	return list
}

// origin reads where a component was in the source environment: in a solution, as in "Name (1.0.0.0)", or in Active.
func origin(text string) (name, version string, active bool) {
	name, version, _ = strings.Cut(strings.TrimSpace(text), " (")
	if connref.EqualFold(name, "Active") {
		return "", "", true
	}
	return name, strings.TrimSuffix(version, ")"), false
}

var activeDependency = &lint.Rule{
	ID: "CR302", Name: "active-dependency", Family: "solution", Severity: diag.Error,
	Doc: "A missing dependency is in no solution\n\n" +
		"solution.xml lists a connection reference as missing, and says that it was in the solution Active: that " +
		"is, in the unmanaged layer of the source environment and in no solution that could be installed. Unless " +
		"somebody makes the very reference in the target by hand, the import stops for the missing dependency.",
	Mend: "Add the reference to this solution, or to one that is imported before, and export again.",
	Sources: []string{
		"microsoft/coe-starter-kit#2500", "microsoft/powerapps-tools#564", "MicrosoftDocs/power-platform#581",
		"counted over 2,715 missing dependencies: 200 of references, 88 of them on Active",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for _, l := range listings(p.Solution) {
			if !l.active {
				continue
			}
			f := lint.Finding{At: l.at, Subject: string(l.reference.Fold()), Message: fmt.Sprintf(
				"reference %s is a missing dependency of %s, and in no solution that a target could get it from",
				l.reference, components(l.count))}
			if others, _ := declaredBy(p, l.reference); len(others) > 0 {
				f.Severity = diag.Warning
				f.Message = fmt.Sprintf(
					"reference %s is a missing dependency of %s on no solution, though solution %s of the set declares it: "+
						"import that one first, and export this one again",
					l.reference, components(l.count), others[0].Solution.Name())
			}
			p.Report(f)
		}
		return nil
	},
}

var unmetDependency = &lint.Rule{
	ID: "CR303", Name: "unmet-dependency", Family: "solution", Severity: diag.Warning,
	Doc: "A reference comes from a solution that isn't there, comes later, or is too old\n\n" +
		"solution.xml lists a connection reference as missing, and names the solution that brings it. That has to " +
		"be in the target before this one, in the version that is named or a later one. Of a solution that was " +
		"given alone, all that can be said is which one has to be there, so that this is no more than worth " +
		"knowing; of a set, which is imported in the order in which it was given, it is known what is missing, " +
		"late or old.",
	Mend: "Give the solution that brings the reference before this one, in a version that is new enough; or " +
		"make sure that the target has it.",
	Sources: []string{"microsoft/coe-starter-kit#1169", "microsoft/coe-starter-kit#9628",
		"counted over 2,715 missing dependencies: 200 of references, 112 of them on a named solution"},
	Run: func(_ context.Context, p *lint.Pass) error {
		judged := map[connref.LogicalName]bool{}
		report := func(at source.Location, name connref.LogicalName, severity diag.Severity, message string) {
			judged[name.Fold()] = true
			if message != "" {
				p.Report(lint.Finding{At: at, Severity: severity, Message: message, Subject: string(name.Fold())})
			}
		}
		for _, l := range listings(p.Solution) {
			severity, message := unmet(p, l)
			report(l.at, l.reference, severity, message)
		}
		for u := range foreignUses(p.Solution) { // what uses a reference needs it, though it isn't listed
			if others, itself := declaredBy(p, u.reference); !judged[u.reference.Fold()] && !itself {
				report(u.at, u.reference, diag.Warning, late(p, u.reference, others))
			}
		}
		return nil
	},
}

// unmet says how what solution.xml lists is not met; "" if it is, or if it doesn't say which solution is to meet it.
func unmet(p *lint.Pass, l listing) (diag.Severity, string) {
	if l.name == "" {
		return 0, ""
	}
	others, itself := declaredBy(p, l.reference)
	if itself {
		return 0, "" // as a patch has what its base declares
	}
	named := slices.DeleteFunc(slices.Clone(others), func(c *graph.Copy) bool {
		return !connref.EqualFold(c.Solution.UniqueName, l.name)
	})
	switch {
	case len(named) > 0:
		if message := late(p, l.reference, named); message != "" {
			return diag.Warning, message
		}
		return diag.Warning, old(l, named)
	case len(others) > 0:
		return diag.Warning, late(p, l.reference, others)
	}
	if given, err := p.Graph().Solution(l.name); err == nil {
		for _, c := range given.Copies {
			if file := unread(p.Set.ByPath(c.Path)); file != "" {
				return 0, "" // the declaration may stand behind the fault, which is told
			}
		}
		return diag.Warning, fmt.Sprintf("reference %s is listed as that of solution %s, which is in the set without it",
			l.reference, l.name)
	}
	from := "solution " + l.name
	if l.version != "" {
		from += " (" + l.version + " or later)"
	}
	if p.Complete || len(slices.Collect(p.Graph().Solutions())) > 1 {
		return diag.Warning, fmt.Sprintf("reference %s comes from %s, which is not in the set", l.reference, from)
	}
	return diag.Info, fmt.Sprintf("reference %s comes from %s, which was not looked at and has to be in the target before",
		l.reference, from)
}

// late says that all copies that declare a reference are imported after the solution; "" if one isn't.
func late(p *lint.Pass, name connref.LogicalName, copies []*graph.Copy) string {
	own := slices.Index(p.Solutions, p.Solution)
	for _, c := range copies {
		if slices.Index(p.Solutions, p.Set.ByPath(c.Path)) < own {
			return ""
		}
	}
	if len(copies) == 0 {
		return ""
	}
	return fmt.Sprintf("reference %s comes from solution %s, which is imported after this one and has to be before",
		name, copies[0].Solution.Name())
}

// old says that all copies of the solution that has to bring a reference are too old; "" if one isn't, or if versions
// aren't known.
func old(l listing, copies []*graph.Copy) string {
	needed, ok := parseVersion(l.version)
	if !ok {
		return ""
	}
	for _, c := range copies {
		if v, ok := parseVersion(c.Version); !ok || v.compare(needed) >= 0 {
			return ""
		}
	}
	return fmt.Sprintf("reference %s comes from solution %s, of which the set has version %s: %s or later is needed",
		l.reference, l.name, copies[0].Version, l.version)
}

func components(n int) string {
	if n == 1 {
		return "a component"
	}
	return strconv.Itoa(n) + " components"
}
