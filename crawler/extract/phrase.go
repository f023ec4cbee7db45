package extract

import (
	"regexp"
	"strings"
)

// Patterns of short lines that are rarely part of an article. They are evidence
// for the model, not verdicts.
var (
	dateLike   = regexp.MustCompile(`\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}|(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zé]*\.? \d|\d{1,2}\.? (?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez))`)
	bylineLike = regexp.MustCompile(`^(?:by|von|par|por|di|de|av|door|author|posted|written|published|updated|veröffentlicht|publié)\b`)
)

// furniture are words of which lines around an article are made, in the
// languages that most pages are written in. Each one found is evidence.
var furniture = []string{
	"subscri", "newsletter", "sign up", "sign in", "log in", "login", "cookie", "follow us", "follow ", "share", "comment", "copyright", "©", "all rights",
	"related", "read more", "read also", "advert", "e-mail", "email", "facebook", "twitter", "whatsapp", "instagram", "telegram", "download", "our app", "click here",
	"privacy", "terms of", "more from", "photo:", "image:", "getty", "credit", "reuters/", "published", "updated", "min read", "minutes read", "sponsor", "donat", "support us",
	"abonn", "anmelden", "kommentar", "teilen", "mehr zum", "lesen sie", "datenschutz", "foto:", "quelle", "lire aussi", "partager", "inscri", "compartir", "suscr", "comparte",
	"leer más", "lea también", "te puede", "relacionad", "leia", "assine", "compartilh", "leggi anche", "lees ook", "подпис", "читайте", "поделит", "коммент", "фото", "tags", "filed under", "posted in", "loading", "javascript", "browser",
	"you may", "you might", "recommended", "trending", "most popular", "top stories", "latest news", "about the author", "contact us", "isbn", "permalink", "reply", "next post", "previous",
}

// countFurniture counts the words of furniture in a line in lower case.
func countFurniture(line string) int {
	n := 0
	for _, w := range furniture {
		if strings.Contains(line, w) {
			n++
		}
	}
	return n
}

// endsSentence reports whether a text ends as a sentence does, closing quotes
// and brackets aside.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, `"'”’»)]`)
	for _, end := range []string{".", "!", "?", "…", "。", "！", "？", ":", ";"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}
