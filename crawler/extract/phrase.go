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

// phraseGroups is how many kinds of phrases there are.
const phraseGroups = 9

// furniture finds the phrases that lines around an article are made of, in the
// languages that most pages are written in. Each kind is evidence of its own.
var furniture = newMatcher([][]string{
	// more to read
	{
		"read more", "read also", "read next", "also read", "related", "more from", "more on this", "more stories", "see also", "you may", "you might", "recommended", "trending", "most popular", "most read",
		"top stories", "latest news", "next post", "previous post", "next article", "don't miss", "up next", "lesen sie", "lies auch", "mehr zum", "mehr zu", "weiterlesen", "weitere artikel", "weitere beiträge", "weitere informationen", "auch interessant", "das könnte", "passend dazu",
		"lire aussi", "à lire", "a lire", "voir aussi", "en savoir plus", "leer más", "lea también", "lee también", "te puede", "puedes ver", "le puede", "mira también", "relacionad", "leia", "veja também", "saiba mais", "leggi anche", "potrebbe interessarti", "lees ook", "lees meer",
		"läs också", "läs även", "les også", "læs også", "lue myös", "czytaj", "zobacz", "přečtěte", "čtěte", "olvassa", "citește", "ilgili haber", "читайте", "читать также", "ещё по теме", "по теме", "اقرأ", "関連記事", "あわせて読", "相关阅读", "延伸閱讀", "관련기사", "baca juga", "xem thêm",
	},
	// accounts and subscriptions
	{
		"subscri", "newsletter", "sign up", "sign in", "log in", "login", "register", "already a", "free trial", "membership", "become a member", "our app", "support us", "donat", "abonn", "anmelden", "registrier", "inscri", "s'abonner", "connectez", "suscr", "iniciar sesión", "assine", "abbonat", "iscriviti",
		"prenumer", "tilaa", "подпис", "войти", "会員登録", "ログイン", "登录", "구독", "berlangganan", "pro plus", "paywall", "premium",
	},
	// sharing
	{"share", "follow us", "follow ", "facebook", "twitter", "whatsapp", "instagram", "telegram", "linkedin", "pinterest", "teilen", "partager", "compart", "condividi", "deel ", "delen", "dela ", "поделит", "シェア", "分享", "공유", "tweet", "e-mail", "email", "retweet", "flipboard", "youtube"},
	// pictures
	{"photo", "image:", "getty", "credit", "reuters/", "ap/", "afp/", "picture alliance", "picture:", "foto", "bild:", "bildquelle", "©", "crédit", "imagen:", "quelle:", "shutterstock", "istock", "adobe stock", "imago", "unsplash", "pixabay", "фото", "写真", "图片", "사진", "courtesy", "caption"},
	// rights and rules
	{"copyright", "all rights", "privacy", "terms of", "cookie", "datenschutz", "impressum", "alle rechte", "tous droits", "todos los derechos", "todos os direitos", "riproduzione", "disclaimer", "javascript", "browser", "prawa zastrzeżone", "materiał chroniony", "перепечатка", "無断転載", "版权"},
	// comments
	{"comment", "reply", "kommentar", "commentaire", "comentar", "comentári", "commenti", "reactie", "коммент", "コメント", "评论", "댓글", "moderat", "leave a", "permalink"},
	// advertisements
	{"advert", "sponsor", "affiliate", "anzeige", "werbung", "publicidad", "publicité", "publicidade", "pubblicità", "reklam", "реклама", "広告", "广告", "광고", "annonce", "commission", "shop now", "buy now"},
	// about the piece
	{"published", "updated", "posted", "min read", "minutes read", "tags:", "tags", "filed under", "posted in", "topics:", "category", "kategorie", "schlagwort", "about the author", "über den autor", "written by", "veröffentlicht", "aktualisiert", "publié", "publicado", "actualizado", "опубликовано", "last modified", "views", "lesezeit", "isbn"},
	// controls
	{"click here", "download", "loading", "print", "contact us", "back to top", "skip to", "show more", "load more", "view all", "hier klicken", "drucken", "cliquez", "haga clic", "clique aqui", "menu", "search", "play", "watch:", "listen", "video", "gallery", "zur startseite"},
})

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
