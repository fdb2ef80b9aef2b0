package rules

import (
	"path"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// declaring are the files that declare references and list dependencies, in whatever layout.
var declaring = []string{"solution.xml", "customizations.xml"}

// unread is the one of the solution's declaring files that could not be read to its end; "" if both could.
func unread(sol *solution.Solution) string {
	for _, name := range declaring {
		if file := unreadNamed(sol, name); file != "" {
			return file
		}
	}
	return ""
}

// unreadNamed is the file of that name, in whatever folder, if it could not be read to its end; else "".
func unreadNamed(sol *solution.Solution, name string) string {
	reading := []string{unreadableFile.ID, undecodableText.ID, malformedFile.ID, missingPart.ID}
	for _, d := range sol.Problems() {
		if slices.Contains(reading, d.Rule) && connref.EqualFold(path.Base(d.At.File), name) {
			return d.At.File
		}
	}
	return ""
}

// unreadBeside is the first such file of the set, with its path, but of one solution.
func unreadBeside(p *lint.Pass, but *solution.Solution) string {
	type unreadFile struct {
		name string
		of   *solution.Solution
	}
	all := memo(p, memoKey{what: "unread files"}, func() (all []unreadFile) {
		for _, sol := range p.Solutions {
			if name := unread(sol); name != "" {
				all = append(all, unreadFile{name, sol})
			}
		}
		return all
	})
	for _, file := range all {
		if file.of != but {
			return file.name + " of " + file.of.Path()
		}
	}
	return ""
}

// unreadIn is the first such file of some solutions, with its path.
func unreadIn(solutions ...[]*solution.Solution) string {
	for _, sol := range slices.Concat(solutions...) {
		if file := unread(sol); file != "" {
			return file + " of " + sol.Path()
		}
	}
	return ""
}
