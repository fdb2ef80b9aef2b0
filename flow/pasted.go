package flow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/connref/connref/connref/source"
)

// pasted writes JSON as it is, but for its white space.
func (e *encoder) pasted(raw json.RawMessage) {
	doc, err := source.ParseJSON(source.NewFile("", raw), &source.Options{MaxDepth: maxNesting})
	var compact bytes.Buffer
	if err == nil {
		err = json.Compact(&compact, raw)
	}
	if err != nil {
		e.fault("", "is no JSON: "+reasonOf(err))
		e.raw([]byte("null"))
		return
	}
	for m := range doc.Repeated() {
		e.fault(m.Name(), "stands more than once in one object")
	}
	if text := compact.String(); hasLoneSurrogate(text) {
		e.fault("", "has half of a surrogate pair, which is no character")
	}
	e.raw(compact.Bytes())
}

// reasonOf is what an error of reading says, without the place in a file that has no name.
func reasonOf(err error) string {
	if syntax := (*source.SyntaxError)(nil); errors.As(err, &syntax) {
		return fmt.Sprintf("%s at byte %d", syntax.Msg, syntax.At.Span.Start)
	}
	return strings.TrimLeft(err.Error(), ": ")
}

// escapes yields the code units that a JSON text spells as \uXXXX, and 0 for everything between two of them, so that
// those that follow each other can be told.
func escapes(text string) iter.Seq[rune] {
	return func(yield func(rune) bool) {
		for {
			i := strings.IndexByte(text, '\\')
			if i < 0 || i+1 == len(text) {
				return
			}
			if i > 0 && !yield(0) {
				return
			}
			end := i + 2
			if text[i+1] == 'u' && len(text) >= i+6 {
				end = i + 6
				code, _ := strconv.ParseUint(text[i+2:end], 16, 16)
				if !yield(rune(code)) {
					return
				}
			} else if !yield(0) {
				return
			}
			text = text[end:]
		}
	}
}

// hasLoneSurrogate tells whether a JSON text spells half of a surrogate pair without its other half.
func hasLoneSurrogate(text string) bool {
	var high rune
	for code := range escapes(text) {
		isLow := utf16.IsSurrogate(code) && code >= 0xDC00
		if isLow != (high != 0) {
			return true
		}
		if high = 0; utf16.IsSurrogate(code) && !isLow {
			high = code
		}
	}
	return high != 0
}
