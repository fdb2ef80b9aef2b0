package flow

import (
	"strconv"
	"strings"
)

// Input is something that whoever starts a flow is asked for.
type Input struct {
	Title       string
	Type        InputType
	Description string   // the prompt; "" is the designer's
	Optional    bool     // can be left empty
	Choices     []string // of an InputText: the texts to choose from; nil is any
	Key         string   // in the trigger's body; "" is the designer's: text, text_1, number, …
}

// InputType is what kind of thing an Input is.
type InputType string

// The types of inputs, under the designer's names for their keys.
const (
	InputText    InputType = "text"
	InputBoolean InputType = "boolean" // yes or no
	InputNumber  InputType = "number"
	InputEmail   InputType = "email"
	InputDate    InputType = "date"
	InputFile    InputType = "file"
)

// inputShapes are how the designer describes inputs to whoever starts the flow.
var inputShapes = map[InputType]struct{ json, format, prompt string }{
	InputText:    {"string", "", "Please enter your input"},
	InputBoolean: {"boolean", "", "Please select yes or no"},
	InputNumber:  {"number", "", "Please enter a number"},
	InputEmail:   {"string", "email", "Please enter an e-mail address"},
	InputDate:    {"string", "date", "Please enter or select a date (YYYY-MM-DD)"},
	InputFile:    {"object", "", "Please select a file or image"},
}

// Inputs are what a flow is given when it is started, in order.
type Inputs []Input

// Key is the key of the first input with that title, in the trigger's body and in the body of a RunFlow; "" if there is
// none.
func (in Inputs) Key(title string) string {
	for i, key := range in.keys() {
		if in[i].Title == title {
			return key
		}
	}
	return ""
}

// Get is the value of the first input with that title.
func (in Inputs) Get(title string) Expr {
	key := in.Key(title)
	e := TriggerBody(key)
	if key == "" {
		e.fault = "is the input " + strconv.Quote(title) + ", which there isn't"
	}
	return e
}

// keys are those of the inputs: of the ones that have none the type, and a number from the second of a type on.
func (in Inputs) keys() []string {
	keys, count := make([]string, len(in)), map[InputType]int{}
	for i, input := range in {
		n := count[input.Type]
		count[input.Type]++
		switch {
		case input.Key != "":
			keys[i] = input.Key
		case n == 0:
			keys[i] = string(input.Type)
		default:
			keys[i] = string(input.Type) + "_" + strconv.Itoa(n)
		}
	}
	return keys
}

// inputs writes the schema of what a flow is given.
func (e *encoder) inputs(in Inputs) {
	keys, taken := in.keys(), map[string]bool{}
	var required []string
	e.name("schema")
	e.object(func() {
		e.member("type", "object")
		e.name("properties")
		e.object(func() {
			for i, input := range in {
				e.at("input "+input.Title, func() { e.input(keys[i], input, taken) })
				if !input.Optional {
					required = append(required, plain(keys[i]))
				}
			}
		})
		e.words("required", required)
	})
}

func (e *encoder) input(key string, in Input, taken map[string]bool) {
	shape, known := inputShapes[in.Type]
	switch {
	case !known:
		e.fault(string(in.Type), "is not one of text, boolean, number, email, date, file")
	case in.Title == "":
		e.fault("", "has no title")
	case taken[key]:
		e.faults = append(e.faults, duplicate(strings.Join(e.path, "/"), key, "is the key of another input"))
	case len(in.Choices) > 0 && in.Type != InputText:
		e.fault(string(in.Type), "has choices, which only a text can have")
	}
	taken[key] = true
	e.name(plain(key))
	e.object(func() {
		e.given("title", in.Title)
		e.member("type", shape.json)
		if shape.format != "" {
			e.member("format", shape.format)
		}
		e.name("x-ms-dynamically-added")
		e.value(true)
		prompt := in.Description
		if prompt == "" {
			prompt = shape.prompt
		}
		e.given("description", prompt)
		e.member("x-ms-content-hint", strings.ToUpper(string(in.Type)))
		if in.Type == InputFile {
			e.name("properties")
			e.value(Object{"name": Object{"type": "string"}, "contentBytes": Object{"type": "string", "format": "byte"}})
		}
		if len(in.Choices) > 0 {
			e.given("enum", in.Choices)
		}
	})
}
