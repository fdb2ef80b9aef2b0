package rules

import (
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// mending gathers the edits of one file that make a fix.
type mending struct {
	edits []source.Edit
	err   error // why one of them can't be made
}

func (m *mending) add(edit source.Edit, err error) {
	m.edits = append(m.edits, edit)
	if err != nil {
		m.err = err
	}
}

// fixes is the fix that makes the edits, a verb phrase; none if there are none or one of them can't be made.
func (m *mending) fixes(file, message string) []diag.Fix {
	if m.err != nil || len(m.edits) == 0 {
		return nil
	}
	return fixes(source.Change{File: file, Edits: m.edits}, nil, message)
}

// fixes is the fix that makes a change; none where the change can't be made.
func fixes(change source.Change, err error, message string) []diag.Fix {
	if err != nil {
		return nil
	}
	return []diag.Fix{{Message: message, Changes: []source.Change{change}}}
}
