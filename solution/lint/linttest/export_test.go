package linttest

// For tests of the kit itself.
var (
	Parse = parse
	Glob  = glob
)
