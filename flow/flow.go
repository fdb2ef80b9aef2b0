package flow

import (
	"iter"
	"sort"

	"github.com/connref/connref/connref/source"
)

// Flow is one cloud flow, as far as its file could be read. It never changes; safe for use by many goroutines.
type Flow struct {
	doc        *source.JSON
	file       *source.File
	bindings   []Binding
	operations []Operation
	bodies     []source.Value // of each operation
	variables  []Variable
	repeats    bool // some object of the file has two members of one name
	named      mentions
}

// File is the file that was parsed.
func (f *Flow) File() *source.File { return f.file }

// Document is the file as a span tree; nil if it isn't JSON.
func (f *Flow) Document() *source.JSON { return f.doc }

// DisplayName is properties.displayName, which only legacy flow packages have; the name of a solution flow is part of
// the solution's metadata.
func (f *Flow) DisplayName() string { return f.properties().Get("displayName").Text() }

func (f *Flow) properties() source.Value {
	if f.doc == nil {
		return source.Value{}
	}
	return f.doc.Root().Get("properties")
}

func (f *Flow) references() source.Value { return f.properties().Get("connectionReferences") }

// counting are, of an object that may have repeated members, those that count: the last of each name, which is the one
// that the platform reads. It is nil while all do.
type counting map[string]source.Member

func (f *Flow) counting(object source.Value) counting {
	if !f.repeats {
		return nil
	}
	last := make(counting, object.Len())
	for m := range object.Members() {
		last[m.Name()] = m
	}
	return last
}

func (c counting) has(m source.Member) bool { return c == nil || c[m.Name()] == m }

// Bindings yields the flow's bindings in file order.
func (f *Flow) Bindings() iter.Seq[Binding] {
	return func(yield func(Binding) bool) {
		for _, b := range f.bindings {
			if !yield(b) {
				return
			}
		}
	}
}

// Binding is the binding with that key, compared exactly as JSON keys are, and whether there is one.
func (f *Flow) Binding(key string) (Binding, bool) {
	for _, b := range f.bindings {
		if b.Key == key {
			return b, true
		}
	}
	return Binding{}, false
}

// Operations yields the triggers, then the actions at every depth, each before those inside it, in file order.
func (f *Flow) Operations() iter.Seq[*Operation] {
	return f.operationsWhere(func(*Operation) bool { return true })
}

// UsersOf yields the operations that name the binding key.
func (f *Flow) UsersOf(key string) iter.Seq[*Operation] {
	return f.operationsWhere(func(op *Operation) bool { return op.Host.Key == key && key != "" })
}

// Calls yields the operations that call a child flow.
func (f *Flow) Calls() iter.Seq[*Operation] {
	return f.operationsWhere(func(op *Operation) bool { return op.Host.Form == HostChildFlow })
}

func (f *Flow) operationsWhere(want func(*Operation) bool) iter.Seq[*Operation] {
	return func(yield func(*Operation) bool) {
		for i := range f.operations {
			if op := &f.operations[i]; want(op) && !yield(op) {
				return
			}
		}
	}
}

// Body is a trigger or an action of this flow as its file has it: an object with type, inputs and all else. It is
// absent for an operation that isn't one of those that this flow yields.
func (f *Flow) Body(op *Operation) source.Value {
	if op == nil {
		return source.Value{}
	}
	// Triggers come first; among themselves, both are in file order.
	i := sort.Search(len(f.operations), func(i int) bool {
		if o := &f.operations[i]; o.IsTrigger == op.IsTrigger {
			return o.At.Span.Start >= op.At.Span.Start
		}
		return op.IsTrigger
	})
	if i == len(f.operations) || &f.operations[i] != op {
		return source.Value{}
	}
	return f.bodies[i]
}

// OperationCount is the number of triggers and actions at every depth.
func (f *Flow) OperationCount() int { return len(f.operations) }

// TriggerKind is how the flow starts, judged by its first trigger.
func (f *Flow) TriggerKind() TriggerKind {
	for op := range f.Operations() {
		if op.IsTrigger {
			return triggerKind(op.Type, op.Kind)
		}
	}
	return TriggerNone
}

// Variables yields the environment variables that the flow takes as parameters, in file order.
func (f *Flow) Variables() iter.Seq[Variable] {
	return func(yield func(Variable) bool) {
		for _, v := range f.variables {
			if !yield(v) {
				return
			}
		}
	}
}

// Position answers line, column and JSON pointer of a place in the flow's file: no pointer if it isn't JSON, and just
// the file if its bytes spell no text.
func (f *Flow) Position(at source.Location) source.Position {
	switch {
	case f.doc != nil:
		return f.doc.Position(at.Span.Start)
	case f.file.Err() != nil:
		return source.Position{File: f.file.Name()}
	}
	return f.file.Position(at.Span.Start)
}
