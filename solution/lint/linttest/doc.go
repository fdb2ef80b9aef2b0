// Package linttest tests rules with cases.
package linttest
