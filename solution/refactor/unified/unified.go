package unified

import (
	"io"
	"path"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/refactor"
)

// Write writes the plan as a unified diff, file by file in the order of the plan. It fails as refactor.Plan.Apply does,
// and where w does.
func Write(w io.Writer, plan *refactor.Plan) error {
	files, err := plan.Files()
	if err != nil {
		return err
	}
	return WriteFiles(w, files...)
}

// WriteFiles writes changed files as a unified diff, in their order, whatever changed them. It fails where w does.
func WriteFiles(w io.Writer, files ...refactor.FileChange) error {
	for _, file := range files {
		before, after := diag.Printable(name(file.Solution, file.Before)), diag.Printable(name(file.Solution, file.After))
		if _, err := w.Write(diff.Diff(before, text(file.Before), after, text(file.After))); err != nil {
			return err
		}
	}
	return nil
}

// name is the path of a file, from where the solution's own is from.
func name(sol *solution.Solution, file *source.File) string {
	switch {
	case file == nil:
		return "/dev/null"
	case sol == nil:
		return file.Name()
	case sol.Layout() == solution.LayoutZip:
		return sol.Path() + "!" + file.Name()
	}
	return path.Join(sol.Path(), file.Name())
}

func text(file *source.File) []byte {
	if file == nil {
		return nil
	}
	if file.Err() != nil {
		return file.Bytes()
	}
	return []byte(file.Text())
}
