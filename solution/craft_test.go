package solution_test

import (
	"hash/crc32"
	"slices"
	"strings"
)

// crafted is an entry that archive/zip's Writer wouldn't write so.
type crafted struct {
	name, text     string
	local, central string // extra fields
	comment        string
	gap            string // behind the data
	flags, madeBy  uint16
	attrs          uint32
	descriptor     bool // without its signature
	noSum          bool // in the record
	isWide         bool // the header's place is told in zip64
}

// craft makes an archive of the entries, whose headers are in the order of their places in the slice, and whose records
// are in the order given. Offsets count from base.
func craft(front string, base int, order []int, entries ...crafted) []byte {
	out := []byte(front)
	records := make([]string, len(entries))
	for i, e := range entries {
		start, data := len(out)-base, deflate(e.text)
		common := little.AppendUint16(little.AppendUint16(nil, 20), e.flags)
		common = append(common, 8, 0, 0x21, 0x43, byte(0x60+i), 0x58) // deflated at some time
		sizes := little.AppendUint32(nil, crc32.ChecksumIEEE([]byte(e.text)))
		sizes = little.AppendUint32(little.AppendUint32(sizes, uint32(len(data))), uint32(len(e.text)))
		head := sizes
		if e.descriptor {
			common[2] |= 8
			head = make([]byte, 12)
		}
		lengths := func(extra string) []byte {
			return little.AppendUint16(little.AppendUint16(nil, uint16(len(e.name))), uint16(len(extra)))
		}
		out = slices.Concat(out, []byte("PK\x03\x04"), common, head, lengths(e.local), []byte(e.name+e.local), data)
		if e.descriptor {
			out = append(out, sizes...)
		}
		out = append(out, e.gap...)
		where := little.AppendUint32(nil, uint32(start))
		if e.isWide {
			where = []byte{0xff, 0xff, 0xff, 0xff}
			e.central += string(little.AppendUint64([]byte{1, 0, 8, 0}, uint64(start)))
		}
		if e.noSum {
			sizes = slices.Concat(make([]byte, 4), sizes[4:])
		}
		record := little.AppendUint16([]byte("PK\x01\x02"), e.madeBy)
		record = slices.Concat(record, common, sizes, lengths(e.central), little.AppendUint16(nil, uint16(len(e.comment))))
		record = little.AppendUint32(append(record, 0, 0, 1, 0), e.attrs)
		records[i] = string(record) + string(where) + e.name + e.central + e.comment
	}
	start := len(out)
	for _, i := range order {
		out = append(out, records[i]...)
	}
	size := len(out) - start
	out = append(out, "PK\x05\x06\x00\x00\x00\x00"...)
	out = little.AppendUint16(little.AppendUint16(out, uint16(len(order))), uint16(len(order)))
	out = little.AppendUint32(little.AppendUint32(out, uint32(size)), uint32(start-base))
	return append(out, "\x05\x00hello"...)
}

// strange are archives with what archives may have, and few do.
func strange() map[string][]byte {
	made := func(change func(i int, e *crafted)) []crafted {
		var entries []crafted
		for i, name := range packed.names() {
			e := crafted{name: name, text: packed[name], madeBy: 0x2d, flags: 2}
			change(i, &e)
			entries = append(entries, e)
		}
		return entries
	}
	same := func(int, *crafted) {}
	n := len(packed)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	reversed := slices.Clone(order)
	slices.Reverse(reversed)
	const front = "#!/bin/sh\nexit\n"
	twice := append(made(same), crafted{name: "solution.xml", text: "<another />"},
		crafted{name: "Customizations.XML", text: "<another />", comment: "x"})
	return map[string][]byte{
		"extras in headers only": craft("", 0, order, made(func(i int, e *crafted) {
			e.local = "\xa2\x20\x18\x00" + strings.Repeat("x", 0x18)
		})...),
		"other extras in records": craft("", 0, order, made(func(i int, e *crafted) {
			e.local, e.central = "UT\x05\x00\x031234", "UT\x01\x00\x03"
		})...),
		"gaps":        craft("", 0, order, made(func(i int, e *crafted) { e.gap = strings.Repeat("gap", i) })...),
		"descriptors": craft("", 0, order, made(func(i int, e *crafted) { e.descriptor = i%2 == 0 })...),
		"zip64":       craft("", 0, order, made(func(i int, e *crafted) { e.isWide = i%2 == 0 })...),
		"zip64, in front": craft(front, len(front), order, made(func(i int, e *crafted) {
			e.isWide, e.central = true, "UT\x01\x00\x03"
		})...),
		"in front, counted":     craft(front, 0, order, made(same)...),
		"in front, not counted": craft(front, len(front), order, made(same)...),
		"other order":           craft("", 0, reversed, made(same)...),
		"made by Unix": craft("", 0, order, made(func(i int, e *crafted) {
			e.madeBy, e.attrs = 0x31e, 0o100640<<16
		})...),
		"a link first": craft("", 0, order, made(func(i int, e *crafted) {
			if e.madeBy, e.attrs = 0x31e, 0o100640<<16; i == 0 {
				e.attrs = 0o120777 << 16
			}
		})...),
		"both slashes": craft("", 0, order, made(func(i int, e *crafted) {
			if i > 3 {
				e.name = strings.ReplaceAll(e.name, "/", `\`)
			}
		})...),
		"no checksums": craft("", 0, order, made(func(i int, e *crafted) { e.noSum = true })...),
		"something behind the directory": []byte(strings.Replace(string(craft("", 0, order, made(same)...)), "PK\x05\x06",
			"somethingPK\x05\x06", 1)),
		"comments": craft("", 0, order, made(func(i int, e *crafted) { e.comment = "größe" })...),
		"twice": craft("", 0, append(slices.Clone(order), n, n+1),
			twice...),
	}
}
