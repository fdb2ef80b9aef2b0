package flow

import "strings"

// connectionKey finds the binding key in an expression that takes a connection's id out of $connections:
//
//	@parameters('$connections')['shared_x']['connectionId']
//	@json(decodeBase64(triggerOutputs().headers['X-MS-APIM-Tokens']))['$connections']['shared_x']['connectionId']
//
// It answers the key and where in the expression it stands, without its quotes.
func connectionKey(expression string) (key string, start, end int, form HostForm) {
	if !strings.HasPrefix(expression, "@") {
		return "", 0, 0, HostOther
	}
	const name = "'$connections'"
	i := strings.Index(expression, name)
	if i < 0 {
		return "", 0, 0, HostOther
	}
	i = skipSpace(expression, i+len(name))
	switch {
	case strings.HasPrefix(expression[i:], ")"):
		form = HostParameters
	case strings.HasPrefix(expression[i:], "]"):
		form = HostTriggerData
	default:
		return "", 0, 0, HostOther
	}
	i = skipSpace(expression, i+1)
	if strings.HasPrefix(expression[i:], "?") {
		i = skipSpace(expression, i+1)
	}
	if !strings.HasPrefix(expression[i:], "[") {
		return "", 0, 0, HostOther
	}
	i = skipSpace(expression, i+1)
	if !strings.HasPrefix(expression[i:], "'") {
		return "", 0, 0, HostOther
	}
	start = i + 1
	for end = start; end < len(expression); end++ {
		if expression[end] != '\'' {
			continue
		}
		if !strings.HasPrefix(expression[end+1:], "'") {
			return strings.ReplaceAll(expression[start:end], "''", "'"), start, end, form
		}
		end++ // two quotes are one in the key
	}
	return "", 0, 0, HostOther
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n') {
		i++
	}
	return i
}
