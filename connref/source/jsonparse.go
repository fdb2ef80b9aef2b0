package source

// ParseJSON parses a file as one JSON value (RFC 8259). It accepts what encoding/json accepts, but for the depth limit,
// and fails with a *SyntaxError, or with the file's *EncodingError.
func ParseJSON(f *File, opts *Options) (*JSON, error) {
	if err := f.parsable(); err != nil {
		return nil, err
	}
	p := jsonParser{text: f.text, depth: opts.maxDepth()}
	p.nodes = make([]jsonNode, 0, len(f.text)/24+8) // flows have a node every 25 to 30 bytes
	p.space()
	p.value()
	p.space()
	if p.msg == "" && p.pos < len(p.text) {
		p.fail("text behind the value: expected the end of the file")
	}
	if p.msg != "" {
		return nil, f.syntaxError(p.bad, p.msg)
	}
	return &JSON{file: f, nodes: p.nodes}, nil
}

type jsonParser struct {
	text  string
	pos   int
	depth int // levels left
	nodes []jsonNode
	bad   int
	msg   string // why it stopped; "" while all is well
}

// fail notes the first fault and moves to the end, so that every loop ends.
func (p *jsonParser) fail(msg string) bool {
	if p.msg == "" {
		p.msg, p.bad = msg, p.pos
		if p.pos >= len(p.text) {
			p.msg = "unexpected end of the file: " + msg
		}
	}
	p.pos = len(p.text)
	return false
}

func (p *jsonParser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return
		}
	}
}

func (p *jsonParser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *jsonParser) value() bool {
	switch c := p.peek(); c {
	case '{':
		return p.object()
	case '[':
		return p.array()
	case '"':
		return p.string()
	case 't':
		return p.word("true", Bool)
	case 'f':
		return p.word("false", Bool)
	case 'n':
		return p.word("null", Null)
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return p.number()
		}
		return p.fail("expected a JSON value")
	}
}

func (p *jsonParser) open(kind Kind) (node int, ok bool) {
	if p.depth == 0 {
		return 0, p.fail("nested deeper than the limit, Options.MaxDepth")
	}
	p.depth--
	node = len(p.nodes)
	p.nodes = append(p.nodes, jsonNode{start: uint32(p.pos), kind: kind})
	p.pos++
	p.space()
	return node, true
}

func (p *jsonParser) close(node int) bool {
	p.depth++
	p.pos++
	p.nodes[node].end = uint32(p.pos)
	p.nodes[node].next = uint32(len(p.nodes))
	return true
}

func (p *jsonParser) object() bool {
	node, ok := p.open(Object)
	if !ok {
		return false
	}
	if p.peek() == '}' {
		return p.close(node)
	}
	for {
		if p.peek() != '"' {
			return p.fail("expected a member name in double quotes")
		}
		if !p.string() {
			return false
		}
		p.nodes[len(p.nodes)-1].isName = true
		p.space()
		if p.peek() != ':' {
			return p.fail("expected ':' behind the member name")
		}
		p.pos++
		p.space()
		if !p.value() {
			return false
		}
		if more, ok := p.more('}', "expected ',' or '}' behind the member"); !more {
			return ok && p.close(node)
		}
	}
}

func (p *jsonParser) array() bool {
	node, ok := p.open(Array)
	if !ok {
		return false
	}
	if p.peek() == ']' {
		return p.close(node)
	}
	for {
		if !p.value() {
			return false
		}
		if more, ok := p.more(']', "expected ',' or ']' behind the element"); !more {
			return ok && p.close(node)
		}
	}
}

// more moves over the comma behind a member or element and tells whether there was one; what stands there else must be
// the end of the object or array.
func (p *jsonParser) more(end byte, fault string) (more, ok bool) {
	p.space()
	switch p.peek() {
	case ',':
		p.pos++
		p.space()
		return true, true
	case end:
		return false, true
	}
	return false, p.fail(fault)
}

// leaf adds a node for the text from start to here.
func (p *jsonParser) leaf(start int, kind Kind, escaped bool) bool {
	p.nodes = append(p.nodes, jsonNode{
		start: uint32(start), end: uint32(p.pos), next: uint32(len(p.nodes) + 1), kind: kind, escaped: escaped,
	})
	return true
}

func (p *jsonParser) word(word string, kind Kind) bool {
	start := p.pos
	for i := range len(word) {
		if p.peek() != word[i] {
			return p.fail("expected " + word)
		}
		p.pos++
	}
	return p.leaf(start, kind, false)
}

func (p *jsonParser) string() bool {
	start, escaped := p.pos, false
	text := p.text
	for i := p.pos + 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			p.pos = i + 1
			return p.leaf(start, String, escaped)
		case c == '\\':
			escaped = true
			p.pos = i
			if i = p.escape(); i < 0 {
				return false
			}
		case c < 0x20:
			p.pos = i
			return p.fail("control character in a string: it must be escaped")
		}
	}
	p.pos = len(text)
	return p.fail("expected '\"' to end the string")
}

// escape checks the escape at pos and answers the offset of its last byte, or -1.
func (p *jsonParser) escape() int {
	p.pos++
	switch p.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return p.pos
	case 'u':
		for range 4 {
			p.pos++
			if !isHex(p.peek()) {
				p.fail("expected four hexadecimal digits behind \\u")
				return -1
			}
		}
		return p.pos
	}
	p.fail("unknown escape in a string")
	return -1
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func (p *jsonParser) number() bool {
	start := p.pos
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
	} else if !p.digits() {
		return false
	}
	if p.peek() == '.' {
		p.pos++
		if !p.digits() {
			return false
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return false
		}
	}
	return p.leaf(start, Number, false)
}

func (p *jsonParser) digits() bool {
	start := p.pos
	for c := p.peek(); '0' <= c && c <= '9'; c = p.peek() {
		p.pos++
	}
	if p.pos == start {
		return p.fail("expected a digit")
	}
	return true
}
