package flow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Object is a JSON object for the values that a Builder takes. Its members are written in the order of their names.
type Object = map[string]any

// encoder writes JSON, without white space, and notes what is wrong with the values that it is given. It takes
//
//	string                     a text, whatever is in it: one that looks like an expression stays a text
//	Expr, Test                 an expression
//	json.RawMessage            what the designer's code view shows: strings that begin with @ are expressions
//	Object, []any, numbers, …  whatever encoding/json takes; the strings inside are texts as well
type encoder struct {
	buf    []byte
	names  []mentioned
	faults []fault
	path   []string // of the value that is being written
	bound  map[string]Binding

	expressions int  // that were written
	valuesOnly  bool // an expression is a fault
	asked       int  // how many questions are around the one that is being written
	tooDeep     bool
}

// fault is what is wrong with a value of an operation.
type fault struct {
	field, value, reason string
	err                  error // of which kind it is; nil if it is just invalid
}

// fault notes what is wrong with the value that is being written.
func (e *encoder) fault(value, reason string) {
	e.faults = append(e.faults, fault{field: strings.Join(e.path, "/"), value: value, reason: reason})
}

// at writes a value under a name that its faults are told with.
func (e *encoder) at(name string, write func()) {
	e.path = append(e.path, name)
	write()
	e.path = e.path[:len(e.path)-1]
}

// comma writes one where a member or an element stands before.
func (e *encoder) comma() {
	if len(e.buf) == 0 {
		return
	}
	switch e.buf[len(e.buf)-1] {
	case '{', '[', ':':
	default:
		e.buf = append(e.buf, ',')
	}
}

// name begins a member; its value comes next.
func (e *encoder) name(name string) {
	e.text(name)
	e.buf = append(e.buf, ':')
}

// text writes a string as it is.
func (e *encoder) text(text string) {
	e.comma()
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			e.buf = append(e.buf, source.QuoteJSON(text)...)
			return
		}
	}
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, text...)
	e.buf = append(e.buf, '"')
}

// member writes a member of the flow's own vocabulary.
func (e *encoder) member(name, text string) {
	e.name(name)
	e.text(text)
}

// words writes a member that is a list of words.
func (e *encoder) words(name string, words []string) {
	e.name(name)
	e.list(len(words), func(i int) { e.text(words[i]) })
}

func (e *encoder) number(name string, n int) {
	e.name(name)
	e.buf = strconv.AppendInt(e.buf, int64(n), 10)
}

// raw writes JSON that was written before.
func (e *encoder) raw(text []byte) {
	e.comma()
	e.buf = append(e.buf, text...)
}

func (e *encoder) object(members func()) {
	e.comma()
	e.buf = append(e.buf, '{')
	members()
	e.buf = append(e.buf, '}')
}

func (e *encoder) list(n int, element func(i int)) {
	e.comma()
	e.buf = append(e.buf, '[')
	for i := range n {
		element(i)
	}
	e.buf = append(e.buf, ']')
}

// given writes a member whose value the caller gave.
func (e *encoder) given(name string, v any) {
	e.name(name)
	e.at(name, func() { e.value(v) })
}

// plainText writes a text of the caller's.
func (e *encoder) plainText(text string) {
	if !utf8.ValidString(text) {
		e.fault(text, notUTF8)
	}
	escaped := plain(text)
	if strings.HasPrefix(escaped, "@concat(") {
		e.fits(text, connref.Characters(escaped)-len("@"))
	}
	e.text(escaped)
}

// maxNesting is how deep a value can be: more than any flow's is, and less than what the file as a whole can be.
const maxNesting = 500

// value writes what the caller gave.
func (e *encoder) value(v any) {
	if len(e.path) > maxNesting || e.tooDeep {
		v = e.nestsTooDeep()
	}
	switch v := v.(type) {
	case nil:
		e.raw([]byte("null"))
	case string:
		e.plainText(v)
	case Expr:
		e.expr(v)
	case Test:
		e.expr(v.Expr())
	case bool:
		e.comma()
		e.buf = strconv.AppendBool(e.buf, v)
	case int:
		e.comma()
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	case json.RawMessage:
		e.pasted(v)
	case map[string]any:
		e.members(v)
	case []any:
		e.list(len(v), func(i int) { e.at(strconv.Itoa(i), func() { e.value(v[i]) }) })
	case []string:
		e.list(len(v), func(i int) { e.at(strconv.Itoa(i), func() { e.value(v[i]) }) })
	default:
		e.other(v)
	}
}

// nestsTooDeep notes that a value does, and answers what to write for it. Once is enough, since one that holds itself
// has no end.
func (e *encoder) nestsTooDeep() any {
	if !e.tooDeep {
		e.tooDeep = true
		e.faults = append(e.faults, fault{field: e.path[0], reason: "nests too deep, or holds itself"})
	}
	return nil
}

func (e *encoder) members(object Object) {
	names := slices.AppendSeq(make([]string, 0, len(object)), maps.Keys(object))
	slices.Sort(names)
	e.object(func() {
		for _, name := range names {
			e.userMember(name, object[name])
		}
	})
}

func (e *encoder) userMember(name string, v any) {
	e.at(name, func() {
		e.plainText(name)
		e.buf = append(e.buf, ':')
		e.value(v)
	})
}

func (e *encoder) expr(x Expr) {
	length := x.longest
	if !x.isText {
		length = connref.Characters(x.text)
	}
	switch {
	case e.valuesOnly:
		e.fault(source.QuoteJSON(x.inFile()), "is an expression; right would be a value")
	case x.fault != "":
		e.fault(x.text, x.fault)
	case x.text == "":
		e.fault("", noExpression)
	default:
		e.fits(x.text, length)
	}
	e.names = append(e.names, x.names...)
	e.expressions++
	e.text(x.inFile())
}

// isExpression tells whether what was written is one expression.
func (e *encoder) isExpression() bool {
	return bytes.HasPrefix(e.buf, []byte(`"@`)) && !bytes.HasPrefix(e.buf, []byte(`"@@`))
}

// fits notes an expression that is too long.
func (e *encoder) fits(text string, length int) {
	if length > MaxExpression {
		e.fault(text, fmt.Sprintf("has %d characters; at most %d are allowed", length, MaxExpression))
	}
}

// other writes the values of types that aren't known here: lists and maps of whatever, and what only encoding/json
// knows to write. What that makes of it is read again, so that texts are texts.
func (e *encoder) other(v any) {
	_, special := v.(json.Marshaler)
	r := reflect.ValueOf(v)
	switch kind := r.Kind(); {
	case special:
	case kind == reflect.Slice && r.Type().Elem().Kind() != reflect.Uint8:
		e.list(r.Len(), func(i int) { e.at(strconv.Itoa(i), func() { e.value(r.Index(i).Interface()) }) })
		return
	case kind == reflect.Map && r.Type().Key().Kind() == reflect.String:
		object := make(Object, r.Len())
		for key, element := range r.Seq2() {
			object[key.String()] = element.Interface()
		}
		e.members(object)
		return
	}
	decoded, err := throughJSON(v)
	if err != nil {
		e.fault("", "can't be JSON: "+err.Error())
	}
	if number, ok := decoded.(json.Number); ok {
		e.raw([]byte(number))
		return
	}
	e.value(decoded)
}

func throughJSON(v any) (decoded any, err error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	for code := range escapes(string(raw)) {
		if code == utf8.RuneError { // encoding/json spells it so in the place of what is not utf-8 only
			return nil, errors.New("it has text that is not utf-8")
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	err = decoder.Decode(&decoded)
	return decoded, err
}
