package source

import (
	"encoding/json"
	"fmt"
	"iter"
	"sync/atomic"
)

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds of JSON values. Absent, the zero Kind, is a value that isn't there.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// String answers the kind in words, with its article, to stand in a message: "an object".
func (k Kind) String() string {
	names := [...]string{"absent", "null", "a boolean", "a number", "a string", "an array", "an object"}
	if int(k) >= len(names) {
		return "unknown"
	}
	return names[k]
}

// JSON is a JSON text as a tree of spans: it keeps order, repeated members, number spelling and escapes, since it holds
// nothing but offsets. It never changes; safe for use by many goroutines.
type JSON struct {
	file    *File
	nodes   []jsonNode // in preorder; an object's members are a key node, then a value node
	parents atomic.Pointer[[]uint32]
}

type jsonNode struct {
	start, end uint32
	next       uint32 // index of the first node behind this one and all inside it
	kind       Kind
	escaped    bool // a string that has a back-slash
	isName     bool // a member's name
}

// File is the file that was parsed.
func (j *JSON) File() *File { return j.file }

// Root is the value that the text is.
func (j *JSON) Root() Value { return Value{j, 0} }

// Value is one value of a JSON tree. The zero Value is absent: every method answers as if nothing were there, so that
// paths can be followed without checks.
type Value struct {
	doc  *JSON
	node uint32
}

// Member is one member of an object.
type Member struct {
	Key   Value // a string
	Value Value
}

// Name is the member's decoded name.
func (m Member) Name() string { return m.Key.Text() }

// Exists tells whether the value is there.
func (v Value) Exists() bool { return v.doc != nil }

// Kind is the kind of the value.
func (v Value) Kind() Kind {
	if v.doc == nil {
		return Absent
	}
	return v.doc.nodes[v.node].kind
}

// Span is where the value stands in the text.
func (v Value) Span() Span {
	if v.doc == nil {
		return Span{}
	}
	n := v.doc.nodes[v.node]
	return Span{int(n.start), int(n.end)}
}

// At is the location of the value; the zero Location if it is absent.
func (v Value) At() Location {
	if v.doc == nil {
		return Location{}
	}
	return v.doc.file.At(v.Span())
}

// Raw is the value exactly as written.
func (v Value) Raw() string {
	if v.doc == nil {
		return ""
	}
	return v.doc.file.Slice(v.Span())
}

// Text is the decoded value of a string, with lone surrogates as U+FFFD; empty for every other kind. Without escapes it
// is a part of the file's text and costs nothing, but keeps that text alive.
func (v Value) Text() string {
	if v.Kind() != String {
		return ""
	}
	n := v.doc.nodes[v.node]
	if !n.escaped {
		return v.doc.file.text[n.start+1 : n.end-1]
	}
	var s string
	if json.Unmarshal([]byte(v.Raw()), &s) != nil {
		return "" // can't be: the string was checked when it was parsed
	}
	return s
}

// TextSpan is the span of a string's text as written, without its quotes.
func (v Value) TextSpan() Span {
	if v.Kind() != String {
		return Span{}
	}
	s := v.Span()
	return Span{s.Start + 1, s.End - 1}
}

// PartSpan is the span, as written, of a part of a string's decoded text: where escapes stand before it or in it, they
// are counted as they are written. A part that leaves the text ends where the text does.
func (v Value) PartSpan(part Span) Span {
	text := v.TextSpan()
	if v.Kind() != String || part.Start < 0 || part.Start > part.End {
		return text
	}
	raw := v.doc.file.Slice(text)
	start := writtenLen(raw, part.Start)
	return Span{text.Start + start, text.Start + start + writtenLen(raw[start:], part.Len())}
}

// Decode unmarshals the value as encoding/json does. It fails with ErrNotFound if the value is absent.
func (v Value) Decode(into any) error {
	if v.doc == nil {
		return fmt.Errorf("decode into %T: %w", into, ErrNotFound)
	}
	if err := json.Unmarshal([]byte(v.Raw()), into); err != nil {
		return fmt.Errorf("%s: %w", v.doc.file.Position(v.Span().Start), err)
	}
	return nil
}

// Members yields the members of an object in file order, repeated ones too; nothing for other kinds.
func (v Value) Members() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		if v.Kind() != Object {
			return
		}
		nodes := v.doc.nodes
		for key, end := v.node+1, nodes[v.node].next; key < end; key = nodes[key+1].next {
			if !yield(Member{Value{v.doc, key}, Value{v.doc, key + 1}}) {
				return
			}
		}
	}
}

// Elements yields the elements of an array in order; nothing for other kinds.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != Array {
			return
		}
		nodes := v.doc.nodes
		for i, end := v.node+1, nodes[v.node].next; i < end; i = nodes[i].next {
			if !yield(Value{v.doc, i}) {
				return
			}
		}
	}
}

// Len is the number of members or elements; 0 for other kinds.
func (v Value) Len() int {
	n := 0
	switch v.Kind() {
	case Object:
		for range v.Members() {
			n++
		}
	case Array:
		for range v.Elements() {
			n++
		}
	}
	return n
}

// Get follows member names down from an object. Of a repeated member it takes the last, as encoding/json does. It
// answers an absent Value where a name leads nowhere.
func (v Value) Get(path ...string) Value {
	for _, name := range path {
		v = v.Member(name).Value
	}
	return v
}

// Member is the last member of that name, or one with an absent Key and Value.
func (v Value) Member(name string) (found Member) {
	if v.Kind() != Object {
		return Member{}
	}
	nodes, text := v.doc.nodes, v.doc.file.text
	for key, end := v.node+1, nodes[v.node].next; key < end; key = nodes[key+1].next {
		n := &nodes[key]
		have := text[n.start+1 : n.end-1]
		if n.escaped {
			have = Value{v.doc, key}.Text()
		}
		if have == name {
			found = Member{Value{v.doc, key}, Value{v.doc, key + 1}}
		}
	}
	return found
}

// Repeated yields the members of an object whose name stands before them in the same object.
func (v Value) Repeated() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		const few = 16 // so few names are compared one by one, which allocates nothing
		var seen map[string]bool
		if n := v.Len(); n > few {
			seen = make(map[string]bool, n)
		}
		for m := range v.Members() {
			repeated := seen == nil && v.hasBefore(m)
			if seen != nil {
				repeated = seen[m.Name()]
				seen[m.Name()] = true
			}
			if repeated && !yield(m) {
				return
			}
		}
	}
}

// hasBefore tells whether a member before m has its name.
func (v Value) hasBefore(m Member) bool {
	for earlier := range v.Members() {
		if earlier == m {
			return false
		}
		if earlier.Name() == m.Name() {
			return true
		}
	}
	return false
}

// Repeated yields the repeated members of every object of the text: those of an object before those of the objects
// inside it.
func (j *JSON) Repeated() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		for i, n := range j.nodes {
			if n.kind != Object {
				continue
			}
			for m := range (Value{j, uint32(i)}).Repeated() {
				if !yield(m) {
					return
				}
			}
		}
	}
}
