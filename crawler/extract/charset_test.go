package extract_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"

	"broadsheet.example/crawler/extract"
)

// samples are articles in languages whose pages come in several charsets.
var samples = map[string]string{
	"russian":  "Совет портового города проголосовал во вторник за восстановление северного причала, разрушенного зимним штормом. Рыбаки почти год сдавали улов в соседнем порту и потеряли значительную часть дохода, говорится в сообщении городской администрации.",
	"japanese": "港の町の議会は火曜日、昨冬の嵐で外壁が壊れた北の桟橋を再開する案を賛成多数で可決した。漁船は十一か月にわたり、四十キロ離れた港で水揚げを続けてきた。工事は三月の漁期までに終わる見通しだという。",
	"chinese":  "港口城市议会周二投票决定重新开放北码头。十一个月前，一场冬季风暴摧毁了码头的外墙，渔船队不得不在四十公里外的港口卸货，渔民们的收入因此大幅减少。工程预计在三月鲱鱼季节开始之前完成。",
	"taiwan":   "港口城市議會週二投票決定重新開放北碼頭。十一個月前，一場冬季風暴摧毀了碼頭的外牆，漁船隊不得不在四十公里外的港口卸貨，漁民們的收入因此大幅減少。工程預計在三月鯡魚季節開始之前完成。",
	"german":   "Der Hafenrat stimmte am Dienstag dafür, die nördliche Mole wieder zu öffnen, elf Monate nachdem ein Wintersturm ihre äußere Mauer fortgerissen hatte. Die Fischer mußten ihren Fang so lange in einem vierzig Kilometer entfernten Hafen löschen.",
}

// charsetDeclared writes how a page names its charset.
func charsetDeclared(meta string) string {
	if meta == "" {
		return ""
	}
	return `<meta charset="` + meta + `">`
}

func TestCharsets(t *testing.T) {
	tests := []struct {
		name     string
		language string
		charset  string // of the bytes
		meta     string // what the page declares
		http     string // what the server declares
		mark     string // bytes in front
	}{
		{"windows-1251 in meta", "russian", "windows-1251", "windows-1251", "", ""},
		{"windows-1251 in HTTP", "russian", "windows-1251", "", "windows-1251", ""},
		{"windows-1251 nowhere", "russian", "windows-1251", "", "", ""},
		{"windows-1251 as UTF-8", "russian", "windows-1251", "utf-8", "utf-8", ""},
		{"koi8-r in meta", "russian", "koi8-r", "koi8-r", "", ""},
		{"koi8-r nowhere", "russian", "koi8-r", "", "", ""},
		{"koi8-r as UTF-8", "russian", "koi8-r", "utf-8", "", ""},
		{"Shift_JIS in meta", "japanese", "shift_jis", "Shift_JIS", "", ""},
		{"Shift_JIS nowhere", "japanese", "shift_jis", "", "", ""},
		{"Shift_JIS as UTF-8", "japanese", "shift_jis", "utf-8", "", ""},
		{"EUC-JP in meta", "japanese", "euc-jp", "euc-jp", "", ""},
		{"EUC-JP nowhere", "japanese", "euc-jp", "", "", ""},
		{"EUC-JP as UTF-8", "japanese", "euc-jp", "", "utf-8", ""},
		{"ISO-2022-JP in meta", "japanese", "iso-2022-jp", "iso-2022-jp", "", ""},
		{"ISO-2022-JP nowhere", "japanese", "iso-2022-jp", "", "", ""},
		{"GB18030 in meta", "chinese", "gb18030", "gb2312", "", ""},
		{"GB18030 nowhere", "chinese", "gb18030", "", "", ""},
		{"GB18030 as UTF-8", "chinese", "gb18030", "utf-8", "", ""},
		{"Big5 in meta", "taiwan", "big5", "big5", "", ""},
		{"Big5 nowhere", "taiwan", "big5", "", "", ""},
		{"Big5 as UTF-8", "taiwan", "big5", "utf-8", "", ""},
		{"UTF-16LE with mark", "russian", "utf-16le", "", "", "\xff\xfe"},
		{"UTF-16BE with mark", "russian", "utf-16be", "", "", "\xfe\xff"},
		{"UTF-16LE without mark", "german", "utf-16le", "", "", ""},
		{"UTF-8 as Latin 1", "german", "utf-8", "iso-8859-1", "iso-8859-1", ""},
		{"UTF-8 with mark", "japanese", "utf-8", "shift_jis", "", "\xef\xbb\xbf"},
		{"Latin 1 nowhere", "german", "windows-1252", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := samples[tt.language]
			page := "<html><head>" + charsetDeclared(tt.meta) + "<title>x</title></head><body><div><p>" + text + "</p><p>" + text + "</p></div></body></html>"
			enc, err := htmlindex.Get(tt.charset)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := encoding.ReplaceUnsupported(enc.NewEncoder()).String(page)
			if err != nil {
				t.Fatal(err)
			}
			contentType := "text/html"
			if tt.http != "" {
				contentType += "; charset=" + tt.http
			}
			c, err := extract.Page([]byte(tt.mark+raw), contentType, "https://example.test/")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(c.Text, text) {
				t.Errorf("got %q", clip(c.Text))
			}
		})
	}
}
