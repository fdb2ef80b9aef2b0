// Package examples is the top floor of the house: small programs that use nothing but the public API, each with a test
// that runs it. It holds no code of its own; its tests are the contract that every package of the module keeps.
package examples
