package solution

import "github.com/connref/connref/connref/source"

// Options are the limits of reading; nil, and every zero field, means the default.
type Options struct {
	// MaxFileSize is the size in bytes that one file may have, unpacked; 0 means 256 MiB.
	MaxFileSize int64
	// MaxTotalSize is the size in bytes that all files of an archive may have together, unpacked, that may be read out of
	// a folder, and that Find unpacks of archives inside one archive; 0 means 2 GiB.
	MaxTotalSize int64
	// MaxFiles is the number of files that an archive or a folder may have; 0 means 200,000.
	MaxFiles int
	// MaxArchiveDepth is how deep Find follows archives inside archives; 0 means 4, 1 doesn't look inside the first.
	MaxArchiveDepth int
	// MaxDepth is how deep JSON values and XML elements may nest; 0 means the default of package source.
	MaxDepth int
}

// withDefaults answers the options with every zero field filled in.
func (o *Options) withDefaults() Options {
	var full Options
	if o != nil {
		full = *o
	}
	if full.MaxFileSize <= 0 {
		full.MaxFileSize = 256 << 20
	}
	if full.MaxTotalSize <= 0 {
		full.MaxTotalSize = 2 << 30
	}
	if full.MaxFiles <= 0 {
		full.MaxFiles = 200_000
	}
	if full.MaxArchiveDepth <= 0 {
		full.MaxArchiveDepth = 4
	}
	return full
}

func (o Options) source() *source.Options { return &source.Options{MaxDepth: o.MaxDepth} }
