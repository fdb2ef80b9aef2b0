package source

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// NewElement is an element to be written: attributes in order, then text or children, not both.
type NewElement struct {
	Name     string
	Attrs    []Attr
	Text     string
	Children []NewElement
}

// SetText is the edit that makes text all that stands between the element's tags, in the place of comments too. It fails
// with ErrNotFound if the element is absent, and with ErrInvalid if it has child elements or XML can't spell the text.
func (e Element) SetText(text string) (Edit, error) {
	if e.doc == nil {
		return Edit{}, fmt.Errorf("set text: %w", ErrNotFound)
	}
	f, n := e.doc.file, e.doc.nodes[e.node]
	if n.next != e.node+1 {
		return Edit{}, fmt.Errorf("%s: set text of <%s>, which has child elements: %w",
			f.Position(int(n.start)), e.Name(), ErrInvalid)
	}
	text, err := escapeXML(text, false, f.newline())
	if err != nil {
		return Edit{}, fmt.Errorf("%s: <%s>: %w", f.Position(int(n.start)), e.Name(), err)
	}
	if e.isEmptyTag() {
		return e.openUp(text), nil
	}
	return f.NewEdit(e.TextSpan(), text), nil
}

// SetAttr is the edit that gives the element an attribute: in the place of the one of that name, or behind the last.
// It fails as SetText does.
func (e Element) SetAttr(name, value string) (Edit, error) {
	if e.doc == nil {
		return Edit{}, fmt.Errorf("set attribute %s: %w", name, ErrNotFound)
	}
	f, n := e.doc.file, e.doc.nodes[e.node]
	value, err := escapeXML(value, true, "")
	if err == nil && !isXMLName(name) {
		err = fmt.Errorf("%q is no XML name: %w", name, ErrInvalid)
	}
	if err != nil {
		return Edit{}, fmt.Errorf("%s: <%s %s>: %w", f.Position(int(n.start)), e.Name(), name, err)
	}
	at := int(n.nameEnd)
	for _, a := range e.rawAttrs() {
		if e.doc.slice(a.name) == name {
			span := Span{int(a.value[0]) - 1, int(a.value[1]) + 1} // with its quotes, since the value's may differ
			return f.NewEdit(span, `"`+value+`"`), nil
		}
		at = int(a.value[1]) + 1
	}
	return f.NewEdit(Span{at, at}, " "+name+`="`+value+`"`), nil
}

// Append is the edit that adds children behind the last one, laid out as its neighbours are. It fails with ErrNotFound
// if the element is absent and with ErrInvalid if XML can't spell a child. Two edits that append to one element
// conflict: one adds many at once.
func (e Element) Append(children ...NewElement) (Edit, error) {
	if e.doc == nil {
		return Edit{}, fmt.Errorf("append %s: %w", tagNames(children), ErrNotFound)
	}
	f, end := e.doc.file, e.Span().End
	if len(children) == 0 {
		return f.NewEdit(Span{end, end}, ""), nil
	}
	last := Element{}
	for last = range e.Children() {
	}
	if last.Exists() {
		newline, unit := last.style()
		start, end := last.Span().Start, last.Span().End
		text, err := e.doc.renderAll(children, newline, f.indentAt(start), unit, f.gapBefore(start), "")
		if err != nil {
			return Edit{}, err
		}
		return f.NewEdit(Span{end, end}, text), nil
	}
	newline, unit := e.style()
	outer := f.indentAt(e.Span().Start)
	gap := ""
	if newline != "" {
		gap = newline + outer + unit
	}
	text, err := e.doc.renderAll(children, newline, outer+unit, unit, gap, "")
	if err != nil {
		return Edit{}, err
	}
	if newline != "" {
		text += newline + outer
	}
	if e.isEmptyTag() {
		return e.openUp(text), nil
	}
	return f.NewEdit(e.TextSpan(), strings.TrimRight(f.Slice(e.TextSpan()), " \t\r\n")+text), nil
}

// Before is the edit that adds siblings before the element, laid out as the element is; see Append. The root of the
// document can have none: an ErrInvalid.
func (e Element) Before(siblings ...NewElement) (Edit, error) {
	if err := e.wantInner("add " + tagNames(siblings) + " before"); err != nil {
		return Edit{}, err
	}
	f, start := e.doc.file, e.Span().Start
	newline, unit := e.style()
	text, err := e.doc.renderAll(siblings, newline, f.indentAt(start), unit, "", f.gapBefore(start))
	if err != nil {
		return Edit{}, err
	}
	return f.NewEdit(Span{start, start}, text), nil
}

func tagNames(elements []NewElement) string {
	var names []string
	for _, e := range elements {
		names = append(names, "<"+e.Name+">")
	}
	return strings.Join(names, " ")
}

// Clear is the edit that makes the element an empty tag, spelled as the file's others are; its attributes stay. It fails
// with ErrNotFound if the element is absent.
func (e Element) Clear() (Edit, error) {
	if e.doc == nil {
		return Edit{}, fmt.Errorf("clear: %w", ErrNotFound)
	}
	f, n := e.doc.file, e.doc.nodes[e.node]
	if e.isEmptyTag() {
		return f.NewEdit(e.Span(), e.Raw()), nil
	}
	open := int(n.open) - len(">")
	start := len(strings.TrimRight(f.text[:open], " \t\r\n"))
	return f.NewEdit(Span{start, int(n.end)}, e.doc.emptyTail()), nil
}

// Remove is the edit that removes the element and the white space before it. It fails with ErrNotFound if the element
// is absent and with ErrInvalid if it is the root of the document. Edits that remove neighbours don't conflict.
func (e Element) Remove() (Edit, error) {
	if err := e.wantInner("remove"); err != nil {
		return Edit{}, err
	}
	f, span := e.doc.file, e.Span()
	span.Start -= len(f.gapBefore(span.Start))
	return f.NewEdit(span, ""), nil
}

func (e Element) wantInner(verb string) error {
	switch {
	case e.doc == nil:
		return fmt.Errorf("%s: %w", verb, ErrNotFound)
	case e.doc.whole && e.node == 0:
		return fmt.Errorf("%s: %s <%s>: a document has one root: %w",
			e.doc.file.Position(e.Span().Start), verb, e.Name(), ErrInvalid)
	}
	return nil
}

func (e Element) isEmptyTag() bool {
	n := e.doc.nodes[e.node]
	return n.open == n.end
}

// openUp is the edit that makes <a /> into <a>inside</a>.
func (e Element) openUp(inside string) Edit {
	f, end := e.doc.file, e.Span().End
	start := len(strings.TrimRight(f.text[:end-len("/>")], " \t\r\n"))
	return f.NewEdit(Span{start, end}, ">"+inside+"</"+e.Name()+">")
}

// style tells how the file is laid out around the element: its newline and one step of indentation, or no newline if
// the element isn't the first thing on its line.
func (e Element) style() (newline, unit string) {
	f, start := e.doc.file, e.Span().Start
	lineStart := start - len(f.indentAt(start))
	if lineStart > 0 && f.text[lineStart-1] != '\n' && f.text[lineStart-1] != '\r' {
		return "", ""
	}
	return f.newline(), f.tagIndent()
}

// tagIndent is the white space before the first tag that is indented: one step of indentation.
func (f *File) tagIndent() string {
	rest := f.text
	for {
		i := strings.IndexAny(rest, "\r\n")
		if i < 0 {
			return "  "
		}
		rest = strings.TrimLeft(rest[i:], "\r\n")
		tag := strings.TrimLeft(rest, " \t")
		if len(tag) < len(rest) && strings.HasPrefix(tag, "<") {
			return rest[:len(rest)-len(tag)]
		}
	}
}

// emptyTail is how the file ends an empty tag: as the first one does that is seen, else " />", as everything of this
// field does.
func (x *XML) emptyTail() string {
	for _, n := range x.nodes {
		if n.open == n.end {
			return tailAt(x.file.text, int(n.end)-len("/>"))
		}
	}
	if i := strings.Index(x.file.text, "/>"); i > 0 && !x.whole {
		return tailAt(x.file.text, i)
	}
	return " />"
}

func tailAt(text string, slash int) string {
	if isXMLSpace(text[slash-1]) {
		return " />"
	}
	return "/>"
}

// renderAll spells new elements on lines that begin with indent, each between two texts.
func (x *XML) renderAll(elements []NewElement, newline, indent, unit, before, after string) (string, error) {
	var b strings.Builder
	for _, e := range elements {
		b.WriteString(before)
		if err := x.renderTo(&b, e, newline, indent, unit); err != nil {
			return "", err
		}
		b.WriteString(after)
	}
	return b.String(), nil
}

func (x *XML) renderTo(b *strings.Builder, e NewElement, newline, indent, unit string) error {
	switch {
	case !isXMLName(e.Name):
		return fmt.Errorf("new element <%s>: %q is no XML name: %w", e.Name, e.Name, ErrInvalid)
	case e.Text != "" && len(e.Children) > 0:
		return fmt.Errorf("new element <%s>: both text and children: give one: %w", e.Name, ErrInvalid)
	}
	b.WriteByte('<')
	b.WriteString(e.Name)
	for i, a := range e.Attrs {
		value, err := escapeXML(a.Value, true, "")
		switch {
		case !isXMLName(a.Name):
			err = fmt.Errorf("%q is no XML name: %w", a.Name, ErrInvalid)
		case slices.ContainsFunc(e.Attrs[:i], func(b Attr) bool { return b.Name == a.Name }):
			err = fmt.Errorf("the attribute is there twice: %w", ErrInvalid)
		}
		if err != nil {
			return fmt.Errorf("new element <%s %s>: %w", e.Name, a.Name, err)
		}
		for _, part := range []string{" ", a.Name, `="`, value, `"`} {
			b.WriteString(part)
		}
	}
	if e.Text == "" && len(e.Children) == 0 && !e.isNil() {
		b.WriteString(x.emptyTail())
		return nil
	}
	text, err := escapeXML(e.Text, false, x.file.newline())
	if err != nil {
		return fmt.Errorf("new element <%s>: %w", e.Name, err)
	}
	b.WriteByte('>')
	b.WriteString(text)
	inner := ""
	if len(e.Children) > 0 {
		inner = indent + unit
	}
	for _, child := range e.Children {
		if newline != "" {
			b.WriteString(newline)
			b.WriteString(inner)
		}
		if err := x.renderTo(b, child, newline, inner, unit); err != nil {
			return err
		}
	}
	if len(e.Children) > 0 && newline != "" {
		b.WriteString(newline)
		b.WriteString(indent)
	}
	for _, part := range []string{"</", e.Name, ">"} {
		b.WriteString(part)
	}
	return nil
}

func isXMLName(name string) bool {
	p := xmlParser{text: name}
	return utf8.ValidString(name) && p.name("a name") && p.pos == len(name)
}

// escapeXML spells text for use between tags or inside an attribute's double quotes, the way the platform does. It
// fails with ErrInvalid where text holds a character that XML 1.0 can't spell.
func escapeXML(text string, attribute bool, newline string) (string, error) {
	if err := CheckXMLText(text); err != nil {
		return "", err
	}
	if !strings.ContainsAny(text, "&<>\"\r\n\t") {
		return text, nil // as most are
	}
	pairs := []string{"&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;"}
	if attribute {
		pairs = append(pairs, `"`, "&quot;", "\n", "&#xA;", "\t", "&#x9;")
	} else if newline != "" {
		pairs = append(pairs, "\n", newline)
	}
	return strings.NewReplacer(pairs...).Replace(text), nil
}
