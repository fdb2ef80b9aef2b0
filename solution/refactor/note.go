package refactor

import (
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// Note is one thing that a Plan says: a step, a warning or a refusal.
type Note struct {
	Text     string          // lower case, without a full stop
	Solution string          // the path of the solution that it is about; of a settings file, its name; "" for all of them
	At       source.Location // where; zero if it isn't about a place
	Position source.Position // At made readable
}

// String answers "solution: file:line:column: text", on one printable line.
func (n Note) String() string {
	text := n.Text
	if at := n.Position.String(); at != "" {
		text = at + ": " + text
	}
	if n.Solution != "" && n.Solution != n.Position.File {
		text = n.Solution + ": " + text
	}
	return diag.Printable(text)
}

// noteAt is a note about a place in a solution.
func noteAt(sol *solution.Solution, at source.Location, text string) Note {
	return Note{Text: text, Solution: sol.Path(), At: at, Position: sol.Position(at)}
}
