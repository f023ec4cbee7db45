package store

import "context"

// Sites keeps what was learnt of each host. What it means is its maker's
// business: to the store it is bytes.
type Sites interface {
	// Site returns what was kept of a host; of one that is unknown, nothing.
	Site(ctx context.Context, host string) (Site, error)
	// PutSite keeps what is now known of a host in place of what was.
	PutSite(ctx context.Context, s Site) error
	// PendingSites lists the hosts that were put as pending.
	PendingSites(ctx context.Context) ([]string, error)
	// ArticlesOf returns the ids of the articles that pages of the host brought,
	// at most n, in the order of ids, after the given one.
	ArticlesOf(ctx context.Context, host, after string, n int) ([]string, error)
}

// Site is what was learnt of one host.
type Site struct {
	Host    string
	Learned []byte
	// Pending says that there is work to be done with it.
	Pending bool
}
