package flow

import (
	"strconv"
	"time"
)

// iso8601 spells a time of one second or more, in whole seconds, as flows have it: P7D, PT1H, PT1M30S.
func iso8601(d time.Duration) string {
	days, rest := d/(24*time.Hour), d%(24*time.Hour)
	text := "P"
	if days > 0 {
		text += strconv.Itoa(int(days)) + "D"
	}
	if rest == 0 && days > 0 {
		return text
	}
	text += "T"
	part := func(unit time.Duration, letter string) {
		if n := rest / unit; n > 0 {
			text += strconv.Itoa(int(n)) + letter
		}
		rest %= unit
	}
	part(time.Hour, "H")
	part(time.Minute, "M")
	part(time.Second, "S")
	return text
}

// whole is a time as a number of the greatest unit that it is a whole number of; 0 if it is no whole number of seconds.
func whole(d time.Duration) (n int, unit string) {
	for _, u := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "Day"}, {time.Hour, "Hour"}, {time.Minute, "Minute"}} {
		if d > 0 && d%u.length == 0 {
			return int(d / u.length), u.name
		}
	}
	if d%time.Second != 0 {
		return 0, "Second"
	}
	return int(d / time.Second), "Second"
}
