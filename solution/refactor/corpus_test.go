package refactor_test

import (
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/refactor"
)

// tally counts what was done with the corpus.
type tally struct {
	sync.Mutex
	counts map[string]int
}

func (c *tally) add(what string) {
	c.Lock()
	defer c.Unlock()
	c.counts[what]++
}

// Every verb, with every reference of every solution of the corpus.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("CONNREF_CORPUS")
	if dir == "" {
		t.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	count := &tally{counts: map[string]int{}}
	t.Run("solutions", func(t *testing.T) {
		for place, err := range solution.Find(t.Context(), dir, nil) {
			if err != nil || place.Layout == solution.LayoutFlowPackage {
				continue // what can't be read is the concern of package solution
			}
			t.Run(strings.TrimPrefix(place.Path, dir+"/")+" "+place.Layout.String(), func(t *testing.T) {
				t.Parallel()
				sol, err := place.Open(t.Context(), nil)
				require.NoError(t, err)
				changed{t, sol, count}.all()
			})
		}
	})
	for _, what := range slices.Sorted(maps.Keys(count.counts)) {
		t.Logf("%5d × %s", count.counts[what], what)
	}
	for _, what := range []string{"rename and back", "rebind", "remove", "remove refused", "externalise", "merge"} {
		if count.counts[what] == 0 {
			t.Errorf("nothing to %s", what)
		}
	}
}

// changed is a solution to be changed in every way.
type changed struct {
	*testing.T
	sol   *solution.Solution
	count *tally
}

func (c changed) in() refactor.Input { return refactor.Input{Solutions: []*solution.Solution{c.sol}} }

func (c changed) all() {
	g := graph.New(graph.Input{Solutions: []*solution.Solution{c.sol}})
	words := c.words()
	for ref := range c.sol.References() {
		c.rename(ref.LogicalName, words)
		c.rebind(g, ref)
		c.remove(g, ref.LogicalName)
	}
	c.done("externalise")(refactor.Externalise(c.in(), refactor.PerConnector("zz")))
	for _, group := range refactor.Duplicates(g, refactor.ByConnector) {
		m := refactor.Merging{Keep: group[0].Name}
		for _, r := range group[1:] {
			m.Drop = append(m.Drop, r.Name)
		}
		c.done("merge")(refactor.Merge(c.in(), m))
		m.JoinKeys = true
		c.done("merge, keys joined")(refactor.Merge(c.in(), m))
	}
}

// done holds a plan to the laws and counts it.
func (c changed) done(what string) func(*refactor.Plan, error) (*refactor.Plan, *solution.Solution) {
	return func(plan *refactor.Plan, err error) (*refactor.Plan, *solution.Solution) {
		require.NoError(c, err, what)
		switch {
		case plan.Err() != nil:
			c.count.add(what + " refused")
		case plan.Empty():
			c.count.add(what + ", nothing to do")
		default:
			c.count.add(what)
		}
		done := checkLaws(c, c.in(), plan, changedFiles)
		return plan, done.Solutions[0]
	}
}

// isWord tells what a logical name can be made of.
func isWord(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '.' || r == '-'
}

// named yields the places at which a text has a name as a whole word.
func named(text, name string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for from := 0; ; {
			i := strings.Index(text[from:], name)
			if i < 0 {
				return
			}
			start := from + i
			from = start + len(name)
			before, after := text[:start], text[from:]
			isPart := before != "" && isWord(rune(before[len(before)-1])) || after != "" && isWord(rune(after[0]))
			if !isPart && !yield(start) {
				return
			}
		}
	}
}

// words are those of each text file that are names of references.
func (c changed) words() map[string]map[string]bool {
	names := map[string]bool{}
	for ref := range c.sol.References() {
		names[string(ref.LogicalName)] = true
	}
	found := map[string]map[string]bool{}
	for name := range c.sol.Files() {
		file, err := c.sol.File(name)
		if err != nil || file.Err() != nil {
			continue
		}
		found[name] = map[string]bool{}
		for w := range strings.FieldsFuncSeq(file.Text(), func(r rune) bool { return !isWord(r) }) {
			if names[w] {
				found[name][w] = true
			}
		}
	}
	return found
}

// leftover says in what a file goes on to name a reference that has got another name; "" where it shouldn't.
func leftover(file, before string) string {
	switch {
	case strings.HasSuffix(before, "<connectionreferencedisplayname>"):
		return "display name"
	case strings.HasSuffix(strings.ToLower(file), "deploymentsettings.json"):
		return "deployment settings in the folder"
	case strings.HasPrefix(file, "CanvasApps/src/"):
		return "unpacked source of a canvas app"
	}
	return ""
}

func (c changed) rename(name connref.LogicalName, words map[string]map[string]bool) {
	const other = "zz_Renamed.reference-1"
	plan, there := c.done("rename")(refactor.Rename(c.in(), refactor.Renaming{Old: name, New: other}))
	for file, found := range words {
		if !found[string(name)] {
			continue
		}
		text := fileOf(c, there, file).Text()
		for at := range named(text, string(name)) {
			if where := leftover(file, text[:at]); where != "" {
				c.count.add("still named: " + where)
			} else {
				c.Errorf("%s still names %s: …%s", file, name, text[max(0, at-100):at])
			}
		}
	}
	renamed := refactor.Input{Solutions: []*solution.Solution{there}}
	back, err := refactor.Rename(renamed, refactor.Renaming{Old: other, New: name})
	require.NoError(c, err)
	done := checkLaws(c, renamed, back, changedFiles)
	for _, changes := range plan.Changes() {
		for _, change := range changes {
			was, is := fileOf(c, c.sol, change.File), fileOf(c, done.Solutions[0], change.File)
			if diff := cmp.Diff(string(was.Bytes()), string(is.Bytes())); diff != "" {
				c.Errorf("rename %s and back, %s (-before +after):\n%s", name, change.File, diff)
			}
		}
	}
	c.count.add("rename and back")
}

// rebind moves all flows to the first other reference of the connector, if there is one.
func (c changed) rebind(g *graph.Graph, from connref.Reference) {
	for to := range c.sol.References() {
		if to.Connector.Same(from.Connector) && !to.LogicalName.Equal(from.LogicalName) {
			c.done("rebind")(refactor.Rebind(c.in(), refactor.Rebinding{From: from.LogicalName, To: to.LogicalName}))
			return
		}
	}
	c.count.add("rebind: no other reference")
}

func (c changed) remove(g *graph.Graph, name connref.LogicalName) {
	plan, _ := c.done("remove")(refactor.Remove(c.in(), name))
	hit, err := g.Impact(name)
	require.NoError(c, err)
	if used := len(hit.Flows)+len(hit.Apps)+len(hit.Agents) > 0; used != (plan.Err() != nil) {
		c.Errorf("remove %s, used: %t: %v", name, used, plan.Err())
	}
}
