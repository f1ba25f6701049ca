package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

// contract finds a contract by its ID, or by the path of a document below the folder.
func (s *session) contract(name string) (*specs.Contract, error) {
	if strings.ContainsAny(name, `/\`) || filepath.Ext(name) != "" {
		path, err := s.file("contract", name)
		if err != nil {
			return nil, err
		}
		name = path
	}
	c, err := s.Contract(name)
	if err == nil {
		s.Redactor.Extend(validator.Redaction(c))
	}
	return c, err
}

// file is the path of a regular file below the folder; another is refused, also where a
// link leads out.
func (s *session) file(argument, path string) (string, error) {
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return "", err
	}
	local := path
	if filepath.IsAbs(path) {
		if local, err = filepath.Rel(dir, path); err != nil {
			return "", fmt.Errorf("%s: %w", argument, err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	info, err := root.Stat(local)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w; give the path of a file below the folder in which Parley was started", argument, err)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s: %s is no regular file", argument, path)
	}
	return filepath.Join(s.Dir, local), nil
}

// play returns the mock that plays a contract, and starts it when it is the first.
func (s *session) play(c *specs.Contract) (*mockserver.Server, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mocks[c.ID] == nil {
		mock, err := s.Play(c)
		if err != nil {
			return nil, err
		}
		s.mocks[c.ID] = mock
	}
	s.last = c.ID
	return s.mocks[c.ID], nil
}

// use hands on the sandbox in which a contract is played, with the contract itself, and a
// context that ends when the mock is closed. The contract need not be named where it was
// started last, or is played alone.
func (s *session) use(ctx context.Context, contract string, do func(ctx context.Context, b *mockserver.Sandbox, c *specs.Contract) error) error {
	mock, c, err := s.playing(contract)
	if err != nil {
		return err
	}
	var failed error
	err = mock.Use(s.sandbox, func(b *mockserver.Sandbox) {
		ctx, leave := b.WhileServed(ctx)
		defer leave()
		failed = do(ctx, b, c)
	})
	return cmp.Or(err, failed)
}

// change is use for a tool that changes the sandbox: it answers when what it did is as
// durable as the mock's ledger makes it, as the control API does.
func (s *session) change(ctx context.Context, contract string, do func(ctx context.Context, b *mockserver.Sandbox, c *specs.Contract) error) error {
	return s.use(ctx, contract, func(ctx context.Context, b *mockserver.Sandbox, c *specs.Contract) error {
		err := do(ctx, b, c)
		return cmp.Or(err, b.Durable(ctx))
	})
}

func (s *session) playing(contract string) (*mockserver.Server, *specs.Contract, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.Sorted(maps.Keys(s.mocks))
	if contract = cmp.Or(contract, s.last); contract == "" && len(ids) == 1 {
		contract = ids[0]
	}
	switch mock := s.mocks[contract]; {
	case len(ids) == 0:
		return nil, nil, errors.New("nothing is played yet; call mock_start")
	case contract == "":
		return nil, nil, fmt.Errorf("say with contract which is meant; played are %s", strings.Join(ids, ", "))
	case mock == nil:
		return nil, nil, fmt.Errorf("contract %q is not played; played are %s, and mock_start starts another", contract, strings.Join(ids, ", "))
	default:
		i := slices.IndexFunc(mock.Contracts(), func(c *specs.Contract) bool { return c.ID == contract })
		return mock, mock.Contracts()[i], nil
	}
}

// allowed refuses a URL that is not on this machine, unless the user allowed it. What a
// name means may change, so that localhost is the only one that is known.
func (s *session) allowed(argument, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%s is %q; write a URL, for example http://127.0.0.1:3000/webhook", argument, text)
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() || s.AllowTarget != nil && s.AllowTarget(u) {
		return nil
	}
	return fmt.Errorf("%s is on %s, and only this machine is called; its user can allow more with --allow-target %s://%s", argument, u.Hostname(), u.Scheme, u.Host)
}

// token is what is given, or what mock_start was given.
func (s *session) token(contract, given string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if given != "" {
		s.Redactor.Know(given)
	}
	token := cmp.Or(given, s.given[contract])
	s.given[contract] = token
	return token
}
