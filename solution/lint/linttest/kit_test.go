package linttest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/linttest"
)

// recorder is a test that only notes how it failed.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper()                      {}
func (r *recorder) Failed() bool                 { return len(r.failures) > 0 }
func (r *recorder) Logf(string, ...any)          {}
func (r *recorder) Fatal(args ...any)            { r.stop(fmt.Sprint(args...)) }
func (r *recorder) note(text string)             { r.failures = append(r.failures, text) }
func (r *recorder) Errorf(f string, args ...any) { r.note(fmt.Sprintf(f, args...)) }
func (r *recorder) Fatalf(f string, args ...any) { r.stop(fmt.Sprintf(f, args...)) }

func (r *recorder) stop(text string) {
	r.note(text)
	runtime.Goexit()
}

// record tells how f fails a test.
func record(t testing.TB, f func(t testing.TB)) []string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r.failures
}

// withoutUpdate skips a test of cases that are in no file, which the flag -update would write.
func withoutUpdate(t testing.TB) {
	if flag.Lookup("update").Value.String() == "true" {
		t.Skip("-update would write the cases of this test to files")
	}
}

// dangling finds bindings to references that the solution doesn't declare.
var dangling = &lint.Rule{
	Name: "dangling", Doc: "A binding names no reference", Severity: diag.Error, Scope: lint.ScopeFlow,
	Run: func(_ context.Context, p *lint.Pass) error {
		for b := range p.Flow.Bindings() {
			if p.Solution.State(b) == solution.Dangling {
				p.Reportf(b.At, "%s is not declared", b.Reference)
			}
		}
		return nil
	},
}

// running is a rule that does what run does.
func running(run func(p *lint.Pass) error) *lint.Rule {
	return &lint.Rule{
		Name: "running", Doc: "It runs", Severity: diag.Warning,
		Run: func(_ context.Context, p *lint.Pass) error { return run(p) },
	}
}

// skipping is a rule that can't judge.
var skipping = running(func(*lint.Pass) error { return lint.Skip("policy doesn't say (yet)") })

// wavering is a rule that finds something else each time.
func wavering() *lint.Rule {
	var times atomic.Int32
	return running(func(p *lint.Pass) error {
		p.Reportf(p.Solution.Manifest().At, "it is the %d. time", times.Add(1))
		return nil
	})
}

// mending is a rule that finds declarations with a display name in lower case, and fixes that as it is told.
func mending(fix func(ref source.Element) []source.Change) *lint.Rule {
	return running(func(p *lint.Pass) error {
		f, err := p.Solution.File("customizations.xml")
		if err != nil {
			return err
		}
		doc, err := source.ParseXML(f, nil)
		if err != nil {
			return nil
		}
		for ref := range doc.Root().Child("connectionreferences").Children() {
			name := ref.Child("connectionreferencedisplayname").Text()
			if strings.ToLower(name) == name {
				p.Report(lint.Finding{
					At: ref.At(), Message: "display name is in lower case",
					Fixes: []diag.Fix{{Message: "begin it with a capital", Changes: fix(ref)}},
				})
			}
		}
		return nil
	})
}

// titled is a fix that gives the declaration another display name.
func titled(title string) func(ref source.Element) []source.Change {
	return func(ref source.Element) []source.Change {
		edit, err := ref.Child("connectionreferencedisplayname").SetText(title)
		if err != nil {
			panic(err)
		}
		return []source.Change{{File: ref.At().File, Edits: []source.Edit{edit}}}
	}
}

// removing is a fix that removes a file, and gives the declaration a name that isn't found again.
func removing(file string) func(ref source.Element) []source.Change {
	return func(ref source.Element) []source.Change {
		return append(titled("Mail")(ref), source.Change{File: file, Remove: true})
	}
}

// breaking is a fix that leaves no XML behind.
func breaking(ref source.Element) []source.Change {
	edit := source.Edit{Span: ref.Span(), Old: ref.Raw(), New: "<"}
	return []source.Change{{File: ref.At().File, Edits: []source.Edit{edit}}}
}

// mail is a solution with one reference; its customizations.xml is given so that its text is short.
const mail = `-- customizations.xml --
<ImportExportXml>
  <connectionreferences>
    <connectionreference connectionreferencelogicalname="contoso_mail">
      <connectionreferencedisplayname>mail</connectionreferencedisplayname>
    </connectionreference>
  </connectionreferences>
</ImportExportXml>
-- readme.txt --
Read me.
`

const (
	mailPlace = `customizations.xml#<connectionreference connectionreferencelogicalname="contoso_mail">: `
	mailWant  = "-- want --\n" + mailPlace + "lower case\n"
)

// fixedMail is mail's customizations.xml with another display name.
func fixedMail(title string) string {
	_, file, _ := strings.Cut(strings.ReplaceAll(mail, ">mail<", ">"+title+"<"), "\n")
	file, _, _ = strings.Cut(file, "-- readme")
	return "-- fixed/customizations.xml --\n" + file
}

const daily = `-- Workflows/Daily.json --
{"connectionReferences": {"sql": "contoso_sql"}}
`

const dailyPlace = "Workflows/Daily.json#/properties/connectionReferences/sql: "

// differs is the failure of a case that isn't met, as changes shortens it.
func differs(changed ...string) string {
	return "case.txtar: the rule does something else (-want +got):\n" + strings.Join(changed, "\n")
}

// changes leaves of a failure with a difference only the lines that differ.
func changes(failure string) string {
	first, hunks, isDifference := strings.Cut(failure, "\ndiff case.txtar case.txtar\n--- case.txtar\n+++ case.txtar\n")
	if !isDifference {
		return failure
	}
	for line := range strings.Lines(hunks) {
		if line[0] == '+' || line[0] == '-' {
			first += "\n" + strings.TrimSuffix(line, "\n")
		}
	}
	return first
}

// A case that isn't met fails the test, and says why.
func TestCaseTells(t *testing.T) {
	withoutUpdate(t)
	t.Parallel()
	for _, test := range []struct {
		name, archive string
		rule          *lint.Rule
		want          []string // failures
	}{
		{"all is well", daily + "-- want --\n" + dailyPlace + "error: .*contoso_sql\n", dangling, nil},
		{"a folder of flows in lower case", strings.Replace(daily, "W", "w", 1), dangling, []string{
			differs("+-- want --", "+"+strings.Replace(dailyPlace, "W", "w", 1)+"error: contoso_sql is not declared"),
		}},
		{"an unexpected finding", daily, dangling, []string{
			differs("+-- want --", "+"+dailyPlace+"error: contoso_sql is not declared"),
		}},
		{"a missing finding", "-- want --\n\n" + dailyPlace + "error: .*contoso_sql\n", dangling, []string{
			differs("-" + dailyPlace + "error: .*contoso_sql"),
		}},
		{"a wrong place", daily + "-- want --\nWorkflows/Daily.json: contoso_sql\n", dangling, []string{
			differs("-Workflows/Daily.json: contoso_sql", "+"+dailyPlace+"error: contoso_sql is not declared"),
		}},
		{"a wrong message", daily + "-- want --\n" + dailyPlace + "^warning\n", dangling, []string{
			differs("-"+dailyPlace+"^warning", "+"+dailyPlace+"error: contoso_sql is not declared"),
		}},
		{"one line for two findings", mail + "-- want --\nsolution.xml#<UniqueName>: it\n", running(
			func(p *lint.Pass) error {
				p.Reportf(p.Solution.Manifest().At, "it is (so)")
				p.Reportf(p.Solution.Manifest().At, "it is (so)")
				return nil
			}), []string{differs(`+solution.xml#<UniqueName>: warning: it is \(so\)`)}},
		{"a line that fits two findings, and one that fits the first", "-- want --\n" +
			"solution.xml#<UniqueName>: it is .\nsolution.xml#<UniqueName>: a$\n", running(
			func(p *lint.Pass) error {
				p.Reportf(p.Solution.Manifest().At, "it is a")
				p.Reportf(p.Solution.Manifest().At, "it is b")
				return nil
			}), nil},
		{"skipped", mail, skipping, []string{differs("+-- want --", `+skipped: policy doesn't say \(yet\)`)}},
		{"skipped where want lists findings", "-- want --\n" + dailyPlace + "error\n", skipping, []string{
			"case.txtar: want lists findings, but rule running was skipped: policy doesn't say (yet)",
			differs("-"+dailyPlace+"error", `+skipped: policy doesn't say \(yet\)`),
		}},
		{"skipped as it should, where want lists findings", "-- want --\nskipped: say\n" + dailyPlace + "error\n", skipping,
			[]string{
				"case.txtar: want lists findings, but rule running was skipped: policy doesn't say (yet)",
				differs("-" + dailyPlace + "error"),
			}},
		{"skipped as it should", mail + "-- want --\nskipped: doesn't say\n", skipping, nil},
		{"skipped for what it lacks", mail + "-- want --\nskipped: ^no policy\n", &lint.Rule{
			Name: "lacking", Doc: "It lacks", Severity: diag.Info, Needs: lint.NeedsPolicy,
			Run: func(context.Context, *lint.Pass) error { return nil },
		}, nil},
		{"broken", mail, running(func(*lint.Pass) error { return errors.New("out of luck") }), []string{
			"case.txtar: rule running broke: out of luck",
		}},
		{"misdeclared", mail, &lint.Rule{Name: "No", Doc: "No", Severity: diag.Info, Run: dangling.Run}, []string{
			`case.txtar: rule 1 No: name "No": expected kebab-case, as in undeclared-reference: invalid`,
		}},
		{"mended", mail + mailWant + fixedMail("Mail"), mending(titled("Mail")), nil},
		{"a fix that nobody expects", mail + mailWant, mending(titled("Mail")), []string{
			differs("+" + strings.ReplaceAll(strings.TrimSpace(fixedMail("Mail")), "\n", "\n+")),
		}},
		{"a fix that makes something else", mail + mailWant + fixedMail("Post"), mending(titled("Mail")), []string{
			differs("-      <connectionreferencedisplayname>Post</connectionreferencedisplayname>",
				"+      <connectionreferencedisplayname>Mail</connectionreferencedisplayname>"),
		}},
		{"a fix that isn't there", daily + "-- want --\n" + dailyPlace + "contoso_sql\n" +
			"-- fixed/solution.xml --\n-- fixed/removed --\nx.txt\n",
			dangling, []string{differs("--- fixed/solution.xml --", "--- fixed/removed --", "-x.txt")}},
		{"a file removed", mail + mailWant + fixedMail("Mail") + "-- fixed/removed --\nreadme.txt\n",
			mending(removing("readme.txt")), nil},
		{"a file removed that nobody expects", mail + mailWant + fixedMail("Mail"), mending(removing("readme.txt")),
			[]string{differs("+-- fixed/removed --", "+readme.txt")}},
		{"a fix that can't be applied", mail + mailWant, mending(removing("none.txt")), []string{
			"case.txtar: customizations.xml:3:5: display name is in lower case: the fix to begin it with a capital " +
				`can't be applied: Test: file "none.txt": not found`,
		}},
		{"a fix that doesn't mend", mail + mailWant + fixedMail("post"), mending(titled("post")), []string{
			"case.txtar: fixes don't mend what they are for: customizations.xml:3:5: display name is in lower case",
		}},
		{"a fix that breaks the file", mail + mailWant + "-- fixed/customizations.xml --\n" +
			"<ImportExportXml>\n  <connectionreferences>\n    <\n  </connectionreferences>\n</ImportExportXml>\n",
			mending(breaking), []string{
				"case.txtar: fixes broke solution Test: customizations.xml:3:6: expected an element's name [CR003 malformed-file]",
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := linttest.Parse("case.txtar", []byte(test.archive))
			require.NoError(t, err)
			got := record(t, func(t testing.TB) { c.Test(t, test.rule) })
			for i := range got {
				got[i] = changes(got[i])
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCaseTellsRulesThatWaver(t *testing.T) {
	withoutUpdate(t)
	t.Parallel()
	c, err := linttest.Parse("case.txtar", []byte("-- want --\nsolution.xml#<UniqueName>: time\n"))
	require.NoError(t, err)
	got := record(t, func(t testing.TB) { c.Test(t, wavering()) })
	require.Len(t, got, 1)
	require.Contains(t, got[0], "case.txtar: rule running finds something else in a second run (-first +second):\n")
}

func TestRun(t *testing.T) {
	linttest.Run(t, dangling, "testdata/undeclared.txtar", "testdata/completion/s*.txtar")
}

func TestPatternsThatMatchNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		patterns []string
		want     []string
	}{
		{nil, []string{"no pattern of archives was given, so that nothing would be tested"}},
		{[]string{"testdata/none*", "testdata/undeclared.txtar"}, []string{"pattern testdata/none* matches no file"}},
		{[]string{"["}, []string{"pattern [ matches no file"}},
	} {
		got := record(t, func(t testing.TB) { linttest.Glob(t, test.patterns) })
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("patterns %q (-want +got):\n%s", test.patterns, diff)
		}
	}
}
