package source

import (
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// XML is an XML text, or one element of a larger one, as a tree of spans: it keeps order, quotes, entities and empty
// tags as written, since it holds nothing but offsets. It never changes; safe for use by many goroutines.
type XML struct {
	file  *File
	nodes []xmlNode // elements in preorder
	attrs []xmlAttr
	whole bool // the first element is the document's root
}

// xmlNode is an element. <a x="1">…</a>: start and end enclose all of it, open is behind the start tag, close before the
// end tag. For an empty tag, <a />, open and close are end.
type xmlNode struct {
	start, nameEnd    uint32
	open, close, end  uint32
	next              uint32 // index of the first element behind this one and all inside it
	attrs, attrsBound uint32
}

type xmlAttr struct {
	name  [2]uint32
	value [2]uint32 // without its quotes
}

// File is the file that was parsed.
func (x *XML) File() *File { return x.file }

// Root is the element that was parsed.
func (x *XML) Root() Element { return Element{x, 0} }

// Element is one element of an XML tree. The zero Element is absent: every method answers as if nothing were there, so
// that paths can be followed without checks. Names are compared as written, prefix included.
type Element struct {
	doc  *XML
	node uint32
}

// Attr is one attribute: its name as written, prefix included, and its decoded value.
type Attr struct {
	Name  string
	Value string
}

// Exists tells whether the element is there.
func (e Element) Exists() bool { return e.doc != nil }

// Name is the element's name as written, prefix included.
func (e Element) Name() string {
	if e.doc == nil {
		return ""
	}
	n := e.doc.nodes[e.node]
	return e.doc.file.text[n.start+1 : n.nameEnd]
}

// Span is where the element stands in the text, tags included.
func (e Element) Span() Span {
	if e.doc == nil {
		return Span{}
	}
	n := e.doc.nodes[e.node]
	return Span{int(n.start), int(n.end)}
}

// At is the location of the element; the zero Location if it is absent.
func (e Element) At() Location {
	if e.doc == nil {
		return Location{}
	}
	return e.doc.file.At(e.Span())
}

// Raw is the element exactly as written.
func (e Element) Raw() string {
	if e.doc == nil {
		return ""
	}
	return e.doc.file.Slice(e.Span())
}

// TextSpan is what stands between the element's tags; empty, at its end, for an empty tag.
func (e Element) TextSpan() Span {
	if e.doc == nil {
		return Span{}
	}
	n := e.doc.nodes[e.node]
	return Span{int(n.open), int(n.close)}
}

// Children yields the element's child elements, or only those of one of the names, in file order.
func (e Element) Children(names ...string) iter.Seq[Element] {
	return func(yield func(Element) bool) {
		if e.doc == nil {
			return
		}
		nodes := e.doc.nodes
		for i, end := e.node+1, nodes[e.node].next; i < end; i = nodes[i].next {
			child := Element{e.doc, i}
			if child.named(names) && !yield(child) {
				return
			}
		}
	}
}

func (e Element) named(names []string) bool {
	if len(names) == 0 {
		return true
	}
	have := e.Name()
	for _, name := range names {
		if have == name {
			return true
		}
	}
	return false
}

// Child follows names down, at each step to the first child of that name. It answers an absent Element where a name
// leads nowhere.
func (e Element) Child(path ...string) Element {
	for _, name := range path {
		next := Element{}
		for child := range e.Children(name) {
			next = child
			break
		}
		e = next
	}
	return e
}

// Attrs yields the attributes in file order, with decoded values.
func (e Element) Attrs() iter.Seq[Attr] {
	return func(yield func(Attr) bool) {
		for _, a := range e.rawAttrs() {
			if !yield(Attr{e.doc.slice(a.name), e.doc.decode(a.value)}) {
				return
			}
		}
	}
}

func (e Element) rawAttrs() []xmlAttr {
	if e.doc == nil {
		return nil
	}
	n := e.doc.nodes[e.node]
	return e.doc.attrs[n.attrs:n.attrsBound]
}

// Attr is the decoded value of the attribute of that name, and whether it is there.
func (e Element) Attr(name string) (string, bool) {
	for _, a := range e.rawAttrs() {
		if e.doc.slice(a.name) == name {
			return e.doc.decode(a.value), true
		}
	}
	return "", false
}

// AttrAt is the location of the attribute's value without its quotes; that of the element if it has no such attribute.
func (e Element) AttrAt(name string) Location {
	for _, a := range e.rawAttrs() {
		if e.doc.slice(a.name) == name {
			return e.doc.file.At(Span{int(a.value[0]), int(a.value[1])})
		}
	}
	return e.At()
}

func (x *XML) slice(span [2]uint32) string { return x.file.text[span[0]:span[1]] }

func (x *XML) decode(span [2]uint32) string { return decodeXML(x.slice(span)) }

// Text is the decoded text directly inside the element, without that of its children, comments or instructions.
// Where nothing needs decoding it is a part of the file's text and costs nothing, but keeps that text alive.
func (e Element) Text() string {
	if e.doc == nil {
		return ""
	}
	n := e.doc.nodes[e.node]
	text := e.doc.file.text
	if n.next == e.node+1 && !strings.Contains(text[n.open:n.close], "<") {
		return decodeXML(text[n.open:n.close])
	}
	var b strings.Builder
	for piece := range e.charData() {
		b.WriteString(piece.decode(text[piece.span.Start:piece.span.End]))
	}
	return b.String()
}

// PartSpan is the span, as written, of a part of the element's Text: where entities, \r\n, comments or CDATA sections
// stand before it or in it, they are counted as they are written. A part that leaves the text ends where the text does.
func (e Element) PartSpan(part Span) Span {
	if e.doc == nil || part.Start < 0 || part.Start > part.End {
		return e.TextSpan()
	}
	end := e.TextSpan().End
	s, done := Span{end, end}, 0 // done is how much of the text the pieces before had
	for piece := range e.charData() {
		raw := e.doc.file.text[piece.span.Start:piece.span.End]
		size := len(piece.decode(raw))
		if from := part.Start - done; 0 <= from && from < size {
			s.Start = piece.span.Start + piece.writtenLen(raw, from)
		}
		if to := part.End - done; 0 <= to && to <= size && part.End > part.Start {
			s.End = piece.span.Start + piece.writtenLen(raw, to)
			return s
		}
		done += size
	}
	if part.Len() == 0 {
		s.End = s.Start
	}
	return s
}

// charData is a piece of an element's text as written.
type charData struct {
	span  Span
	cdata bool // in a CDATA section, where nothing but newlines is decoded
}

// charData yields the pieces of the element's text.
func (e Element) charData() iter.Seq[charData] {
	return func(yield func(charData) bool) {
		n := e.doc.nodes[e.node]
		from := int(n.open)
		for child := range e.Children() {
			c := e.doc.nodes[child.node]
			if !e.doc.charData(Span{from, int(c.start)}, yield) {
				return
			}
			from = int(c.end)
		}
		e.doc.charData(Span{from, int(n.close)}, yield)
	}
}

// charData yields the pieces of a span that holds no elements.
func (x *XML) charData(span Span, yield func(charData) bool) bool {
	for pos := span.Start; pos < span.End; {
		raw := x.file.text[pos:span.End]
		switch i := strings.IndexByte(raw, '<'); {
		case i != 0:
			if i < 0 {
				i = len(raw)
			}
			if !yield(charData{Span{pos, pos + i}, false}) {
				return false
			}
			pos += i
		case strings.HasPrefix(raw, "<![CDATA["):
			start := pos + len("<![CDATA[")
			end := start + strings.Index(x.file.text[start:span.End], "]]>")
			if !yield(charData{Span{start, end}, true}) {
				return false
			}
			pos = end + len("]]>")
		default:
			pos += skipMarkup(raw)
		}
	}
	return true
}

// decode is the text that a piece spells.
func (c charData) decode(raw string) string {
	if c.cdata {
		return unifyNewlines(raw)
	}
	return decodeXML(raw)
}

// writtenLen is how much of a piece spells the first n bytes of its text.
func (c charData) writtenLen(raw string, n int) int {
	i := 0
	for n > 0 && i < len(raw) {
		switch {
		case raw[i] == '&' && !c.cdata:
			r, size := entity(raw[i:])
			i, n = i+size, n-utf8.RuneLen(r)
		case strings.HasPrefix(raw[i:], "\r\n"):
			i, n = i+2, n-1
		default:
			i, n = i+1, n-1
		}
	}
	return i
}

// Trimmed is Text without the white space around it, which a hand-edited file may have.
func (e Element) Trimmed() string { return strings.TrimSpace(e.Text()) }

// skipMarkup is the length of the comment or instruction that raw begins with.
func skipMarkup(raw string) int {
	if strings.HasPrefix(raw, "<!--") {
		return len("<!--") + strings.Index(raw[len("<!--"):], "-->") + len("-->")
	}
	return strings.Index(raw, "?>") + len("?>")
}

func unifyNewlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// decodeXML resolves the entities of checked text and makes every newline a line feed, as XML 1.0 §2.11 asks.
func decodeXML(raw string) string {
	amp := strings.IndexByte(raw, '&')
	if amp < 0 {
		return unifyNewlines(raw)
	}
	var b strings.Builder
	b.Grow(len(raw))
	for amp >= 0 {
		b.WriteString(unifyNewlines(raw[:amp]))
		r, size := entity(raw[amp:])
		b.WriteRune(r)
		raw = raw[amp+size:]
		amp = strings.IndexByte(raw, '&')
	}
	b.WriteString(unifyNewlines(raw))
	return b.String()
}

// entity answers the character that the entity at the start of s stands for and the entity's length, or 0 if it is
// none: the five of XML 1.0 §4.6 and numbers.
func entity(s string) (r rune, size int) {
	end := strings.IndexByte(s, ';')
	if end < 0 {
		return 0, 0
	}
	name, size := s[1:end], end+1
	switch name {
	case "lt":
		return '<', size
	case "gt":
		return '>', size
	case "amp":
		return '&', size
	case "apos":
		return '\'', size
	case "quot":
		return '"', size
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	if !isNumber {
		return 0, 0
	}
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !isXMLChar(rune(n)) || n > utf8.MaxRune {
		return 0, 0
	}
	return rune(n), size
}

// isXMLChar tells whether XML 1.0 §2.2 allows the character.
func isXMLChar(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r <= 0xD7FF:
		return true
	}
	return r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
}
