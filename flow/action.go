package flow

import (
	"strings"
	"time"
)

// wants notes that something is missing.
func (e *encoder) wants(field string, v any) {
	if v == nil || v == "" {
		e.at(field, func() { e.fault("", "is missing") })
	}
}

// Compose is an action whose outputs are a value.
type Compose struct{ Inputs any }

func (c Compose) action(s *Step, _ *encoder) {
	s.typ = "Compose"
	s.whole = s.encode(func(e *encoder) { e.at("inputs", func() { e.value(c.Inputs) }) })
}

// ParseJSON is an action that reads JSON and says what is in it.
type ParseJSON struct {
	Content any
	Schema  any // a JSON schema, as an Object or pasted as json.RawMessage
}

func (p ParseJSON) action(s *Step, e *encoder) {
	s.typ = "ParseJson"
	e.wants("content", p.Content)
	e.wants("schema", p.Schema)
	s.inputs = s.encode(func(e *encoder) {
		e.given("content", p.Content)
		e.given("schema", p.Schema)
	})
}

// Select is an action that makes each item of a list into something else.
type Select struct {
	From any
	Map  any // of an Item: an Object, or a value
}

func (a Select) action(s *Step, e *encoder) {
	s.typ = "Select"
	e.wants("from", a.From)
	e.wants("map", a.Map)
	s.inputs = s.encode(func(e *encoder) {
		e.given("from", a.From)
		e.given("select", a.Map)
	})
}

// Filter is an action that keeps the items of a list of which the answer is yes. The designer calls it Filter array.
type Filter struct {
	From  any
	Where Test // of an Item
}

func (a Filter) action(s *Step, e *encoder) {
	s.typ = "Query"
	e.wants("from", a.From)
	s.inputs = s.encode(func(e *encoder) {
		e.given("from", a.From)
		e.given("where", a.Where)
	})
}

// Delay is an action that waits: for a time, in whole seconds, or until an instant.
type Delay struct {
	For   time.Duration
	Until any // a text such as 2027-01-31T08:00:00Z or an Expr; nil for a time
}

func (d Delay) action(s *Step, e *encoder) {
	s.typ = "Wait"
	if d.For != 0 && d.Until != nil {
		e.at("for", func() { e.fault(d.For.String(), "is given beside an instant; right would be one of them") })
	}
	s.inputs = s.encode(func(e *encoder) {
		if d.Until != nil {
			e.name("until")
			e.object(func() { e.given("timestamp", d.Until) })
			return
		}
		count, unit := whole(d.For)
		if count < 1 {
			e.at("for", func() { e.fault(d.For.String(), "is not a time of one second or more, in whole seconds") })
		}
		e.name("interval")
		e.object(func() {
			e.number("count", count)
			e.member("unit", unit)
		})
	})
}

// Terminate is an action that ends the run, with an error's code and message if it ends as Failed. It stands in no
// loop.
type Terminate struct {
	Status        RunStatus
	Code, Message string
}

// RunStatus is how a run ends.
type RunStatus string

// The statuses that Terminate can give a run.
const (
	RunSucceeded RunStatus = "Succeeded"
	RunFailed    RunStatus = "Failed"
	RunCancelled RunStatus = "Cancelled"
)

func (t Terminate) action(s *Step, e *encoder) {
	s.typ = "Terminate"
	failed := t.Status == RunFailed
	switch {
	case !failed && t.Status != RunSucceeded && t.Status != RunCancelled:
		e.at("status", func() { e.fault(string(t.Status), "is not one of Succeeded, Failed, Cancelled") })
	case !failed && (t.Code != "" || t.Message != ""):
		e.at("code", func() { e.fault(t.Code+t.Message, "is given to a run that hasn't failed; right would be none") })
	}
	s.inputs = s.encode(func(e *encoder) {
		e.member("runStatus", string(t.Status))
		if t.Code == "" && t.Message == "" {
			return
		}
		e.name("runError")
		e.object(func() {
			if t.Code != "" {
				e.given("code", t.Code)
			}
			if t.Message != "" {
				e.given("message", t.Message)
			}
		})
	})
}

// HTTP is an action that calls an address outside every connector. It has no field to sign in with: what a flow's file
// holds, everyone who can read the flow can read. A custom connector keeps it in its connection.
type HTTP struct {
	Method  string
	URI     any
	Headers Object
	Queries Object
	Body    any
}

func (h HTTP) action(s *Step, e *encoder) {
	s.typ = "Http"
	checkMethod(e, h.Method)
	e.wants("uri", h.URI)
	s.inputs = s.encode(func(e *encoder) {
		e.given("uri", h.URI)
		e.member("method", h.Method)
		if h.Headers != nil {
			e.given("headers", h.Headers)
		}
		if h.Queries != nil {
			e.given("queries", h.Queries)
		}
		if h.Body != nil {
			e.given("body", h.Body)
		}
	})
}

func checkMethod(e *encoder, method string) {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
	default:
		e.at("method", func() { e.fault(method, "is not one of GET, HEAD, POST, PUT, PATCH, DELETE") })
	}
}

// Other is an action of a type that this package has no name for and that holds no other actions: Join, Table, an
// Expression of some kind, …
type Other struct {
	Type, Kind string
	Inputs     any // an Object, or what the designer's code view shows as json.RawMessage
}

// ours are the types that the package has a name for, and those that hold others.
const ours = " compose parsejson select query wait terminate http response workflow if switch foreach until scope " +
	"openapiconnection openapiconnectionwebhook openapiconnectionnotification " +
	"apiconnection apiconnectionwebhook apiconnectionnotification " +
	"initializevariable setvariable incrementvariable decrementvariable appendtoarrayvariable appendtostringvariable "

func (o Other) action(s *Step, e *encoder) {
	s.typ, s.kind, s.other = o.Type, o.Kind, true
	reason := ""
	switch {
	case o.Type == "" || strings.ContainsFunc(o.Type+o.Kind, func(r rune) bool { return !isLetterOrDigit(r) }):
		reason = "is not the type of an action"
	case strings.Contains(ours, " "+strings.ToLower(o.Type)+" "):
		reason = "has a type or a method of its own in this package, which checks it"
	}
	if reason != "" {
		e.at("type", func() { e.fault(o.Type+" "+o.Kind, reason) })
	}
	s.whole = s.encode(func(e *encoder) { e.at("inputs", func() { e.value(o.Inputs) }) })
}
