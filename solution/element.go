package solution

import (
	"strconv"
	"strings"

	"github.com/connref/connref/connref/source"
)

// number is the number that an element holds; 0 for none.
func number(e source.Element) int {
	n, _ := strconv.Atoi(e.Trimmed())
	return n
}

// attr is an attribute's value without white space around it, which hand-edited files have.
func attr(e source.Element, name string) string {
	value, _ := e.Attr(name)
	return strings.TrimSpace(value)
}

// setFirst sets text to an attribute of the element unless an earlier one did.
func setFirst(text *string, e source.Element, attr string) {
	if *text == "" {
		*text, _ = e.Attr(attr)
	}
}
