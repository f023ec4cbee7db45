package feed

import "strings"

// tokenKind says what a token is.
type tokenKind int

const (
	tokenEnd   tokenKind = iota // of the document
	tokenText                   // character data, entities not yet decoded
	tokenCDATA                  // character data to be taken literally
	tokenOpen                   // a start tag
	tokenClose                  // an end tag
)

// attr is one attribute as written, its value decoded.
type attr struct{ name, value string }

type token struct {
	kind   tokenKind
	text   string // tokenText, tokenCDATA
	name   string // tokenOpen, tokenClose: the qualified name as written
	attrs  []attr
	empty  bool // tokenOpen: closed itself
	cut    bool // the document ended inside the tag
	offset int
}

// scanner splits an XML document into tokens the way a reader who wants to
// understand would: whatever is not markup is text. It skips comments,
// processing instructions and DOCTYPEs, never expands an entity, and looks at
// each byte a bounded number of times.
type scanner struct {
	src     string
	pos     int
	repairs *repairs
	// netscape reports that a DOCTYPE named Netscape's RSS 0.91.
	netscape bool
	// absent holds terminators known not to occur in the rest of src, so that
	// many unterminated openings do not each search to the end.
	absent map[string]bool
}

func newScanner(src string, r *repairs) *scanner {
	return &scanner{src: src, repairs: r, absent: map[string]bool{}}
}

// next returns the next token. The only error is a *GuardError.
func (s *scanner) next() (token, error) {
	for s.pos < len(s.src) {
		if s.src[s.pos] != '<' {
			return s.scanText(s.pos), nil
		}
		rest := s.src[s.pos:]
		switch {
		case !isMarkup(rest):
			s.repairs.note(repairLess)
			return s.scanText(s.pos), nil
		case strings.HasPrefix(rest, "<![CDATA["):
			return s.scanCDATA(), nil
		case strings.HasPrefix(rest, "<!--"):
			s.skipPast("<!--", "-->")
		case strings.HasPrefix(rest, "<?"):
			s.skipPast("<?", "?>")
		case rest[1] == '!':
			s.skipDoctype()
		case rest[1] == '/':
			return s.scanClose(), nil
		default:
			return s.scanOpen()
		}
	}
	return token{kind: tokenEnd, offset: len(s.src)}, nil
}

// scanText reads character data up to the next markup; the byte at start is
// text whatever it is.
func (s *scanner) scanText(start int) token {
	for s.pos = start + 1; s.pos < len(s.src); s.pos++ {
		next := strings.IndexByte(s.src[s.pos:], '<')
		if next < 0 {
			s.pos = len(s.src)
			break
		}
		if s.pos += next; isMarkup(s.src[s.pos:]) {
			break
		}
		s.repairs.note(repairLess)
	}
	return token{kind: tokenText, text: s.src[start:s.pos], offset: start}
}

// isMarkup reports whether the '<' that s begins with opens markup.
func isMarkup(s string) bool {
	if len(s) < 2 {
		return false
	}
	switch c := s[1]; c {
	case '/':
		return len(s) > 2 && isNameStart(s[2])
	case '?':
		return len(s) > 2 && isNameStart(s[2])
	case '!':
		return strings.HasPrefix(s, "<!--") || strings.HasPrefix(s, "<![CDATA[") || hasPrefixFold(s, "<!doctype")
	default:
		return isNameStart(c)
	}
}

func (s *scanner) scanCDATA() token {
	const open, end = "<![CDATA[", "]]>"
	start := s.pos + len(open)
	stop := s.find(start, end)
	if stop < 0 {
		s.pos = len(s.src)
		return token{kind: tokenCDATA, text: s.src[start:], offset: start, cut: true}
	}
	s.pos = stop + len(end)
	return token{kind: tokenCDATA, text: s.src[start:stop], offset: start}
}

// skipPast skips to the end of a construct; one that never ends is skipped by
// its opening alone.
func (s *scanner) skipPast(open, end string) {
	stop := s.find(s.pos+len(open), end)
	if stop < 0 {
		s.repairs.note(repairLess)
		s.pos += len(open)
		return
	}
	s.pos = stop + len(end)
}

// find returns where what next occurs at or after from, -1 if nowhere.
func (s *scanner) find(from int, what string) int {
	if s.absent[what] {
		return -1
	}
	i := strings.Index(s.src[from:], what)
	if i < 0 {
		s.absent[what] = true
		return -1
	}
	return from + i
}

// skipDoctype skips a DOCTYPE and its internal subset, in which '>' may occur.
func (s *scanner) skipDoctype() {
	start := s.pos
	i := s.pos + len("<!doctype")
	for ; i < len(s.src) && s.src[i] != '>' && s.src[i] != '['; i++ {
	}
	s.netscape = s.netscape || strings.Contains(s.src[start:i], "netscape.com")
	if i < len(s.src) && s.src[i] == '[' {
		i = s.subsetEnd(i)
	}
	s.pos = min(i+1, len(s.src))
}

// subsetEnd returns the index of the '>' that ends a DOCTYPE whose internal
// subset opens at i.
func (s *scanner) subsetEnd(i int) int {
	for close := s.find(i, "]"); close >= 0; close = s.find(close+1, "]") {
		j := close + 1
		for j < len(s.src) && isSpace(s.src[j]) {
			j++
		}
		if j < len(s.src) && s.src[j] == '>' {
			return j
		}
	}
	if end := s.find(i, ">"); end >= 0 {
		return end
	}
	return len(s.src)
}

func (s *scanner) scanClose() token {
	t := token{kind: tokenClose, offset: s.pos}
	s.pos += 2
	t.name = s.scanName()
	end := s.pos
	for end < len(s.src) && s.src[end] != '>' && s.src[end] != '<' {
		end++
	}
	t.cut = end == len(s.src)
	if end < len(s.src) && s.src[end] == '>' {
		end++
	}
	s.pos = end
	return t
}

func (s *scanner) scanOpen() (token, error) {
	t := token{kind: tokenOpen, offset: s.pos}
	s.pos++
	t.name = s.scanName()
	for {
		s.skipSpace()
		switch {
		case s.pos >= len(s.src):
			t.cut = true
			return t, nil
		case s.src[s.pos] == '>':
			s.pos++
			return t, nil
		case s.src[s.pos] == '<': // the '>' is missing
			s.repairs.note(repairTags)
			return t, nil
		case strings.HasPrefix(s.src[s.pos:], "/>"):
			s.pos += 2
			t.empty = true
			return t, nil
		case !isNameStart(s.src[s.pos]):
			if s.src[s.pos] != '/' {
				s.repairs.note(repairAttr)
			}
			s.pos++
		default:
			t.attrs = append(t.attrs, s.scanAttr())
			if len(t.attrs) > maxAttrs {
				return t, &GuardError{Limit: limitAttrs, Value: len(t.attrs), Offset: t.offset}
			}
		}
	}
}

func (s *scanner) scanAttr() attr {
	a := attr{name: s.scanName()}
	s.skipSpace()
	if s.pos >= len(s.src) || s.src[s.pos] != '=' {
		s.repairs.note(repairAttr)
		return a
	}
	s.pos++
	s.skipSpace()
	a.value = decodeText(s.scanValue(), s.repairs)
	return a
}

// scanValue reads an attribute's value, quoted or not.
func (s *scanner) scanValue() string {
	if s.pos < len(s.src) && (s.src[s.pos] == '"' || s.src[s.pos] == '\'') {
		quote := s.src[s.pos : s.pos+1]
		if end := s.find(s.pos+1, quote); end >= 0 {
			value := s.src[s.pos+1 : end]
			s.pos = end + 1
			return value
		}
		s.pos++
	}
	s.repairs.note(repairAttr)
	start := s.pos
	for s.pos < len(s.src) && !isSpace(s.src[s.pos]) && s.src[s.pos] != '>' && s.src[s.pos] != '<' {
		s.pos++
	}
	return s.src[start:s.pos]
}

func (s *scanner) scanName() string {
	start := s.pos
	for s.pos < len(s.src) && isNameByte(s.src[s.pos]) {
		s.pos++
	}
	return s.src[start:s.pos]
}

func (s *scanner) skipSpace() {
	for s.pos < len(s.src) && isSpace(s.src[s.pos]) {
		s.pos++
	}
}

func isNameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' || c >= 0x80
}

func isNameByte(c byte) bool {
	return isNameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.'
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
