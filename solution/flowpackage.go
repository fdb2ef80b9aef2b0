package solution

import (
	"path"

	"github.com/connref/connref/connref/source"
)

// flowPackage reads a legacy flow package: every flow has a folder of its own, and binds connections directly.
func (r *reader) flowPackage() error {
	if err := r.part("manifest.json", r.packageManifest); err != nil {
		return err
	}
	for _, name := range r.matching("microsoft.flow/flows/*/definition.json") {
		if err := r.flow(Workflow{Category: CategoryCloudFlow, FileName: name, At: source.Location{File: name}}); err != nil {
			return err
		}
	}
	for _, f := range r.sol.flows {
		if f.Name = f.DisplayName(); f.Name == "" {
			f.Name = path.Base(path.Dir(f.FileName))
		}
	}
	return nil
}

func (r *reader) packageManifest(file *source.File) {
	r.sol.manifest.At = source.Location{File: file.Name()}
	doc, err := source.ParseJSON(file, r.opts.source())
	if err != nil {
		r.malformed(file, err)
		return
	}
	if root := doc.Root(); root.Kind() != source.Object {
		r.report(malformedFile, root.At(), "the package's manifest is an object, not "+root.Kind().String())
	}
	r.sol.manifest.DisplayName = doc.Root().Get("details", "displayName").Text()
	r.sol.manifest.Description = doc.Root().Get("details", "description").Text()
}
