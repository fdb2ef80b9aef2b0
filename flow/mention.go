package flow

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// mention is a place that names a binding's key.
type mention struct {
	key          string
	at           source.Span // as written, without quotes
	inExpression bool        // where a quote in the key is two
}

// mentions are those of a flow. They are read once: whoever makes a change for each of many keys would have the whole
// definition read anew for each.
type mentions struct {
	once sync.Once
	list []mention
	err  error
}

// mentions are all places of the definition that name a key, in file order: in the hosts of operations, whether or not
// the platform reads the key from there, and in every expression, since a path or a body may take the id of a
// connection too. It fails with ErrConflict where an expression takes from $connections what can't be read: which key
// that names is known only when the flow runs.
func (f *Flow) mentions() ([]mention, error) {
	f.named.once.Do(func() { f.named.list, f.named.err = f.readMentions() })
	return f.named.list, f.named.err
}

func (f *Flow) readMentions() ([]mention, error) {
	r := mentionReader{flow: f, plain: map[source.Value]bool{}, ids: map[source.Value]bool{}}
	for i := range f.operations {
		r.host(f.host(i))
	}
	r.value(f.properties().Get("definition"))
	slices.SortFunc(r.found, func(a, b mention) int { return cmp.Compare(a.at.Start, b.at.Start) })
	return r.found, errors.Join(r.faults...)
}

// host is the inputs.host of an operation; absent in a Compose action, whose inputs are data.
func (f *Flow) host(operation int) source.Value {
	if f.operations[operation].composes() {
		return source.Value{}
	}
	return f.bodies[operation].Get("inputs", "host")
}

type mentionReader struct {
	flow   *Flow
	plain  map[source.Value]bool // texts that are keys, whatever they look like
	ids    map[source.Value]bool // texts that are the id of a host's connection
	found  []mention
	faults []error
}

func (r *mentionReader) host(host source.Value) {
	for _, v := range []source.Value{
		host.Get("connectionName"), host.Get("connectionReferenceName"), host.Get("connection", "referenceName"),
	} {
		if key := v.Text(); key != "" {
			r.plain[v] = true
			r.found = append(r.found, mention{key: key, at: v.TextSpan()})
		}
	}
	r.ids[host.Get("connection", "name")] = true
}

// value reads the expressions in a value. Names of members are none: the platform evaluates values.
func (r *mentionReader) value(v source.Value) {
	switch v.Kind() {
	case source.Object:
		last := r.flow.counting(v)
		for m := range v.Members() {
			if last.has(m) {
				r.value(m.Value)
			}
		}
	case source.Array:
		for e := range v.Elements() {
			r.value(e)
		}
	case source.String:
		if !r.plain[v] {
			r.expression(v)
		}
	}
}

func (r *mentionReader) expression(v source.Value) {
	text := v.Text()
	for use := range connectionUses(text) {
		switch {
		case use.form == HostTriggerData && !use.caller && !r.ids[v]:
			// Somebody else's $connections, in the definition of another flow that this one reads, say.
		case use.key.Len() == 0:
			r.faults = append(r.faults, fmt.Errorf(
				"%s: an expression takes from $connections what can't be read: write the key as ['key']: %w",
				r.flow.Position(v.At()), connref.ErrConflict))
		default:
			r.found = append(r.found, mention{unquote(text, use.key), v.PartSpan(use.key), true})
		}
	}
}

// respell are the edits that make every mention of a key name another.
func (f *Flow) respell(mentions []mention, keys map[string]string) (edits []source.Edit) {
	for _, m := range mentions {
		key, ok := keys[m.key]
		if !ok || key == m.key {
			continue
		}
		if m.inExpression {
			key = quote(key)
		}
		edits = append(edits, f.file.NewEdit(m.at, inQuotes(key)))
	}
	return edits
}

// user says in words what mentions a key: the innermost operation around the place, if any.
func (f *Flow) user(m mention) string {
	for i, body := range slices.Backward(f.bodies) {
		if body.Span().Contains(m.at.Start) {
			return fmt.Sprintf("operation %q", f.operations[i].Path())
		}
	}
	return "an expression outside every operation"
}

// inQuotes spells a text as it stands between the quotes of a JSON string.
func inQuotes(text string) string {
	quoted := source.QuoteJSON(text)
	return quoted[1 : len(quoted)-1]
}
