package flow

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// MaxRuns is how many runs of a flow there can be at once, where that is limited.
const MaxRuns = 100

// Start is the flow's trigger. Its fields can be set until Build.
type Start struct {
	Description string
	// Conditions must all hold for the flow to run.
	Conditions []Test
	// Concurrency is how many runs there can be at once, up to MaxRuns; 0 is any number.
	Concurrency int
	// SecureInputs and SecureOutputs keep what goes in and what comes out away from the run history.
	SecureInputs, SecureOutputs bool

	step       Step
	recurrence []byte
	splitOn    []byte
}

// Trigger is what starts a flow: a Recurrence, a Manual, an HTTPRequest or an Event.
type Trigger interface {
	trigger(s *Start, e *encoder)
	defaultName() string
}

// Frequency is the unit of a Recurrence.
type Frequency string

// The units.
const (
	Second Frequency = "Second"
	Minute Frequency = "Minute"
	Hour   Frequency = "Hour"
	Day    Frequency = "Day"
	Week   Frequency = "Week"
	Month  Frequency = "Month"
)

// Recurrence starts a flow again and again.
type Recurrence struct {
	Frequency Frequency
	Interval  int       // in units of the frequency; 1 is each
	Start     time.Time // the instant of the first run; zero is at once
	TimeZone  string    // of the hours and minutes, by its name in Windows: W. Europe Standard Time; "" is UTC
	Hours     []int     // of a Day or a Week: 0 to 23
	Minutes   []int     // of a Day or a Week: 0 to 59
	WeekDays  []time.Weekday
}

func (r Recurrence) defaultName() string { return "Recurrence" }

func (r Recurrence) trigger(s *Start, e *encoder) {
	s.step.typ = "Recurrence"
	r.check(e)
	s.recurrence = s.step.encode(func(e *encoder) { e.recurrence(r) })
}

func (r Recurrence) check(e *encoder) {
	longest := map[Frequency]int{ // as the documentation of Logic Apps has it
		Second: 9999999, Minute: 72000, Hour: 12000, Day: 500, Week: 71, Month: 16,
	}[r.Frequency]
	if longest == 0 {
		e.at("frequency", func() {
			e.fault(string(r.Frequency), "is not one of Second, Minute, Hour, Day, Week, Month")
		})
	} else if r.Frequency == Second && r.Interval < 60 {
		e.at("interval", func() { e.fault(strconv.Itoa(r.Interval), "is less than the 60 seconds that there are at least") })
	} else if r.Interval < 1 || r.Interval > longest {
		e.at("interval", func() { e.fault(strconv.Itoa(r.Interval), fmt.Sprintf("is not from 1 to %d", longest)) })
	}
	if strings.Contains(r.TimeZone, "/") {
		e.at("time zone", func() {
			e.fault(r.TimeZone, "is not the name that Windows has; right would be such as W. Europe Standard Time")
		})
	}
	scheduled := len(r.Hours)+len(r.Minutes) > 0
	if scheduled && r.Frequency != Day && r.Frequency != Week {
		e.at("schedule", func() { e.fault(string(r.Frequency), "has hours or minutes, which only a Day or a Week can have") })
	}
	if len(r.WeekDays) > 0 && r.Frequency != Week {
		e.at("week days", func() { e.fault(string(r.Frequency), "has days, which only a Week can have") })
	}
	within := func(field string, values []int, limit int) {
		for _, n := range values {
			if n < 0 || n > limit {
				e.at(field, func() { e.fault(strconv.Itoa(n), fmt.Sprintf("is not from 0 to %d", limit)) })
			}
		}
	}
	within("hours", r.Hours, 23)
	within("minutes", r.Minutes, 59)
	for _, day := range r.WeekDays {
		if day < time.Sunday || day > time.Saturday {
			e.at("week days", func() { e.fault(strconv.Itoa(int(day)), "is no day of the week") })
		}
	}
}

func (e *encoder) recurrence(r Recurrence) {
	var hours, days []string
	for _, hour := range r.Hours {
		hours = append(hours, strconv.Itoa(hour)) // the designer writes hours as texts, minutes as numbers
	}
	for _, day := range r.WeekDays {
		days = append(days, day.String())
	}
	e.object(func() {
		e.member("frequency", string(r.Frequency))
		e.number("interval", r.Interval)
		if r.TimeZone != "" {
			e.given("timeZone", r.TimeZone)
		}
		if !r.Start.IsZero() {
			e.member("startTime", r.Start.UTC().Format("2006-01-02T15:04:05Z"))
		}
		if len(hours)+len(r.Minutes)+len(days) == 0 {
			return
		}
		e.name("schedule")
		e.object(func() {
			if len(days) > 0 {
				e.words("weekDays", days)
			}
			if len(hours) > 0 {
				e.words("hours", hours)
			}
			if len(r.Minutes) > 0 {
				e.given("minutes", r.Minutes)
			}
		})
	})
}

// Manual starts a flow when somebody does: a person with a button, an app, an agent or a parent flow.
type Manual struct {
	By     Caller
	Inputs Inputs
}

// Caller is who starts a flow that doesn't start itself, and gets its Reply.
type Caller string

// The callers, by the word that a trigger has for them. A child flow is started like one with a button.
const (
	ByButton Caller = "Button"
	ByParent Caller = "Button"
	ByApp    Caller = "PowerAppV2"
	ByAgent  Caller = "Skills" // an agent of Copilot Studio
	ByPage   Caller = "PowerPages"
)

// callers are the names of those that there are.
const callers = "ByButton, ByParent, ByApp, ByAgent, ByPage"

func (c Caller) ok() bool { return c == ByButton || c == ByApp || c == ByAgent || c == ByPage }

func (m Manual) defaultName() string { return "manual" }

func (m Manual) trigger(s *Start, e *encoder) {
	s.step.typ, s.step.kind = "Request", string(m.By)
	if !m.By.ok() {
		e.at("by", func() { e.fault(string(m.By), "is not one of "+callers) })
	}
	s.step.inputs = s.step.encode(func(e *encoder) { e.inputs(m.Inputs) })
}

// HTTPRequest starts a flow when its address is called.
type HTTPRequest struct {
	Method  string // "" is POST
	Schema  any    // of the body, as an Object or pasted as json.RawMessage; nil is any body
	Callers Callers
}

// Callers says who may call a flow's address.
type Callers string

// Who may call. AnyCaller is whoever has the whole address, which is a secret then.
const (
	AnyCaller    Callers = "All"
	TenantCaller Callers = "Tenant" // any user of the tenant, signed in
)

func (h HTTPRequest) defaultName() string { return "manual" }

func (h HTTPRequest) trigger(s *Start, e *encoder) {
	s.step.typ, s.step.kind = "Request", "Http"
	if h.Method != "" {
		checkMethod(e, h.Method)
	}
	if h.Callers != AnyCaller && h.Callers != TenantCaller {
		e.at("callers", func() { e.fault(string(h.Callers), "is not one of AnyCaller, TenantCaller") })
	}
	s.step.inputs = s.step.encode(func(e *encoder) {
		if h.Schema != nil {
			e.given("schema", h.Schema)
		}
		if h.Method != "" {
			e.member("method", h.Method)
		}
		e.member("triggerAuthenticationType", string(h.Callers))
	})
}

// Event starts a flow when a connector tells or finds that something happened.
type Event struct {
	Key            string // of the binding; see Builder.Bind
	Operation      string // the connector's operationId, such as GetOnNewItems
	Parameters     Object
	Authentication AuthenticationKind // as in Call
	// Poll is how often to look, mostly a frequency and an interval, for an operation that has to be asked; nil is for one
	// that tells by itself.
	Poll *Recurrence
	// Notifies is for an operation whose connector sends a notification, such as OnNewEmailV3 of Office 365 Outlook; it
	// isn't polled.
	Notifies bool
	// SplitOn is the list of which each item starts a run of its own, such as TriggerOutputs("body/value"); the zero
	// Expr is none.
	SplitOn Expr
}

func (v Event) defaultName() string { return "" }

func (v Event) trigger(s *Start, e *encoder) {
	s.step.typ = "OpenApiConnectionWebhook"
	s.step.call = &Call{Key: v.Key, Operation: v.Operation, Authentication: v.Authentication}
	s.step.parameters = s.step.encodeParameters(v.Parameters)
	if v.Notifies {
		s.step.typ = "OpenApiConnectionNotification"
	}
	if v.Notifies && v.Poll != nil {
		e.at("poll", func() { e.fault("", "is given for an operation that notifies") })
	}
	if v.Poll != nil {
		s.step.typ = "OpenApiConnection"
		v.Poll.check(e)
		s.recurrence = s.step.encode(func(e *encoder) { e.recurrence(*v.Poll) })
	}
	if v.SplitOn.text != "" || v.SplitOn.fault != "" {
		s.splitOn = s.step.encode(func(e *encoder) { e.at("split on", func() { e.expr(v.SplitOn) }) })
	}
}
