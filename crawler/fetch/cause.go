package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
)

// What can go wrong on the way, in words for the operator.
var (
	errCanceled = errors.New("given up before the answer")
	errTotal    = errors.New("the answer took too long: try again later")
	errSlow     = errors.New("the answer comes in too slowly: try again later")
	errTooLarge = errors.New("the body is too large")
	errBomb     = fmt.Errorf("the body grows more than %d times when decompressed", maxRatio)
	errEncoding = errors.New("unknown compression")
	errLayers   = errors.New("the body is compressed more than once")
)

// foreignError tells that the answer is of a type that no text is read from.
type foreignError struct{ media string }

func (e foreignError) Error() string {
	return "the answer is " + e.media + ", not text: nothing can be read from it"
}

// reason tells why a request failed with err: the caller gave up on ctx, a limit
// of this package was the cause of the end of limited, or err itself.
func reason(ctx, limited context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", errCanceled, ctx.Err())
	}
	if cause := context.Cause(limited); cause != nil {
		return cause
	}
	return err
}

// classify finds the kind of an error of the gate or of send, and words for it.
func classify(err error) (ErrorKind, error) {
	if address, ok := errors.AsType[addressError](err); ok {
		return Address, address
	}
	if _, ok := errors.AsType[foreignError](err); ok {
		return NotText, err
	}
	if _, ok := errors.AsType[restingError](err); ok {
		return Resting, err
	}
	switch {
	case errors.Is(err, errCanceled):
		return Canceled, err
	case errors.Is(err, errSlow), errors.Is(err, errTotal):
		return Timeout, err
	case errors.Is(err, errEncoding), errors.Is(err, errLayers):
		return NotText, err
	case errors.Is(err, errTooLarge), errors.Is(err, errBomb):
		return TooLarge, err
	default:
		return classifyNetwork(err)
	}
}

func classifyNetwork(err error) (ErrorKind, error) {
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return Timeout, fmt.Errorf("no answer in time: try again later: %w", err)
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok && e.IsNotFound {
		return Network, fmt.Errorf("no host has that name: check the address: %w", err)
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Network, fmt.Errorf("the server's certificate cannot be trusted: %w", err)
	}
	if strings.Contains(err.Error(), "response header") { // net/http has no value for it
		return TooLarge, fmt.Errorf("the headers are larger than %d bytes: %w", maxHeaderBytes, err)
	}
	return Network, fmt.Errorf("no proper answer: try again later: %w", err)
}
