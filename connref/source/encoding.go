package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how a file's bytes spell its text.
type Encoding uint8

// The encodings that occur in solutions: UTF-8 in archives, all three in unpacked folders that build scripts have
// rewritten.
const (
	UTF8 Encoding = iota + 1
	UTF16LE
	UTF16BE
)

// Spelling is how the bytes of a file spell its text: in which encoding, and whether they begin with a byte order mark.
// The zero Spelling is none.
type Spelling struct {
	Encoding Encoding
	BOM      bool
}

// String answers the name that an XML declaration uses, with the byte order.
func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "utf-8"
	case UTF16LE:
		return "utf-16le"
	case UTF16BE:
		return "utf-16be"
	}
	return "unknown"
}

// bom answers the byte order mark of the encoding.
func (e Encoding) bom() []byte {
	switch e {
	case UTF16LE:
		return []byte{0xFF, 0xFE}
	case UTF16BE:
		return []byte{0xFE, 0xFF}
	}
	return []byte{0xEF, 0xBB, 0xBF}
}

// sniff tells the encoding of raw and whether it begins with a byte order mark. UTF-16 without a mark is known by the
// zero byte beside its first character, which in XML and JSON is always ASCII (RFC 4627 §3, XML 1.0 appendix F).
func sniff(raw []byte) (enc Encoding, bom bool) {
	for _, enc := range []Encoding{UTF8, UTF16LE, UTF16BE} {
		if bytes.HasPrefix(raw, enc.bom()) {
			return enc, true
		}
	}
	if len(raw) >= 2 && len(raw)%2 == 0 {
		switch {
		case raw[0] != 0 && raw[1] == 0:
			return UTF16LE, false
		case raw[0] == 0 && raw[1] != 0:
			return UTF16BE, false
		}
	}
	return UTF8, false
}

func (e Encoding) order() binary.ByteOrder {
	if e == UTF16BE {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// decodeUTF16 answers the text that raw spells, or the offset of the first unit that spells none.
func decodeUTF16(raw []byte, enc Encoding) (text []byte, bad int) {
	if len(raw)%2 != 0 {
		return nil, len(raw) - 1
	}
	order := enc.order()
	text = make([]byte, 0, len(raw)/2+len(raw)/16)
	for i := 0; i < len(raw); i += 2 {
		r := rune(order.Uint16(raw[i:]))
		if utf16.IsSurrogate(r) {
			if i+4 > len(raw) {
				return nil, i
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(raw[i+2:]))); r == utf8.RuneError {
				return nil, i
			}
			i += 2
		}
		text = utf8.AppendRune(text, r)
	}
	return text, -1
}

// appendUTF16 spells text in the encoding. Since only text that decoded without loss gets here, it gives back the bytes
// that were read.
func appendUTF16(raw []byte, text string, enc Encoding) []byte {
	order := enc.order()
	for _, r := range text {
		if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
			raw = appendUnit(raw, order, uint16(hi))
			r = lo
		}
		raw = appendUnit(raw, order, uint16(r))
	}
	return raw
}

func appendUnit(raw []byte, order binary.ByteOrder, unit uint16) []byte {
	n := len(raw)
	raw = append(raw, 0, 0)
	order.PutUint16(raw[n:], unit)
	return raw
}

// EncodingError is a file whose bytes spell no text in the encoding they begin with: it is carried, not parsed. It is
// an ErrInvalid.
type EncodingError struct {
	File     string
	Encoding Encoding
	Offset   int // of the first bad byte, in the file as read
}

// Error names the file, the encoding and the byte.
func (e *EncodingError) Error() string {
	return fmt.Sprintf("%s: not valid %s at byte %d: save the file as utf-8", e.File, e.Encoding, e.Offset)
}

// Unwrap makes every EncodingError an ErrInvalid.
func (e *EncodingError) Unwrap() error { return ErrInvalid }
