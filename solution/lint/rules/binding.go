package rules

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var directConnection = &lint.Rule{
	ID: "CR104", Name: "direct-connection", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow,
	Doc: "A flow of a solution is connected directly, not through a reference\n\n" +
		"The key names no connection reference: the flow was made outside of solutions, or an agent or a tool " +
		"left the entry empty. Nothing can be bound in a target, so that the flow comes without its connection " +
		"and has to be edited there by hand: \"Cannot find connection with name\". The flow checker says \"Use " +
		"connection references\".",
	Mend: "Bind the key to a connection reference of its connector: in the designer, by Use connection " +
		"references in the flow checker, or with refactor.Externalise. Legacy flow packages have no references, " +
		"and are passed over.",
	Sources: []string{
		"microsoft/coe-starter-kit#6223", "microsoft/coe-alm-accelerator-templates#56",
		"counted over 1,333 entries: 13",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		if isPackage(p) {
			return nil
		}
		for b := range p.Flow.Bindings() {
			if b.Direct() {
				p.Reportf(b.At, "key %s is connected directly: it names no reference that could be bound in a target", b.Key)
			}
		}
		return nil
	},
}

var unusedKey = &lint.Rule{
	ID: "CR108", Name: "unused-key", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow,
	Doc: "A flow declares a connection key that nothing in it uses\n\n" +
		"No operation and no expression names the key. At run time that does no harm; but the flow depends on " +
		"the reference, an import asks for its connection, and the flow can't be turned on while that isn't " +
		"there.",
	Mend:    "Take the entry out of the flow's connectionReferences.",
	Sources: []string{"counted over 2,205 entries: in 3 flows"},
	Run: func(_ context.Context, p *lint.Pass) error {
		if isPackage(p) {
			return nil // its other files name the keys too
		}
		unused := unusedBindings(p.Flow)
		if len(unused) == 0 || !isWhole(p) {
			return nil
		}
		for _, b := range unused {
			change, err := p.Flow.DropBindings(b.Key)
			if errors.Is(err, connref.ErrConflict) {
				continue // an expression names it, or may
			}
			p.Report(lint.Finding{
				At: b.At, Message: fmt.Sprintf("no operation uses key %s: leaving it out would be right", b.Key),
				Fixes: fixes(change, err, "drop key "+b.Key),
			})
		}
		return nil
	},
}

// isWhole tells whether all of a flow could be read.
func isWhole(p *lint.Pass) bool {
	for _, d := range p.Solution.Problems() {
		if d.Rule == unparsableFlow.ID && d.At.File == p.Flow.FileName {
			return false
		}
	}
	return true
}

// unusedBindings are those whose keys no operation names, not even in another case.
func unusedBindings(f *solution.Flow) (unused []flow.Binding) {
	named, misspelled := map[string]bool{}, map[string]bool{} // the latter folded
	for op := range f.Operations() {
		if named[op.Host.Key] = true; isUndeclared(f, op) {
			misspelled[connref.Fold(op.Host.Key)] = true
		}
	}
	for b := range f.Bindings() {
		if !named[b.Key] && !misspelled[connref.Fold(b.Key)] {
			unused = append(unused, b)
		}
	}
	return unused
}

// isMisspelled tells whether an operation names a key in another case, which no other key has.
func isMisspelled(f *solution.Flow, key string) bool {
	return firstOperation(f, func(op *flow.Operation) bool {
		return connref.EqualFold(op.Host.Key, key) && isUndeclared(f, op)
	}) != nil
}

var severalKeys = &lint.Rule{
	ID: "CR109", Name: "several-keys", Family: "flow", Severity: diag.Info, Scope: lint.ScopeFlow,
	Doc: "A flow has one reference under several keys\n\n" +
		"That is legal, and what copying actions between flows leads to. Whoever reads the flow takes them for " +
		"different connections; they are one.",
	Mend:    "Keep one of the keys and let all operations name it.",
	Sources: []string{"counted over 622 flows: 49"},
	Run: func(_ context.Context, p *lint.Pass) error {
		var seen []flow.Binding
		for b := range p.Flow.Bindings() {
			if b.Direct() {
				continue
			}
			i := slices.IndexFunc(seen, func(other flow.Binding) bool { return other.Reference.Equal(b.Reference) })
			if i >= 0 {
				p.Report(lint.Finding{
					At: b.At,
					Message: fmt.Sprintf("key %s names reference %s, as key %s does: one key would be right",
						b.Key, b.Reference, seen[i].Key),
					Fixes: joinFixes(p.Flow, b, seen[i:]),
				})
			}
			seen = append(seen, b)
		}
		return nil
	},
}

// joinFixes is the fix that joins a key into the first of those before that has the same reference and agrees with it
// in all else.
func joinFixes(f *solution.Flow, b flow.Binding, before []flow.Binding) []diag.Fix {
	if isMisspelled(f, b.Key) {
		return nil // who means it would mean nothing
	}
	i := slices.IndexFunc(before, func(kept flow.Binding) bool {
		return kept.Reference.Equal(b.Reference) && kept.Connector.Equal(b.Connector) && kept.Source == b.Source &&
			kept.Impersonation == b.Impersonation
	})
	if i < 0 {
		return nil
	}
	change, err := f.JoinKeys(map[string]string{b.Key: before[i].Key})
	return fixes(change, err, "let its operations name "+before[i].Key)
}

var manyReferences = &lint.Rule{
	ID: "CR119", Name: "many-references", Family: "flow", Severity: diag.Info, Scope: lint.ScopeFlow,
	Doc: "A flow uses many references\n\n" +
		"Each of them has to be bound before the flow can be turned on, whoever turns it on needs all of their " +
		"connections, and each is one more that can fail. A policy says how many are many " +
		"(maxReferencesPerFlow); otherwise it is more than 8.",
	Mend:    "Part the flow into child flows, or let several keys share one reference.",
	Sources: []string{"wyattdave/Auto-Review: takes points off above 3", "counted over 622 flows: 2 with more than 8"},
	Run: func(_ context.Context, p *lint.Pass) error {
		names := map[connref.LogicalName]bool{}
		for b := range p.Flow.Bindings() {
			if !b.Direct() {
				names[b.Reference.Fold()] = true
			}
		}
		most := cmp.Or(p.Policy.MaxReferencesPerFlow, lint.DefaultMaxReferencesPerFlow)
		if len(names) > most {
			p.Reportf(bindingEntries(p.Flow).At(), "the flow uses %d references: at most %d would be right", len(names), most)
		}
		return nil
	},
}
