package connref

import (
	"strconv"
	"strings"
)

// wordIndex finds a word of the platform's in its list. The first in the list is what zero prints as, and is no word.
func wordIndex(field, s string, words []string) (int, error) {
	for i, w := range words[1:] {
		if EqualFold(s, w) {
			return i + 1, nil
		}
	}
	return 0, invalid(field, s, "is not one of "+strings.Join(words[1:], ", "))
}

// wordAt is the reverse of wordIndex; a number without a word prints as the number.
func wordAt(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return strconv.Itoa(i)
}
