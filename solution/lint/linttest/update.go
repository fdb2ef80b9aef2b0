package linttest

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

const updateFlag = "update"

// A program that isn't a test, and only shows cases, gets no flag.
func init() {
	if testing.Testing() && flag.Lookup(updateFlag) == nil {
		flag.Bool(updateFlag, false, "rewrite what cases of rules expect")
	}
}

// updating tells whether cases are to be rewritten. The flag may be another package's.
func updating() bool {
	f := flag.Lookup(updateFlag)
	return f != nil && f.Value.String() == "true"
}

// update rewrites the archive to expect what a rule did, if it doesn't yet.
func (c *Case) update(t testing.TB, unexpected []outcome, missing []Want, mended []mendedFile) {
	t.Helper()
	was, is := txtar.Archive{Comment: []byte(c.Comment)}, txtar.Archive{Comment: []byte(c.Comment)}
	expected := c.expected(unexpected, missing, mended)
	for _, f := range c.Files {
		was.Files = append(was.Files, txtar.File{Name: f.Name, Data: []byte(f.Text)})
		same := func(e txtar.File) bool { return e.Name == f.Name }
		if i := slices.IndexFunc(expected, same); i >= 0 {
			is.Files = append(is.Files, expected[i])
			expected = slices.Delete(expected, i, i+1)
		} else if f.Name != wantName && !strings.HasPrefix(f.Name, fixedFolder) {
			is.Files = append(is.Files, was.Files[len(was.Files)-1])
		}
	}
	is.Files = append(is.Files, expected...)
	for _, f := range is.Files {
		if nameless.Match(f.Data) || txtar.NeedsQuote(f.Data) {
			t.Errorf("%s: file %s can't be in an archive: it has a line like those between files", c.Path, f.Name)
		}
	}
	text := txtar.Format(&is)
	if t.Failed() || bytes.Equal(txtar.Format(&was), text) {
		return
	}
	if err := os.WriteFile(c.Path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s is rewritten", c.Path)
}

// expected are the files that say what a rule did.
func (c *Case) expected(unexpected []outcome, missing []Want, mended []mendedFile) (files []txtar.File) {
	var removed string
	for _, m := range mended {
		if m.gone {
			removed += m.name + "\n"
			continue
		}
		files = append(files, txtar.File{Name: fixedFolder + m.name, Data: []byte(m.after)})
	}
	if removed != "" {
		files = append(files, txtar.File{Name: removedName, Data: []byte(removed)})
	}
	i := slices.IndexFunc(c.Files, func(f File) bool { return f.Name == wantName })
	if i < 0 && len(unexpected) == 0 {
		return files
	}
	want := ""
	if i >= 0 {
		want = c.Files[i].Text
	}
	return slices.Insert(files, 0, txtar.File{Name: wantName, Data: []byte(renew(want, unexpected, missing))})
}

// renew drops the lines of want that nothing was found for, and adds one for each finding that has none. What is right
// stays as it is, and so do comments.
func renew(want string, unexpected []outcome, missing []Want) string {
	var b strings.Builder
	for line := range strings.Lines(want) {
		i := slices.IndexFunc(missing, func(w Want) bool { return w.Text == strings.TrimSpace(line) })
		if i < 0 {
			b.WriteString(line)
			continue
		}
		missing = slices.Concat(missing[:i], missing[i+1:])
	}
	for _, o := range unexpected {
		b.WriteString(o.String() + "\n")
	}
	return b.String()
}
