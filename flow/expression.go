package flow

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/connref/connref/connref/source"
)

// isExpression tells whether the platform evaluates a text. One that begins with @@ stands for itself, with one @.
func isExpression(text string) bool {
	return strings.HasPrefix(text, "@") && !strings.HasPrefix(text, "@@")
}

// connectionKey finds the binding key in an expression that takes a connection's id out of $connections:
//
//	@parameters('$connections')['shared_x']['connectionId']
//	@json(decodeBase64(triggerOutputs().headers['X-MS-APIM-Tokens']))['$connections']['shared_x']['connectionId']
//
// It answers where in the expression the key stands, without its quotes; HostOther if there is none.
func connectionKey(expression string) (key source.Span, form HostForm) {
	const name = "'$connections'"
	if !isExpression(expression) {
		return key, HostOther
	}
	s := scanner{text: expression, pos: len("@")}
	s.take("{")
	if s.take("parameters") {
		if !s.take("(") || !s.take(name) || !s.take(")") {
			return key, HostOther
		}
		form = HostParameters
	} else {
		s.pos = strings.Index(expression, name)
		if s.pos < 0 || !strings.HasSuffix(strings.TrimRight(expression[:s.pos], whitespace), "[") {
			return key, HostOther
		}
		s.take(name)
		if !s.take("]") {
			return key, HostOther
		}
		form = HostTriggerData
	}
	s.take("?")
	if !s.take("[") || !s.take("'") {
		return key, HostOther
	}
	key.Start = s.pos
	for {
		quote := strings.IndexByte(s.text[s.pos:], '\'')
		if quote < 0 {
			return source.Span{}, HostOther
		}
		s.pos += quote + 1
		if !strings.HasPrefix(s.text[s.pos:], "'") { // two quotes are one in the key
			break
		}
		s.pos++
	}
	key.End = s.pos - 1
	if key.Len() == 0 || !s.take("]") {
		return source.Span{}, HostOther
	}
	return key, form
}

const whitespace = " \t\r\n"

// scanner reads an expression piece by piece.
type scanner struct {
	text string
	pos  int
}

// take steps over a piece, in any case as functions have it, and the white space before it; or it answers false and
// stays.
func (s *scanner) take(piece string) bool {
	start := s.pos + len(s.text[s.pos:]) - len(strings.TrimLeft(s.text[s.pos:], whitespace))
	end := start + len(piece)
	if end > len(s.text) || !strings.EqualFold(s.text[start:end], piece) {
		return false
	}
	s.pos = end
	return true
}

// written answers the part of a string as written in JSON that spells a part of its decoded text.
func written(raw string, decoded source.Span) source.Span {
	start := writtenLen(raw, decoded.Start)
	return source.Span{Start: start, End: start + writtenLen(raw[start:], decoded.Len())}
}

// writtenLen is how much of a string as written spells the first n bytes of its text.
func writtenLen(raw string, n int) int {
	i := 0
	for n > 0 {
		switch {
		case raw[i] != '\\':
			i, n = i+1, n-1
		case raw[i+1] != 'u':
			i, n = i+2, n-1
		default:
			size, r := len(`\u0000`), unit(raw[i:])
			if utf16.IsSurrogate(r) {
				if r = utf16.DecodeRune(r, unit(raw[i+size:])); r != utf8.RuneError {
					size *= 2
				}
			}
			i, n = i+size, n-utf8.RuneLen(r)
		}
	}
	return i
}

// unit is the UTF-16 unit of the escape \u0000 that a text begins with; -1 if it begins with none.
func unit(raw string) rune {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return -1
	}
	u, err := strconv.ParseUint(raw[2:6], 16, 16)
	if err != nil {
		return -1
	}
	return rune(u)
}
