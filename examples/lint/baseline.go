package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/connref/connref/solution/lint"
)

// writeBaseline writes a baseline to a file that is whole or stays what it was.
func writeBaseline(path string, b *lint.Baseline) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".baseline-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := errors.Join(b.Write(file), file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
