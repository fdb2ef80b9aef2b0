package flow

import (
	"strconv"
	"strings"
)

// Reply is an action that answers whoever started the flow: an app, a page, an agent or a parent flow. It stands in no
// loop.
type Reply struct {
	To      Caller // as in the flow's Manual
	Outputs []Output
}

// Output is a value of a Reply. Its caller finds it under its title in lower case, with underscores for spaces: what
// "Big Answer" is to a parent flow whose action "Run child" runs this one is Body("Run child", "big_answer").
type Output struct {
	Title string
	Type  OutputType
	Value any
}

// OutputType is the type of an Output.
type OutputType string

// The types of outputs.
const (
	OutputString  OutputType = "string"
	OutputNumber  OutputType = "number"
	OutputBoolean OutputType = "boolean"
)

// key is what the caller knows the output by: its title in lower case, with underscores for spaces.
func (o Output) key() string { return strings.ToLower(key(o.Title)) }

func (r Reply) action(s *Step, e *encoder) {
	s.typ = "Response"
	switch r.To {
	case ByApp, ByParent:
		s.kind = "PowerApp"
	case ByAgent, ByPage:
		s.kind = string(r.To)
	default:
		e.at("to", func() { e.fault(string(r.To), "is not one of "+callers) })
	}
	taken := map[string]bool{}
	for _, o := range r.Outputs {
		e.at("output "+o.Title, func() { e.checkOutput(o, taken) })
	}
	s.inputs = s.encode(func(e *encoder) {
		e.number("statusCode", 200)
		e.name("body")
		e.object(func() {
			for _, o := range r.Outputs {
				e.userMember(o.key(), o.Value)
			}
		})
		e.name("schema")
		e.object(func() {
			e.member("type", "object")
			e.name("properties")
			e.object(func() {
				for _, o := range r.Outputs {
					e.name(plain(o.key()))
					e.object(func() {
						e.given("title", o.Title)
						e.name("x-ms-dynamically-added")
						e.value(true)
						e.member("type", string(o.Type))
					})
				}
			})
		})
	})
}

func (e *encoder) checkOutput(o Output, taken map[string]bool) {
	switch {
	case o.Title == "":
		e.fault("", "has no title")
	case taken[o.key()]:
		e.faults = append(e.faults, duplicate(strings.Join(e.path, "/"), o.key(), "is the key of another output"))
	case o.Type != OutputString && o.Type != OutputNumber && o.Type != OutputBoolean:
		e.fault(string(o.Type), "is not one of string, number, boolean")
	}
	taken[o.key()] = true
}

// Response is an action that answers an HTTPRequest, or a parent flow. It stands in no loop.
type Response struct {
	Status  int
	Headers Object
	Body    any
	Schema  any // of the body; nil is none
}

func (r Response) action(s *Step, e *encoder) {
	s.typ, s.kind = "Response", "Http"
	if r.Status < 200 || r.Status > 599 {
		e.at("status", func() { e.fault(strconv.Itoa(r.Status), "is not from 200 to 599") })
	}
	s.inputs = s.encode(func(e *encoder) {
		e.number("statusCode", r.Status)
		if r.Headers != nil {
			e.given("headers", r.Headers)
		}
		if r.Body != nil {
			e.given("body", r.Body)
		}
		if r.Schema != nil {
			e.given("schema", r.Schema)
		}
	})
}
