package cli

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// sharedStore makes a PostgreSQL database, which goes with the test, and lets
// every command of the test use it.
func sharedStore(t *testing.T) {
	t.Helper()
	t.Setenv("BROADSHEET_STORE", database(t))
}

// doored has every command of the test reach its database through a door.
func doored(t *testing.T) *door {
	t.Helper()
	address, err := url.Parse(database(t))
	if err != nil {
		t.Fatal(err)
	}
	d := openDoor(t, address.Host)
	address.Host = d.address
	t.Setenv("BROADSHEET_STORE", address.String())
	return d
}

// database makes a PostgreSQL database, which goes with the test, and returns its
// address.
func database(t *testing.T) string {
	t.Helper()
	server := os.Getenv("BROADSHEET_POSTGRES_URL")
	if server == "" {
		t.Skip("set BROADSHEET_POSTGRES_URL to the address of a PostgreSQL database to test with (.ci/postgres start gives one)")
	}
	name := fmt.Sprintf("broadsheet_test_%d_%d", os.Getpid(), time.Now().UnixNano())
	execute := func(query string) {
		ctx := context.Background() // a cleanup has no other
		conn, err := pgx.Connect(ctx, server)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	execute(`CREATE DATABASE ` + name)
	t.Cleanup(func() { execute(`DROP DATABASE ` + name + ` WITH (FORCE)`) })
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

// TestProcessesShareAStore crawls in one process and searches in two, each with
// an index of its own.
func TestProcessesShareAStore(t *testing.T) {
	sharedStore(t)
	one, two := t.TempDir(), t.TempDir()
	startDemo(t, one)
	want := reply(t, one, "minister", "--facets", "source,person", "--param", "recency=off")
	if want.Total == 0 {
		t.Fatal("nothing is found")
	}
	for _, dir := range []string{two, one} {
		must(t, dir, "reindex") // which must leave the other's index its place in the outbox
		if d := digests(t, one); !d.Equal {
			t.Errorf("store and index of the first process differ: %+v", d)
		}
		got := reply(t, two, "minister", "--facets", "source,person", "--param", "recency=off")
		if got.Total != want.Total || len(got.Facets["person"].Buckets) != len(want.Facets["person"].Buckets) {
			t.Errorf("the second process finds %d articles, the first %d", got.Total, want.Total)
		}
	}
	victim := want.Articles[0]
	must(t, one, "remove", victim.URL)
	for deadline := time.Now().Add(time.Minute); reply(t, two, "minister").Total == want.Total; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the second process does not learn that an article was taken down")
		}
	}
	if out := must(t, two, "doctor"); !strings.Contains(out, "agrees with the store") || !strings.Contains(out, "3 readers follow") {
		t.Errorf("doctor says:\n%s", out)
	}
	checkReaders(t, two)
}

// checkReaders lets the index in a directory be away for long, then be taken for
// gone, and come back.
func checkReaders(t *testing.T, dir string) {
	t.Helper()
	name, err := nodeName(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(must(t, dir, "readers"), readerPrefix+name)
	if at < 0 {
		t.Fatalf("%s is not among the readers:\n%s", name, must(t, dir, "readers"))
	}
	gone := strings.Fields(must(t, dir, "readers")[at:])[0]
	conn, err := pgx.Connect(t.Context(), os.Getenv("BROADSHEET_STORE"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `INSERT INTO broadsheet.outbox (reader, article, version, partition, deleted, since)
SELECT r.id, i.id, i.version, i.partition, false, 1 FROM broadsheet.readers r, broadsheet.identities i WHERE r.name = $1 AND i.seq IS NOT NULL`, gone)
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	fails(t, other, []string{"1 problem found"}, "doctor")
	if _, out, _ := command(t, other, "doctor"); !strings.Contains(out, "broadsheet readers remove "+gone) {
		t.Errorf("doctor says:\n%s", out)
	}
	fails(t, other, []string{"nobody"}, "readers", "remove", "nobody")
	must(t, other, "readers", "remove", gone)
	if out := must(t, other, "readers"); strings.Contains(out, gone) {
		t.Errorf("readers after the removal:\n%s", out)
	}
	if out := must(t, dir, "doctor"); !strings.Contains(out, "agrees with the store") {
		t.Errorf("doctor says of the index that came back:\n%s", out)
	}
}

func TestSharedStoreOutOfReach(t *testing.T) {
	t.Setenv("BROADSHEET_STORE", "postgres://ann:hidden@127.0.0.1:1/news")
	status, out, errs := command(t, t.TempDir(), "search", "x")
	if status == exitOK || !strings.Contains(errs, "PostgreSQL") || strings.Contains(out+errs, "hidden") {
		t.Errorf("status %d: %s %s", status, out, errs)
	}
	t.Setenv("BROADSHEET_STORE", "mysql://ann:hidden@127.0.0.1:1/news")
	status, out, errs = command(t, t.TempDir(), "search", "x")
	if status == exitOK || !strings.Contains(errs, "store must be") || strings.Contains(out+errs, "hidden") {
		t.Errorf("status %d: %s %s", status, out, errs)
	}
}
