package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/gorilla/websocket"

	"tutti/e2e/load"
)

var writeBuffers = &sync.Pool{}

// dial opens a socket, without compression, which no peer uses out of the box.
func dial(ctx context.Context, server *load.Server, path string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{HandshakeTimeout: load.JoinWithin, WriteBufferPool: writeBuffers}
	conn, _, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(server.URL, "http")+path, http.Header{})
	return conn, err
}

// greet sends what a protocol begins with and reads until one frame says that
// the document is there. After an error the socket is closed.
func greet(conn *websocket.Conn, kind int, messages [][]byte, ready func(frame []byte) (bool, error)) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, conn.Close())
		}
	}()
	for _, m := range messages {
		if err := conn.WriteMessage(kind, m); err != nil {
			return err
		}
	}
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		if ok, err := ready(frame); ok || err != nil {
			return err
		}
	}
}
