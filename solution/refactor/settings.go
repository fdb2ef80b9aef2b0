package refactor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// settings is a deployment settings file, as pac solution create-settings writes it, and what is to happen to its
// entries for connection references.
type settings struct {
	file    *source.File
	list    source.Value // the array ConnectionReferences
	entries []setting
}

// setting is an entry: the reference that it is for, and the connection that it gives it.
type setting struct {
	name       source.Value
	connection string
	to         connref.LogicalName // its new name; "" while it keeps its own
	gone       bool
}

// readSettings reads a file; one that isn't JSON has a warning and is left alone.
func (d *draft) readSettings(file *source.File) *settings {
	s := &settings{file: file}
	doc, err := source.ParseJSON(file, nil)
	if err != nil {
		d.warn("settings file is left alone: %v", err)
		return s
	}
	s.list = doc.Root().Get("ConnectionReferences")
	for e := range s.list.Elements() {
		s.entries = append(s.entries, setting{name: e.Get("LogicalName"), connection: e.Get("ConnectionId").Text()})
	}
	return s
}

// reference is the name that the entry will have.
func (e setting) reference() connref.LogicalName {
	if !e.to.IsZero() {
		return e.to
	}
	return connref.LogicalName(strings.TrimSpace(e.name.Text()))
}

// find answers the entry for a reference; nil if there is none.
func (s *settings) find(name connref.LogicalName) *setting {
	for i := range s.entries {
		if e := &s.entries[i]; !e.gone && e.reference().Equal(name) {
			return e
		}
	}
	return nil
}

func (s *settings) edits() ([]source.Edit, error) {
	var edits []source.Edit
	var gone []int
	for i, e := range s.entries {
		switch {
		case e.gone:
			gone = append(gone, i)
		case !e.to.IsZero():
			edits = append(edits, s.file.NewEdit(e.name.TextSpan(), string(e.to)))
		}
	}
	if len(gone) == 0 {
		return edits, nil
	}
	removed, err := s.list.RemoveElements(gone...)
	return append(edits, removed...), err
}

// note is a note about an entry.
func (s *settings) note(e *setting, format string, args ...any) Note {
	return Note{
		Text: fmt.Sprintf(format, args...), Solution: s.file.Name(),
		At: e.name.At(), Position: s.file.Position(e.name.Span().Start),
	}
}

// renameSettings gives the entries for references their new names. The new names are of entries as they were read, so
// that names can be swapped.
func (d *draft) renameSettings(names map[connref.LogicalName]connref.LogicalName) {
	for _, file := range d.Settings {
		s := d.settings[file]
		for i := range s.entries {
			e := &s.entries[i]
			old := connref.LogicalName(strings.TrimSpace(e.name.Text()))
			if to := names[old.Fold()]; !to.IsZero() && e.name.Text() != string(to) {
				e.to = to
				d.step(s.note(e, "rename %s to %s in its entry", old, to))
			}
		}
		s.warnOfTwins(d)
	}
}

// warnOfTwins tells of entries that have got the name of another one.
func (s *settings) warnOfTwins(d *draft) {
	for i := range s.entries {
		e := &s.entries[i]
		isTwin := func(other setting) bool { return other.to.IsZero() && other.reference().Equal(e.to) }
		if !e.to.IsZero() && slices.ContainsFunc(s.entries, isTwin) {
			d.plan.Warnings = append(d.plan.Warnings, s.note(e, "another entry is for %s: take one of them away", e.to))
		}
	}
}

// dropSettings takes the entries of a reference away.
func (d *draft) dropSettings(name connref.LogicalName) {
	for _, file := range d.Settings {
		s := d.settings[file]
		for e := s.find(name); e != nil; e = s.find(name) {
			e.gone = true
			d.step(s.note(e, "drop the entry of %s", name))
		}
	}
}

// mergeSettings makes the entry of one reference that of another, or drops it where that has one.
func (d *draft) mergeSettings(keep, drop connref.LogicalName) {
	for _, file := range d.Settings {
		s := d.settings[file]
		for e := s.find(drop); e != nil; e = s.find(drop) {
			kept := s.find(keep)
			if kept == nil {
				e.to = keep
				d.step(s.note(e, "rename %s to %s in its entry", drop, keep))
				continue
			}
			e.gone = true
			d.step(s.note(e, "drop the entry of %s", drop))
			if kept.connection != e.connection {
				n := s.note(e, "what ran on %s moves from connection %q to %q", drop, e.connection, kept.connection)
				d.plan.Warnings = append(d.plan.Warnings, n)
			}
		}
	}
}

// wantSettings warns of settings files that have no entry for a reference that a target gets.
func (d *draft) wantSettings(name connref.LogicalName) {
	for _, file := range d.Settings {
		if d.settings[file].find(name) == nil {
			d.warn("%s has no entry for %s: give it a connection there, or flows that use it stay off", file.Name(), name)
		}
	}
}
