package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"

	"tutti/e2e/load"
)

// scripts is the folder of the servers in Node, from the root of the tree.
const scripts = "e2e/bench/peers/"

// node is a target that is a script.
func node(name string, dialect load.Dialect, forgets bool) load.Target {
	return load.Target{Name: name, Start: func(ctx context.Context, folder string, _ bool) (*load.Server, error) {
		s, err := load.Spawn(ctx, exec.Command("node", "--expose-gc", scripts+name+".mjs", folder), dialect)
		if err != nil {
			return nil, err
		}
		s.Forgets = forgets
		s.Garbage = func(ctx context.Context) error { return post(ctx, s.URL+"/gc", "") }
		return s, nil
	}}
}

// post asks a script for something.
func post(ctx context.Context, url, body string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusNoContent {
		err = errors.Join(err, fmt.Errorf("%s: %s", url, answer.Status))
	}
	return errors.Join(err, answer.Body.Close())
}

// made is how the scripts make documents; they keep them.
type made struct{}

func (made) Create(ctx context.Context, server *load.Server, document, text string) error {
	return post(ctx, server.URL+"/documents/"+document, text)
}

func (made) History(ctx context.Context, server *load.Server, document string, edits int) error {
	return post(ctx, fmt.Sprintf("%s/documents/%s?edits=%d", server.URL, document, edits), load.Text)
}

func (made) Delete(context.Context, *load.Server, string) error { return nil }
