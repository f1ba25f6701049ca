//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

// guardScript reads which process group it guards, and waits for the end of its input,
// which comes when Parley ends, however it ends; then it ends the group.
const guardScript = `trap '' INT TERM HUP; read -r group || exit; read -r end; kill -s TERM -- "-$group" && sleep 1; kill -s KILL -- "-$group"`

// startGuarded starts a command in a group of its own that ends with Parley, also
// when Parley is killed. Release is called when the group has ended.
func startGuarded(cmd *exec.Cmd) (release func(), err error) {
	ownGroup(cmd)
	dieWithParent(cmd)
	guarded, end := guard() // before there is anything to guard, so that nothing gets away
	started, released := make(chan error), make(chan struct{})
	go func() {
		// Where a child dies with its parent, that is the thread that started it.
		// This one stays until the child has ended, and ends with this goroutine.
		runtime.LockOSThread()
		err := cmd.Start()
		if err == nil {
			io.WriteString(guarded, strconv.Itoa(cmd.Process.Pid)+"\n")
		}
		started <- err
		if err == nil {
			<-released
		}
	}()
	if err := <-started; err != nil {
		end()
		return nil, err
	}
	return func() { end(); close(released) }, nil
}

// guard starts what ends a group in Parley's place, and returns where to write which.
// Without a shell there is none, and the children of a program outlive a Parley that is
// killed.
func guard() (group io.Writer, end func()) {
	watch := exec.Command("sh", "-c", guardScript, "parley-guard", strconv.Itoa(os.Getpid()))
	ownGroup(watch) // what is sent to Parley's group does not end it
	held, err := watch.StdinPipe()
	if err != nil {
		return io.Discard, func() {}
	}
	if watch.Start() != nil {
		held.Close()
		return io.Discard, func() {}
	}
	return held, func() {
		watch.Process.Signal(os.Kill)
		watch.Wait() // its error says that it was killed
		held.Close()
	}
}
