package param

import (
	"encoding/json"
	"errors"
	"net/url"

	"broadsheet.example/news"
)

// FromJSON turns the body of a POST, an object of the same names, into the
// parameters of a URL. A value is a string, a number, a boolean or a list of
// them; null is as good as not given. Values in a list are taken as they are: no
// comma or minus sign has a meaning there. It fails with a [*news.ParamError].
func FromJSON(body []byte) (url.Values, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, &news.ParamError{Param: "body", Reason: "must be one JSON object of parameters: " + err.Error()}
	}
	values := make(url.Values, len(object))
	for name, raw := range object {
		list, err := texts(raw)
		if err != nil {
			return nil, &news.ParamError{Param: clip(name), Reason: "must be a string, a number, a boolean or a list of them"}
		}
		if list != nil {
			values[name] = list
		}
	}
	return values, nil
}

// texts returns the value, or the values of the list, as a URL would have them.
func texts(raw json.RawMessage) ([]string, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		s, err := text(raw)
		return []string{s}, err
	}
	out := make([]string, len(list))
	for i, v := range list {
		s, err := text(v)
		if err != nil {
			return nil, err
		}
		out[i] = quoteItem(s)
	}
	return out, nil
}

// text returns a string without its quotes, a number or boolean as written.
func text(raw json.RawMessage) (string, error) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return "", err
	}
	switch v := v.(type) {
	case string:
		return v, nil
	case float64, bool:
		return string(raw), nil
	}
	return "", errors.New("not a scalar")
}
