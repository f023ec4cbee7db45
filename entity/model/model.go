// Package model holds the trained model of English names and the lexicon it
// was trained with. README.md beside it is the training card: data, licenses,
// scores and how to make the files again.
package model

import _ "embed"

//go:embed en.model
var weights string

//go:embed en.lexicon
var lexicon string

// Weights returns the file of the model.
func Weights() string { return weights }

// Lexicon returns the file of the lexicon.
func Lexicon() string { return lexicon }
