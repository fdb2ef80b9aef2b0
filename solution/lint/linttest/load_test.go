package linttest_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint/linttest"
)

// files are the solutions of a case as they were completed, as one archive.
func files(t testing.TB, c *linttest.Case) string {
	var out txtar.Archive
	for _, list := range [][]*solution.Solution{c.Input.Solutions, c.Input.Old} {
		for _, sol := range list {
			for name := range sol.Files() {
				file, err := sol.File(name)
				require.NoError(t, err)
				out.Files = append(out.Files, txtar.File{Name: sol.Path() + "/" + name, Data: file.Bytes()})
			}
		}
	}
	return string(txtar.Format(&out))
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/completion/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, file := range cases {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			c, err := linttest.Load(file)
			require.NoError(t, err)
			got, golden := files(t, c), strings.TrimSuffix(file, ".txtar")+".golden"
			if flag.Lookup("update").Value.String() == "true" {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
}

func TestLoadReadsAllThatJudgesNeed(t *testing.T) {
	t.Parallel()
	c, err := linttest.Load("testdata/completion/set.txtar")
	require.NoError(t, err)
	type summary struct {
		Solutions, Old, Settings []string
		Complete                 bool
		MaxFlows, WantLine       int
	}
	got := summary{
		Complete: c.Input.Complete, MaxFlows: c.Input.Policy.MaxFlowsPerReference, WantLine: c.Want[0].Line,
	}
	for _, sol := range c.Input.Solutions {
		got.Solutions = append(got.Solutions, sol.Path()+" "+sol.Manifest().UniqueName)
	}
	for _, sol := range c.Input.Old {
		got.Old = append(got.Old, sol.Path()+" "+sol.Manifest().UniqueName)
	}
	for _, f := range c.Input.Settings {
		got.Settings = append(got.Settings, f.Name())
	}
	want := summary{
		Solutions: []string{"Orders Orders", "Common Common"},
		Old:       []string{"old/Orders Orders"},
		Settings:  []string{"settings/Test.json", "settings/Production.json"},
		Complete:  true, MaxFlows: 3, WantLine: 16,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("case (-want +got):\n%s", diff)
	}
}

const misplaced = " has no meaning here: expected want, references, policy.json, settings.json, " +
	"settings/NAME.json, complete, broken, old/FILE, solutions/NAME/FILE, fixed/FILE, fixed/removed or the name of a " +
	"file in an export: invalid"

func TestLoadTellsFaults(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ archive, want string }{
		{"Prose only.\n", "1: no files: expected an archive in which each begins with -- NAME --: invalid"},
		{"-- a.txt --\n-- --\n", "2: -- --: expected -- NAME --, blanks and all: invalid"},
		{"-- a.txt --\nA\n-- b.txt --\n-- a.txt --\n", "4: file a.txt is there twice: duplicate"},
		{"-- ../a.txt --\n", "1: file name ../a.txt: expected a relative path with forward slashes: invalid"},
		{"-- references --\n-- want--\n", "2: -- want--: expected -- NAME --, blanks and all: invalid"},
		{"-- references --\r\n-- want\r\n", "2: -- want: expected -- NAME --, blanks and all: invalid"},
		{"--want --\n", "1: --want --: expected -- NAME --, blanks and all: invalid"},
		{"-- want.txt --\n", "1: file want.txt" + misplaced},
		{"-- Want --\n", "1: file Want" + misplaced},
		{"-- wants --\n", "1: file wants" + misplaced},
		{"-- Policy.json --\n", "1: file Policy.json" + misplaced},
		{"-- wishes --\n", "1: file wishes" + misplaced},
		{"-- solutions/A/policy.json --\n", "1: file solutions/A/policy.json" + misplaced},
		{"-- solutions/A --\n", "1: file solutions/A" + misplaced},
		{"-- references --\n-- solutions/A/references --\n",
			"2: file solutions/A/references: either all files of solutions are in solutions/NAME or none: invalid"},
		{"-- policy.json --\n{\"prefix\": 1}\n", `2: policy: json: unknown field "prefix": invalid`},
		{"-- references --\n\ncontoso_mail\n",
			"3: reference contoso_mail: expected LOGICALNAME CONNECTOR [DISPLAY NAME…]: connector id: " +
				"is missing; right would be shared_office365 or /providers/Microsoft.PowerApps/apis/shared_office365"},
		{"-- references --\ncontoso_mail office/365\n", "2: reference contoso_mail: expected LOGICALNAME " +
			"CONNECTOR [DISPLAY NAME…]: connector id \"office/365\": is neither a name such as " +
			"shared_office365 nor /providers/Microsoft.PowerApps/apis/ with a name"},
		{"-- references --\ncontoso_mail shared_office365 \x01\n", "1: customizations.xml:5:36: " +
			"a control character, which XML forbids"},
		{"-- want --\nsolution.xml\n",
			`2: want "solution.xml": expected FILE#ANCHOR: REGEXP, FILE: REGEXP or skipped: REGEXP: invalid`},
		{"-- want --\n#/a: error\n",
			`2: want "#/a: error": expected FILE#ANCHOR: REGEXP, FILE: REGEXP or skipped: REGEXP: invalid`},
		{"-- want --\n// so\nsolution.xml: (error\n", "3: want \"solution.xml: (error\": error parsing regexp: " +
			"missing closing ): `(error`: invalid"},
		{"-- Workflows/A.json --\n{\"actions\": {\n  \"Send\": \"mail\"\n}}\n",
			`3: Send: "mail": expected KEY OPERATIONID: invalid`},
	} {
		_, err := linttest.Parse("case.txtar", []byte(test.archive))
		if err == nil || err.Error() != "case.txtar:"+test.want {
			t.Errorf("%q: %v, want case.txtar:%s", test.archive, err, test.want)
		}
	}
}

func TestLoadTellsAllFaults(t *testing.T) {
	t.Parallel()
	_, err := linttest.Parse("case.txtar", []byte("-- a.txt --\n-- a.txt --\n-- wants --\n-- want --\nx\n"))
	require.ErrorIs(t, err, connref.ErrDuplicate)
	require.ErrorIs(t, err, connref.ErrInvalid)
	require.Len(t, strings.Split(err.Error(), "\n"), 3)
	_, err = linttest.Load("testdata/none.txtar")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// Whatever the archive, it is completed in one way, or refused.
func FuzzLoad(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*/*.txtar")
	require.NoError(f, err)
	for _, file := range seeds {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
	}
	withoutUpdate(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := linttest.Parse("case.txtar", data)
		again, errAgain := linttest.Parse("case.txtar", data)
		if err != nil {
			require.EqualError(t, errAgain, err.Error())
			return
		}
		require.NoError(t, errAgain)
		if diff := cmp.Diff(files(t, c), files(t, again)); diff != "" {
			t.Errorf("a second time (-first +second):\n%s", diff)
		}
		record(t, func(t testing.TB) { c.Test(t, dangling) })
	})
}
