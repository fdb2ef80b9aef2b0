package refactor_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/refactor"
	"github.com/connref/connref/solution/refactor/unified"
)

var update = flag.Bool("update", false, "write what the cases in testdata give into them")

// TestGolden runs the cases of testdata. The comment of each tells what it is for, behind #, and then what to plan: a
// line for each name that a verb is given. The lines of a paragraph are of one verb and make one plan, which is applied
// before the next. Files of a case add to base.txtar, or take the place of its; an empty one takes it away. What was
// planned, in words and as a diff, is in want.
func TestGolden(t *testing.T) {
	base, err := txtar.ParseFile("testdata/base.txtar")
	require.NoError(t, err)
	cases, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	for _, path := range cases {
		if filepath.Base(path) == "base.txtar" {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			require.NoError(t, err)
			files := fstest.MapFS{}
			want := -1
			for i, f := range append(base.Files, archive.Files...) {
				switch {
				case f.Name == "want":
					want = i - len(base.Files)
				case len(f.Data) == 0:
					delete(files, f.Name)
				default:
					files[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			require.GreaterOrEqual(t, want, 0, "the case has no want")
			got := script(t, input(t, files), string(archive.Comment))
			if *update {
				archive.Files[want].Data = got
				require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o666))
				return
			}
			if diff := cmp.Diff(string(archive.Files[want].Data), string(got)); diff != "" {
				t.Errorf("plans (-want +got):\n%s", diff)
			}
		})
	}
}

// input opens the solutions among the files, in the order of their folders, and takes settings files.
func input(tb tester, files fstest.MapFS) refactor.Input {
	tb.Helper()
	var in refactor.Input
	for place, err := range solution.FindFS(context.Background(), files, nil) {
		require.NoError(tb, err)
		sol, err := place.Open(context.Background(), nil)
		require.NoError(tb, err)
		in.Solutions = append(in.Solutions, sol)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(name, "settings") {
			in.Settings = append(in.Settings, source.NewFile(name, files[name].Data))
		}
	}
	return in
}

// script plans what the paragraphs of a text ask for, one after another, and answers what the plans say.
func script(t *testing.T, in refactor.Input, text string) []byte {
	var out bytes.Buffer
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		var lines [][]string
		for line := range strings.Lines(paragraph) {
			if words := strings.Fields(line); len(words) > 0 && !strings.HasPrefix(words[0], "#") {
				lines = append(lines, words)
			}
		}
		switch {
		case len(lines) == 0:
			continue
		case lines[0][0] == "leave": // what that folder holds may not be changed
			in.Graph = graph.New(graph.Input{Solutions: in.Solutions})
			isLeft := func(sol *solution.Solution) bool { return sol.Path() == lines[0][1] }
			in.Solutions = slices.DeleteFunc(in.Solutions, isLeft)
			continue
		}
		plan, err := planned(t, in, lines)
		if err != nil {
			fmt.Fprintln(&out, "error:", err)
			continue
		}
		if plan == nil {
			fmt.Fprint(&out, groups(in, lines[0][1]))
			continue
		}
		again, err := planned(t, in, lines)
		require.NoError(t, err)
		if diff := cmp.Diff(wordsOf(t, plan), wordsOf(t, again)); diff != "" {
			t.Errorf("planning again gives another plan:\n%s", diff)
		}
		if refused := len(plan.Refusals) > 0; refused != errors.Is(plan.Err(), refactor.ErrRefused) {
			t.Errorf("Err = %v, with %d refusals", plan.Err(), len(plan.Refusals))
		}
		out.WriteString(brief(wordsOf(t, plan)))
		done := checkLaws(t, in, plan, allFiles)
		in.Solutions, in.Settings = done.Solutions, done.Settings
	}
	return out.Bytes()
}

// wordsOf is all that a plan says.
func wordsOf(tb testing.TB, plan *refactor.Plan) string {
	tb.Helper()
	var b strings.Builder
	require.NoError(tb, plan.WriteText(&b))
	require.NoError(tb, unified.Write(&b, plan))
	return b.String()
}

// brief leaves out of a diff what is the same, and what tells no more than the line behind it.
func brief(words string) string {
	var b strings.Builder
	inDiff := false
	for line := range strings.Lines(words) {
		inDiff = inDiff || strings.HasPrefix(line, "diff ")
		if inDiff && (strings.HasPrefix(line, "diff ") || strings.HasPrefix(line, "--- ") || line[0] == ' ') {
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

// groups are the duplicates by a policy, a line for each group.
func groups(in refactor.Input, policy string) string {
	var b strings.Builder
	by := map[string]refactor.Policy{"connector": refactor.ByConnector, "name": refactor.ByDisplayName}[policy]
	for _, group := range refactor.Duplicates(graph.New(graph.Input{Solutions: in.Solutions}), by) {
		b.WriteString("could be one:")
		for _, r := range group {
			b.WriteString(" " + string(r.Name))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// planned makes the plan that the lines ask for; nil for duplicates, which aren't planned.
func planned(t *testing.T, in refactor.Input, lines [][]string) (*refactor.Plan, error) {
	type name = connref.LogicalName
	var renamings []refactor.Renaming
	var mergings []refactor.Merging
	var rebindings []refactor.Rebinding
	var refs []connref.Reference
	var names []name
	verb := lines[0][0]
	for _, words := range lines {
		require.Equal(t, verb, words[0], "a paragraph is of one verb")
		args := words[1:]
		switch verb {
		case "rename":
			renamings = append(renamings, refactor.Renaming{Old: name(args[0]), New: name(args[1])})
		case "merge", "join":
			m := refactor.Merging{Keep: name(args[0]), JoinKeys: verb == "join"}
			for _, drop := range args[1:] {
				m.Drop = append(m.Drop, name(drop))
			}
			mergings = append(mergings, m)
		case "rebind":
			m := refactor.Rebinding{From: name(args[0]), To: name(args[1])}
			for _, text := range args[2:] {
				id, err := connref.ParseGUID("5eed0000-0000-4000-8000-00000000000" + text)
				require.NoError(t, err)
				m.Flows = append(m.Flows, id)
			}
			rebindings = append(rebindings, m)
		case "add":
			refs = append(refs, connref.Reference{
				LogicalName: name(args[1]), Connector: connref.ConnectorID(args[2]), DisplayName: strings.Join(args[3:], " "),
			})
		case "remove":
			names = append(names, name(args[0]))
		}
	}
	args := lines[0][1:]
	switch verb {
	case "rename":
		return refactor.Rename(in, renamings...)
	case "merge", "join":
		return refactor.Merge(in, mergings...)
	case "rebind":
		return refactor.Rebind(in, rebindings...)
	case "externalise":
		return refactor.Externalise(in, refactor.PerConnector(args[0]))
	case "add":
		return refactor.Add(in, args[0], refs...)
	case "remove":
		return refactor.Remove(in, names...)
	case "prune":
		in.Graph = graph.New(graph.Input{Solutions: in.Solutions, Complete: len(args) > 0})
		return refactor.Prune(in)
	case "name":
		return refactor.SetDisplayName(in, refactor.Wording{Reference: name(args[0]), Text: strings.Join(args[1:], " ")})
	case "describe":
		return refactor.SetDescription(in, refactor.Wording{Reference: name(args[0]), Text: strings.Join(args[1:], " ")})
	case "duplicates":
		return nil, nil
	}
	require.FailNow(t, "no verb", verb)
	return nil, nil
}
