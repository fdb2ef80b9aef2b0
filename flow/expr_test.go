package flow_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/connref/connref/flow"
)

// stage is a flow that has what expressions name: actions "Get it" and "It's", a variable x, a parameter p, and a loop
// L, in which an action V composes the value.
func stage(v any) *flow.Builder {
	b := begun("F")
	b.Parameter(flow.Parameter{DisplayName: "p", Type: flow.ObjectParameter})
	b.Add("X", flow.Initialize{Variable: "x", Type: flow.ObjectVariable})
	b.Add("Get it", flow.Compose{})
	b.Add("It's", flow.Compose{})
	b.ForEach("L", []int{}, nil).Add("V", flow.Compose{Inputs: v})
	return b
}

// inputsOf is what the flow's file has as inputs of V, decoded.
func inputsOf(t testing.TB, f *flow.Flow) any {
	t.Helper()
	return part(t, f, "properties", "definition", "actions", "L", "actions", "V", "inputs")
}

func TestExpressions(t *testing.T) {
	x := flow.Var("x")
	for want, v := range map[string]any{
		"@outputs('Get_it')":                      flow.Outputs("Get it"),
		"@outputs('It''s')?['it''s']?[0]":         flow.Outputs("It's", "it's", 0),
		"@body('Get_it')?['body/value']":          flow.Body("Get_it", "body/value"),
		"@result('Get_it')?[0]?['name']":          flow.Results("Get it", 0, "name"),
		"@item()":                                 flow.Item(),
		"@item()?['@odata.id']?[-1]":              flow.Item("@odata.id", -1),
		"@items('L')?['']":                        flow.Items("L", ""),
		"@variables('x')?[variables('x')?['a']]":  x.Get(x.Get("a")),
		"@parameters('p')?['a']":                  flow.Param("p", "a"),
		"@triggerOutputs()?['body']?['a']":        flow.TriggerOutputs("body", "a"),
		"@triggerBody()?['text']":                 flow.Inputs{{Title: "A", Type: flow.InputText}}.Get("A"),
		"@utcNow()":                               flow.Func("utcNow"),
		"@f(null, true, false)":                   flow.Func("f", nil, true, false),
		"@f(-1, 9223372036854775807, 1.5, -1e-7)": flow.Func("f", -1, int64(9223372036854775807), 1.5, -1e-7),
		`@f('it''s', '@{x}', 'a"\', '')`:          flow.Func("f", "it's", "@{x}", `a"\`, ""),
		"@f(g(variables('x')), equals(1, 'a'))":   flow.Func("f", flow.Func("g", x), flow.Equals(1, "a")),
		"@  utcNow( 'it''s [(' )[0]":              flow.RawExpr("  utcNow( 'it''s [(' )[0]"),

		"@equals(1, 1)":                           flow.Equals(1, 1),
		"@greater(1, 2)":                          flow.Greater(1, 2),
		"@greaterOrEquals(1, 2)":                  flow.GreaterOrEquals(1, 2),
		"@less(1, 2)":                             flow.Less(1, 2),
		"@lessOrEquals(1, 2)":                     flow.LessOrEquals(1, 2),
		"@contains(variables('x'), 'a')":          flow.Contains(x, "a"),
		"@startsWith('a', 'b')":                   flow.StartsWith("a", "b"),
		"@endsWith('a', 'b')":                     flow.EndsWith("a", "b"),
		"@equals(empty(variables('x')), true)":    flow.Is(flow.Func("empty", x)),
		"@and(not(less(1, 2)), or(equals(1, 1)))": flow.And(flow.Not(flow.Less(1, 2)), flow.Or(flow.Equals(1, 1))),
		"@if(less(1, 2), 'a', 'b')?['c']":         flow.Func("if", flow.Less(1, 2).Expr(), "a", "b").Get("c"),
		"":                                        flow.Text(),
		"@{variables('x')}":                       flow.Text(x),
		"Dear @{variables('x')}, it's @{1}@{true}@{null}.": flow.Text("Dear ", x, ", it's ", 1, true, nil, "."),
		"a@b @ @":                                    flow.Text("a@b ", "", "@ @"),
		"@concat('@', variables('x'))":               flow.Text("", "@", x),
		"@concat('@utcNow()')":                       flow.Text("", "@utcNow()"),
		"@concat('a@', variables('x'))":              flow.Text("a@", x),
		"@concat('it''s @{', variables('x'), '}')":   flow.Text("it's ", "@", "{", x, "}"),
		"@{f('}', variables('x'))} a":                flow.Text(flow.Func("f", "}", x), " a"),
		"a @{concat('b ', variables('x'))}@":         flow.Text("a ", flow.Text("b ", x), "@"),
		"a @{concat('@{', variables('x'))}":          flow.Text("a ", flow.Text("@{", x)),
		"@f(concat('a', variables('x')), '')":        flow.Func("f", flow.Text("a", x), flow.Text()),
		"@concat('a', variables('x'))?['b']":         flow.Text("a", x).Get("b"),
		"@@":                                         "@",
		"a@@{b}":                                     "a@{b}",
		"@@utcNow()":                                 "@utcNow()",
		"@@@@":                                       "@@@",
		"@concat('@{utcNow()}')":                     "@{utcNow()}",
		"@concat('a @@{it''s} @{b}')":                "a @@{it's} @{b}",
		"mail@contoso.example @ {a} 'b' @(c) \\ \" ": "mail@contoso.example @ {a} 'b' @(c) \\ \" ",
	} {
		if diff := cmp.Diff(any(want), inputsOf(t, built(t, stage(v)))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// An expression is shown as RawExpr takes it, and is the same then.
func TestExpressionStrings(t *testing.T) {
	for want, e := range map[string]flow.Expr{
		"f('it''s')?['a']":                 flow.Func("f", "it's").Get("a"),
		"concat('a ', variables('x'))":     flow.Text("a ", flow.Var("x")),
		"''":                               flow.Text(),
		"not(equals(1, 1))":                flow.Not(flow.Equals(1, 1)).Expr(),
		"utcNow( 'yyyy' )":                 flow.RawExpr("utcNow( 'yyyy' )"),
		"concat('a', variables('x'))?[0]":  flow.Text("a", flow.Var("x")).Get(0),
		"triggerBody()?['text']?['b']?[1]": flow.TriggerBody("text", "b").Get(1),
	} {
		if diff := cmp.Diff([]string{want, want}, []string{e.String(), flow.RawExpr(e.String()).String()}); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// An expression in a struct would come out as a text.
func TestExpressionsInJSON(t *testing.T) {
	for _, v := range []json.Marshaler{flow.Item(), flow.Equals(1, 1), flow.Text("a"), flow.Expr{}} {
		if raw, err := json.Marshal(struct{ V any }{v}); err == nil {
			t.Errorf("%s is JSON", raw)
		}
	}
}

// An expression keeps what it is when others are made of it.
func TestExpressionsAreValues(t *testing.T) {
	x := flow.Func("f", flow.Var("a"), flow.Var("b"), flow.Var("c"))
	one, other := x.Get(flow.Var("one")), x.Get(flow.Var("other"))
	_, err := begunWith(flow.Compose{Inputs: []any{x, one, other}}).Build()
	var named []string
	for _, w := range wrongs(t, err) {
		named = append(named, w.Value)
	}
	want := []string{"a", "b", "c", "a", "b", "c", "one", "a", "b", "c", "other"}
	if diff := cmp.Diff(want, named); diff != "" {
		t.Errorf("what isn't there (-want +got):\n%s", diff)
	}
}

func begunWith(a flow.Action) *flow.Builder {
	b := begun("F")
	b.Add("a", a)
	return b
}

// evaluate is what the platform makes of a string of a flow's file, as far as its documentation tells. It knows concat,
// the variable x, and literals; what may be read in two ways is an error.
func evaluate(text string) (string, error) {
	escaped := strings.HasPrefix(text, "@@")
	switch {
	case escaped && strings.Contains(text[1:], "@{"):
		return "", errors.New("one @ less, and more to evaluate?")
	case escaped:
		return text[1:], nil
	case strings.HasPrefix(text, "@") && !strings.HasPrefix(text, "@{"):
		value, rest, err := evaluateExpression(text[1:])
		if err == nil && rest != "" {
			err = errors.New("more behind the expression: " + rest)
		}
		return value, err
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "@{")
		b.WriteString(before)
		switch {
		case !found:
			return b.String(), nil
		case strings.HasSuffix(before, "@@"):
			return "", errors.New("of three @, which is escaped?")
		case strings.HasSuffix(before, "@"):
			b.WriteString("{")
			text = rest
			continue
		}
		value, rest, err := evaluateExpression(rest)
		if err != nil || !strings.HasPrefix(rest, "}") {
			return "", errors.Join(errors.New("no } behind: "+rest), err)
		}
		b.WriteString(value)
		text = rest[1:]
	}
}

const valueOfX = "it's @{x} @"

func evaluateExpression(text string) (value, rest string, err error) {
	if rest, ok := strings.CutPrefix(text, "variables('x')"); ok {
		return valueOfX, rest, nil
	}
	if rest, ok := strings.CutPrefix(text, "'"); ok {
		for {
			literal, behind, found := strings.Cut(rest, "'")
			value += literal
			if !found {
				return "", "", errors.New("no end: " + text)
			}
			if rest, ok = strings.CutPrefix(behind, "'"); !ok {
				return value, behind, nil
			}
			value += "'"
		}
	}
	rest, ok := strings.CutPrefix(text, "concat(")
	for ok {
		var one string
		if one, rest, err = evaluateExpression(rest); err != nil {
			return "", "", err
		}
		value += one
		if rest, ok = strings.CutPrefix(rest, ", "); !ok {
			if rest, ok = strings.CutPrefix(rest, ")"); ok {
				return value, rest, nil
			}
		}
	}
	return "", "", errors.New("neither a call nor a literal: " + text)
}

// A text is what it says, and a Text is its parts one behind the other, whatever is in them.
func TestTexts(t *testing.T) {
	awkward := rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune("@@@{{}}''()[] ,a\"\\\r\n\u2028é😀\x00")), rapid.Rune()))
	rapid.Check(t, func(r *rapid.T) {
		var want []string
		var values []any
		for range 20 {
			text := awkward.Draw(r, "text")
			values, want = append(values, text), append(want, text)
		}
		for range 20 {
			text, parts := drawText(r, awkward, 2)
			values, want = append(values, flow.Text(parts...)), append(want, text)
		}
		names := flow.Object{}
		for i, text := range want {
			names[text] = i
		}
		f, err := stage([]any{values, names}).Build()
		require.NoError(r, err)
		got := inputsOf(t, f).([]any)
		for i, got := range got[0].([]any) {
			evaluated, err := evaluate(got.(string))
			if err != nil || evaluated != want[i] {
				r.Errorf("%q is %s, which is %q, %v", want[i], got, evaluated, err)
			}
		}
		if len(got[1].(map[string]any)) != len(names) {
			r.Errorf("%d names are %d", len(names), len(got[1].(map[string]any)))
		}
		for got := range got[1].(map[string]any) {
			evaluated, err := evaluate(got)
			if _, ok := names[evaluated]; err != nil || !ok {
				r.Errorf("the name %s is %q, %v", got, evaluated, err)
			}
		}
	})
}

// drawText draws parts of a Text, and what they are together.
func drawText(r *rapid.T, texts *rapid.Generator[string], depth int) (whole string, parts []any) {
	for range rapid.IntRange(0, 4).Draw(r, "parts") {
		switch n := rapid.IntRange(0, 3+depth).Draw(r, "part"); {
		case n == 0:
			whole, parts = whole+valueOfX, append(parts, flow.Var("x"))
		case n < 4:
			text := texts.Draw(r, "literal")
			whole, parts = whole+text, append(parts, text)
		default:
			text, inner := drawText(r, texts, depth-1)
			whole, parts = whole+text, append(parts, flow.Text(inner...))
		}
	}
	return whole, parts
}

// The limit is one of each expression; a text around it can be of any length, unless it has to become one itself.
func TestLongTexts(t *testing.T) {
	long := strings.Repeat("a", 2*flow.MaxExpression)
	tooLong := flow.Func("f", long)
	deep := flow.Func("f", strings.Repeat("a", 8*flow.MaxExpression-300))
	for range 300 { // goes on when it is too long to be kept
		deep = flow.Func("f", deep)
	}
	for name, tc := range map[string]struct {
		v  any
		ok bool
	}{
		"text":                                {long, true},
		"text with another":                   {flow.Text(long, flow.Var("x")), true},
		"expression":                          {tooLong, false},
		"in a text":                           {flow.Text("a", tooLong), false},
		"text that becomes an expression":     {"@{" + long, false},
		"text of several that becomes one":    {flow.Text("@", flow.Var("x"), long), false},
		"expression of expressions":           {deep, false},
		"braces that end the one around":      {flow.Text("a ", flow.RawExpr("a()} @{b()")), false},
		"braces in a string of an expression": {flow.RawExpr("f('{}')"), true},
	} {
		if _, err := stage(tc.v).Build(); (err == nil) != tc.ok {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}
