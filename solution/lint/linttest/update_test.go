package linttest_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/linttest"
)

// Not parallel, since the flag is there for all tests.
func TestUpdate(t *testing.T) {
	before := flag.Lookup("update").Value.String()
	require.NoError(t, flag.Set("update", "true"))
	t.Cleanup(func() { require.NoError(t, flag.Set("update", before)) })
	for _, test := range []struct {
		name, before, after string
		rule                *lint.Rule
		fails               int // how often the test fails, and then nothing is written
	}{
		{name: "right already", rule: dangling,
			before: "-- want --\n" + dailyPlace + "error\n" + daily,
			after:  "-- want --\n" + dailyPlace + "error\n" + daily},
		{name: "findings", rule: dangling,
			before: "Prose.\n-- want --\n// why\nsolution.xml: stale\n" + dailyPlace + "error: .*sql\n\n" +
				dailyPlace + "twice\n" +
				"-- Workflows/Daily.json --\n{\"connectionReferences\": {\"sql\": \"contoso_sql\", \"new\": \"contoso_(new)\"}}\n",
			after: "Prose.\n-- want --\n// why\n" + dailyPlace + "error: .*sql\n\n" +
				strings.Replace(dailyPlace, "sql", "new", 1) + "error: contoso_\\(new\\) is not declared\n" +
				"-- Workflows/Daily.json --\n{\"connectionReferences\": {\"sql\": \"contoso_sql\", \"new\": \"contoso_(new)\"}}\n"},
		{name: "no want yet", rule: dangling,
			before: daily,
			after:  daily + "-- want --\n" + dailyPlace + "error: contoso_sql is not declared\n"},
		{name: "skipped", rule: skipping,
			before: daily,
			after:  daily + "-- want --\nskipped: policy doesn't say \\(yet\\)\n"},
		{name: "fixes", rule: mending(removing("readme.txt")),
			before: mailWant + fixedMail("Post") + "-- fixed/none.txt --\nA\n" + mail,
			after:  mailWant + fixedMail("Mail") + mail + "-- fixed/removed --\nreadme.txt\n"},
		{name: "no fixes any longer", rule: dangling,
			before: mail + fixedMail("Post") + "-- fixed/removed --\nreadme.txt\n",
			after:  mail},
		{name: "a rule that breaks", rule: mending(removing("none.txt")), fails: 1, before: mail, after: mail},
		{name: "skipped where want lists findings", rule: skipping, fails: 1,
			before: "-- want --\n" + dailyPlace + "error\n", after: "-- want --\n" + dailyPlace + "error\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "case.txtar")
			require.NoError(t, os.WriteFile(file, []byte(test.before), 0o644))
			c, err := linttest.Load(file)
			require.NoError(t, err)
			if failures := record(t, func(t testing.TB) { c.Test(t, test.rule) }); len(failures) != test.fails {
				t.Errorf("failures: %q, want %d", failures, test.fails)
			}
			got, err := os.ReadFile(file)
			require.NoError(t, err)
			if diff := cmp.Diff(test.after, string(got)); diff != "" {
				t.Errorf("archive (-want +got):\n%s", diff)
			}
		})
	}
}
