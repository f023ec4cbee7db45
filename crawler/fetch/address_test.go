package fetch_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"broadsheet.example/crawler/fetch"
)

// TestSpecialAddresses asks for one address of every special network.
func TestSpecialAddresses(t *testing.T) {
	cfg := loopback()
	cfg.AllowNetworks = nil
	c := open(t, cfg)
	for _, host := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
		"172.31.255.255", "192.0.0.8", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.175.48.1",
		"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"[::]", "[::1]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "[64:ff9b::808:808]",
		"[64:ff9b:1::1]", "[100::1]", "[2001::1]", "[2001:2::1]", "[2001:10::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[2002:a00:1::1]",
		"[3fff::1]", "[5f00::1]", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[2620:4f:8000::1]",
	} {
		e := fail(t, c, page("http://"+host+"/"), fetch.Address)
		if e.Status != 0 {
			t.Errorf("%s: got an answer: %+v", host, e)
		}
	}
}

func TestRefusedURLs(t *testing.T) {
	cfg := loopback()
	cfg.AllowNetworks = nil
	// A resolver that is never to be asked.
	cfg = cfg.WithResolver(&net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("the name was looked up")
		return nil, net.ErrClosed
	}})
	c := open(t, cfg)
	for _, url := range []string{
		"", "nonsense", "ftp://example.com/", "file:///etc/passwd", "http://user:pass@example.com/", "http://example.com:22/", "http://example.com:8081/",
		"https://example.com:6379/", "http://8.8.8.8:25/", "http://127.1/", "http://0x7f.1/", "gopher://example.com:70/", "http://localhost:9000/",
	} {
		fail(t, c, page(url), fetch.Address)
	}
}

// names is a DNS server on loopback that answers each question for an IPv4
// address with the next of a list.
type names struct {
	conn net.PacketConn
	mu   sync.Mutex
	next []netip.Addr
}

func serveNames(t *testing.T, answers ...string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &names{conn: conn}
	for _, a := range answers {
		n.next = append(n.next, netip.MustParseAddr(a))
	}
	var running sync.WaitGroup
	running.Go(n.serve)
	t.Cleanup(func() { conn.Close(); running.Wait() })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (n *names) serve() {
	buf := make([]byte, 1500)
	for {
		size, from, err := n.conn.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:size]) != nil || len(m.Questions) == 0 {
			continue
		}
		m.Response, m.Additionals = true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 0},
				Body:   &dnsmessage.AResource{A: n.pop().As4()},
			}}
		}
		if packed, err := m.Pack(); err == nil {
			n.conn.WriteTo(packed, from)
		}
	}
}

// pop takes the next answer; the last one stays.
func (n *names) pop() netip.Addr {
	n.mu.Lock()
	defer n.mu.Unlock()
	a := n.next[0]
	if len(n.next) > 1 {
		n.next = n.next[1:]
	}
	return a
}

// TestRebind has a name lead first to an allowed address and then to one that
// is not.
func TestRebind(t *testing.T) {
	o := serve(t, "127.0.0.2", hello)
	_, port, _ := net.SplitHostPort(o.Listener.Addr().String())
	bad, err := net.Listen("tcp", "127.0.0.3:"+port)
	if err != nil {
		t.Skip("the port is taken on the other address")
	}
	trap := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the forbidden address was visited") })}
	var running sync.WaitGroup
	running.Go(func() { trap.Serve(bad) })
	defer running.Wait()
	defer trap.Close()

	cfg := loopback()
	cfg.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}
	c := open(t, cfg.WithResolver(serveNames(t, "127.0.0.2", "127.0.0.3")))
	url := fmt.Sprintf("http://rebind.example:%s/", port)
	get(t, c, page(url))
	c.Idle()
	fail(t, c, page(url), fetch.Address)
}

// TestNameOfSpecialAddress has public names lead to forbidden addresses.
func TestNameOfSpecialAddress(t *testing.T) {
	for _, addr := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0"} {
		cfg := loopback()
		cfg.AllowNetworks = nil
		c := open(t, cfg.WithResolver(serveNames(t, addr)))
		fail(t, c, page("http://inside.example/"), fetch.Address)
	}
}

func TestNoSuchHost(t *testing.T) {
	cfg := loopback().WithResolver(&net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, net.ErrClosed
	}})
	fail(t, open(t, cfg), page("http://missing.example/"), fetch.Network)
}
