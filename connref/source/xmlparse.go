package source

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ParseXML parses a file as one XML document. It accepts what encoding/xml accepts, but for what package source's
// documentation lists, and fails with a *SyntaxError, or with the file's *EncodingError.
func ParseXML(f *File, opts *Options) (*XML, error) {
	if err := f.parsable(); err != nil {
		return nil, err
	}
	p := newXMLParser(f, opts)
	p.nodes = make([]xmlNode, 0, strings.Count(f.text, "<")*2/3+1) // a '<' or two an element
	p.prolog()
	if p.msg == "" {
		p.element()
	}
	p.epilog()
	if p.msg != "" {
		return nil, f.syntaxError(p.bad, p.msg)
	}
	return &XML{file: f, nodes: p.nodes, attrs: p.attrs, whole: true}, nil
}

type xmlParser struct {
	file  *File
	text  string
	pos   int
	limit int
	nodes []xmlNode
	attrs []xmlAttr
	many  map[string]bool // names of the attributes of a tag that has more than a few
	bad   int
	msg   string // why it stopped; "" while all is well
}

func newXMLParser(f *File, opts *Options) *xmlParser {
	return &xmlParser{file: f, text: f.text, limit: opts.maxDepth()}
}

func (p *xmlParser) fail(at int, msg string) bool {
	if p.msg == "" {
		p.msg, p.bad = msg, at
	}
	return false
}

func (p *xmlParser) rest() string { return p.text[p.pos:] }

// prolog moves to the root element, over declaration, comments, instructions and white space.
func (p *xmlParser) prolog() {
	if strings.HasPrefix(p.rest(), "<?xml") {
		p.declaration()
	}
	p.misc()
	if p.msg == "" && (p.pos == len(p.text) || strings.HasPrefix(p.rest(), "</")) {
		p.fail(p.pos, "expected the root element")
	}
}

// epilog checks that nothing but comments, instructions and white space follows the root.
func (p *xmlParser) epilog() {
	if p.msg != "" {
		return
	}
	p.misc()
	if p.msg == "" && p.pos < len(p.text) {
		p.fail(p.pos, "a second root element: a document has one")
	}
}

// misc moves over what may stand outside the root, up to the next element.
func (p *xmlParser) misc() {
	for p.msg == "" && p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case isXMLSpace(c):
			p.pos++
		case c != '<':
			p.fail(p.pos, "text outside the root element")
		case strings.HasPrefix(p.rest(), "<![CDATA["):
			p.fail(p.pos, "text outside the root element")
		case !p.markup():
			return
		}
	}
}

// markup moves over the comment or instruction at '<' and reports false if something else stands there.
func (p *xmlParser) markup() bool {
	switch rest := p.rest(); {
	case strings.HasPrefix(rest, "<?"):
		return p.instruction()
	case strings.HasPrefix(rest, "<!--"):
		return p.comment()
	case strings.HasPrefix(rest, "<!"):
		return p.fail(p.pos, "a document type or other declaration: solutions have none, and it could define entities")
	}
	return false
}

func (p *xmlParser) comment() bool {
	end := strings.Index(p.text[p.pos+4:], "--")
	if end < 0 {
		return p.fail(len(p.text), "unexpected end of the file inside a comment")
	}
	end += p.pos + 4 + 2
	if end >= len(p.text) {
		return p.fail(len(p.text), "unexpected end of the file inside a comment")
	}
	if p.text[end] != '>' {
		return p.fail(end-2, "'--' inside a comment")
	}
	p.pos = end + 1
	return true
}

func (p *xmlParser) instruction() bool {
	start := p.pos
	p.pos += 2
	if !p.anyName("an instruction's name") {
		return false
	}
	if p.text[start+2:p.pos] == "xml" {
		return p.fail(start, "an XML declaration that isn't at the start of the file")
	}
	end := strings.Index(p.rest(), "?>")
	if end < 0 {
		return p.fail(len(p.text), "unexpected end of the file inside an instruction")
	}
	p.pos += end + 2
	return true
}

// declaration checks <?xml …?>: version 1.0, and an encoding that the file has.
func (p *xmlParser) declaration() {
	end := strings.Index(p.rest(), "?>")
	if end < 0 {
		p.fail(len(p.text), "unexpected end of the file inside the XML declaration")
		return
	}
	decl := p.text[p.pos+len("<?xml") : p.pos+end]
	if decl != "" && (isNameByte(decl[0]) || decl[0] >= utf8.RuneSelf) {
		return // <?xml-stylesheet …?>: an instruction
	}
	if version := pseudoAttr(decl, "version"); version != "" && version != "1.0" {
		p.fail(p.pos, "XML version "+version+": expected 1.0")
	}
	if name := pseudoAttr(decl, "encoding"); name != "" && !p.file.encodedAs(name) {
		p.fail(p.pos, "declares encoding "+name+" but is "+p.file.encoding.String())
	}
	p.pos += end + 2
}

// encodedAs tells whether a declaration may call the file's encoding by that name. UTF-8 in a UTF-16 file is let pass,
// since the byte order mark counts for more (XML 1.0 §4.3.3) and build scripts re-code files without a look inside.
func (f *File) encodedAs(name string) bool {
	name = strings.ToLower(name)
	return name == "utf-8" || f.encoding != UTF8 && strings.HasPrefix(name, "utf-16")
}

// pseudoAttr is the value of name="…" in a declaration, or "". It is as lenient as encoding/xml.
func pseudoAttr(decl, name string) string {
	for {
		_, rest, ok := strings.Cut(decl, name+"=")
		if !ok || rest == "" {
			return ""
		}
		if rest[0] == '"' || rest[0] == '\'' {
			value, _, ok := strings.Cut(rest[1:], rest[:1])
			if !ok {
				return ""
			}
			return value
		}
		decl = rest[1:]
	}
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func (p *xmlParser) space() {
	for p.pos < len(p.text) && isXMLSpace(p.text[p.pos]) {
		p.pos++
	}
}

// name moves over the name of an element or attribute: at most one colon.
func (p *xmlParser) name(what string) bool {
	start := p.pos
	if !p.anyName(what) {
		return false
	}
	if strings.Count(p.text[start:p.pos], ":") > 1 {
		return p.fail(start, "a name with more than one colon")
	}
	return true
}

// anyName moves over a name (XML 1.0 §2.3).
func (p *xmlParser) anyName(what string) bool {
	start := p.pos
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(p.rest())
			if !isNameRune(r) || p.pos == start && isMidNameRune(r) {
				return p.fail(p.pos, "a character that no XML name has there")
			}
			p.pos += size
			continue
		}
		if !isNameByte(c) {
			break
		}
		p.pos++
	}
	if p.pos == start || '0' <= p.text[start] && p.text[start] <= '9' || p.text[start] == '-' || p.text[start] == '.' {
		return p.fail(start, "expected "+what)
	}
	return true
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '_' || c == ':' || c == '.' || c == '-'
}

// isNameRune tells whether a character beyond ASCII may stand in a name; the ranges are those of XML 1.0, fifth
// edition.
func isNameRune(r rune) bool {
	switch {
	case r == 0xB7, r >= 0xC0 && r <= 0x37D && r != 0xD7 && r != 0xF7, r >= 0x37F && r <= 0x1FFF:
		return true
	case r >= 0x200C && r <= 0x200D, r >= 0x203F && r <= 0x2040, r >= 0x2070 && r <= 0x218F:
		return true
	case r >= 0x2C00 && r <= 0x2FEF, r >= 0x3001 && r <= 0xD7FF, r >= 0xF900 && r <= 0xFDCF, r >= 0xFDF0 && r <= 0xFFFD:
		return true
	}
	return r >= 0x10000 && r <= 0xEFFFF
}

// isMidNameRune tells whether a character beyond ASCII that a name may have can't be its first.
func isMidNameRune(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r >= 0x203F && r <= 0x2040
}

// element parses the element at pos and all inside it.
func (p *xmlParser) element() bool {
	var open []uint32 // nodes whose end tag is to come
	for {
		switch {
		case p.pos >= len(p.text):
			return p.fail(len(p.text), "unexpected end of the file: expected </"+p.nodeName(open[len(open)-1])+">")
		case p.text[p.pos] != '<':
			if !p.charData() {
				return false
			}
		case strings.HasPrefix(p.rest(), "</"):
			node := open[len(open)-1]
			if !p.endTag(node) {
				return false
			}
			open = open[:len(open)-1]
		case strings.HasPrefix(p.rest(), "<![CDATA["):
			if !p.cdata() {
				return false
			}
		case p.pos+1 < len(p.text) && (p.text[p.pos+1] == '!' || p.text[p.pos+1] == '?'):
			if !p.markup() {
				return false
			}
		default:
			if len(open) >= p.limit {
				return p.fail(p.pos, "nested deeper than the limit, Options.MaxDepth")
			}
			node := uint32(len(p.nodes))
			empty, ok := p.startTag()
			if !ok {
				return false
			}
			if !empty {
				open = append(open, node)
			}
		}
		if len(open) == 0 {
			return true
		}
	}
}

func (p *xmlParser) nodeName(node uint32) string {
	n := p.nodes[node]
	return p.text[n.start+1 : n.nameEnd]
}

// startTag parses a start tag or an empty tag and adds its node.
func (p *xmlParser) startTag() (empty, ok bool) {
	n := xmlNode{start: uint32(p.pos), attrs: uint32(len(p.attrs))}
	p.pos++
	if !p.name("an element's name behind '<'") {
		return false, false
	}
	n.nameEnd = uint32(p.pos)
	for {
		p.space()
		switch rest := p.rest(); {
		case rest == "":
			return false, p.fail(len(p.text), "unexpected end of the file inside a tag")
		case rest[0] == '>':
			p.pos++
			n.open = uint32(p.pos)
		case strings.HasPrefix(rest, "/>"):
			p.pos += 2
			n.open, n.close, n.end = uint32(p.pos), uint32(p.pos), uint32(p.pos)
			n.next = uint32(len(p.nodes) + 1)
			empty = true
		default:
			if !p.attr(n.attrs) {
				return false, false
			}
			continue
		}
		n.attrsBound = uint32(len(p.attrs))
		p.nodes = append(p.nodes, n)
		return empty, true
	}
}

// attr parses an attribute; first is the index of the tag's first one.
func (p *xmlParser) attr(first uint32) bool {
	var a xmlAttr
	a.name[0] = uint32(p.pos)
	if !p.name("an attribute, '>' or '/>'") {
		return false
	}
	a.name[1] = uint32(p.pos)
	p.space()
	if !strings.HasPrefix(p.rest(), "=") {
		return p.fail(p.pos, "expected '=' behind the attribute's name")
	}
	p.pos++
	p.space()
	rest := p.rest()
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return p.fail(p.pos, "expected the attribute's value in quotes")
	}
	p.pos++
	end := strings.IndexByte(p.rest(), rest[0])
	if end < 0 {
		return p.fail(len(p.text), "unexpected end of the file inside an attribute's value")
	}
	a.value = [2]uint32{uint32(p.pos), uint32(p.pos + end)}
	if lt := strings.IndexByte(p.text[p.pos:p.pos+end], '<'); lt >= 0 {
		return p.fail(p.pos+lt, "'<' inside an attribute's value: it must be &lt;")
	}
	if !p.chars(p.pos, p.pos+end, true) {
		return false
	}
	p.pos += end + 1
	if name := p.text[a.name[0]:a.name[1]]; p.hasAttr(first, name) {
		return p.fail(int(a.name[0]), "attribute "+name+" is there twice")
	}
	p.attrs = append(p.attrs, a)
	return true
}

// hasAttr tells whether the tag has an attribute of that name. A tag with more than a few is looked up in a map, so
// that one with very many can't take time without end.
func (p *xmlParser) hasAttr(first uint32, name string) bool {
	const few = 32
	attrs := p.attrs[first:]
	if len(attrs) < few {
		return slices.ContainsFunc(attrs, func(a xmlAttr) bool { return p.text[a.name[0]:a.name[1]] == name })
	}
	if len(attrs) == few {
		p.many = make(map[string]bool)
		for _, a := range attrs {
			p.many[p.text[a.name[0]:a.name[1]]] = true
		}
	}
	had := p.many[name]
	p.many[name] = true
	return had
}

func (p *xmlParser) endTag(node uint32) bool {
	start := p.pos
	p.pos += 2
	if !p.name("an element's name behind '</'") {
		return false
	}
	if name := p.text[start+2 : p.pos]; name != p.nodeName(node) {
		return p.fail(start, "expected </"+p.nodeName(node)+">, not </"+name+">")
	}
	p.space()
	if !strings.HasPrefix(p.rest(), ">") {
		return p.fail(p.pos, "expected '>' to end the tag")
	}
	p.pos++
	n := &p.nodes[node]
	n.close, n.end, n.next = uint32(start), uint32(p.pos), uint32(len(p.nodes))
	return true
}

func (p *xmlParser) charData() bool {
	end := strings.IndexByte(p.rest(), '<')
	if end < 0 {
		end = len(p.rest())
	}
	if !p.chars(p.pos, p.pos+end, true) {
		return false
	}
	if i := strings.Index(p.text[p.pos:p.pos+end], "]]>"); i >= 0 {
		return p.fail(p.pos+i, "']]>' in text: it must be ]]&gt;")
	}
	p.pos += end
	return true
}

func (p *xmlParser) cdata() bool {
	start := p.pos + len("<![CDATA[")
	end := strings.Index(p.text[start:], "]]>")
	if end < 0 {
		return p.fail(len(p.text), "unexpected end of the file inside a CDATA section")
	}
	p.pos = start + end + 3
	return p.chars(start, start+end, false)
}

// chars checks the characters of a piece of text and, if it may hold them, its entities.
func (p *xmlParser) chars(start, end int, entities bool) bool {
	for i := start; i < end; {
		c := p.text[i]
		switch {
		case c == '&' && entities:
			_, size := entity(p.text[i:end])
			if size == 0 {
				return p.fail(i, "'&' that begins no known entity: it must be &amp;")
			}
			i += size
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			return p.fail(i, "a control character, which XML forbids")
		case c < 0xEF: // what XML forbids beyond ASCII begins with this byte
			i++
		default:
			r, size := utf8.DecodeRuneInString(p.text[i:])
			if !isXMLChar(r) {
				return p.fail(i, "a character that XML forbids")
			}
			i += size
		}
	}
	return true
}
