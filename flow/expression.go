package flow

import (
	"strings"

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
