package source

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

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

// CheckXMLText fails with ErrInvalid where a text can't stand in an XML file: it isn't UTF-8, or it has a character
// that XML 1.0 can't spell even as an escape, which most control characters are.
func CheckXMLText(text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("the text is not utf-8: %w", ErrInvalid)
	}
	for i, r := range text {
		if !isXMLChar(r) {
			return fmt.Errorf("the text has %U at byte %d, which XML can't spell: %w", r, i, ErrInvalid)
		}
	}
	return nil
}
