package flow

import (
	"strings"

	"github.com/connref/connref/connref/source"
)

// Operation is a trigger or an action.
type Operation struct {
	Name           string
	IsTrigger      bool
	Type           string // OpenApiConnection, If, Compose, …; as written
	Kind           string // of a Request trigger: Button, PowerAppV2, Skills, …; as written
	Host           Host
	Authentication Authentication
	Parent         *Operation // the action that holds this one; nil at the top
	Branch         string     // of Parent: "" for its actions, "else", "default", or "case NAME"
	Depth          int        // number of parents
	At             source.Location
}

// Path names the operation with the actions and branches around it, as in "Try > Has items (else) > Send mail".
func (op *Operation) Path() string {
	if op.Parent == nil {
		return op.Name
	}
	var b strings.Builder
	b.WriteString(op.Parent.Path())
	if op.Branch != "" {
		b.WriteString(" (" + op.Branch + ")")
	}
	b.WriteString(" > " + op.Name)
	return b.String()
}

// composes tells whether the operation's inputs are the data that it composes.
func (op *Operation) composes() bool { return strings.EqualFold(op.Type, "Compose") }

func word(words []string, i int) string {
	if i >= len(words) {
		return "unknown"
	}
	return words[i]
}
