package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

var sameNameOtherConnector = &lint.Rule{
	ID: "CR306", Name: "same-name-other-connector", Family: "solution", Severity: diag.Error, Scope: lint.ScopeSet,
	Doc: "One name is declared for different connectors\n\n" +
		"Two solutions declare a connection reference of one name, but not for the same connector. A target can " +
		"have only one of them: the second import fails, or leaves flows with a connection that they can't use.",
	Mend:    "Make a new reference under another name for one of the two, and bind the flows to it.",
	Sources: []string{"callumalpass/power-platform-devkit: reports connectors that mismatch"},
	Run:     problems,
}

var duplicateReference = &lint.Rule{
	ID: "CR307", Name: "duplicate-reference", Family: "solution", Severity: diag.Info,
	Doc: "A solution has several references for one connector\n\n" +
		"Nothing tells them apart, so that flows use now one, now the other, and each has to be bound in each " +
		"target. That is allowed, and meant where they stand for different identities or purposes, which their " +
		"descriptions can say: references with descriptions of their own are passed over. It is a warning where " +
		"the team wants one for each connector, or for each connector and identity, and nothing at all where " +
		"every developer has one.",
	Mend: "Keep one of them and bind the flows to it; or say in the descriptions what each is for; or allow " +
		"several for this connector in the policy (allowDuplicates).",
	Sources: []string{
		"JoshSmithXRM/PowerPlatform-ConnectionReferences-BestPractices", "microsoft/coe-starter-kit#1783",
		"counted over 103 solutions: 79 pairs",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		if p.Policy.Profile == lint.ProfilePerDeveloper {
			return nil
		}
		severity := under(p, diag.Warning,
			lint.ProfileCommonSolution, lint.ProfilePerSolution, lint.ProfilePerIdentity)
		type purpose struct {
			connector   string
			description string
		}
		first := map[purpose]connref.LogicalName{}
		for ref := range p.Solution.References() {
			if ref.Connector.IsZero() || slices.ContainsFunc(p.Policy.AllowDuplicates, ref.Connector.Same) {
				continue
			}
			key := purpose{connectorKey(ref), connref.Fold(strings.TrimSpace(ref.Description))}
			other, again := first[key]
			if !again {
				first[key] = ref.LogicalName
			} else if !other.Equal(ref.LogicalName) {
				p.Report(lint.Finding{At: ref.At, Severity: severity, Message: fmt.Sprintf(
					"reference %s is for %s, as %s is, and no description tells them apart",
					ref.LogicalName, ref.Connector.Name(), other)})
			}
		}
		return nil
	},
}

// connectorKey is what references of one connector share: of a custom one its row, as the id differs in each
// environment and two can share a name.
func connectorKey(ref connref.Reference) string {
	if !ref.CustomConnector.IsZero() {
		return ref.CustomConnector.String()
	}
	return string(ref.Connector.WithoutHash().Fold())
}
