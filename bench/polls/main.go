// Command polls measures how many polls PostgreSQL hands out and takes back while
// those who poll are killed: workers lease feeds and commit polls that bring
// nothing new, and one of them after another dies by SIGKILL. It prints how many
// polls there were a second, and for each second of CPU that workers and server
// have worked together, and whether one that was acknowledged is missing.
//
//	go run ./bench/polls -store "$(.ci/postgres start)"
//
// The server must run on this machine, for its CPU time is read from /proc. The
// tables are made in a schema of their own and dropped.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/bench/proc"
	"broadsheet.example/news"
	"broadsheet.example/store/postgres"
)

// options are the command's flags.
type options struct {
	store          string
	feeds, workers int
	span, pause    time.Duration
}

// schemaVariable tells a process of this command to be a worker, and where.
const schemaVariable = "BROADSHEET_BENCH_POLLS"

func main() {
	var o options
	flag.StringVar(&o.store, "store", "", "`ADDRESS` of the database")
	flag.IntVar(&o.feeds, "feeds", 20_000, "feeds, each on a host of its own")
	flag.IntVar(&o.workers, "workers", 2, "processes that poll")
	flag.DurationVar(&o.span, "span", 30*time.Second, "how long they poll")
	flag.DurationVar(&o.pause, "pause", 400*time.Millisecond, "the longest time between two kills; 0: none")
	flag.Parse()
	ctx := context.Background()
	run := o.run
	if os.Getenv(schemaVariable) != "" {
		run = o.work
	}
	if err := run(ctx, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// open opens the store in a schema.
func (o options) open(ctx context.Context, schema string) (*postgres.Store, error) {
	return postgres.Open(ctx, postgres.Config{DSN: o.store, Schema: schema, MaxConns: 2}, nil)
}

func (o options) run(ctx context.Context, out io.Writer) (err error) {
	cfg, err := pgx.ParseConfig(o.store)
	if err != nil {
		return errors.New("the address of the database cannot be read")
	}
	server, err := proc.Listener(int(cfg.Port))
	if err != nil {
		return err
	}
	schema := fmt.Sprintf("bench_polls_%d", os.Getpid())
	s, err := o.open(ctx, schema)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(), drop(ctx, cfg, schema)) }()
	if _, err := s.PutFeeds(ctx, feeds(o.feeds)...); err != nil {
		return err
	}
	before, start := proc.TreeCPU(server), time.Now()
	c := &crew{options: o, schema: schema}
	if err := c.poll(ctx); err != nil {
		return err
	}
	wall, used := time.Since(start), proc.TreeCPU(server)-before
	held, err := o.count(ctx, s)
	if err != nil {
		return err
	}
	return c.report(out, wall, used, held)
}

func feeds(n int) []news.Feed {
	list := make([]news.Feed, n)
	for i := range list {
		url := fmt.Sprintf("https://h%d.example/feed", i)
		list[i] = news.Feed{ID: news.ArticleID(url), URL: url, Enabled: true}
	}
	return list
}

func drop(ctx context.Context, cfg *pgx.ConnConfig, schema string) error {
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `SET client_min_messages = warning; DROP SCHEMA `+schema+` CASCADE`)
	return errors.Join(err, conn.Close(ctx))
}

// count adds up what the feeds say of how often they were polled. What killed
// workers held is had when their leases have run out.
func (o options) count(ctx context.Context, s *postgres.Store) (int, error) {
	seen, polls := 0, 0
	for end := time.Now().Add(time.Minute); seen < o.feeds; {
		leases, err := s.LeaseFeeds(ctx, o.feeds, time.Hour)
		if err != nil {
			return 0, err
		}
		for _, l := range leases {
			seen++
			polls += l.State.Unchanged
		}
		if seen < o.feeds && time.Now().After(end) {
			return 0, fmt.Errorf("only %d of %d feeds can be leased after all", seen, o.feeds)
		}
		time.Sleep(leaseTime / 20)
	}
	return polls, nil
}
