package e2e

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
)

// An impatient client gives a connection up on which nothing comes for a
// while, as one does behind a network that is gone without a word.
type impatient struct {
	within time.Duration
	gaveUp atomic.Int64 // handshakes and connections, of all who share it
}

// config has a client reach a document at what address says just then.
func (p *impatient) config(t testing.TB, document string, address func() string) client.Config {
	dialer := websocket.Dialer{Subprotocols: []string{"tutti.v1"}, EnableCompression: true, HandshakeTimeout: p.within}
	return client.Config{Dial: func(ctx context.Context) (client.Conn, error) {
		ws, _, err := dialer.DialContext(ctx, "ws://"+address()+api+"/documents/"+document+"/socket", nil)
		if err != nil {
			p.note(err)
			return nil, err
		}
		return &impatientConn{ws, p}, nil
	}}
}

func (p *impatient) note(err error) {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		p.gaveUp.Add(1)
	}
}

type impatientConn struct {
	*websocket.Conn
	by *impatient
}

func (c *impatientConn) ReadMessage() (int, []byte, error) {
	c.SetReadDeadline(time.Now().Add(c.by.within))
	kind, frame, err := c.Conn.ReadMessage()
	c.by.note(err)
	return kind, frame, err
}

func (c *impatientConn) WriteMessage(kind int, frame []byte) error {
	c.SetWriteDeadline(time.Now().Add(c.by.within))
	err := c.Conn.WriteMessage(kind, frame)
	c.by.note(err)
	return err
}
