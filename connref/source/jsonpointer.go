package source

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Lookup follows an RFC 6901 pointer from the root; it answers an absent Value where the pointer leads nowhere.
func (j *JSON) Lookup(pointer string) Value {
	if pointer == "" {
		return j.Root()
	}
	if pointer[0] != '/' {
		return Value{}
	}
	v := j.Root()
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch v.Kind() {
		case Object:
			v = v.Get(token)
		case Array:
			v = v.element(token)
		default:
			return Value{}
		}
	}
	return v
}

func (v Value) element(token string) Value {
	index, err := strconv.Atoi(token)
	if err != nil || strconv.Itoa(index) != token {
		return Value{}
	}
	for e := range v.Elements() {
		if index == 0 {
			return e
		}
		index--
	}
	return Value{}
}

// Position answers line, column and the pointer of the innermost value at an offset; on a member's name, of that
// member.
func (j *JSON) Position(offset int) Position {
	p := j.file.Position(offset)
	p.Pointer = j.Pointer(offset)
	return p
}

// Pointer is the RFC 6901 pointer of the innermost value at an offset; on a member's name, of that member.
func (j *JSON) Pointer(offset int) string {
	// Nodes stand in the order in which they begin, so the last that begins before the offset is the innermost at it or
	// one that ends before it, inside that one.
	node := sort.Search(len(j.nodes), func(i int) bool { return int(j.nodes[i].start) > offset }) - 1
	parents := j.parentNodes()
	var tokens []string
	for ; node > 0; node = int(parents[node]) {
		n, parent := j.nodes[node], Value{j, parents[node]}
		switch {
		case n.isName && offset < int(j.nodes[node+1].end):
			tokens = append(tokens, EscapePointer(Value{j, uint32(node)}.Text()))
		case n.isName || offset >= int(n.end):
			// The offset lies behind this one.
		case parent.Kind() == Array:
			tokens = append(tokens, strconv.Itoa(j.indexOf(parent, node)))
		default:
			tokens = append(tokens, EscapePointer(Value{j, uint32(node - 1)}.Text()))
		}
	}
	var pointer strings.Builder
	for _, token := range slices.Backward(tokens) {
		pointer.WriteByte('/')
		pointer.WriteString(token)
	}
	return pointer.String()
}

func (j *JSON) indexOf(array Value, node int) int {
	index := 0
	for e := range array.Elements() {
		if int(e.node) == node {
			break
		}
		index++
	}
	return index
}

// parentNodes answers, for each node, the object or array that it stands in. Two goroutines may work it out at once;
// they get the same.
func (j *JSON) parentNodes() []uint32 {
	if p := j.parents.Load(); p != nil {
		return *p
	}
	parents := make([]uint32, len(j.nodes))
	var open []uint32
	for i, n := range j.nodes {
		for len(open) > 0 && j.nodes[open[len(open)-1]].next <= uint32(i) {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			parents[i] = open[len(open)-1]
		}
		if n.kind == Object || n.kind == Array {
			open = append(open, uint32(i))
		}
	}
	j.parents.Store(&parents)
	return parents
}

// EscapePointer spells a member's name as a part of an RFC 6901 pointer.
func EscapePointer(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}
