package web

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/configs/opml"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// maxForm is the longest form that is read, in bytes, files aside.
const maxForm = 8 << 10

// Names of the fields of forms.
const (
	fieldURL   = "url"
	fieldTitle = "title"
	fieldKind  = "kind"
	fieldOPML  = "opml"
)

// form reads a form that was sent.
func form(c *fiber.Ctx) (url.Values, error) {
	if n := c.Request().Header.ContentLength(); n < 0 || n > maxForm {
		return nil, &news.ParamError{Param: "form", Reason: "is longer than 8 KiB"}
	}
	values, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return nil, &news.ParamError{Param: "form", Reason: "cannot be read"}
	}
	return values, nil
}

// addFeed answers the form that adds a feed.
func (p *pages) addFeed(c *fiber.Ctx) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	f, err := p.feedOf(values)
	if err != nil {
		return err
	}
	n, err := p.deps.Feeds.PutFeeds(c.UserContext(), f)
	if err != nil {
		return err
	}
	p.deps.Log.Info("feed added", "feed", f.ID, "url", f.URL, "new", n > 0)
	if n == 0 {
		return toHealth(c, "known")
	}
	return toHealth(c, "added")
}

// changeFeed answers the buttons of one feed.
func (p *pages) changeFeed(c *fiber.Ctx) error {
	var patch store.FeedPatch
	action := c.Params("action")
	switch action {
	case "refresh":
		patch.Refresh = true
	case "on", "off":
		patch.Enabled = new(action == "on")
	default:
		return news.ErrNotFound
	}
	if _, err := form(c); err != nil {
		return err
	}
	if _, err := p.deps.Feeds.ChangeFeed(c.UserContext(), c.Params("id"), patch); err != nil {
		return err
	}
	return toHealth(c, action)
}

// importFeeds answers the form that adds the feeds of an OPML file.
func (p *pages) importFeeds(c *fiber.Ctx) error {
	text, err := upload(c, fieldOPML, opml.MaxBytes)
	if err != nil {
		return err
	}
	file, err := opml.Read(bytes.NewReader(text))
	if err != nil {
		return err
	}
	var feeds []news.Feed
	for _, f := range file.Feeds {
		if key, err := p.deps.Key(f.URL); err == nil {
			f.ID, f.AddedAt = news.ArticleID(key), p.deps.Now()
			feeds = append(feeds, f)
		}
	}
	n, err := p.deps.Feeds.PutFeeds(c.UserContext(), feeds...)
	if err != nil {
		return err
	}
	p.deps.Log.Info("feeds imported", "added", n, "known", len(feeds)-n)
	return toHealth(c, "imported", paramCount, strconv.Itoa(n))
}

// exportFeeds answers /health/feeds.opml: the feeds as a file.
func (p *pages) exportFeeds(c *fiber.Ctx) error {
	feeds, err := p.deps.Feeds.ListFeeds(c.UserContext())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := opml.Write(&b, "Broadsheet: feeds", feeds); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/x-opml; charset=utf-8")
	c.Attachment("feeds.opml")
	return c.Send(b.Bytes())
}

// upload returns the file that a form sent, of at most limit bytes.
func upload(c *fiber.Ctx, field string, limit int) ([]byte, error) {
	if n := c.Request().Header.ContentLength(); n < 0 || n > limit+maxForm {
		return nil, &news.ParamError{Param: field, Reason: "is larger than " + bytesWords(int64(limit))}
	}
	missing := &news.ParamError{Param: field, Reason: "is missing: choose a file"}
	kind, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || kind != fiber.MIMEMultipartForm {
		return nil, missing
	}
	parts := multipart.NewReader(bytes.NewReader(c.Body()), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, missing
		}
		if part.FormName() != field {
			continue
		}
		text, err := io.ReadAll(part) // bounded by the body
		if err != nil || len(text) == 0 {
			return nil, missing
		}
		return text, nil
	}
}

// toHealth leads back to the health page, which says what was done.
func toHealth(c *fiber.Ctx, done string, more ...string) error {
	values := url.Values{paramDone: {done}}
	for i := 0; i+1 < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	return c.Redirect("/health?"+values.Encode(), fiber.StatusSeeOther)
}
