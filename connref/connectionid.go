package connref

import "strings"

// ConnectionID names a connection in one environment: the last segment of its resource id, which is 32 hexadecimal
// digits, or shared-office365- and a GUID, or anything else: never take it for a GUID. Other environments don't know
// it. The zero ConnectionID means that no connection is bound or known.
type ConnectionID string

// ParseConnectionID reads the id of a connection, of at most 1,000 characters. It refuses a resource id,
// /providers/…/connections/…, of which only the last segment is the id. The error is a *FieldError.
func ParseConnectionID(s string) (ConnectionID, error) {
	if err := ConnectionID(s).Validate(); err != nil {
		return "", err
	}
	return ConnectionID(s), nil
}

// Validate answers the error that ParseConnectionID would.
func (id ConnectionID) Validate() error { return invalid("connection id", string(id), id.fault()) }

func (id ConnectionID) fault() string {
	if id == "" {
		return "is missing; right would be the name of a connection in the environment"
	}
	if slash := strings.LastIndexByte(string(id), '/'); slash >= 0 {
		last := id[slash+1:]
		if strings.HasSuffix(Fold(string(id[:slash])), "/connections") && last.fault() == "" {
			return "is a full resource id; right would be its last segment, " + string(last)
		}
		if _, ok := ConnectorID(id).split(); ok {
			return "is the id of a connector; right would be the name of one of its connections"
		}
		return "has a slash; right would be the name of a connection alone"
	}
	if reason := segmentFault(string(id)); reason != "" {
		return reason
	}
	return tooLong(string(id), MaxConnectionID)
}

// Fold answers the key under which connections of one environment are compared.
func (id ConnectionID) Fold() ConnectionID { return ConnectionID(Fold(string(id))) }

// Equal tells whether both name the same connection, if they are of one environment.
func (id ConnectionID) Equal(other ConnectionID) bool { return EqualFold(string(id), string(other)) }

// IsZero tells whether there is no id.
func (id ConnectionID) IsZero() bool { return id == "" }
