package feed

import "slices"

// The repairs, as Feed.Repaired names them.
const (
	repairBytes     = "bytes that are not text were replaced"
	repairCharset   = "the charset was guessed"
	repairControl   = "control characters were removed"
	repairRef       = "invalid character references were replaced"
	repairAmp       = "bare ampersands were escaped"
	repairLess      = "stray '<' were escaped"
	repairPrefix    = "undeclared namespace prefixes were resolved"
	repairJunk      = "junk before the root was skipped"
	repairTags      = "unbalanced tags were closed"
	repairAttr      = "malformed attributes were read"
	repairCut       = "the cut-off end was completed"
	repairSalvage   = "an incomplete last item was dropped"
	repairJSONTypes = "values of the wrong JSON type were converted"
)

// repairs is the set of repairs made on one document, in order of appearance.
type repairs []string

func (r *repairs) note(repair string) {
	if repair != "" && !slices.Contains(*r, repair) {
		*r = append(*r, repair)
	}
}
