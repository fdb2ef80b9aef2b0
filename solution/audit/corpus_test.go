package audit_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/audit"
)

// truth is what an independent reader found in a solution of the corpus.
type truth struct {
	Where      string
	Layout     string
	UniqueName string
	Version    string
	Managed    string
	Prefix     *string
	References map[string]struct {
		Connector string
		Custom    bool
	}
	Flows []struct {
		File       string
		Operations int
		Bindings   []audit.Binding
	}
	Unused []string
}

// finding is what truth and audit can both say of a solution.
type finding struct {
	UniqueName, Version, Managed, Prefix string
	References                           map[string]string // logical name → connector, "custom" behind it
	Operations                           map[string]int    // by file
	Bindings                             map[string][]audit.Binding
	Unused                               []string
}

func TestCorpusAgreesWithIndependentReader(t *testing.T) {
	corpus := os.Getenv("CONNREF_CORPUS")
	if corpus == "" {
		t.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	raw, err := os.ReadFile(filepath.Join(corpus, "truth.json"))
	require.NoError(t, err)
	var folders map[string][]truth
	require.NoError(t, json.Unmarshal(raw, &folders))
	require.NotEmpty(t, folders)

	for folder, want := range folders {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(corpus, folder)
			got := map[string]finding{}
			for place, err := range solution.Find(context.Background(), dir, nil) {
				if err != nil {
					require.Empty(t, want, "%v", err)
					return
				}
				sol, err := place.Open(context.Background(), nil)
				require.NoError(t, err)
				where := strings.TrimPrefix(strings.TrimPrefix(place.Path, filepath.ToSlash(dir)), "/")
				got[where+" "+place.Layout.String()] = fromAudit(audit.New(sol).Solutions[0])
			}
			wanted := map[string]finding{}
			for _, s := range want {
				wanted[s.Where+" "+s.Layout] = fromTruth(s)
			}
			if diff := cmp.Diff(wanted, got); diff != "" {
				t.Errorf("independent reader (-), audit (+):\n%s", diff)
			}
		})
	}
}

func fromTruth(s truth) finding {
	f := finding{
		UniqueName: s.UniqueName,
		Version:    s.Version,
		Managed:    map[string]string{"": "unknown", "0": "unmanaged", "1": "managed", "2": "both"}[s.Managed],
		References: map[string]string{},
		Operations: map[string]int{},
		Bindings:   map[string][]audit.Binding{},
		Unused:     lower(s.Unused),
	}
	if s.Prefix != nil {
		f.Prefix = *s.Prefix
	}
	for name, ref := range s.References {
		f.References[name] = ref.Connector
		if ref.Custom {
			f.References[name] += " custom"
		}
	}
	for _, flow := range s.Flows {
		f.Operations[flow.File] = flow.Operations
		f.Bindings[flow.File] = byKey(flow.Bindings)
	}
	return f
}

func fromAudit(s audit.Solution) finding {
	f := finding{
		UniqueName: s.UniqueName,
		Version:    s.Version,
		Managed:    s.Managed,
		Prefix:     s.PublisherPrefix,
		References: map[string]string{},
		Operations: map[string]int{},
		Bindings:   map[string][]audit.Binding{},
	}
	var unused []string
	for _, ref := range s.References {
		f.References[ref.LogicalName] = ref.Connector
		if ref.Custom {
			f.References[ref.LogicalName] += " custom"
		}
		if ref.Unused {
			unused = append(unused, ref.LogicalName)
		}
	}
	f.Unused = lower(unused)
	for _, flow := range s.Flows {
		f.Operations[flow.File] = flow.Operations
		f.Bindings[flow.File] = byKey(flow.Bindings)
	}
	return f
}

func lower(names []string) []string {
	list := []string{}
	for _, name := range names {
		list = append(list, strings.ToLower(name))
	}
	slices.Sort(list)
	return list
}

// byKey sorts bindings and drops their lines, of which the independent reader knows nothing.
func byKey(bindings []audit.Binding) []audit.Binding {
	list := []audit.Binding{}
	for _, b := range bindings {
		b.Line = 0
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b audit.Binding) int { return strings.Compare(a.Key, b.Key) })
	return list
}
