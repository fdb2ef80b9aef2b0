package flow

// Test is a question with a yes or no: what a Condition, an Until, a Filter or a trigger asks. The zero Test is none,
// and refused where one is needed. Its operands are values as Func takes them.
type Test struct {
	function string
	args     []any
	size     int // how many tests and operands it is
}

// maxTest is how large a test can be: too large for any expression, and a bound for tests that are each other's parts.
const maxTest = 10_000

func newTest(function string, args ...any) Test {
	t := Test{function: function, args: args, size: 1}
	for _, arg := range args {
		if inner, ok := arg.(Test); ok {
			t.size += inner.size
		} else {
			t.size++
		}
	}
	if t.size > maxTest {
		return Test{function: tooLarge, size: 1}
	}
	return t
}

// tooLarge stands for the function of a test that is.
const tooLarge = "is too large"

// Equals asks whether two values are the same.
func Equals(a, b any) Test { return newTest("equals", a, b) }

// Greater asks whether a is greater than b.
func Greater(a, b any) Test { return newTest("greater", a, b) }

// GreaterOrEquals asks whether a is greater than b or the same.
func GreaterOrEquals(a, b any) Test { return newTest("greaterOrEquals", a, b) }

// Less asks whether a is less than b.
func Less(a, b any) Test { return newTest("less", a, b) }

// LessOrEquals asks whether a is less than b or the same.
func LessOrEquals(a, b any) Test { return newTest("lessOrEquals", a, b) }

// Contains asks whether a text, a list or an object has b in it.
func Contains(a, b any) Test { return newTest("contains", a, b) }

// StartsWith asks whether text a begins with b.
func StartsWith(a, b any) Test { return newTest("startsWith", a, b) }

// EndsWith asks whether text a ends with b.
func EndsWith(a, b any) Test { return newTest("endsWith", a, b) }

// Is asks whether an expression is true: Is(Func("empty", Body("List rows", "value"))).
func Is(e Expr) Test { return newTest("equals", e, true) }

// Not asks the opposite.
func Not(t Test) Test { return newTest("not", t) }

// And asks whether all the answers are yes.
func And(tests ...Test) Test { return newTest("and", operands(tests)...) }

// Or asks whether one of the answers is yes.
func Or(tests ...Test) Test { return newTest("or", operands(tests)...) }

func operands(tests []Test) []any {
	args := make([]any, len(tests))
	for i, t := range tests {
		args[i] = t
	}
	return args
}

// Expr is the question as an expression: equals(variables('done'), true).
func (t Test) Expr() Expr {
	if reason := t.fault(); reason != "" {
		return Expr{text: "null", fault: reason}
	}
	return Func(t.function, t.args...)
}

// fault is why the test is none.
func (t Test) fault() string {
	switch {
	case t.function == tooLarge:
		return "is more than one test can be"
	case t.function == "" || len(t.args) == 0:
		return noTest
	}
	return ""
}

const noTest = "asks nothing; right would be one of Equals, Is, Not, And and the like"

// MarshalJSON fails as that of Expr does.
func (t Test) MarshalJSON() ([]byte, error) { return t.Expr().MarshalJSON() }

// question writes the test as a Condition has it: {"equals":["@variables('done')",true]}.
func (e *encoder) question(t Test) {
	e.asked++
	defer func() { e.asked-- }()
	switch {
	case e.asked > maxNesting || e.tooDeep:
		e.value(e.nestsTooDeep())
		return
	case t.fault() != "":
		e.fault("", t.fault())
		e.object(func() {})
		return
	}
	e.object(func() {
		e.name(t.function)
		if t.function == "not" {
			e.operand(t.args[0])
			return
		}
		e.list(len(t.args), func(i int) { e.operand(t.args[i]) })
	})
}

// operand writes what a question is about. Exports have null as an expression.
func (e *encoder) operand(v any) {
	switch v := v.(type) {
	case Test:
		e.question(v)
	case nil:
		e.text("@null")
	default:
		e.value(v)
	}
}
