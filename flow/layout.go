package flow

import (
	"bytes"
	"strings"
)

// layOut lays out JSON that has no white space the way the platform does: two spaces for each level, and lines that end
// in \r\n. It is what json.Indent does for other line ends, in one pass.
func layOut(compact []byte) []byte {
	out := make([]byte, 0, 3*len(compact))
	line := "\r\n" + strings.Repeat(" ", 64)
	depth := 0
	newline := func() {
		for 2+2*depth > len(line) {
			line += line[2:]
		}
		out = append(out, line[:2+2*depth]...)
	}
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case '"':
			end := i + 1 + closingQuote(compact[i+1:])
			out = append(out, compact[i:end]...)
			i = end - 1
		case '{', '[':
			out = append(out, c)
			if next := compact[i+1]; next == '}' || next == ']' {
				out = append(out, next)
				i++
				continue
			}
			depth++
			newline()
		case '}', ']':
			depth--
			newline()
			out = append(out, c)
		case ',':
			out = append(out, c)
			newline()
		case ':':
			out = append(out, ':', ' ')
		default:
			out = append(out, c)
		}
	}
	return out
}

// closingQuote answers where a string ends, behind its closing quote.
func closingQuote(rest []byte) int {
	for at := 0; ; at++ {
		at += bytes.IndexByte(rest[at:], '"')
		escapes := 0
		for at-escapes > 0 && rest[at-escapes-1] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return at + 1
		}
	}
}

// block writes the actions of a block, under a member's name.
func (e *encoder) block(name string, b *Block) {
	e.name(name)
	e.object(func() {
		for _, s := range b.steps {
			e.name(s.name)
			e.object(func() { e.step(s) })
		}
	})
}

// step writes an action, with its members in the order that most exported flows have.
func (e *encoder) step(s *Step) {
	e.optional("foreach", s.foreach)
	if s.actions != nil {
		e.block("actions", s.actions)
	}
	e.runAfter(s)
	if s.otherwise != nil && len(s.otherwise.steps) > 0 {
		e.name("else")
		e.object(func() { e.block("actions", s.otherwise) })
	}
	if s.fallback != nil {
		e.branches(s)
	}
	e.optional("expression", s.expression)
	e.limit(s)
	e.metadata(s)
	e.member("type", s.typ)
	if s.kind != "" {
		e.member("kind", s.kind)
	}
	e.operationInputs(s)
	if s.Description != "" {
		e.member("description", s.Description)
	}
	e.runtimeConfiguration(s.runtime, s.SecureInputs, s.SecureOutputs)
}

func (e *encoder) optional(name string, raw []byte) {
	if raw != nil {
		e.name(name)
		e.raw(raw)
	}
}

func (e *encoder) runAfter(s *Step) {
	e.name("runAfter")
	e.object(func() {
		for name, statuses := range s.runsAfter() {
			e.name(name)
			e.list(len(statuses), func(i int) { e.text(string(statuses[i])) })
		}
	})
}

func (e *encoder) branches(s *Step) {
	e.name("cases")
	e.object(func() {
		for _, c := range s.cases {
			e.name(c.name)
			e.object(func() {
				e.name("case")
				e.raw(c.value)
				e.block("actions", c.block)
			})
		}
	})
	e.name("default")
	e.object(func() { e.block("actions", s.fallback) })
}

func (e *encoder) limit(s *Step) {
	switch {
	case s.limit != nil:
		e.name("limit")
		e.object(func() {
			e.number("count", s.limit.count)
			e.member("timeout", iso8601(s.limit.timeout))
		})
	case s.Timeout > 0:
		e.name("limit")
		e.object(func() { e.member("timeout", iso8601(s.Timeout)) })
	}
}

func (e *encoder) metadata(s *Step) {
	e.name("metadata")
	e.object(func() { e.member("operationMetadataId", operationID(s.block.flow.name, s.name)) })
}

func (e *encoder) operationInputs(s *Step) {
	switch {
	case s.call != nil:
		e.callInputs(s.call, e.bound[s.call.Key], s.parameters, s.Retry)
	case s.whole != nil:
		e.name("inputs")
		e.raw(s.whole)
	case s.inputs != nil:
		e.name("inputs")
		e.object(func() {
			e.raw(s.inputs)
			e.retry(s.Retry)
		})
	}
}

// runtimeConfiguration writes what configures how an operation runs, with the members given first.
func (e *encoder) runtimeConfiguration(members []byte, secureInputs, secureOutputs bool) {
	var secure []string
	if secureInputs {
		secure = append(secure, "inputs")
	}
	if secureOutputs {
		secure = append(secure, "outputs")
	}
	if len(members)+len(secure) == 0 {
		return
	}
	e.name("runtimeConfiguration")
	e.object(func() {
		if len(members) > 0 {
			e.raw(members)
		}
		if len(secure) > 0 {
			e.name("secureData")
			e.object(func() { e.words("properties", secure) })
		}
	})
}

// start writes the trigger.
func (e *encoder) start(s *Start, b *Builder) {
	e.optional("recurrence", s.recurrence)
	e.optional("splitOn", s.splitOn)
	e.metadata(&s.step)
	e.member("type", s.step.typ)
	if s.step.kind != "" {
		e.member("kind", s.step.kind)
	}
	e.operationInputs(&s.step)
	if len(s.Conditions) > 0 {
		e.name("conditions")
		e.list(len(s.Conditions), func(i int) {
			e.object(func() { e.given("expression", s.Conditions[i]) })
		})
	}
	if s.Description != "" {
		e.member("description", s.Description)
	}
	var runs []byte
	if s.Concurrency != 0 {
		var inner encoder
		inner.concurrency("runs", s.Concurrency)
		runs = inner.buf
	}
	e.runtimeConfiguration(runs, s.SecureInputs, s.SecureOutputs)
}
