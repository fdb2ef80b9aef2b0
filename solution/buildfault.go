package solution

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/connref/connref/connref"
)

// buildFaults gathers what is wrong with all that a Builder was given, so that Build tells everything at once.
type buildFaults struct{ list []error }

// add notes an ErrInvalid; no reason is no fault. The path says of what, as in "variable contoso_Site: default".
func (f *buildFaults) add(path, value, reason string) {
	f.addKind(connref.ErrInvalid, path, value, reason)
}

func (f *buildFaults) addKind(kind error, path, value, reason string) {
	if reason != "" {
		f.list = append(f.list, &connref.FieldError{Field: path, Value: value, Reason: reason, Err: kind})
	}
}

// join notes the faults that something else found, one by one.
func (f *buildFaults) join(err error) {
	if err == nil {
		return
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok { // the very error, not one inside
		for _, one := range joined.Unwrap() {
			f.join(one)
		}
		return
	}
	f.list = append(f.list, err)
}

// text notes why a text can't be written, or doesn't fit its column.
func (f *buildFaults) text(path, value string, limit int) {
	f.add(path, value, connref.TextFault(value, limit))
}

func (f *buildFaults) err() error { return errors.Join(f.list...) }

// isWord tells whether a text is one or more ASCII letters, digits and underscores.
func isWord(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !isWordRune(r) })
}

func isWordRune(r rune) bool { return isLetterOrDigit(r) || r == '_' }

func isLetterOrDigit(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// named is the path of a thing, or its kind alone where it has no name. A name that can't be printed on a line is
// quoted.
func named(kind, name string) string {
	switch {
	case name == "":
		return kind
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return kind + " " + strconv.Quote(name)
	}
	return kind + " " + name
}
