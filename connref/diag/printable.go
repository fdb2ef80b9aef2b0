package diag

import (
	"strings"
	"unicode"
)

// Printable is a text in which nothing can steer a terminal or break a line: U+FFFD stands for control characters, line
// and paragraph separators, and what turns the direction of writing. Names out of files are not to be trusted with any.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
