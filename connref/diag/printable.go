package diag

import (
	"strings"
	"unicode"
)

// Printable is a text in which nothing can steer a terminal or break a line: U+FFFD stands for control characters and
// for those that turn the direction of writing. Names that come out of files are not to be trusted with either.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
