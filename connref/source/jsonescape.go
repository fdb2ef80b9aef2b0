package source

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// writtenLen is how much of a string as written spells the first n bytes of its text.
func writtenLen(raw string, n int) int {
	i := 0
	for n > 0 && i < len(raw) {
		switch {
		case raw[i] != '\\':
			i, n = i+1, n-1
		case raw[i+1] != 'u':
			i, n = i+2, n-1
		default:
			size, r := len(`\u0000`), unit(raw[i:])
			if utf16.IsSurrogate(r) {
				if r = utf16.DecodeRune(r, unit(raw[i+size:])); r != utf8.RuneError {
					size *= 2
				}
			}
			i, n = i+size, n-utf8.RuneLen(r)
		}
	}
	return i
}

// unit is the UTF-16 unit of the escape \u0000 that a text begins with; -1 if it begins with none.
func unit(raw string) rune {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return -1
	}
	u, err := strconv.ParseUint(raw[2:6], 16, 16)
	if err != nil {
		return -1
	}
	return rune(u)
}
