package linttest

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
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

// compare fails the test, or with the flag -update rewrites the archive, unless its files are those that say what the
// rule did.
func (c *Case) compare(t testing.TB, files []File) {
	t.Helper()
	want, got := c.archive(c.Files), c.archive(files)
	switch {
	case bytes.Equal(want, got), updating() && t.Failed():
	case !updating():
		t.Errorf("%s: the rule does something else (-want +got):\n%s", c.Path, diff.Diff(c.Path, want, c.Path, got))
	default:
		if err := os.WriteFile(c.Path, got, 0o666); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s is rewritten", c.Path)
	}
}

func (c *Case) archive(files []File) []byte {
	archive := txtar.Archive{Comment: []byte(c.Comment)}
	for _, f := range files {
		archive.Files = append(archive.Files, txtar.File{Name: f.Name, Data: []byte(f.Text)})
	}
	return txtar.Format(&archive)
}

// renewed are the files of the archive with what the rule did in the place of what it should. Lines of want that are
// right stay as they are, and so do comments.
func (c *Case) renewed(unexpected []outcome, missing []Want, mended []File) (files []File) {
	want := find(c.Files, wantName)
	lines := strings.SplitAfter(want.Text, "\n")
	for _, w := range missing {
		lines[w.Line-want.Line] = ""
	}
	for _, o := range unexpected {
		lines = append(lines, o.String()+"\n")
	}
	is := append([]File{{Name: wantName, Text: strings.Join(lines, "")}}, mended...)
	for _, f := range c.Files {
		if renewed := find(is, f.Name); renewed.Name != "" {
			files = append(files, renewed)
		} else if !strings.HasPrefix(f.Name, fixedFolder) {
			files = append(files, f)
		}
	}
	for _, f := range is {
		if f.Text != "" && find(c.Files, f.Name).Name == "" {
			files = append(files, f)
		}
	}
	return files
}
