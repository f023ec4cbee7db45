package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet.example/news"
)

var (
	// ErrClosed is what calls fail with after Close.
	ErrClosed = errors.New("store is closed")
	// ErrCorrupt reports that the tables contradict each other or are damaged.
	ErrCorrupt = errors.New("database is damaged: restore a backup, or export what can still be read")
)

// SQLSTATE codes that are told apart; see appendix A of PostgreSQL's manual.
const (
	codeProtocol    = "08P01"
	codeReadOnly    = "25006"
	codePassword    = "28P01"
	codeNotAllowed  = "28000"
	codeNoDatabase  = "3D000"
	codePrivilege   = "42501"
	codeLocked      = "55P03"
	codeDiskFull    = "53100"
	codeConnections = "53300"
	codeCanceled    = "57014"
	classConnection = "08"
	classRollback   = "40" // serialization failures, deadlocks
	classShutdown   = "57P"
	classCorrupted  = "XX00" // XX001, XX002
)

// explain gives errors of the server the names that callers know, and says what
// to do about those that an operator must mend.
func explain(err error) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return explainConnect(err)
	}
	switch e.Code {
	case codeDiskFull:
		return fmt.Errorf("%w (%w)", news.ErrDiskFull, err)
	case codeProtocol:
		return fmt.Errorf("%s: %w", pooled, err)
	case codePassword, codeNotAllowed:
		return fmt.Errorf("the server refuses the login: check user and password of the database's address, and the server's pg_hba.conf: %w", err)
	case codeNoDatabase:
		return fmt.Errorf("there is no such database: make it with createdb -E UTF8 -T template0: %w", err)
	case codePrivilege:
		return fmt.Errorf("the user lacks a right: GRANT CREATE ON DATABASE to it, or make its schema beforehand and give it that: %w", err)
	case codeConnections:
		return fmt.Errorf("the server has no connection to spare: raise its max_connections or lower this program's: %w", err)
	case codeReadOnly:
		return fmt.Errorf("the server is a standby: name the primary, or all servers separated by commas: %w", err)
	case classCorrupted + "1", classCorrupted + "2":
		return fmt.Errorf("%w (%w)", ErrCorrupt, err)
	}
	return err
}

// explainConnect speaks of servers that could not be reached.
func explainConnect(err error) error {
	e, ok := errors.AsType[*pgconn.ConnectError](err)
	if !ok {
		return err
	}
	advice := "check that PostgreSQL runs and that host and port are right"
	switch text := err.Error(); {
	case untrusted(err):
		advice = "check sslmode and the certificates"
	case strings.Contains(text, "read only") || strings.Contains(text, "read-only"):
		advice = "the server is a standby: name the primary, or all servers separated by commas"
	}
	return fmt.Errorf("no connection to the database %q: %s: %w", e.Config.Database, advice, err)
}

// unready explains an error of the first connection, and tells those that may pass:
// the server is not up, or is failing over.
func unready(err error) error {
	_, cannot := errors.AsType[*pgconn.ConnectError](err)
	if !passing(err) || cannot && untrusted(err) {
		return explain(err)
	}
	return fmt.Errorf("%w (%w)", explain(err), news.ErrUnavailable)
}

// untrusted reports whether a connection failed for TLS, which is a matter of
// configuration.
func untrusted(err error) bool {
	text := err.Error()
	return strings.Contains(text, "TLS") || strings.Contains(text, "certificate")
}

// passing reports whether the same transaction may succeed when it is run again:
// it lost a race, or the connection was lost before it was committed.
func passing(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return passingCode(e.Code)
	}
	if _, refused := errors.AsType[*pgconn.ConnectError](err); refused {
		return true
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	_, cut := errors.AsType[*cutError](err)
	return cut || pgconn.SafeToRetry(err)
}

func passingCode(code string) bool {
	switch code {
	case codeConnections, codeReadOnly:
		return true
	case codeCanceled:
		return false
	}
	return strings.HasPrefix(code, classConnection) || strings.HasPrefix(code, classRollback) || strings.HasPrefix(code, classShutdown)
}

// lost reports whether err took the transaction with it.
func lost(err error) bool {
	if _, broken := errors.AsType[*brokenError](err); broken || passing(err) {
		return true
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == codeDiskFull
}

// cutError says that the connection was lost, whatever it looked like.
type cutError struct{ err error }

func (e *cutError) Error() string { return "connection to the database lost: " + e.err.Error() }
func (e *cutError) Unwrap() error { return e.err }

// cut tells whether it was the connection that failed.
func cut(conn *pgxpool.Conn, err error) error {
	if err != nil && conn.Conn().IsClosed() {
		return &cutError{err}
	}
	return err
}

// brokenError says that the transaction is gone.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }
