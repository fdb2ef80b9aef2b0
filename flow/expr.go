package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connref/connref/connref"
)

// MaxExpression is how many characters an expression can have, each of those in a text for itself, of which the
// platform's documentation tells.
const MaxExpression = 8192

// Expr is an expression of the workflow definition language, for the values that a Builder takes: what stands behind @
// in a flow's file. It is made by functions that quote and escape what they are given, and know what they name, so that
// Build can tell which of those things isn't there. The zero Expr is none, and refused where one is needed.
type Expr struct {
	text    string
	inText  string // the spelling of a Text that isn't one expression: with @{…} in it
	isText  bool
	longest int // of the expressions in a text
	names   []mentioned
	fault   string
}

// mentioned is a thing of the flow that an expression names.
type mentioned struct {
	kind mentionedKind
	name string
}

type mentionedKind string

const (
	mentionsAction    mentionedKind = "action"
	mentionsLoop      mentionedKind = "loop"
	mentionsItem      mentionedKind = "item"
	mentionsVariable  mentionedKind = "variable"
	mentionsParameter mentionedKind = "parameter"
)

// RawExpr is an expression as it is written by hand, without the leading @: RawExpr("utcNow('yyyy-MM-dd')"). Its
// quotes and brackets have to match; what it names isn't looked up.
func RawExpr(text string) Expr {
	e := Expr{text: text}
	switch {
	case strings.TrimSpace(text) == "":
		e.fault = "is empty; right would be an expression such as utcNow()"
	case strings.HasPrefix(text, "@"):
		e.fault = "begins with @; right would be the expression alone"
	case !utf8.ValidString(text):
		e.fault = notUTF8
	case !balanced(text):
		e.fault = "has quotes or brackets that don't match, or braces outside of quotes"
	}
	return e
}

// balanced tells whether every quote, parenthesis and bracket of an expression has its other half. It has no braces.
func balanced(text string) bool {
	var open []byte
	inString := false
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '\'':
			inString = !inString
		case inString:
		case c == '{' || c == '}': // would end the @{…} around it
			return false
		case c == '(' || c == '[':
			open = append(open, c)
		case c == ')' || c == ']':
			opener := byte('(')
			if c == ']' {
				opener = '['
			}
			if len(open) == 0 || open[len(open)-1] != opener {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return !inString && len(open) == 0
}

// Func calls a function: Func("concat", "a", Item("name")) is concat('a', item()?['name']). An argument is a string,
// which becomes a quoted literal, an Expr, a Test, a boolean, a number or nil. Whether there is such a function isn't
// looked up.
func Func(name string, args ...any) Expr {
	var e Expr
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !isLetterOrDigit(r) }) {
		e.fault = fmt.Sprintf("calls %q, which is no name of a function", name)
	}
	var b strings.Builder
	b.WriteString(name + "(")
	for i, arg := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		a := literal(arg)
		b.WriteString(a.text)
		e = e.with(a)
	}
	b.WriteString(")")
	e.text = b.String()
	return e.cut(len(e.text))
}

// cut keeps an expression that is far too long from growing on: one of expressions that are each other's parts could do
// so without end.
func (e Expr) cut(length int) Expr {
	if length <= 8*MaxExpression {
		return e
	}
	if e.fault == "" {
		e.fault = fmt.Sprintf("has more than the %d characters that are allowed", MaxExpression)
	}
	return Expr{text: strings.ToValidUTF8(e.text[:100], "") + "…", fault: e.fault}
}

func isLetterOrDigit(r rune) bool {
	return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
}

// with is an expression that is being made, with what another mentions, and that one's fault if it has none itself.
func (e Expr) with(other Expr) Expr {
	e.names = append(e.names, other.names...)
	if e.fault == "" {
		e.fault = other.fault
	}
	return e
}

func (e Expr) naming(kind mentionedKind, name string) Expr {
	e.names = append(e.names, mentioned{kind, name})
	return e
}

// literal spells a value inside an expression.
func literal(v any) Expr {
	switch v := v.(type) {
	case nil:
		return Expr{text: "null"}
	case Expr:
		if v.text == "" && v.fault == "" {
			v.fault = noExpression
		}
		return v
	case Test:
		return v.Expr()
	case string:
		e := Expr{text: "'" + quote(v) + "'"}
		if !utf8.ValidString(v) {
			e.fault = notUTF8
		}
		return e
	case bool:
		return Expr{text: strconv.FormatBool(v)}
	case int:
		return Expr{text: strconv.Itoa(v)}
	case int64:
		return Expr{text: strconv.FormatInt(v, 10)}
	case float64:
		if raw, err := json.Marshal(v); err == nil {
			return Expr{text: string(raw)}
		}
	}
	return Expr{text: "null", fault: fmt.Sprintf(
		"has a %T; right would be a string, an expression, a boolean, an int, an int64, a float64 or nil", v)}
}

const (
	noExpression = "is no expression; right would be one of Outputs, Body, Var, Func, RawExpr and the like"
	notUTF8      = "is not utf-8"
)

// Get is what the expression's value has at a path: ?['name'] for a string, ?[0] for an int, each of which answers null
// where there is nothing.
func (e Expr) Get(path ...any) Expr {
	e.names = slices.Clip(e.names) // the caller keeps its expression
	e.isText = e.isText && len(path) == 0
	for _, step := range path {
		a := literal(step)
		e.text += "?[" + a.text + "]"
		e = e.with(a)
		e = e.cut(len(e.text))
	}
	return e
}

// MarshalJSON fails: an expression inside a value of a type of its own would come out as a text.
func (e Expr) MarshalJSON() ([]byte, error) {
	return nil, fmt.Errorf("expression %s stands in a struct; right would be an Object or a list", e.text)
}

// String is the expression without its @, as RawExpr takes it.
func (e Expr) String() string { return e.text }

// Outputs are the outputs of an action, or what they have at a path.
func Outputs(action string, path ...any) Expr {
	return Func("outputs", key(action)).naming(mentionsAction, key(action)).Get(path...)
}

// Body is the body of an action's outputs, or what it has at a path.
func Body(action string, path ...any) Expr {
	return Func("body", key(action)).naming(mentionsAction, key(action)).Get(path...)
}

// Results are the inputs and outputs of the actions in a scope, or what they have at a path.
func Results(scope string, path ...any) Expr {
	return Func("result", key(scope)).naming(mentionsAction, key(scope)).Get(path...)
}

// Item is the current item of a Select, a Filter or the innermost loop around, or what it has at a path.
func Item(path ...any) Expr { return Func("item").naming(mentionsItem, "").Get(path...) }

// Items is the current item of a loop around, by the loop's name, or what it has at a path.
func Items(loop string, path ...any) Expr {
	return Func("items", key(loop)).naming(mentionsLoop, key(loop)).Get(path...)
}

// Var is a variable that an Initialize makes, or what it has at a path.
func Var(name string, path ...any) Expr {
	return Func("variables", name).naming(mentionsVariable, name).Get(path...)
}

// Param is a parameter of the flow, by its whole name; see Builder.Parameter, which answers it too.
func Param(name string, path ...any) Expr {
	return Func("parameters", name).naming(mentionsParameter, name).Get(path...)
}

// TriggerOutputs are the outputs of the trigger, or what they have at a path.
func TriggerOutputs(path ...any) Expr { return Func("triggerOutputs").Get(path...) }

// TriggerBody is the body of the trigger's outputs, or what it has at a path.
func TriggerBody(path ...any) Expr { return Func("triggerBody").Get(path...) }

// Text puts strings and expressions together into one text: Text("Dear ", Var("name"), ",") is "Dear
// @{variables('name')},". The strings are only text, whatever is in them.
func Text(parts ...any) Expr {
	parts = joinStrings(parts)
	e := Expr{isText: true, text: "''"}
	safe, shown, joined := true, strings.Builder{}, strings.Builder{}
	for i, part := range parts {
		a := literal(part)
		e = e.with(a)
		if i > 0 {
			joined.WriteString(", ")
		}
		joined.WriteString(a.text)
		if text, isString := part.(string); isString {
			shown.WriteString(text)
			last := i == len(parts)-1
			safe = safe && !(i == 0 && strings.HasPrefix(text, "@")) &&
				!strings.Contains(text, "@{") && (last || !strings.HasSuffix(text, "@"))
		} else {
			shown.WriteString("@{" + a.text + "}")
			e.longest = max(e.longest, connref.Characters(a.text))
		}
	}
	if len(parts) > 0 {
		e.text = "concat(" + joined.String() + ")"
	}
	if e.inText = shown.String(); !safe {
		e.inText, e.longest = "@"+e.text, connref.Characters(e.text)
	}
	return e.cut(e.longest)
}

// joinStrings makes one of strings that follow each other, and none of those that are empty.
func joinStrings(parts []any) (joined []any) {
	var run strings.Builder
	end := func() {
		if run.Len() > 0 {
			joined = append(joined, run.String())
			run.Reset()
		}
	}
	for _, part := range parts {
		if text, isString := part.(string); isString {
			run.WriteString(text)
			continue
		}
		end()
		joined = append(joined, part)
	}
	end()
	return joined
}

// inFile is the expression as a string of the flow's file has it.
func (e Expr) inFile() string {
	if e.isText {
		return e.inText
	}
	return "@" + e.text
}

// plain spells a text so that the platform takes it for nothing else. @@ at its start and @@{ inside stand for one @
// less; where both could be meant, a function says what is.
func plain(text string) string {
	leading, opening := strings.HasPrefix(text, "@"), strings.Contains(text, "@{")
	switch {
	case !leading && !opening:
		return text
	case leading && !opening:
		return "@" + text
	case !leading && !strings.Contains(text, "@@{"):
		return strings.ReplaceAll(text, "@{", "@@{")
	}
	return "@concat('" + quote(text) + "')"
}

// key is an action's name as the file has it: the designer shows spaces for underscores.
func key(name string) string { return strings.ReplaceAll(name, " ", "_") }
