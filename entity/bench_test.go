package entity_test

import (
	"strings"
	"testing"

	"broadsheet.example/entity"
)

// article is about 500 words of news with the names that news has.
var article = strings.Repeat(`LUSAKA, Zambia (AP) — President Adaeze Mbeki-Okoro told reporters on Thursday that her government would not
reopen talks with Northgate Copper Ltd., the mining company whose license was revoked in March, until an inquiry led by former judge
Tomasz Wielgosz has reported. "We have waited long enough," Mbeki-Okoro said after a meeting of the Southern African Development
Community (SADC) in the Zambian capital.

The company, based in Toronto, employs 4,300 people at its smelter in Kitwe. Its chief executive, Helen R. Vasquez, said in a statement
that Northgate had "met every obligation under Zambian law" and would take the case to the International Court of Justice. A spokesman
for the U.S. State Department declined to comment; the European Union's ambassador, Pierre-Yves Lacombe, called for calm.

`, 4)

func BenchmarkRecognize(b *testing.B) {
	r := recognizer(b)
	words := len(strings.Fields(article))
	b.SetBytes(int64(len(article)))
	for b.Loop() {
		r.Recognize("Zambia will not reopen talks with Northgate", article, "en")
	}
	b.ReportMetric(float64(b.N)*float64(words)/500/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := entity.New(); err != nil {
			b.Fatal(err)
		}
	}
}
