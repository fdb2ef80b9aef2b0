package connref

import (
	"fmt"
	"strings"
)

// LogicalName names a connection reference in its solution and its environment: contoso_mail. It is the
// connectionreferencelogicalname that flows and deployment settings use, and can't be changed once the reference
// exists. It is kept as written and compared without regard to case. The zero LogicalName is none.
type LogicalName string

// ParseLogicalName reads a name of 1 to 200 ASCII letters, digits, underscores, dots and hyphens. The table gives the
// length; the characters are those that real references have. The error is a *FieldError.
func ParseLogicalName(s string) (LogicalName, error) {
	if err := LogicalName(s).Validate(); err != nil {
		return "", err
	}
	return LogicalName(s), nil
}

// Validate answers the error that ParseLogicalName would.
func (n LogicalName) Validate() error { return invalid("logical name", string(n), n.fault()) }

func (n LogicalName) fault() string {
	if n == "" {
		return "is missing; right would be a publisher's prefix and a purpose, such as contoso_mail"
	}
	for _, r := range n {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '.', r == '-':
		default:
			return fmt.Sprintf("has %q; letters, digits, _ . and - are allowed", r)
		}
	}
	return tooLong(string(n), MaxLogicalName)
}

// Fold answers the key under which logical names are compared.
func (n LogicalName) Fold() LogicalName { return LogicalName(Fold(string(n))) }

// Equal tells whether both name the same reference.
func (n LogicalName) Equal(other LogicalName) bool { return EqualFold(string(n), string(other)) }

// IsZero tells whether there is no name.
func (n LogicalName) IsZero() bool { return n == "" }

// Prefix answers what stands before the first underscore or dot, usually the publisher's customization prefix, as
// written. It is empty where there is neither. A publisher's own prefix can end in an underscore; this one never does.
func (n LogicalName) Prefix() string { return string(n[:max(0, strings.IndexAny(string(n), "_."))]) }

// Generated tells whether the name is one that the platform makes up, not one that somebody chose: five hexadecimal
// digits after an underscore, as the maker portal ends it, or a connection's id or a random word as the last of several
// dotted parts, as Copilot Studio does. Five that are all letters are taken for a word, such as added, though they can
// be made up too.
func (n LogicalName) Generated() bool {
	s := string(n)
	if i := len(s) - 6; i >= 0 && s[i] == '_' && isPortalEnd(s[i+1:]) {
		return true
	}
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		return false
	}
	head, tail := s[:dot], Fold(s[dot+1:])
	part := Fold(head[strings.LastIndexByte(head, '.')+1:])
	switch {
	case part == "cr":
		return len(tail) == 8
	case !strings.HasPrefix(part, "shared_"):
		return false
	case strings.HasPrefix(tail, "shared-"):
		_, ok := parseGUID(tail[max(0, len(tail)-36):])
		return ok
	}
	return len(tail) == 32 && isHex(tail)
}

// isPortalEnd tells whether a text is how the maker portal ends a name. It writes lower case.
func isPortalEnd(s string) bool {
	return isHex(s) && s == Fold(s) && strings.ContainsAny(s, "0123456789")
}
