package solution

import (
	"context"

	"github.com/connref/connref/connref/source"
)

// memory is the origin of files that were made, not read: those of a solution that was built.
type memory struct {
	list []string
	made []madeFile
}

// madeFile is a file that is made, not read: its bytes, which are never written again, or what holds them.
type madeFile struct {
	name string
	raw  []byte
	file *source.File
}

func newMemory(made []madeFile) *memory {
	m := &memory{made: made}
	for _, file := range made {
		m.list = append(m.list, file.name)
	}
	return m
}

func (m *memory) open(ctx context.Context, _ Options) (store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *memory) names() []string { return m.list }
func (m *memory) fault(int) error { return nil }
func (m *memory) close() error    { return nil }

func (m *memory) read(stored int) ([]byte, error) {
	if file := m.made[stored].file; file != nil {
		return file.Bytes(), nil
	}
	return m.made[stored].raw, nil
}
