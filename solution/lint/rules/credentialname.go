package rules

import (
	"slices"
	"strings"
	"unicode"
)

// credentials are what names of credentials end in, words run together. Those that are false tell nothing by
// themselves: only what looks like a credential is one behind them.
var credentials = map[string]bool{
	"password": true, "passwd": true, "pwd": true, "passphrase": true, "secret": true, "credential": true,
	"credentials": true, "authorization": true, "apikey": true, "accesskey": true, "accountkey": true,
	"subscriptionkey": true, "functionkey": true, "functionskey": true, "privatekey": true, "sharedkey": true,
	"masterkey": true, "signingkey": true, "encryptionkey": true, "accesstoken": true, "authtoken": true,
	"bearertoken": true, "apitoken": true, "refreshtoken": true, "securitytoken": true, "sastoken": true,
	"privatetoken": true, "connectionstring": true, "clientsecret": true, "clientassertion": true,
	"token": false, "primarykey": false,
}

// isCredential tells whether a name is that of a credential, by its last words: passwordResetUrl is none. Of a name
// with slashes, as parameters have, the last part counts.
func isCredential(name string) bool {
	words := unnumbered(wordsOf(name[strings.LastIndexByte(name, '/')+1:]))
	isOne, _ := ending(words)
	return isOne || len(words) == 1 && words[0] == "token"
}

// unnumbered are words without the numbers at their end, which tell one from another of its name.
func unnumbered(words []string) []string {
	for len(words) > 0 && strings.Trim(words[len(words)-1], "0123456789") == "" {
		words = words[:len(words)-1]
	}
	return words
}

// ending answers what the last words of a name say: whether it is that of a credential, and whether it may be.
func ending(words []string) (isOne, mayBe bool) {
	last := ""
	for _, word := range slices.Backward(words[max(0, len(words)-2):]) {
		last = word + last
		if sure, known := credentials[last]; known {
			isOne, mayBe = isOne || sure, true
		}
	}
	return isOne, mayBe
}

// wordsOf parts a name into its words in lower case, at signs between them and where case or digits begin one.
func wordsOf(name string) (words []string) {
	runes := []rune(name)
	start := 0
	end := func(i int) {
		if i > start {
			words = append(words, strings.ToLower(string(runes[start:i])))
		}
	}
	for i, c := range runes {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			end(i)
			start = i + 1
		case i > start && beginsWord(runes, i):
			end(i)
			start = i
		}
	}
	end(len(runes))
	return words
}

// beginsWord tells whether a word begins at a letter or digit behind another one: aB, ABc, a1 and 1a.
func beginsWord(runes []rune, i int) bool {
	before, c := runes[i-1], runes[i]
	if unicode.IsDigit(before) != unicode.IsDigit(c) {
		return true
	}
	isBeforeLower := i+1 < len(runes) && unicode.IsLower(runes[i+1])
	return unicode.IsUpper(c) && (unicode.IsLower(before) || unicode.IsUpper(before) && isBeforeLower)
}

// isAnyOf tells whether a text is one of some, in whatever case.
func isAnyOf(text string, others ...string) bool {
	return slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(text, other) })
}
