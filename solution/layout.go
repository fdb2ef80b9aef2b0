package solution

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Layout is the form that a solution has on disk.
type Layout uint8

// The layouts that can be read.
const (
	// LayoutZip is a solution zip: solution.xml and customizations.xml at its root.
	LayoutZip Layout = iota + 1
	// LayoutFolder is a solution zip unzipped into a folder.
	LayoutFolder
	// LayoutUnpacked is the folder that SolutionPackager and pac solution unpack write: Other/Solution.xml.
	LayoutUnpacked
	// LayoutFlowPackage is a legacy flow package, zip or folder: Microsoft.Flow/flows/…/definition.json.
	LayoutFlowPackage
)

// layoutYAML is the source-control layout of pac 2.4 and Dataverse's Git integration: solutions/<name>/solution.yml.
const layoutYAML Layout = 255

// precedence is the order in which layouts are taken where one folder has several: what can be imported as it is, then
// what is kept in source control, and what can't be read last.
var precedence = []Layout{LayoutZip, LayoutUnpacked, LayoutFolder, LayoutFlowPackage, layoutYAML}

// String answers "zip", "folder", "unpacked" or "flow-package".
func (l Layout) String() string {
	switch l {
	case LayoutZip:
		return "zip"
	case LayoutFolder:
		return "folder"
	case LayoutUnpacked:
		return "unpacked"
	case LayoutFlowPackage:
		return "flow-package"
	}
	return "unknown"
}

// root is a solution among the files of an archive or a folder.
type root struct {
	dir    string // "" for the top
	layout Layout
	twin   bool // dir holds the solution exploded and unpacked side by side
}

// findRoots tells which solutions the files are, sorted by folder; of twins, the unpacked one first, but in an archive
// the one that an import would take.
func findRoots(names []string, inArchive bool) []root {
	found := map[root]bool{}
	for _, name := range names {
		if dir, layout := rootOf(slashed(name)); layout != 0 {
			if layout == LayoutFolder && inArchive && dir == "" {
				layout = LayoutZip
			}
			found[root{dir: dir, layout: layout}] = true
		}
	}
	roots := make([]root, 0, len(found))
	for r := range found {
		packed := found[root{dir: r.dir, layout: LayoutFolder}] || found[root{dir: r.dir, layout: LayoutZip}]
		unpacked := found[root{dir: r.dir, layout: LayoutUnpacked}]
		r.twin = packed && unpacked && (r.layout == LayoutZip || r.layout == LayoutFolder || r.layout == LayoutUnpacked)
		roots = append(roots, r)
	}
	slices.SortFunc(roots, func(a, b root) int {
		return cmp.Or(
			cmp.Compare(a.dir, b.dir),
			cmp.Compare(slices.Index(precedence, a.layout), slices.Index(precedence, b.layout)),
		)
	})
	return roots
}

// rootOf tells which folder a file makes a solution, and in which layout; no layout if it doesn't.
func rootOf(name string) (dir string, layout Layout) {
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	switch strings.ToLower(base) {
	case "solution.xml", "customizations.xml":
		if parent, last := path.Split(dir); strings.EqualFold(last, "other") {
			return strings.TrimSuffix(parent, "/"), LayoutUnpacked
		}
		return dir, LayoutFolder
	case "solution.yml":
		parts := strings.Split(dir, "/")
		if n := len(parts); n >= 2 && strings.EqualFold(parts[n-2], "solutions") {
			return strings.Join(parts[:n-2], "/"), layoutYAML
		}
	case "definition.json":
		parts := strings.Split(dir, "/")
		n := len(parts)
		if n >= 3 && strings.EqualFold(parts[n-2], "flows") && strings.EqualFold(parts[n-3], "Microsoft.Flow") {
			return strings.Join(parts[:n-3], "/"), LayoutFlowPackage
		}
	}
	return "", 0
}

// within answers a name relative to a folder, and whether it is inside.
func within(dir, name string) (string, bool) {
	if dir == "" {
		return name, true
	}
	if rest, ok := strings.CutPrefix(name, dir); ok && strings.HasPrefix(rest, "/") {
		return rest[1:], true
	}
	return "", false
}
