// Package lint is the engine that runs rules over solutions.
package lint
