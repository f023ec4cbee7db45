package query

// Replace returns a copy of the tree in which f's answer stands for every Value.
// A nil tree stays nil.
func Replace(n Node, f func(Value) Node) Node {
	switch n := n.(type) {
	case All:
		return All{replaceAll(n.Parts, f)}
	case And:
		return And{replaceAll(n.Parts, f)}
	case Or:
		return Or{replaceAll(n.Parts, f)}
	case Not:
		return Not{Replace(n.Part, f)}
	case Must:
		return Must{Replace(n.Part, f)}
	case Value:
		return f(n)
	case Word, Phrase, Prefix, Dates, Is:
		return n
	}
	return n
}

func replaceAll(parts []Node, f func(Value) Node) []Node {
	out := make([]Node, len(parts))
	for i, p := range parts {
		out[i] = Replace(p, f)
	}
	return out
}
