package source

import (
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// FindXML finds elements by their path from the root, "ImportExportXml/Workflows/Workflow", in one scan that builds
// nothing but trees of the elements found: the few that are wanted of a file of many megabytes. It calls found for each
// in file order, with the index of its path; an element inside a found one isn't looked for. At most 64 paths.
//
// The scan is exact about comments, CDATA sections and quotes, and checks that tags nest and the document has one root.
// Outside the elements found it takes what ParseXML would refuse inside tags and text: attributes, entities, characters
// and names that XML forbids, and "]]>". It fails with a *SyntaxError, with the file's *EncodingError, or with what found
// answers. What was found before a fault has been handed over by then.
func FindXML(f *File, opts *Options, found func(path int, e Element) error, paths ...string) error {
	if err := f.parsable(); err != nil {
		return err
	}
	if len(paths) > 64 {
		return fmt.Errorf("find in %s: %d paths, at most 64: %w", f.name, len(paths), ErrInvalid)
	}
	s := xmlScanner{xmlParser: newXMLParser(f, opts), found: found, paths: make([][]string, len(paths))}
	for i, path := range paths {
		s.paths[i] = strings.Split(path, "/")
	}
	s.prolog()
	if err := s.scan(); err != nil {
		return err
	}
	s.epilog()
	if s.msg != "" {
		return f.syntaxError(s.bad, s.msg)
	}
	return nil
}

type xmlScanner struct {
	*xmlParser
	paths [][]string
	found func(int, Element) error
	open  []openTag
}

// openTag is a start tag whose end tag is to come.
type openTag struct {
	name Span
	live uint64 // the paths that begin as the tags down to this one, one bit each
}

// scan goes over the root element. A fault of the document is noted in msg; it answers only what found does.
func (s *xmlScanner) scan() error {
	for s.msg == "" {
		at := strings.IndexByte(s.rest(), '<')
		if at < 0 {
			s.fail(len(s.text), "unexpected end of the file: expected </"+s.openName()+">")
			return nil
		}
		s.pos += at
		switch next := s.text[min(s.pos+1, len(s.text)-1)]; {
		case next == '/':
			s.endTag()
		case next == '!' && strings.HasPrefix(s.rest(), "<![CDATA["):
			s.cdata()
		case next == '!' || next == '?':
			s.markup()
		default:
			if err := s.startTag(); err != nil {
				return err
			}
		}
		if len(s.open) == 0 {
			return nil
		}
	}
	return nil
}

// openName is the name of the innermost tag that is open.
func (s *xmlScanner) openName() string {
	name := s.open[len(s.open)-1].name
	return s.text[name.Start:name.End]
}

func (s *xmlScanner) startTag() error {
	start := s.pos
	if len(s.open) >= s.limit {
		s.fail(start, "nested deeper than the limit, Options.MaxDepth")
		return nil
	}
	s.pos++
	if !s.tagName() {
		return nil
	}
	name := Span{start + 1, s.pos}
	live := s.match(s.text[name.Start:name.End])
	for rest := live; rest != 0; rest &= rest - 1 {
		if i := bits.TrailingZeros64(rest); len(s.paths[i]) == len(s.open)+1 {
			s.pos = start
			return s.take(i)
		}
	}
	if empty := s.tagEnd(); !empty && s.msg == "" {
		s.open = append(s.open, openTag{name, live})
	}
	return nil
}

// match answers which of the paths that are live go on with that name.
func (s *xmlScanner) match(name string) (live uint64) {
	depth := len(s.open)
	before := ^uint64(0) >> (64 - len(s.paths))
	if depth > 0 {
		before = s.open[depth-1].live
	}
	for ; before != 0; before &= before - 1 {
		i := bits.TrailingZeros64(before)
		if depth < len(s.paths[i]) && s.paths[i][depth] == name {
			live |= 1 << i
		}
	}
	return live
}

// take parses the element at pos and hands it over.
func (s *xmlScanner) take(path int) error {
	limit := s.limit
	s.limit -= len(s.open)
	ok := s.element()
	s.limit = limit
	if !ok {
		return nil
	}
	x := &XML{file: s.file, nodes: s.nodes, attrs: s.attrs, whole: len(s.open) == 0}
	// The next one found is mostly of the same size.
	s.nodes, s.attrs = make([]xmlNode, 0, len(s.nodes)), make([]xmlAttr, 0, len(s.attrs))
	return s.found(path, x.Root())
}

// The kinds of bytes that may stand where a tag's name is read.
const (
	inName  = iota // part of the name
	endName        // white space, '/' or '>'
	noName         // what no name has
)

var tagBytes = func() (kinds [256]uint8) {
	for i := range kinds {
		switch c := byte(i); {
		case c == '>' || c == '/' || isXMLSpace(c):
			kinds[i] = endName
		case !isNameByte(c) && c < utf8.RuneSelf:
			kinds[i] = noName
		}
	}
	return kinds
}()

// tagName moves over a tag's name, which ends at white space, '/' or '>'.
func (s *xmlScanner) tagName() bool {
	text, i := s.text, s.pos
	for i < len(text) && tagBytes[text[i]] == inName {
		i++
	}
	switch {
	case i < len(text) && tagBytes[text[i]] == noName:
		return s.fail(i, "a character that no element's name has")
	case i == s.pos:
		return s.fail(i, "expected an element's name")
	}
	s.pos = i
	return true
}

// tagEnd moves behind the '>' that ends a start tag and tells whether it is an empty tag.
func (s *xmlScanner) tagEnd() (empty bool) {
	text := s.text
	for i := s.pos; i < len(text); i++ {
		switch c := text[i]; c {
		case '>':
			s.pos = i + 1
			return text[i-1] == '/'
		case '"', '\'':
			end := strings.IndexByte(text[i+1:], c)
			if end < 0 {
				i = len(text)
				continue
			}
			i += end + 1
		case '<':
			s.fail(i, "'<' inside a tag")
			return false
		}
	}
	s.fail(len(text), "unexpected end of the file inside a tag")
	return false
}

func (s *xmlScanner) endTag() {
	start := s.pos
	s.pos += 2
	want := s.openName()
	if end := s.pos + len(want); end < len(s.text) && s.text[end] == '>' && s.text[s.pos:end] == want {
		s.pos = end + 1
		s.open = s.open[:len(s.open)-1]
		return
	}
	if !s.tagName() {
		return
	}
	if name := s.text[start+2 : s.pos]; name != want {
		s.fail(start, "expected </"+want+">, not </"+name+">")
		return
	}
	s.space()
	if !strings.HasPrefix(s.rest(), ">") {
		s.fail(s.pos, "expected '>' to end the tag")
		return
	}
	s.pos++
	s.open = s.open[:len(s.open)-1]
}

func (s *xmlScanner) cdata() {
	end := strings.Index(s.rest(), "]]>")
	if end < 0 {
		s.fail(len(s.text), "unexpected end of the file inside a CDATA section")
		return
	}
	s.pos += end + 3
}

// RootName is the name of the document's root element as written and where it stands; "" if the file doesn't get that
// far.
func RootName(f *File) (name string, at Location) {
	if f.parsable() != nil {
		return "", Location{}
	}
	s := xmlScanner{xmlParser: newXMLParser(f, nil)}
	s.prolog()
	start := s.pos + 1
	if s.msg != "" {
		return "", Location{}
	}
	s.pos = start
	if !s.tagName() {
		return "", Location{}
	}
	return f.text[start:s.pos], f.At(Span{start, s.pos})
}
