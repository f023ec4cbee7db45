package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"broadsheet.example/bench/press"
)

// What arrives while questions are asked.
const (
	arriveEvery = 500 * time.Millisecond
	arriveWords = 387
	// arriveNumber is of how many articles those that arrive are among the last, so
	// that they are of the newest days.
	arriveNumber = 10_000_000
)

// arrival hands articles to a server through the socket by which its own commands
// reach it, and takes some away again.
type arrival struct {
	http     *http.Client
	press    *press.Press
	next     int
	each     int // articles a time
	deleting int // of a hundred that arrive
	here     []string
	gone     int
}

// newArrival returns articles that no other run has.
func newArrival(o options) *arrival {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", o.control)
	}
	return &arrival{
		http:  &http.Client{Timeout: time.Minute, Transport: &http.Transport{DialContext: dial}},
		press: press.New(arriveNumber, arriveWords, uint64(time.Now().UnixNano())), next: arriveNumber - 1_000_000,
		each: int(float64(o.arriving) * arriveEvery.Seconds()), deleting: o.deleting,
	}
}

// run hands in articles until the context is done.
func (a *arrival) run(ctx context.Context) error {
	tick := time.NewTicker(arriveEvery)
	defer tick.Stop()
	for {
		if err := a.add(); err != nil {
			return err
		}
		if err := a.remove(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (a *arrival) add() error {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	for range a.each {
		if err := enc.Encode(press.Import(a.press.Article(a.next))); err != nil {
			return err
		}
		a.next++
	}
	var reply struct{ Results []struct{ ID string } }
	if err := a.do(http.MethodPost, "/v1/import/articles", &body, &reply); err != nil {
		return err
	}
	for _, r := range reply.Results {
		a.here = append(a.here, r.ID)
	}
	return nil
}

// remove takes the oldest of what has arrived away, until it is as much as asked.
func (a *arrival) remove() error {
	for a.gone*100 < a.deleting*(a.gone+len(a.here)) {
		if err := a.do(http.MethodDelete, "/v1/articles/"+a.here[0], nil, nil); err != nil {
			return err
		}
		a.here = a.here[1:]
		a.gone++
	}
	return nil
}

func (a *arrival) do(method, path string, body io.Reader, reply any) error {
	req, err := http.NewRequest(method, "http://localhost"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	resp, err := a.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s: %.500s", method, path, resp.Status, text)
	}
	if reply == nil {
		return nil
	}
	return json.Unmarshal(text, reply)
}
