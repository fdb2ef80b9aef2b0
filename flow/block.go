package flow

import (
	"bytes"
	"iter"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/connref/connref/connref"
)

// Block is a sequence of actions, to which more can be added: a flow's own, or what a Scope, a loop or a branch holds.
// Each action runs after the one before it has succeeded; see Step.RunAfter.
type Block struct {
	flow  *Builder
	holds *Step  // the action that holds it; nil for the flow's own
	label string // which of its branches it is; see Operation.Branch
	steps []*Step
}

// Step is an action that was added to a Block. Its fields can be set until Build.
type Step struct {
	Description string
	// RunAfter says after which actions of the same block this one runs, by their names, and how those have to have
	// ended. Nil means after the one that was added before it, once that has succeeded; empty means at once.
	RunAfter RunAfter
	// SecureInputs and SecureOutputs keep what goes in and what comes out away from the run history.
	SecureInputs, SecureOutputs bool
	// Timeout is how long an action that waits for an answer does so, in whole seconds; 0 leaves it to the platform.
	Timeout time.Duration
	// Retry is what happens when a request fails; nil leaves it to the platform.
	Retry *Retry

	name   string
	block  *Block
	before *Step    // the one that was added before it
	next   RunAfter // what the one that is added next runs after; nil is this one, once it has succeeded

	typ, kind  string
	inputs     []byte // members of inputs, as JSON like all that follows
	whole      []byte // all of inputs, of the actions whose inputs are a value
	foreach    []byte
	expression []byte
	runtime    []byte // members of runtimeConfiguration
	limit      *limit
	call       *Call
	parameters []byte // of the call
	variable   *variableUse
	other      bool // of a type that isn't known here

	actions, otherwise, fallback *Block
	cases                        []switchCase

	names  []mentioned
	faults []fault
}

// RunAfter names actions and how each has to have ended: one of the statuses is enough.
type RunAfter map[string][]Status

// Status is how an action ended.
type Status string

// The statuses.
const (
	Succeeded Status = "Succeeded"
	Failed    Status = "Failed"
	Skipped   Status = "Skipped"
	TimedOut  Status = "TimedOut"
)

func (s Status) ok() bool { return s == Succeeded || s == Failed || s == Skipped || s == TimedOut }

// Retry says how often and at which intervals a request that failed is made again.
type Retry struct {
	Type     RetryType
	Count    int           // 1 to 90
	Interval time.Duration // in whole seconds, from 5 seconds to a day
}

// RetryType is how the intervals between retries grow.
type RetryType string

// The types of retries.
const (
	RetryNone        RetryType = "none"
	RetryFixed       RetryType = "fixed"
	RetryExponential RetryType = "exponential"
)

// Action is what can be added to a Block: Call, Compose, Initialize, HTTP, … of this package.
type Action interface {
	// action fills a step with what the action is.
	action(s *Step, e *encoder)
}

// Add adds an action under a name that no other operation of the flow has. Spaces in it become underscores, which the
// designer shows as spaces. What the action holds is taken over now, so that it can be changed and added again.
func (b *Block) Add(name string, a Action) *Step {
	s := b.newStep(name)
	if v := reflect.ValueOf(a); a == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		s.faults = append(s.faults, fault{reason: "is nil; right would be a Call, a Compose and the like"})
		return s
	}
	s.encode(func(e *encoder) { a.action(s, e) })
	return s
}

var succeeded = []Status{Succeeded}

func (b *Block) newStep(name string) *Step {
	s := &Step{name: key(name), block: b}
	if n := len(b.steps); n > 0 {
		s.before = b.steps[n-1]
	}
	b.steps = append(b.steps, s)
	return s
}

// encode lets something write JSON, and keeps what it mentions and what is wrong with it.
func (s *Step) encode(write func(e *encoder)) []byte {
	scratch := &s.block.flow.scratch
	e := encoder{buf: scratch.buf[:0], path: scratch.path[:0]}
	*scratch = encoder{} // or what writes inside would write over it
	write(&e)
	*scratch = encoder{buf: e.buf, path: e.path}
	s.names = append(s.names, e.names...)
	s.faults = append(s.faults, e.faults...)
	if len(e.buf) == 0 {
		return nil
	}
	return bytes.Clone(e.buf)
}

// Name is the action's name as the flow's file has it, with underscores for spaces.
func (s *Step) Name() string { return s.name }

// Outputs are the action's outputs, or what they have at a path; see Outputs.
func (s *Step) Outputs(path ...any) Expr { return Outputs(s.name, path...) }

// Body is the body of the action's outputs, or what it has at a path; see Body.
func (s *Step) Body(path ...any) Expr { return Body(s.name, path...) }

// path names the step with those around it, as Operation.Path does.
func (s *Step) path() string {
	holder := s.block.holds
	if holder == nil {
		return s.name
	}
	branch := ""
	if s.block.label != "" {
		branch = " (" + s.block.label + ")"
	}
	return holder.path() + branch + " > " + s.name
}

// runsAfter yields the actions that the step runs after, in order of their names.
func (s *Step) runsAfter() iter.Seq2[string, []Status] {
	return func(yield func(string, []Status) bool) {
		after := s.RunAfter
		if after == nil && s.before != nil {
			if after = s.before.next; after == nil {
				yield(s.before.name, succeeded)
				return
			}
		}
		for _, name := range slices.Sorted(maps.Keys(after)) {
			if !yield(key(name), after[name]) {
				return
			}
		}
	}
}

// blocks are those that the step holds, in the order in which its file has them.
func (s *Step) blocks() (blocks []*Block) {
	for _, b := range []*Block{s.actions, s.otherwise} {
		if b != nil {
			blocks = append(blocks, b)
		}
	}
	for _, c := range s.cases {
		blocks = append(blocks, c.block)
	}
	if s.fallback != nil {
		blocks = append(blocks, s.fallback)
	}
	return blocks
}

// operationID is the id that the designer gives an operation, derived from the names.
func operationID(flow, operation string) string {
	return connref.DeriveGUID("operation", flow, operation).String()
}
