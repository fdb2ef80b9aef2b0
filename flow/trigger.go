package flow

import "strings"

// TriggerKind tells how a flow starts.
type TriggerKind uint8

// The kinds of triggers.
const (
	TriggerNone      TriggerKind = iota
	TriggerScheduled             // Recurrence
	TriggerAutomated             // a connector's event, polled or pushed
	TriggerButton                // a person, or a parent flow
	TriggerApp                   // a canvas app or a page
	TriggerAgent                 // a Copilot Studio agent
	TriggerHTTP                  // whoever knows the address
	TriggerOther
)

var triggerKinds = [...]string{"none", "scheduled", "automated", "button", "app", "agent", "http", "other"}

// String answers the kind in words.
func (k TriggerKind) String() string { return word(triggerKinds[:], int(k)) }

// HasCaller tells whether someone runs the flow, so that an invoker's connection can exist.
func (k TriggerKind) HasCaller() bool {
	return k == TriggerButton || k == TriggerApp || k == TriggerAgent || k == TriggerHTTP
}

func triggerKind(typ, kind string) TriggerKind {
	switch strings.ToLower(typ) {
	case "recurrence", "slidingwindow":
		return TriggerScheduled
	case "openapiconnection", "openapiconnectionwebhook", "openapiconnectionnotification",
		"apiconnection", "apiconnectionwebhook", "apiconnectionnotification":
		return TriggerAutomated
	case "request":
		switch strings.ToLower(kind) {
		case "button", "apiconnection": // the latter: for a selected item
			return TriggerButton
		case "powerapp", "powerappv2", "powerpages":
			return TriggerApp
		case "skills", "virtualagent":
			return TriggerAgent
		case "http", "":
			return TriggerHTTP
		}
	}
	return TriggerOther
}
