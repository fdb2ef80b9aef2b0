package connref

import (
	"strings"
	"unicode/utf16"

	"github.com/connref/connref/connref/source"
)

// Characters counts a text as the platform does, against the limits of its columns: in UTF-16 code units.
func Characters(text string) (n int) {
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// TextFault is the reason, as a FieldError has it, why a solution can't hold a text in a column of limit characters:
// XML can't spell it, or it is too long. It is "" where nothing is wrong.
func TextFault(text string, limit int) string {
	if err := source.CheckXMLText(text); err != nil {
		reason := strings.TrimSuffix(err.Error(), ": "+ErrInvalid.Error())
		return strings.TrimPrefix(reason, "the text ")
	}
	return tooLong(text, limit)
}
