package flow_test

import (
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// script makes a flow of bytes, each of which decides something. Where they end, all decisions are 0.
type script struct {
	rest   []byte
	b      *flow.Builder
	blocks []*flow.Block // those that are open
	loops  []string      // around the innermost, by name; "" for what is no loop
	rounds []bool        // whether each of blocks is in a loop of any kind
	steps  []*flow.Step
	done   [][]string  // what was added to each of blocks and holds nothing
	caller flow.Caller // who is answered; "" is nobody
	begun  bool        // what is added are actions
	count  int
}

// pick decides among n.
func (s *script) pick(n int) int {
	if len(s.rest) == 0 {
		return 0
	}
	c := s.rest[0]
	s.rest = s.rest[1:]
	return int(c) % n
}

// seldom decides for what mostly is a fault.
func (s *script) seldom() bool { return s.pick(32) == 31 }

// text is some of the bytes themselves.
func (s *script) text() string {
	n := min(s.pick(12), len(s.rest))
	text := string(s.rest[:n])
	s.rest = s.rest[n:]
	if s.seldom() && s.pick(4) == 3 {
		return text
	}
	return strings.ToValidUTF8(text, "@{")
}

// word is a text that a name can have in it, mostly.
func (s *script) word() string {
	text := s.text()
	if s.seldom() {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`<>%&\?/"#`, r) {
			return 'x'
		}
		return r
	}, text)
}

// name is one that no other operation has, mostly.
func (s *script) name() string {
	if s.seldom() {
		return s.text()
	}
	s.count++
	return "Step " + strconv.Itoa(s.count)
}

func (s *script) path() (path []any) {
	for range s.pick(3) {
		if s.pick(2) == 0 {
			path = append(path, s.text())
		} else {
			path = append(path, s.pick(9))
		}
	}
	return path
}

// stepName is the name of a step that was added, mostly of one that has ended by now; or none.
func (s *script) stepName() string {
	done := s.done[s.pick(len(s.done))]
	switch {
	case s.seldom() || len(s.steps) == 0:
		return s.text()
	case len(done) == 0:
		return "Make_v"
	case s.seldom():
		return s.steps[s.pick(len(s.steps))].Name()
	}
	return done[s.pick(len(done))]
}

func (s *script) expr(depth int) flow.Expr {
	choice := s.pick(13)
	if !s.begun && !s.seldom() && (choice == 2 || choice == 3 || choice == 4 || choice == 6) {
		choice = 0 // nothing has run when a flow is started
	}
	switch choice {
	case 0:
		return flow.TriggerOutputs(s.path()...)
	case 1:
		return flow.TriggerBody(s.path()...)
	case 2:
		return flow.Outputs(s.stepName(), s.path()...)
	case 3:
		return flow.Body(s.stepName(), s.path()...)
	case 4:
		return flow.Var("v", s.path()...)
	case 5:
		return flow.Param("p", s.path()...)
	case 6:
		if loop := s.loops[len(s.loops)-1]; loop != "" {
			return flow.Items(loop, s.path()...)
		}
		if s.seldom() {
			return flow.Item(s.path()...)
		}
		return flow.TriggerBody(s.path()...)
	case 7:
		if s.seldom() {
			return flow.RawExpr(s.text())
		}
		return flow.RawExpr("utcNow()")
	case 8, 9:
		return flow.Func("concat", s.operands(depth)...)
	case 10, 11:
		return flow.Text(s.operands(depth)...)
	}
	return s.test(depth).Expr().Get(s.path()...)
}

func (s *script) operands(depth int) (operands []any) {
	for range s.pick(4) {
		operands = append(operands, s.operand(depth))
	}
	return operands
}

func (s *script) operand(depth int) any {
	switch s.pick(8) {
	case 0:
		return nil
	case 1:
		return s.pick(2) == 0
	case 2:
		return s.pick(256) - 128
	case 3:
		return float64(s.pick(256)) / 8
	case 4:
		if depth > 0 {
			return s.test(depth - 1)
		}
	case 5:
		if depth > 0 {
			return s.expr(depth - 1)
		}
	}
	return s.text()
}

func (s *script) test(depth int) flow.Test {
	a, b := s.operand(depth), s.operand(depth)
	if depth > 0 {
		switch s.pick(4) {
		case 0:
			return flow.And(s.test(depth-1), s.test(depth-1))
		case 1:
			return flow.Or(s.test(depth - 1))
		case 2:
			return flow.Not(s.test(depth - 1))
		}
	}
	switch s.pick(10) {
	case 0:
		return flow.Greater(a, b)
	case 1:
		return flow.GreaterOrEquals(a, b)
	case 2:
		return flow.Less(a, b)
	case 3:
		return flow.LessOrEquals(a, b)
	case 4:
		return flow.Contains(a, b)
	case 5:
		return flow.StartsWith(a, b)
	case 6:
		return flow.EndsWith(a, b)
	case 7:
		return flow.Is(s.expr(0))
	case 8:
		if s.seldom() {
			return flow.Test{}
		}
	}
	return flow.Equals(a, b)
}

func (s *script) value(depth int) any {
	if depth > 0 {
		switch s.pick(6) {
		case 0:
			return s.object(depth - 1)
		case 1:
			var list []any
			for range s.pick(4) {
				list = append(list, s.value(depth-1))
			}
			return list
		case 2:
			return map[string][]any{s.text(): {s.value(depth - 1)}}
		}
	}
	switch s.pick(12) {
	case 0:
		return s.expr(2)
	case 1:
		return s.test(1)
	case 2:
		return []string{s.text(), s.text()}
	case 3:
		raw, _ := json.Marshal(s.text())
		return json.RawMessage(`{"b":` + string(raw) + `,"a":[1.0]}`)
	case 4:
		if s.seldom() {
			return json.RawMessage(s.text())
		}
		return json.Number("1e400")
	case 5:
		return struct {
			A string
			B any `json:"b,omitempty"`
		}{s.text(), s.operand(0)}
	case 6:
		if s.seldom() {
			return math.NaN()
		}
		return []byte(s.text())
	}
	return s.operand(1)
}

func (s *script) object(depth int) flow.Object {
	object := flow.Object{}
	for range s.pick(4) {
		object[s.text()] = s.value(depth)
	}
	return object
}

func (s *script) recurrence() flow.Recurrence {
	units := []flow.Frequency{flow.Day, flow.Week, flow.Hour, flow.Month, flow.Minute, flow.Second}
	r := flow.Recurrence{Frequency: units[s.pick(6)], Interval: 1 + s.pick(16)}
	if r.Frequency == flow.Second {
		r.Interval += s.pick(256)
	}
	if s.seldom() {
		r.TimeZone = s.text()
	}
	if s.pick(4) == 3 {
		r.Hours, r.Minutes = []int{s.pick(25)}, []int{s.pick(60), s.pick(61)}
	}
	if s.pick(8) == 7 {
		r.WeekDays = []time.Weekday{time.Weekday(s.pick(8))}
	}
	return r
}

func (s *script) key() string {
	if s.seldom() {
		return s.text()
	}
	return []string{mailBinding.Key, listBinding.Key, ownBinding.Key}[s.pick(3)]
}

func (s *script) start() {
	var t flow.Trigger
	choice := s.pick(8)
	switch choice {
	default:
		var in flow.Inputs
		types := []flow.InputType{
			flow.InputText, flow.InputNumber, flow.InputBoolean, flow.InputDate, flow.InputEmail, flow.InputFile,
		}
		for range s.pick(5) {
			in = append(in, flow.Input{
				Title: "T" + s.text(), Type: types[s.pick(6)], Description: s.text(), Optional: s.pick(2) == 0,
			})
		}
		s.caller = []flow.Caller{flow.ByButton, flow.ByApp, flow.ByAgent, flow.ByPage}[s.pick(4)]
		t = flow.Manual{By: s.caller, Inputs: in}
	case 1:
		t = s.recurrence()
	case 2:
		s.caller = flow.ByParent
		t = flow.HTTPRequest{Callers: flow.AnyCaller, Schema: s.value(2)}
	case 3:
		poll := s.recurrence()
		t = flow.Event{Key: s.key(), Operation: "On" + s.text(), Poll: &poll, Parameters: s.object(1), SplitOn: s.expr(0)}
	case 4:
		t = flow.Event{Key: s.key(), Operation: "On" + s.text(), Parameters: s.object(1), Notifies: s.pick(2) == 0}
	}
	start := s.b.Trigger("Start", t)
	for range s.pick(3) {
		start.Conditions = append(start.Conditions, s.test(2))
	}
	start.Concurrency, start.SecureInputs = s.pick(101), s.pick(2) == 0
	s.begun = true
}

// add adds an action, or opens or closes a block.
func (s *script) add() {
	block := s.blocks[len(s.blocks)-1]
	var a flow.Action
	choice := s.pick(28)
	if answers := choice >= 15 && choice <= 17; answers && !s.seldom() && (s.caller == "" || s.rounds[len(s.rounds)-1]) {
		choice = 0 // nobody hears, or it stands in a loop
	}
	switch choice {
	case 0, 1, 2:
		a = flow.Compose{Inputs: s.value(3)}
	case 3, 4, 5:
		a = flow.Call{Key: s.key(), Operation: "Do" + s.text(), Parameters: s.object(2), Chunked: s.pick(2) == 0,
			Waits: s.pick(4) == 3, Authentication: s.authentication(), Pagination: s.pick(256)}
	case 6:
		a = flow.RunFlow{Flow: connref.DeriveGUID(s.text()), Body: s.object(1)}
	case 7:
		a = flow.ParseJSON{Content: s.expr(1), Schema: s.object(2)}
	case 8:
		a = flow.Select{From: s.expr(1), Map: s.object(1)}
	case 9:
		a = flow.Filter{From: s.expr(1), Where: s.test(2)}
	case 10:
		a = flow.Delay{For: time.Duration(1+s.pick(256)) * time.Second}
	case 11:
		a = flow.HTTP{Method: "POST", URI: s.value(0), Headers: s.object(0), Queries: s.object(0), Body: s.value(2)}
	case 12:
		a = flow.Other{Type: "Join", Inputs: s.value(2)}
	case 13:
		a = flow.SetVariable{Variable: "v", Value: s.text()}
	case 14:
		a = flow.AppendToString{Variable: "v", Value: s.text()}
	case 15:
		a = flow.Terminate{Status: flow.RunFailed, Code: s.text(), Message: s.text()}
	case 16:
		to := s.caller
		if s.seldom() {
			to = []flow.Caller{flow.ByButton, flow.ByApp, flow.ByAgent, flow.ByPage}[s.pick(4)]
		}
		a = flow.Reply{To: to, Outputs: []flow.Output{
			{Title: "O" + s.text(), Type: flow.OutputString, Value: s.value(1)},
		}}
	case 17:
		a = flow.Response{Status: 200 + s.pick(256), Headers: s.object(0), Body: s.value(2), Schema: s.value(1)}
	case 18:
		name := s.name()
		s.open(block.Scope(name))
	case 19:
		name := s.name()
		s.open(block.ForEach(name, s.expr(1), &flow.ForEachOptions{Concurrency: s.pick(51)}))
		s.loops[len(s.loops)-1], s.rounds[len(s.rounds)-1] = name, true
	case 20:
		s.open(block.Until(s.name(), s.test(2), &flow.UntilOptions{Count: s.pick(256)}))
		s.rounds[len(s.rounds)-1] = true
	case 21:
		c := block.Condition(s.name(), s.test(3))
		s.open(flow.Container{Step: c.Step, Block: c.Else})
		s.open(flow.Container{Step: c.Step, Block: c.Then})
	case 22:
		c := block.Switch(s.name(), s.expr(1))
		s.open(flow.Container{Step: c.Step, Block: c.Default})
		for i := range s.pick(4) {
			s.open(flow.Container{Step: c.Step, Block: c.Case("Case "+strconv.Itoa(i)+s.word(), strconv.Itoa(i)+s.text())})
		}
	case 23:
		c := block.Try(s.name(), s.name())
		s.open(c.Finally(s.name()))
		s.open(c.Catch)
		s.open(c.Try)
	default:
		if n := len(s.blocks); n > 1 {
			s.blocks, s.loops = s.blocks[:n-1], s.loops[:n-1]
			s.rounds, s.done = s.rounds[:n-1], s.done[:n-1]
		}
		return
	}
	if a != nil {
		step := block.Add(s.name(), a)
		s.steps = append(s.steps, step)
		s.done[len(s.done)-1] = append(s.done[len(s.done)-1], step.Name())
	}
	if len(s.steps) > 0 {
		s.configure(s.steps[len(s.steps)-1])
	}
}

func (s *script) open(c flow.Container) {
	s.steps = append(s.steps, c.Step)
	s.blocks, s.loops = append(s.blocks, c.Block), append(s.loops, s.loops[len(s.loops)-1])
	s.rounds, s.done = append(s.rounds, s.rounds[len(s.rounds)-1]), append(s.done, nil)
}

// authentication is of all kinds, but mostly not that of a caller where there is none.
func (s *script) authentication() flow.AuthenticationKind {
	kind := flow.AuthenticationKind(s.pick(3))
	if kind == flow.AuthInvoker && s.caller == "" && !s.seldom() {
		return flow.AuthNone
	}
	return kind
}

func (s *script) configure(step *flow.Step) {
	switch s.pick(16) {
	case 0:
		step.Description = s.text()
	case 1:
		if s.seldom() {
			step.RunAfter = flow.RunAfter{}
		}
	case 2:
		if s.seldom() {
			step.RunAfter = flow.RunAfter{s.stepName(): {flow.Failed, flow.Status(s.text())}}
		}
	case 3:
		step.SecureInputs, step.SecureOutputs = s.pick(2) == 0, true
	case 4:
		if s.seldom() {
			step.Timeout = time.Duration(s.pick(256)) * 100 * time.Millisecond
			step.Retry = &flow.Retry{
				Type: flow.RetryFixed, Count: s.pick(100), Interval: time.Duration(s.pick(256)) * time.Second,
			}
		}
	}
}

// flowOfBytes is a flow that bytes decide on. What most of it names is there.
func flowOfBytes(raw []byte) *flow.Builder {
	s := &script{rest: raw}
	s.b = flow.NewBuilder(s.text())
	s.blocks, s.loops, s.rounds, s.done = []*flow.Block{s.b.Block}, []string{""}, []bool{false}, [][]string{nil}
	for _, b := range []flow.Binding{mailBinding, listBinding, ownBinding} {
		if !s.seldom() {
			b.Source = flow.Embedded // or somebody has to call the flow
		}
		s.b.Bind(b)
	}
	byDefault := flow.Object{s.text(): []any{s.text(), s.pick(256)}}
	if s.seldom() {
		byDefault = s.object(1) // in which expressions can be
	}
	s.b.Parameter(flow.Parameter{DisplayName: "p", Type: flow.ObjectParameter, Default: byDefault, Description: s.text()})
	if s.pick(4) == 0 {
		s.b.Parameter(flow.Parameter{SchemaName: "contoso_V", DisplayName: s.word(), Type: flow.StringParameter})
	}
	s.start()
	s.b.Add("Make v", flow.Initialize{Variable: "v", Type: flow.StringVariable, Value: s.text()})
	for _, b := range []flow.Binding{mailBinding, listBinding, ownBinding} {
		s.b.Add("Use "+b.Key, flow.Call{Key: b.Key, Operation: "Use"})
	}
	for len(s.rest) > 0 {
		s.add()
	}
	return s.b
}

// checkBuild tells whether what a builder makes is a flow that can be read, or whether it says what is wrong.
func checkBuild(t testing.TB, b *flow.Builder) *flow.Flow {
	t.Helper()
	f, err := b.Build()
	again, errAgain := b.Build()
	if err != nil {
		for _, w := range wrongs(t, err) {
			if !strings.HasPrefix(w.Field, "flow") || w.Kind == nil {
				t.Errorf("a fault of %q, %v", w.Field, w.Kind)
			}
		}
		if errAgain == nil || err.Error() != errAgain.Error() || f != nil {
			t.Errorf("%v is wrong, and then %v; the flow is %v", err, errAgain, f)
		}
		return nil
	}
	if errAgain != nil || cmp.Diff(f.File().Text(), again.File().Text()) != "" {
		t.Errorf("another flow, or %v, is built the second time", errAgain)
	}
	read := reparsed(t, f)
	invariants(t, read, nil)
	agree(t, read)
	platformsLayout(t, f.File().Bytes())
	for op := range read.Operations() {
		if _, ok := read.Binding(op.Host.Key); !ok && op.Host.Key != "" {
			t.Errorf("%s runs on %q, which isn't bound", op.Path(), op.Host.Key)
		}
	}
	return f
}

// randomBytes are decisions of which many flows can be made.
func randomBytes(random *rand.Rand, n int) []byte {
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(random.UintN(256))
	}
	return raw
}

func FuzzBuilder(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 4))
	for n := range 16 { // small ones: the fuzzer spends its time on making large ones smaller
		f.Add(randomBytes(random, 16*n))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { checkBuild(t, flowOfBytes(raw)) })
}

// The bytes that the fuzzer begins with are like these: many of them make flows, and some of those are deep.
func TestFlowsOfBytes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	flows, deepest, reasons := 0, 0, map[string]int{}
	const rounds = 300
	for range rounds {
		b := flowOfBytes(randomBytes(random, random.IntN(800)))
		f := checkBuild(t, b)
		if f == nil {
			_, err := b.Build()
			for _, err := range leaves(err) {
				reasons[err.(*connref.FieldError).Reason]++
			}
			continue
		}
		flows++
		for op := range f.Operations() {
			deepest = max(deepest, op.Depth)
		}
	}
	t.Logf("%d of %d are flows, up to %d deep; what is wrong else: %v", flows, rounds, deepest, reasons)
	if flows < rounds/3 || deepest < 4 || len(reasons) < 10 {
		t.Errorf("%d of %d are flows, up to %d deep; what is wrong else: %v", flows, rounds, deepest, reasons)
	}
	for _, known := range []string{
		"hasn't ended when this runs", "but isn't there", "is the caller's connection", "answers a caller", "is no list",
		"is missing",
	} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(reasons)), func(r string) bool { return strings.Contains(r, known) }) {
			t.Errorf("of %d flows none has what %q tells of", rounds, known)
		}
	}
}
