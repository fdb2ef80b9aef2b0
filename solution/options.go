package solution

import "github.com/connref/connref/connref/source"

// Options are the limits of reading; nil, and every zero field, means the default.
type Options struct {
	// Path is what Solution.Path answers of what OpenZip and OpenFS open; "" means archive and ".". Solutions that are
	// looked at together need paths that differ. Everything else has a path of its own.
	Path string
	// MaxFileSize is the size in bytes that one file may have, unpacked; 0 means 256 MiB. It holds for every file of an
	// archive, and of a folder for those that are read.
	MaxFileSize int64
	// MaxTotalSize is the size in bytes that all files of an archive may have together, unpacked; 0 means 2 GiB. It holds
	// too for all that is read of one folder, and for all archives inside one archive that Find unpacks.
	MaxTotalSize int64
	// MaxFiles is the number of files that an archive or a folder may have; 0 means 200,000.
	MaxFiles int
	// MaxArchiveDepth is how deep Find follows archives inside archives; 0 means 4, 1 doesn't look inside the first.
	MaxArchiveDepth int
	// MaxDepth is how deep JSON values and XML elements may nest; 0 means the default of package source. A file that goes
	// deeper is a finding; every other limit that is passed is ErrTooLarge.
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

// path is the Path, or another one if there is none.
func (o *Options) path(otherwise string) string {
	if o == nil || o.Path == "" {
		return otherwise
	}
	return o.Path
}

func (o Options) source() *source.Options { return &source.Options{MaxDepth: o.MaxDepth} }
