package opensearch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Scheme begins the address of an OpenSearch cluster.
const Scheme = "opensearch"

const (
	defaultPort   = "9200"
	defaultPrefix = "broadsheet"
	// maxShards bounds the shards of one partition: more would never be filled.
	maxShards = 64
	// maxReplicas bounds the replicas of one partition.
	maxReplicas = 16
)

// Environment variables that hold what should not stand in a configuration file.
const (
	UserVariable     = "BROADSHEET_OPENSEARCH_USER"
	PasswordVariable = "BROADSHEET_OPENSEARCH_PASSWORD"
)

// Config says where the cluster is. [ParseAddress] makes one.
type Config struct {
	// Hosts are HOST:PORT.
	Hosts []string
	// Prefix begins the names of all indexes and of the alias.
	Prefix string
	// User and Password log in; empty for clusters without security.
	User, Password string
	// TLS, if set, is spoken.
	TLS *tls.Config
	// Shards is how many primary shards a partition has; 0 means 1.
	Shards int
	// Replicas is how many replicas a partition has at most, as far as there are
	// nodes for them; 0 means 1. [Cluster.Tend] leaves closed months one.
	Replicas int
	// QueryTime bounds what one search may take; 0 means DefaultQueryTime.
	QueryTime time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// DefaultQueryTime is more than any sensible search takes.
const DefaultQueryTime = 10 * time.Second

// prefixPattern is what OpenSearch allows in names of indexes, and no dash at
// the end, so that no prefix reaches into the names of another.
var prefixPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,63}$`)

// ParseAddress reads an address such as
//
//	opensearch://user:password@host1:9200,host2:9200/prefix?tls=true&ca=/etc/ca.pem&shards=2&replicas=2
//
// of which only a host is required. What it does not say of user and password is
// taken from the environment by UserVariable and PasswordVariable. Its errors do
// not repeat the address, which may hold a password.
func ParseAddress(address string) (Config, error) {
	rest, ok := strings.CutPrefix(address, Scheme+"://")
	if !ok {
		return Config{}, errors.New("an address of OpenSearch begins with opensearch://")
	}
	rest, params, _ := strings.Cut(rest, "?")
	authority, prefix, _ := strings.Cut(rest, "/")
	cfg := Config{Prefix: prefix, User: os.Getenv(UserVariable), Password: os.Getenv(PasswordVariable)}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		if err := cfg.login(authority[:at]); err != nil {
			return Config{}, err
		}
		authority = authority[at+1:]
	}
	if cfg.Prefix == "" {
		cfg.Prefix = defaultPrefix
	}
	if !prefixPattern.MatchString(cfg.Prefix) {
		return Config{}, fmt.Errorf("prefix %q: must be lower-case letters, digits and underscores", cfg.Prefix)
	}
	if err := cfg.hosts(authority); err != nil {
		return Config{}, err
	}
	return cfg, cfg.params(params)
}

func (c *Config) login(userinfo string) error {
	user, password, _ := strings.Cut(userinfo, ":")
	var err error
	if c.User, err = url.PathUnescape(user); err != nil {
		return errors.New("the user in the address is badly escaped")
	}
	if password == "" {
		return nil
	}
	if c.Password, err = url.PathUnescape(password); err != nil {
		return errors.New("the password in the address is badly escaped")
	}
	return nil
}

func (c *Config) hosts(list string) error {
	for host := range strings.SplitSeq(list, ",") {
		name, port, err := net.SplitHostPort(host)
		if err != nil {
			name, port = strings.Trim(host, "[]"), defaultPort
		}
		if name == "" || strings.ContainsAny(name, "/@ ") {
			return fmt.Errorf("host %q: must be HOST or HOST:PORT", host)
		}
		c.Hosts = append(c.Hosts, net.JoinHostPort(name, port))
	}
	return nil
}

func (c *Config) params(text string) error {
	values, err := url.ParseQuery(text)
	if err != nil {
		return errors.New("the parameters of the address are badly escaped")
	}
	for name := range values {
		v := values.Get(name)
		switch name {
		case "tls":
			on, err := strconv.ParseBool(v)
			if err != nil {
				return fmt.Errorf("tls %q: must be true or false", v)
			}
			if on && c.TLS == nil {
				c.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
			}
		case "ca":
			if err := c.trust(v); err != nil {
				return err
			}
		case "shards":
			if c.Shards, err = strconv.Atoi(v); err != nil || c.Shards < 1 || c.Shards > maxShards {
				return fmt.Errorf("shards %q: must be between 1 and %d", v, maxShards)
			}
		case "replicas":
			if c.Replicas, err = strconv.Atoi(v); err != nil || c.Replicas < 1 || c.Replicas > maxReplicas {
				return fmt.Errorf("replicas %q: must be between 1 and %d", v, maxReplicas)
			}
		default:
			return fmt.Errorf("no such parameter %q; there are tls, ca, shards and replicas", name)
		}
	}
	return nil
}

// trust has the certificates of a file trusted, and TLS spoken.
func (c *Config) trust(file string) error {
	pem, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read certificates: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%s holds no certificates", file)
	}
	c.TLS = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	return nil
}

func (c *Config) setDefaults() {
	if c.Prefix == "" {
		c.Prefix = defaultPrefix
	}
	if c.Shards == 0 {
		c.Shards = 1
	}
	if c.Replicas == 0 {
		c.Replicas = 1
	}
	if c.QueryTime <= 0 {
		c.QueryTime = DefaultQueryTime
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}
