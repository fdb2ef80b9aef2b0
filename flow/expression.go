package flow

import (
	"iter"
	"strings"

	"github.com/connref/connref/connref/source"
)

// isExpression tells whether the platform evaluates a text. One that begins with @@ stands for itself, with one @.
func isExpression(text string) bool {
	return strings.HasPrefix(text, "@") && !strings.HasPrefix(text, "@@")
}

// connectionKey finds the binding key in the name of a host's connection: the first that it takes out of $connections.
// It answers where in the name the key stands, without its quotes; HostOther if there is none.
func connectionKey(name string) (key source.Span, form HostForm) {
	for use := range connectionUses(name) {
		if use.key.Len() > 0 {
			return use.key, use.form
		}
	}
	return source.Span{}, HostOther
}

// connectionUse is a place in a text that takes a connection out of $connections, in one of two forms:
//
//	@parameters('$connections')['shared_x']['connectionId']
//	@json(decodeBase64(triggerOutputs().headers['X-MS-APIM-Tokens']))['$connections']['shared_x']['connectionId']
type connectionUse struct {
	key    source.Span // in the text, without its quotes; empty where no key stands in quotes
	form   HostForm
	caller bool // of the second form: out of the header in which the caller sends its connections
}

// connectionUses yields the uses in the parts of a text that are evaluated, in order.
func connectionUses(text string) iter.Seq[connectionUse] {
	return func(yield func(connectionUse) bool) {
		if !strings.Contains(text, "$") { // most texts
			return
		}
		for part := range evaluated(text) {
			s, before := scanner{text: text[:part.End], pos: part.Start}, ""
			for {
				head, literal, ok := s.nextLiteral()
				if !ok {
					break
				}
				if sameWord(literal, "$connections") {
					if use, ok := s.use(head, before); ok && !yield(use) {
						return
					}
				}
				before = literal
			}
		}
	}
}

// evaluated yields the parts of a text that the platform evaluates: all behind a leading @, or else what stands in each
// @{…}. @@ at the start and @@{ stand for themselves, with one @ less.
func evaluated(text string) iter.Seq[source.Span] {
	return func(yield func(source.Span) bool) {
		if isExpression(text) && !strings.HasPrefix(text, "@{") {
			yield(source.Span{Start: len("@"), End: len(text)})
			return
		}
		for pos := 0; ; {
			i := strings.Index(text[pos:], "@{")
			if i < 0 {
				return
			}
			at := pos + i
			if pos = at + len("@{"); at > 0 && text[at-1] == '@' {
				continue
			}
			start := pos
			pos += braceIn(text[pos:])
			if !yield(source.Span{Start: start, End: pos}) {
				return
			}
		}
	}
}

// braceIn answers where an expression in @{…} ends: at the first brace outside its strings.
func braceIn(expression string) int {
	inString := false
	for i := range len(expression) {
		switch {
		case expression[i] == '\'':
			inString = !inString // the two quotes that are one in a string leave it and enter it again
		case expression[i] == '}' && !inString:
			return i
		}
	}
	return len(expression)
}

// quote and unquote spell a key as a string of an expression has it, without the quotes around it.
func quote(key string) string { return strings.ReplaceAll(key, "'", "''") }

func unquote(expression string, key source.Span) string {
	return strings.ReplaceAll(expression[key.Start:key.End], "''", "'")
}

const whitespace = " \t\r\n"

// scanner reads an expression piece by piece.
type scanner struct {
	text string
	pos  int
}

// use reads what stands behind '$connections', given what stands before it and the string before that. It answers
// false if that takes nothing out of $connections.
func (s *scanner) use(head, before string) (u connectionUse, ok bool) {
	switch {
	case calls(head, "parameters") && s.take(")"):
		u.form = HostParameters
	case strings.HasSuffix(head, "[") && s.take("]"):
		u.form, u.caller = HostTriggerData, sameWord(before[max(0, len(before)-len(tokens)):], tokens)
	default:
		return u, false
	}
	s.take("?")
	if s.take("[") && s.take("'") {
		if key, ok := s.literal(); ok && s.take("]") && key.Len() > 0 {
			u.key = key
			return u, true
		}
	}
	return u, true
}

// tokens is the header in which a caller sends its connections.
const tokens = "X-MS-APIM-Tokens"

// calls tells whether a piece of an expression ends in the name of a function and the parenthesis behind it.
func calls(head, function string) bool {
	head, ok := strings.CutSuffix(head, "(")
	head = strings.TrimRight(head, whitespace)
	start := len(head) - len(function)
	return ok && start >= 0 && sameWord(head[start:], function) && !endsInName(head[:start])
}

// endsInName tells whether a piece of an expression ends in a part of a name.
func endsInName(head string) bool {
	if head == "" {
		return false
	}
	c := head[len(head)-1]
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("_$.", c) >= 0 || c >= 0x80
}

// sameWord compares words of ASCII letters in any case, as functions and parameters have it.
func sameWord(text, word string) bool { return len(text) == len(word) && strings.EqualFold(text, word) }

// nextLiteral steps behind the next string. It answers what stands before it, without white space at its end, and what
// stands in it, as written.
func (s *scanner) nextLiteral() (head, literal string, ok bool) {
	quote := strings.IndexByte(s.text[s.pos:], '\'')
	if quote < 0 {
		return "", "", false
	}
	head = strings.TrimRight(s.text[s.pos:s.pos+quote], whitespace)
	s.pos += quote + len("'")
	span, ok := s.literal()
	return head, s.text[span.Start:span.End], ok
}

// literal steps behind a string whose first quote was read, and answers where its text stands.
func (s *scanner) literal() (text source.Span, ok bool) {
	text.Start = s.pos
	for {
		quote := strings.IndexByte(s.text[s.pos:], '\'')
		if quote < 0 {
			return source.Span{}, false
		}
		s.pos += quote + len("'")
		if !strings.HasPrefix(s.text[s.pos:], "'") { // two quotes are one in the string
			text.End = s.pos - len("'")
			return text, true
		}
		s.pos += len("'")
	}
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
