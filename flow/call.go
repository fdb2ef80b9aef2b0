package flow

import (
	"strconv"

	"github.com/connref/connref/connref"
)

// MaxPagination is how many items a call can gather over pages.
const MaxPagination = 100000

// Call is an action that calls an operation of a connector, on the connection of a binding.
type Call struct {
	Key        string // of the binding; see Builder.Bind
	Operation  string // the connector's operationId, such as SendEmailV2
	Parameters Object // by the operation's parameters; those of its body with slashes, as in "item/name"
	// Waits is for operations that answer later, such as an approval; Step.Timeout says how long.
	Waits bool
	// Authentication is AuthParameter or AuthInvoker; AuthNone leaves it to the binding's source.
	Authentication AuthenticationKind
	Pagination     int  // how many items to gather over pages, up to MaxPagination; 0 is the first page
	Chunked        bool // transfers large content in pieces
}

func (c Call) action(s *Step, _ *encoder) {
	s.typ, s.call = "OpenApiConnection", &c
	if c.Waits {
		s.typ = "OpenApiConnectionWebhook"
	}
	s.parameters = s.encodeParameters(c.Parameters)
	c.Parameters = nil // the caller's, which may change
	s.runtime = s.encode(func(e *encoder) {
		if c.Pagination < 0 || c.Pagination > MaxPagination {
			e.at("pagination", func() { e.fault(strconv.Itoa(c.Pagination), "is not from 1 to "+strconv.Itoa(MaxPagination)) })
		}
		if c.Pagination != 0 {
			e.name("paginationPolicy")
			e.object(func() { e.number("minimumItemCount", c.Pagination) })
		}
		if c.Chunked {
			e.name("contentTransfer")
			e.object(func() { e.member("transferMode", "Chunked") })
		}
	})
}

// encodeParameters writes what an operation is given.
func (s *Step) encodeParameters(parameters Object) []byte {
	return s.encode(func(e *encoder) { e.at("parameters", func() { e.members(parameters) }) })
}

// callInputs writes the inputs of an operation of a connector.
func (e *encoder) callInputs(c *Call, b Binding, parameters []byte, retry *Retry) {
	e.name("inputs")
	e.object(func() {
		e.name("host")
		e.object(func() {
			e.member("connectionName", c.Key)
			e.member("operationId", c.Operation)
			e.member("apiId", b.Connector.Path())
		})
		e.name("parameters")
		e.raw(parameters)
		e.authentication(c.Authentication, b.Source)
		e.retry(retry)
	})
}

// authentication writes how an operation signs in: with the connection of its binding, or with the caller's.
func (e *encoder) authentication(kind AuthenticationKind, from RuntimeSource) {
	if kind == AuthParameter || kind == AuthNone && from != Invoker {
		e.member("authentication", "@parameters('$authentication')")
		return
	}
	e.name("authentication")
	e.object(func() {
		e.member("type", "Raw")
		e.member("value", "@json(decodeBase64(triggerOutputs().headers['"+tokens+"']))['$ConnectionKey']")
	})
}

func (e *encoder) retry(r *Retry) {
	if r == nil {
		return
	}
	e.name("retryPolicy")
	e.object(func() {
		e.member("type", string(r.Type))
		if r.Type != RetryNone {
			e.number("count", r.Count)
			e.member("interval", iso8601(r.Interval))
		}
	})
}

// RunFlow is an action that runs a child flow and waits for its answer. Both have to be in solutions: the id of one that
// is built together with this one is the solution builder's FlowID, that of another is read with connref.ParseGUID.
// What the child asks for and answers isn't compared with Body and with what expressions take.
type RunFlow struct {
	Flow connref.FlowID
	Body Object // by the keys of the child's inputs; see Inputs.Key
}

func (r RunFlow) action(s *Step, e *encoder) {
	s.typ = "Workflow"
	if r.Flow.IsZero() {
		e.at("flow", func() { e.fault("", "is missing; right would be the id of the child flow") })
	}
	s.inputs = s.encode(func(e *encoder) {
		e.name("host")
		e.object(func() { e.member("workflowReferenceName", r.Flow.String()) })
		if r.Body != nil {
			e.given("body", r.Body)
		}
	})
}
