package source

import "strings"

// RenderXML spells an element and all inside it as a file of its own: each element on its line, two spaces deeper than
// its parent, no XML declaration, no newline at the end; the way the platform writes its exports, whose newline is
// "\r\n". No newline makes it one line. An element that is empty is an empty tag, or both tags if its xsi:nil is true.
// It fails with ErrInvalid where XML can't spell a name or a text.
func RenderXML(root NewElement, newline string) (string, error) {
	x := &XML{file: NewFile("", []byte(newline)), whole: true}
	var b strings.Builder
	if err := x.renderTo(&b, root, newline, "", "  "); err != nil {
		return "", err
	}
	return b.String(), nil
}

// isNil tells whether an element says of itself that it has no value. Exports give such ones both tags.
func (e NewElement) isNil() bool {
	for _, a := range e.Attrs {
		if a.Name == "xsi:nil" && a.Value == "true" {
			return true
		}
	}
	return false
}
