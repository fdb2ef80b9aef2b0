package source

// Options are the limits of ParseJSON, ParseXML and FindXML; nil means the defaults.
type Options struct {
	// MaxDepth is how deep values or elements may nest, up to 100,000; 0 means 1000. Real flows stay below 60.
	MaxDepth int
}

func (o *Options) maxDepth() int {
	if o == nil || o.MaxDepth <= 0 {
		return 1000
	}
	return min(o.MaxDepth, 100_000) // a stack holds that many levels
}
