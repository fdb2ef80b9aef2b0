package rules_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/rules"
)

// judged is a solution of the corpus, and what all rules find in it alone.
type judged struct {
	folder   string // of the corpus: owner__repository__name
	sol      *solution.Solution
	findings diag.List
}

// repository is owner/repository.
func (j judged) repository() string {
	parts := strings.SplitN(j.folder, "__", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// alone is a solution as a set that is declared complete, with a policy that asks for all that a policy can ask for: so
// all rules judge but those that compare with an old version.
func alone(sol *solution.Solution) lint.Input {
	return lint.Input{Solutions: []*solution.Solution{sol}, Complete: true, Policy: &lint.Policy{
		CommonSolution: "Common", RequireDescription: true,
		CallerConnectors: []connref.ConnectorID{
			"shared_office365", "shared_commondataserviceforapps", "shared_sharepointonline",
		},
	}}
}

// judgeCorpus judges every solution of the corpus alone.
var judgeCorpus = sync.OnceValues(func() (list []judged, err error) {
	ctx := context.Background()
	root := os.Getenv("CONNREF_CORPUS")
	for place, err := range solution.Find(ctx, root, nil) {
		if err != nil {
			continue // what is no solution is the concern of package solution
		}
		sol, err := place.Open(ctx, nil)
		if err != nil {
			return nil, err
		}
		result, err := lint.Run(ctx, alone(sol), lint.Config{Rules: rules.All()})
		if err == nil {
			err = result.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place.Path, err)
		}
		within, err := filepath.Rel(root, place.Path)
		if err != nil {
			return nil, err
		}
		folder, _, _ := strings.Cut(filepath.ToSlash(within), "/")
		list = append(list, judged{folder, sol, result.Findings})
	}
	return list, nil
})

func corpus(tb testing.TB) []judged {
	tb.Helper()
	if os.Getenv("CONNREF_CORPUS") == "" {
		tb.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	list, err := judgeCorpus()
	require.NoError(tb, err)
	require.NotEmpty(tb, list)
	return list
}

// hit is how often a rule finds something in the corpus.
type hit struct {
	Alone    int    // each solution for itself
	Together int    // the solutions of each repository as one set; only of rules whose findings depend on others
	Counted  string // over another corpus, of 622 flows and 459 references; this one has 448 and 338
}

func TestCorpusHits(t *testing.T) {
	list := corpus(t)
	got := map[string]hit{}
	for _, r := range rules.All() {
		got[r.ID] = hit{Counted: hits[r.ID].Counted}
	}
	for _, j := range list {
		for _, d := range j.findings {
			h := got[d.Rule]
			h.Alone++
			got[d.Rule] = h
		}
	}
	for _, repository := range repositories(list) {
		in := lint.Input{}
		for _, j := range list {
			if j.repository() == repository {
				in.Solutions = append(in.Solutions, j.sol)
			}
		}
		result, err := lint.Run(t.Context(), in, lint.Config{Rules: rules.All()})
		require.NoError(t, err)
		require.NoError(t, result.Err())
		for _, d := range result.Findings {
			h := got[d.Rule]
			h.Together++
			got[d.Rule] = h
		}
	}
	if diff := cmp.Diff(hits, got); diff != "" {
		t.Errorf("hits (-want +got):\n%s", diff)
	}
}

func repositories(list []judged) (names []string) {
	for _, j := range list {
		names = append(names, j.repository())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// What the platform exported has no errors, but for flows that use what nobody declares, and dependencies on what is in
// no solution: those are real. What was made or edited by hand is listed with its errors.
func TestCorpusErrors(t *testing.T) {
	got := map[string][]string{}
	for _, j := range corpus(t) {
		for _, d := range j.findings {
			known := d.Rule == "CR301" || d.Rule == "CR302" || slices.Contains(got[j.folder], d.Rule)
			if d.Severity == diag.Error && !known {
				got[j.folder] = append(got[j.folder], d.Rule)
			}
		}
	}
	for _, ids := range got {
		slices.Sort(ids)
	}
	if diff := cmp.Diff(byHand, got); diff != "" {
		t.Errorf("errors in solutions that aren't known to be made by hand (-want +got):\n%s", diff)
	}
}

// Each fix removes its finding and adds none, its inverse gives the bytes back, and what it makes can be written and
// read, with the same findings.
func TestCorpusFixes(t *testing.T) {
	for _, j := range corpus(t) {
		for _, d := range j.findings {
			for _, fix := range d.Fixes {
				if err := checkFix(t.Context(), j, d, fix); err != nil {
					t.Errorf("%s: %s: %s: %v", j.folder, d, fix.Message, err)
				}
			}
		}
	}
}

func checkFix(ctx context.Context, j judged, d diag.Diagnostic, fix diag.Fix) error {
	mended, err := j.sol.With(fix.Changes...)
	if err != nil {
		return err
	}
	after, err := lint.Run(ctx, alone(mended), lint.Config{Rules: rules.All()})
	if err != nil {
		return err
	}
	before := map[string]bool{}
	for _, b := range j.findings {
		before[b.Fingerprint] = b.Fingerprint != d.Fingerprint
	}
	for _, a := range after.Findings {
		if !before[a.Fingerprint] {
			return fmt.Errorf("then there is %s", a)
		}
	}
	inverse, err := j.sol.Inverse(fix.Changes...)
	if err != nil {
		return err
	}
	back, err := mended.With(inverse...)
	if err != nil {
		return err
	}
	for _, change := range fix.Changes {
		if err := sameBytes(j.sol, back, change.File); err != nil {
			return err
		}
	}
	if mended.Layout() != solution.LayoutZip {
		return nil
	}
	var raw bytes.Buffer
	if err := mended.WriteZip(ctx, &raw); err != nil {
		return err
	}
	again, err := solution.OpenZip(ctx, bytes.NewReader(raw.Bytes()), int64(raw.Len()), nil)
	if err != nil {
		return err
	}
	reread, err := lint.Run(ctx, alone(again), lint.Config{Rules: rules.All()})
	if err != nil {
		return err
	}
	if diff := cmp.Diff(fingerprintsOf(after), fingerprintsOf(reread)); diff != "" {
		return fmt.Errorf("written and read, it has other findings (-want +got):\n%s", diff)
	}
	return nil
}

func fingerprintsOf(r lint.Result) (list []string) {
	for _, d := range r.Findings {
		list = append(list, d.Rule+" "+d.Fingerprint)
	}
	slices.Sort(list)
	return list
}

func sameBytes(a, b *solution.Solution, name string) error {
	var files [2]*source.File
	for i, sol := range []*solution.Solution{a, b} {
		var err error
		if files[i], err = sol.File(name); err != nil {
			return err
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		return fmt.Errorf("%s isn't what it was once the fix is undone", name)
	}
	return nil
}
