package language

import "strings"

// A text is looked at in parts from its beginning, middle and end, so that what
// stands before an article in another language does not decide.
const (
	parts     = 3
	partBytes = 400
)

// excerpt is what is looked at of a text.
type excerpt struct {
	text    string
	script  *script // nil for none that is known
	letters int
}

func sample(text string) excerpt {
	e := excerpt{text: text}
	if len(text) > parts*partBytes {
		var b strings.Builder
		step := (len(text) - partBytes) / (parts - 1)
		for i := range parts {
			b.WriteString(part(text[i*step : i*step+partBytes]))
			b.WriteByte(' ')
		}
		e.text = b.String()
	}
	e.text = strings.ToValidUTF8(e.text, " ")
	e.script, e.letters = scriptOf(e.text)
	return e
}

// part returns s without the words at its ends that may be cut, where there are
// spaces.
func part(s string) string {
	from, to := strings.IndexByte(s, ' '), strings.LastIndexByte(s, ' ')
	if from < 0 || from == to {
		return s
	}
	return s[from+1 : to]
}
