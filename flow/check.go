package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/connref/connref/connref"
)

// Limits of a flow, of which the platform's documentation tells.
const (
	MaxActions       = 500
	MaxDepth         = 8   // actions that one action stands in
	MaxOperationName = 80  // characters
	MaxVariables     = 250 // that actions make
	MaxDescription   = 256 // characters of an operation's description
)

// check gathers what is wrong with a flow that is to be built. Names in its maps are folded, since the platform doesn't
// tell them apart by case; keys are not.
type check struct {
	b       *Builder
	faults  []error
	steps   []*Step           // all actions, each before those inside it
	actions map[string]*Step  // by their names
	names   map[string]string // of all operations; which one it is
	makers  map[string]*Step  // of the variables
	params  map[string]bool
	bound   map[string]Binding
	used    map[string]bool // keys
	reach   reach
	trigger *Step // nil if there isn't one
	ordered bool  // what runs after what is clear
}

func newCheck(b *Builder) *check {
	return &check{
		b: b, faults: slices.Clone(b.faults), ordered: true,
		actions: map[string]*Step{}, names: map[string]string{},
		makers: map[string]*Step{}, params: map[string]bool{},
		bound: map[string]Binding{}, used: map[string]bool{},
		reach: reach{index: map[*Step]int{}, before: map[*Step]bitset{}},
	}
}

// add notes a fault of a thing.
func (c *check) add(thing string, f fault) { c.faults = append(c.faults, f.in(thing)) }

// in is the fault as an error, with the path of the thing that it is a fault of.
func (f fault) in(thing string) error {
	if f.field != "" {
		thing += ": " + f.field
	}
	return &connref.FieldError{Field: thing, Value: f.value, Reason: f.reason, Err: cmp.Or(f.err, connref.ErrInvalid)}
}

func duplicate(field, value, reason string) fault {
	return fault{field: field, value: value, reason: reason, err: connref.ErrDuplicate}
}

func notFound(field, value, reason string) fault {
	return fault{field: field, value: value, reason: reason, err: connref.ErrNotFound}
}

func (c *check) run() {
	c.gather(c.b.Block, 0)
	for _, s := range c.steps {
		if v := s.variable; v != nil && v.makes != "" {
			c.declare(s, v)
		}
	}
	c.parameters()
	c.bindings()
	c.order(c.b.Block, 0)
	c.triggers()
	c.atMost(c.b.place(), "actions", len(c.steps), MaxActions)
	c.atMost(c.b.place(), "variables", len(c.makers), MaxVariables)
	for _, s := range c.steps {
		c.step(s)
	}
	for _, key := range c.unusedKeys() {
		c.add(c.b.place()+": binding "+key, fault{reason: "is used by no operation"})
	}
}

// atMost notes a number that is too great.
func (c *check) atMost(thing, field string, n, limit int) {
	if n > limit {
		c.add(thing, fault{field: field, value: strconv.Itoa(n), reason: fmt.Sprintf("are more than %d", limit)})
	}
}

// gather lists the actions of a block and those inside them. What stands deeper than it can isn't looked at further.
func (c *check) gather(b *Block, depth int) {
	for _, s := range b.steps {
		c.steps = append(c.steps, s)
		if name := connref.Fold(s.name); c.actions[name] == nil {
			c.actions[name] = s
		}
		if depth > MaxDepth {
			c.atMost(c.actionPath(s), "actions around it", depth, MaxDepth)
			continue
		}
		for _, inner := range s.blocks() {
			c.gather(inner, depth+1)
		}
	}
}

func (c *check) actionPath(s *Step) string { return c.b.place() + ": action " + s.path() }

func (c *check) declare(s *Step, v *variableUse) {
	name := connref.Fold(v.name)
	switch {
	case v.name == "" || strings.HasPrefix(v.name, "@"):
		c.add(c.actionPath(s), fault{field: "variable", value: v.name, reason: "is not the name of a variable"})
	case c.makers[name] != nil:
		c.add(c.actionPath(s), duplicate("variable", v.name, "is made by another action"))
	case s.block.holds != nil:
		c.add(c.actionPath(s), fault{
			field: "variable", value: v.name, reason: "is made inside another action; right would be the top of the flow",
		})
	}
	c.makers[name] = s
}

func (c *check) parameters() {
	schemas := map[string]bool{}
	for i, p := range c.b.parameters {
		thing, name := c.b.place()+": parameter "+p.Name(), connref.Fold(p.Name())
		switch {
		case name == "" || !utf8.ValidString(p.Name()+p.Description) || strings.ContainsFunc(p.Name(), unicode.IsControl):
			c.add(thing, fault{field: "name", value: p.Name(), reason: "is missing, is not utf-8 or has control characters"})
		case reservedParameter(name) || reservedParameter(connref.Fold(p.SchemaName)):
			c.add(thing, fault{field: "name", value: p.Name(), reason: "is reserved"})
		case c.params[name]:
			c.add(thing, duplicate("name", p.Name(), "is the name of another parameter"))
		}
		c.params[name] = true
		schema := connref.Fold(p.SchemaName)
		switch {
		case schema == "":
		case reservedParameter(schema):
		case !isSchemaName(schema):
			c.add(thing, fault{
				field: "schema name", value: p.SchemaName, reason: "is not made of letters, digits and underscores",
			})
		case schemas[schema]:
			c.add(thing, duplicate("schema name", p.SchemaName, "is that of another parameter"))
		}
		schemas[schema] = true
		if _, ok := emptyParameters[p.Type]; !ok {
			c.add(thing, fault{field: "type", value: string(p.Type), reason: "is not one of String, Bool, Int, Float, Object"})
		} else if value := c.b.defaults[i]; value != nil && !p.Type.fits(value) {
			c.add(thing, fault{field: "default", value: string(value), reason: "is no " + string(p.Type)})
		}
	}
}

// isSchemaName tells whether an environment variable can have the name.
func isSchemaName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !isLetterOrDigit(r) && r != '_' })
}

// reservedParameter tells whether a flow has a parameter of that name in any case, or can have none.
func reservedParameter(name string) bool {
	return name == "$connections" || name == "$connection" || name == "$authentication"
}

func (c *check) bindings() {
	for _, b := range c.b.bindings {
		thing := c.b.place() + ": binding " + b.Key
		for _, err := range b.faults() {
			c.faults = append(c.faults, &connref.FieldError{Field: thing, Reason: err.Error(), Err: connref.ErrInvalid})
		}
		if _, again := c.bound[b.Key]; again {
			c.add(thing, duplicate("key", b.Key, "is bound already"))
		}
		c.bound[b.Key] = b
	}
}

func (c *check) unusedKeys() (unused []string) {
	for _, b := range c.b.bindings {
		if !c.used[b.Key] && b.Key != "" {
			unused = append(unused, b.Key)
		}
	}
	return unused
}

func (c *check) triggers() {
	if n := len(c.b.starts); n != 1 {
		c.add(c.b.place(), fault{
			field: "trigger", value: strconv.Itoa(n), reason: "is the number of triggers; right would be one",
		})
	}
	for _, s := range c.b.starts {
		c.trigger = &s.step
	}
	for _, s := range c.b.starts {
		thing := strings.TrimSpace(c.b.place() + ": trigger " + s.step.name)
		c.operation(thing, &s.step)
		if s.Concurrency < 0 || s.Concurrency > MaxRuns {
			c.add(thing, fault{
				field: "concurrency", value: strconv.Itoa(s.Concurrency), reason: fmt.Sprintf("is not from 0 to %d", MaxRuns),
			})
		}
		c.description(thing, s.Description)
		var e encoder
		for i, t := range s.Conditions {
			e.at("condition "+strconv.Itoa(i+1), func() { e.value(t) })
		}
		for _, f := range e.faults {
			c.add(thing, f)
		}
		c.mentions(thing, &s.step, true, append(e.names, s.step.names...))
	}
}

// operation checks what triggers and actions have in common.
func (c *check) operation(thing string, s *Step) {
	folded := connref.Fold(s.name)
	switch other, taken := c.names[folded]; {
	case taken:
		c.add(thing, duplicate("name", s.name, "is the name of "+other))
	default:
		c.names[folded] = strings.TrimPrefix(thing, c.b.place()+": ")
	}
	if reason := nameFault(s.name); reason != "" {
		c.add(thing, fault{field: "name", value: s.name, reason: reason})
	}
	for _, f := range s.faults {
		c.add(thing, f)
	}
	if s.call == nil {
		return
	}
	c.used[s.call.Key] = true
	binding, isBound := c.bound[s.call.Key]
	if !isBound {
		c.add(thing, notFound("key", s.call.Key, "is not bound; right would be the key of a binding"))
	}
	if s.call.Operation == "" || !utf8.ValidString(s.call.Operation) || strings.HasPrefix(s.call.Operation, "@") {
		c.add(thing, fault{field: "operation", value: s.call.Operation, reason: "is not the operationId of a connector"})
	}
	if (s.call.Authentication == AuthInvoker || binding.Source == Invoker) && !c.b.hasCaller() {
		c.add(thing, fault{
			field: "key", value: s.call.Key, reason: "is the caller's connection, but nobody calls a flow with this trigger",
		})
	}
	if a := s.call.Authentication; a != AuthNone && a != AuthParameter && a != AuthInvoker {
		c.add(thing, fault{
			field: "authentication", value: a.String(), reason: "is not AuthParameter, AuthInvoker or AuthNone",
		})
	}
}

// nameFault answers why an operation can't have a name, or nothing.
func nameFault(name string) string {
	const forbidden = `<>%&\?/"#`
	switch {
	case name == "":
		return "is missing"
	case !utf8.ValidString(name):
		return notUTF8
	case strings.HasPrefix(name, "@"):
		return "begins with @, as expressions do"
	case strings.ContainsAny(name, forbidden) || strings.ContainsFunc(name, unicode.IsControl):
		return "has a control character or one of " + forbidden
	case connref.Characters(name) > MaxOperationName:
		return fmt.Sprintf("has %d characters; at most %d are allowed", connref.Characters(name), MaxOperationName)
	}
	return ""
}

func (c *check) description(thing, text string) {
	reason := ""
	switch n := connref.Characters(text); {
	case !utf8.ValidString(text):
		reason = notUTF8
	case n > MaxDescription:
		reason = fmt.Sprintf("has %d characters; at most %d are allowed", n, MaxDescription)
	default:
		return
	}
	c.add(thing, fault{field: "description", value: text, reason: reason})
}

// step checks an action.
func (c *check) step(s *Step) {
	thing := c.actionPath(s)
	c.operation(thing, s)
	c.description(thing, s.Description)
	c.timeout(thing, s)
	c.retry(thing, s)
	c.cases(thing, s)
	c.place(thing, s)
	if v := s.variable; v != nil && v.makes == "" {
		c.variable(thing, s, v)
	}
	c.mentions(thing, s, false, s.names)
}

// requests tells whether an action makes a request, which can be made again, and waits for an answer.
func (s *Step) requests() bool { return s.call != nil || s.typ == "Http" || s.typ == "Workflow" }

func (c *check) timeout(thing string, s *Step) {
	timeout, reason := s.Timeout, ""
	if s.limit != nil {
		timeout = s.limit.timeout
	}
	switch {
	case timeout < 0 || timeout%time.Second != 0:
		reason = "is no whole number of seconds"
	case s.Timeout != 0 && s.limit != nil:
		reason = "is set twice; right would be the one in UntilOptions"
	case s.Timeout != 0 && !s.requests():
		reason = "is given to an action that waits for no answer"
	default:
		return
	}
	c.add(thing, fault{field: "timeout", value: timeout.String(), reason: reason})
}

// place checks actions that can't stand everywhere.
func (c *check) place(thing string, s *Step) {
	if s.typ != "Terminate" && s.typ != "Response" {
		return
	}
	if s.isIn(func(at *Step) bool { return at.foreach != nil || at.typ == "Until" }) {
		c.add(thing, fault{field: "place", value: s.typ, reason: "stands in a loop, where the platform takes none"})
	}
	if s.typ == "Terminate" || c.trigger == nil {
		return
	}
	started := c.trigger.kind
	switch {
	case c.trigger.typ != "Request":
		c.add(thing, fault{field: "to", value: s.kind, reason: "answers a caller, but nobody calls a flow with this trigger"})
	case s.kind == "Skills" && started != "Skills", s.kind == "PowerPages" && started != "PowerPages",
		s.kind == "PowerApp" && (started == "Skills" || started == "PowerPages"):
		c.add(thing, fault{field: "to", value: s.kind, reason: "is not who starts the flow, which is " + started})
	}
}

func (c *check) retry(thing string, s *Step) {
	r := s.Retry
	if r == nil {
		return
	}
	reason := ""
	switch {
	case !s.requests():
		reason = "is given to an action that makes no request"
	case r.Type == RetryNone:
	case r.Type != RetryFixed && r.Type != RetryExponential:
		reason = "is not one of none, fixed, exponential"
	case r.Count < 1 || r.Count > 90:
		reason = "has a count of " + strconv.Itoa(r.Count) + ", which is not from 1 to 90"
	case r.Interval < 5*time.Second || r.Interval > 24*time.Hour || r.Interval%time.Second != 0:
		reason = "has an interval of " + r.Interval.String() + ", which is not from 5 seconds to a day, in whole seconds"
	}
	if reason != "" {
		c.add(thing, fault{field: "retry", value: string(r.Type), reason: reason})
	}
}

func (c *check) cases(thing string, s *Step) {
	c.atMost(thing, "cases", len(s.cases), MaxCases)
	names, values := map[string]bool{}, map[string]bool{}
	for _, one := range s.cases {
		field, value := "case "+one.name, string(one.value)
		if reason := nameFault(one.name); reason != "" {
			c.add(thing, fault{field: field, value: one.name, reason: reason})
		}
		if names[connref.Fold(one.name)] {
			c.add(thing, duplicate(field, one.name, "is the name of another case"))
		}
		if values[value] {
			c.add(thing, duplicate(field, value, "is the value of another case"))
		}
		names[connref.Fold(one.name)], values[value] = true, true
	}
}

func (c *check) variable(thing string, s *Step, v *variableUse) {
	maker := c.makers[connref.Fold(v.name)]
	switch {
	case maker == nil:
		c.add(thing, notFound("variable", v.name, "is made by no action; right would be an Initialize"))
	case !c.done(maker, s, false):
		c.add(thing, fault{field: "variable", value: v.name, reason: "isn't made when this runs"})
	case len(v.fits) > 0 && !slices.Contains(v.fits, maker.variable.makes):
		reason := fmt.Sprintf("is of type %s; right would be %v", maker.variable.makes, v.fits)
		c.add(thing, fault{field: "variable", value: v.name, reason: reason})
	}
}
