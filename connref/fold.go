package connref

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold answers the key under which a name is compared, so that it can index a map: two names are the same to Dataverse
// where their keys are equal. Case is all that it removes; spaces, accents and hyphens count. The names that it is for
// are ASCII; beyond ASCII, Unicode's simple case folding decides, as in strings.EqualFold, and bytes that are no UTF-8
// only equal themselves. A name that is its own key is returned as it is, without allocating.
func Fold(s string) string {
	upper := false
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return foldBeyondASCII(s)
		}
		upper = upper || 'A' <= c && c <= 'Z'
	}
	if upper {
		return strings.ToLower(s) // what there is to folding ASCII
	}
	return s
}

func foldBeyondASCII(s string) string {
	var b strings.Builder
	i, copied := 0, 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:]) // an invalid byte is a RuneError, which is its own key
		if key := foldRune(r); key != r {
			b.Grow(len(s) - copied)
			b.WriteString(s[copied:i])
			b.WriteRune(key)
			copied = i + size
		}
		i += size
	}
	if copied == 0 {
		return s
	}
	b.WriteString(s[copied:])
	return b.String()
}

// foldRune answers one and the same character for all that differ only in case: the first of them that is lower case.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	key := rune(-1)
	for f := unicode.SimpleFold(r); ; f = unicode.SimpleFold(f) {
		if unicode.ToLower(f) == f && (key < 0 || f < key) {
			key = f
		}
		if f == r {
			break
		}
	}
	if key < 0 { // such as U+0130, which has no lower-case form of its own
		return r
	}
	return key
}

// EqualFold tells whether two names are the same to Dataverse. It answers Fold(a) == Fold(b), and allocates nothing for
// ASCII.
func EqualFold(a, b string) bool {
	for i := range min(len(a), len(b)) {
		if a[i] >= utf8.RuneSelf || b[i] >= utf8.RuneSelf {
			return Fold(a[i:]) == Fold(b[i:])
		}
		if a[i] != b[i] && foldRune(rune(a[i])) != foldRune(rune(b[i])) {
			return false
		}
	}
	return len(a) == len(b)
}
