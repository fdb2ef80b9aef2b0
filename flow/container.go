package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Limits of containers, of which the platform's documentation tells.
const (
	MaxCases       = 25   // of a switch, beside its default
	MaxConcurrency = 50   // iterations of a loop at once
	MaxIterations  = 5000 // of an until
)

// Container is an action that holds others: a scope or a loop. What is added to it is added to its Block.
type Container struct {
	*Step
	*Block
}

// Item is the current item of the loop that the container is, or what it has at a path; see Items.
func (c Container) Item(path ...any) Expr { return Items(c.name, path...) }

// container makes an action that holds others.
func (b *Block) container(name, typ string) Container {
	s := b.newStep(name)
	s.typ, s.actions = typ, b.branch(s, "")
	return Container{Step: s, Block: s.actions}
}

func (b *Block) branch(holder *Step, label string) *Block {
	return &Block{flow: b.flow, holds: holder, label: label}
}

// Scope adds a scope: actions that succeed or fail as one.
func (b *Block) Scope(name string) Container { return b.container(name, "Scope") }

// ForEachOptions are the choices of a loop over a list.
type ForEachOptions struct {
	Concurrency int // how many iterations run at once, up to MaxConcurrency; 0 leaves it to the platform, 1 is in order
}

// ForEach adds a loop over a list: an Expr, or the list itself. Inside, the container's Item is the current one.
func (b *Block) ForEach(name string, items any, opts *ForEachOptions) Container {
	c := b.container(name, "Foreach")
	c.foreach = c.encode(func(e *encoder) {
		e.at("items", func() {
			e.value(items)
			_, isPasted := items.(json.RawMessage)
			isExpression := (e.expressions > 0 || isPasted) && e.isExpression()
			if e.buf[0] != '[' && !isExpression && len(e.faults) == 0 {
				e.fault(string(e.buf), "is no list; right would be an expression or a list")
			}
		})
	})
	if opts != nil && opts.Concurrency != 0 {
		c.runtime = c.concurrency("repetitions", opts.Concurrency, MaxConcurrency)
	}
	return c
}

func (s *Step) concurrency(member string, n, limit int) []byte {
	return s.encode(func(e *encoder) {
		if n < 1 || n > limit {
			e.at("concurrency", func() { e.fault(strconv.Itoa(n), fmt.Sprintf("is not from 1 to %d", limit)) })
		}
		e.concurrency(member, n)
	})
}

func (e *encoder) concurrency(member string, n int) {
	e.name("concurrency")
	e.object(func() { e.number(member, n) })
}

// UntilOptions are the choices of a loop that asks when to end. Whichever limit is reached first ends it, too.
type UntilOptions struct {
	Count   int           // iterations, up to MaxIterations; 0 is 60, as in the designer
	Timeout time.Duration // in whole seconds; 0 is an hour, as in the designer
}

// Until adds a loop that runs once, and again until the answer is yes.
func (b *Block) Until(name string, done Test, opts *UntilOptions) Container {
	c := b.container(name, "Until")
	c.expression = c.encode(func(e *encoder) { e.at("expression", func() { e.value(done) }) })
	c.limit = &limit{count: 60, timeout: time.Hour}
	if opts != nil && opts.Count != 0 {
		c.limit.count = opts.Count
	}
	if opts != nil && opts.Timeout != 0 {
		c.limit.timeout = opts.Timeout
	}
	if n := c.limit.count; n < 1 || n > MaxIterations {
		c.fault("count", strconv.Itoa(n), fmt.Sprintf("is not from 1 to %d", MaxIterations))
	}
	return c
}

// limit is what ends an action or a loop that doesn't end itself.
type limit struct {
	count   int // 0 for actions, which have none
	timeout time.Duration
}

func (s *Step) fault(field, value, reason string) {
	s.faults = append(s.faults, fault{field: field, value: value, reason: reason})
}

// Condition is an action with two branches. The second may stay empty.
type Condition struct {
	*Step
	Then, Else *Block
}

// Condition adds a condition: its actions in Then run if the answer is yes, those in Else if it is no.
func (b *Block) Condition(name string, test Test) Condition {
	s := b.newStep(name)
	s.typ, s.actions, s.otherwise = "If", b.branch(s, ""), b.branch(s, "else")
	s.expression = s.encode(func(e *encoder) { e.at("expression", func() { e.question(test) }) })
	return Condition{Step: s, Then: s.actions, Else: s.otherwise}
}

// Switch is an action with a branch for each of several values, and one for all others, which may stay empty.
type Switch struct {
	*Step
	Default *Block
}

type switchCase struct {
	name  string
	value []byte
	block *Block
}

// Switch adds a switch, which chooses among its cases by the value of an expression.
func (b *Block) Switch(name string, on Expr) Switch {
	s := b.newStep(name)
	s.typ, s.fallback = "Switch", b.branch(s, "default")
	s.expression = s.encode(func(e *encoder) { e.at("expression", func() { e.value(on) }) })
	return Switch{Step: s, Default: s.fallback}
}

// Case adds a case: the actions that run when the switch's value is this one, a string or a number. Each case has a
// name and a value of its own.
func (s Switch) Case(name string, value any) *Block {
	name = key(name)
	block := s.block.branch(s.Step, "case "+name)
	switch value.(type) {
	case string, int, int32, int64, float64, json.Number:
	default:
		s.fault("case "+name, "", fmt.Sprintf("is a %T; right would be a string or a number", value))
	}
	raw := s.encode(func(e *encoder) { e.at("case "+name, func() { e.value(value) }) })
	s.cases = append(s.cases, switchCase{name, raw, block})
	return block
}

// TryCatch is two scopes that go together: Catch runs if Try fails or times out. An action that is added behind them
// runs unless Catch fails, too. If what is before them fails, neither runs.
type TryCatch struct{ Try, Catch Container }

// Try adds a scope and the one that runs if it fails, under two names.
func (b *Block) Try(try, catch string) TryCatch {
	t := TryCatch{Try: b.Scope(try), Catch: b.Scope(catch)}
	t.Catch.RunAfter = RunAfter{t.Try.name: {Failed, TimedOut}}
	t.Catch.next = RunAfter{t.Try.name: ran, t.Catch.name: {Succeeded, Skipped}} // nothing to catch is fine
	return t
}

// ran is how an action ends that wasn't skipped.
var ran = []Status{Succeeded, Failed, TimedOut}

// Finally adds a scope that runs whichever way the two end, unless a Terminate in them ends the flow. An action that is
// added behind it runs if it succeeds and Catch hasn't failed. If none is, a flow whose Catch failed counts as
// succeeded once Finally has.
func (t TryCatch) Finally(name string) Container {
	c := t.Catch.block.Scope(name)
	c.RunAfter = RunAfter{t.Try.name: slices.Clone(ran), t.Catch.name: {Succeeded, Failed, Skipped, TimedOut}}
	c.next = RunAfter{t.Catch.name: {Succeeded, Skipped}, c.name: succeeded}
	return c
}
