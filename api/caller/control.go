package caller

import "net"

// Control marks the connections of a listener, the control socket, so that
// requests over them are told from those that merely come from this machine.
func Control(l net.Listener) net.Listener { return controlListener{l} }

type controlListener struct{ net.Listener }

func (l controlListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return controlConn{conn}, nil
}

type controlConn struct{ net.Conn }

// RemoteAddr is what [Identify] recognizes the connection by.
func (controlConn) RemoteAddr() net.Addr { return controlAddr{} }

type controlAddr struct{}

func (controlAddr) Network() string { return "unix" }
func (controlAddr) String() string  { return "control" }
