package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/parleykit/parley/internal/files"
)

// readFile reads a file that people write, as a flag or an argument names it.
func readFile(flag, name string) ([]byte, error) {
	data, err := files.Read(name, files.Text)
	if err != nil {
		return nil, named(flag, err)
	}
	return data, nil
}

// named says whose file could not be read; flag may be "".
func named(flag string, err error) error {
	if flag == "" {
		return usage("%w", err)
	}
	return usage("%s: %w", flag, err)
}

// input is a capture or a body that is read.
type input struct {
	io.ReadCloser
	size   int64 // in bytes; 0: not known
	stream bool  // an interrupt is its usual end
}

// open returns a regular file, or what comes through a pipe or as standard input
// until the context ends.
func open(ctx context.Context, name string, stdin io.Reader) (*input, error) {
	if name == "-" {
		return openStdin(ctx, stdin)
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, usage("%w", err)
	case info.IsDir():
		return nil, isFolder(name)
	case info.Mode()&fs.ModeNamedPipe != 0: // <(program), or /dev/stdin behind a |
		return stream(ctx, func() (io.ReadCloser, error) { return os.Open(name) }), nil
	case !info.Mode().IsRegular():
		return nil, usage("%s is %s; name a regular file or a pipe, or - for standard input", name, files.Kind(info.Mode()))
	}
	file, size, err := files.OpenRegular(name)
	if err != nil {
		return nil, usage("%w", err)
	}
	return &input{ReadCloser: file, size: size}, nil
}

func openStdin(ctx context.Context, stdin io.Reader) (*input, error) {
	if file, ok := stdin.(*os.File); ok {
		info, err := file.Stat()
		switch {
		case err == nil && info.Mode().IsRegular():
			return &input{ReadCloser: file, size: info.Size(), stream: true}, nil
		case err == nil && info.IsDir():
			return nil, isFolder(file.Name())
		}
	}
	return stream(ctx, func() (io.ReadCloser, error) { return io.NopCloser(stdin), nil }), nil
}

func isFolder(name string) error {
	return usage("%s is a folder; name the files in it, for example %s", name, filepath.Join(name, "*.json"))
}

// stream reads what may make one wait, also when it is opened, until ctx ends. That is an
// error where nothing had come: an empty text would be one in which nobody called.
func stream(ctx context.Context, open func() (io.ReadCloser, error)) *input {
	from, to := io.Pipe()
	var came atomic.Bool
	stop := context.AfterFunc(ctx, func() {
		if came.Load() {
			to.Close() // and is reported
		}
		to.CloseWithError(ctx.Err())
	})
	go func() {
		defer stop()
		source, err := open()
		if err == nil {
			_, err = io.Copy(to, noting{source, &came})
			source.Close()
		}
		to.CloseWithError(err)
	}()
	return &input{ReadCloser: from, stream: true}
}

// noting notes that something was read.
type noting struct {
	io.Reader
	came *atomic.Bool
}

func (n noting) Read(p []byte) (int, error) {
	read, err := n.Reader.Read(p)
	if read > 0 {
		n.came.Store(true)
	}
	return read, err
}

// interruptedEarly is the outcome when an interrupt came before there was anything
// to judge.
func interruptedEarly(name string) error {
	return exitError{exitIncomplete, errors.New(inputName(name) + ": interrupted before it was read, so nothing is known about it")}
}
