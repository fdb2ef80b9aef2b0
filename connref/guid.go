package connref

import "encoding/hex"

// GUID is the identifier of a row: of a flow, a custom connector, an account. Its bytes stand in the order in which the
// text shows them. The zero GUID means that there is none.
type GUID [16]byte

// FlowID is the id of a flow, its workflowid: the same in every environment that the flow is imported into. It is a
// GUID under a name that says whose.
type FlowID = GUID

// ParseGUID reads the spellings that solutions hold: 8-4-4-4-12 hexadecimal digits, bare, in braces or in parentheses,
// or 32 digits in a row; in upper or lower case. The error is a *FieldError.
func ParseGUID(s string) (GUID, error) {
	g, ok := parseGUID(s)
	if !ok {
		return GUID{}, invalid("guid", s, "is not 8-4-4-4-12 hexadecimal digits, with or without braces")
	}
	return g, nil
}

func parseGUID(s string) (g GUID, ok bool) {
	if len(s) == 38 && (s[0] == '{' && s[37] == '}' || s[0] == '(' && s[37] == ')') {
		s = s[1:37]
	}
	if len(s) != 36 && len(s) != 32 {
		return GUID{}, false
	}
	hyphens := len(s) == 36
	at := 0
	for i := range g {
		if hyphens && (i == 4 || i == 6 || i == 8 || i == 10) {
			if s[at] != '-' {
				return GUID{}, false
			}
			at++
		}
		high, low := hexDigit(s[at]), hexDigit(s[at+1])
		if high > 15 || low > 15 {
			return GUID{}, false
		}
		g[i] = high<<4 | low
		at += 2
	}
	return g, true
}

// hexDigit answers the value of a hexadecimal digit, or a number over 15.
func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

// isHex tells whether a text has nothing but hexadecimal digits.
func isHex(s string) bool {
	for i := range len(s) {
		if hexDigit(s[i]) > 15 {
			return false
		}
	}
	return true
}

// String answers 8-4-4-4-12 digits in lower case without braces, as flows name other flows.
func (g GUID) String() string {
	var b [36]byte
	g.encode(b[:])
	return string(b[:])
}

// Braced answers the same within braces, as solution.xml and workflow metadata spell ids.
func (g GUID) Braced() string {
	var b [38]byte
	b[0], b[37] = '{', '}'
	g.encode(b[1:37])
	return string(b[:])
}

func (g GUID) encode(b []byte) {
	hex.Encode(b, g[:4])
	b[8] = '-'
	hex.Encode(b[9:], g[4:6])
	b[13] = '-'
	hex.Encode(b[14:], g[6:8])
	b[18] = '-'
	hex.Encode(b[19:], g[8:10])
	b[23] = '-'
	hex.Encode(b[24:], g[10:])
}

// IsZero tells whether there is no id.
func (g GUID) IsZero() bool { return g == GUID{} }

// MarshalText answers String, so that a GUID can be a JSON string or the key of a JSON object.
func (g GUID) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads what ParseGUID reads. The GUID is left alone where that fails.
func (g *GUID) UnmarshalText(text []byte) error {
	parsed, err := ParseGUID(string(text))
	if err != nil {
		return err
	}
	*g = parsed
	return nil
}
