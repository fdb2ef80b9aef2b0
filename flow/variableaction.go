package flow

import "fmt"

// VariableType is the type of a variable that a flow has while it runs. Environment variables are parameters instead;
// see Builder.Parameter.
type VariableType string

// The types of variables.
const (
	StringVariable  VariableType = "string"
	IntegerVariable VariableType = "integer"
	FloatVariable   VariableType = "float"
	BooleanVariable VariableType = "boolean"
	ObjectVariable  VariableType = "object"
	ArrayVariable   VariableType = "array"
)

// Initialize is an action that makes a variable. It stands in no other action.
type Initialize struct {
	Variable string
	Type     VariableType
	Value    any // nil leaves the variable without one
}

// variableUse is what an action does with a variable.
type variableUse struct {
	name  string
	makes VariableType   // the type of the variable it makes; "" if it uses one
	fits  []VariableType // the types that one it uses can have; any if there are none
}

func (a Initialize) action(s *Step, e *encoder) {
	s.typ, s.variable = "InitializeVariable", &variableUse{name: a.Variable, makes: a.Type}
	switch a.Type {
	case StringVariable, IntegerVariable, FloatVariable, BooleanVariable, ObjectVariable, ArrayVariable:
	default:
		e.at("type", func() {
			e.fault(string(a.Type), "is not one of string, integer, float, boolean, object, array")
		})
	}
	s.inputs = s.encode(func(e *encoder) {
		e.name("variables")
		e.list(1, func(int) {
			e.object(func() {
				e.given("name", a.Variable)
				e.member("type", string(a.Type))
				if a.Value != nil {
					e.given("value", a.Value)
				}
			})
		})
	})
}

// SetVariable is an action that gives a variable a value.
type SetVariable struct {
	Variable string
	Value    any
}

func (a SetVariable) action(s *Step, _ *encoder) {
	s.useVariable("SetVariable", a.Variable, a.Value)
}

// Increment is an action that adds to a number; a negative one is subtracted.
type Increment struct {
	Variable string
	By       any // an int, a float64 or an Expr; nil is 1
}

func (a Increment) action(s *Step, e *encoder) {
	switch a.By.(type) {
	case nil:
		a.By = 1
	case int, float64, Expr:
	default:
		e.at("by", func() { e.fault("", fmt.Sprintf("is a %T; right would be an int, a float64 or an Expr", a.By)) })
	}
	s.useVariable("IncrementVariable", a.Variable, a.By, IntegerVariable, FloatVariable)
}

// AppendToArray is an action that adds an element to a list.
type AppendToArray struct {
	Variable string
	Value    any
}

func (a AppendToArray) action(s *Step, _ *encoder) {
	s.useVariable("AppendToArrayVariable", a.Variable, a.Value, ArrayVariable)
}

// AppendToString is an action that adds to a text.
type AppendToString struct {
	Variable string
	Value    any
}

func (a AppendToString) action(s *Step, _ *encoder) {
	s.useVariable("AppendToStringVariable", a.Variable, a.Value, StringVariable)
}

func (s *Step) useVariable(typ, name string, value any, fits ...VariableType) {
	s.typ, s.variable = typ, &variableUse{name: name, fits: fits}
	s.inputs = s.encode(func(e *encoder) {
		e.given("name", name)
		e.given("value", value)
	})
}
