//go:build unix

package main

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

// guardScript waits for the end of its input, which comes when Parley ends, however
// it ends, and then ends a process group.
const guardScript = `trap '' INT TERM HUP; read -r end; kill -s TERM -- "-$1" && sleep 1; kill -s KILL -- "-$1"`

// startGuarded starts a command in a group of its own that ends with Parley, also
// when Parley is killed. Release is called when the group has ended.
func startGuarded(cmd *exec.Cmd) (release func(), err error) {
	ownGroup(cmd)
	dieWithParent(cmd)
	started, released := make(chan error), make(chan struct{})
	go func() {
		// Where a child dies with its parent, that is the thread that started it.
		// This one stays until the child has ended, and ends with this goroutine.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			<-released
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	end := guard(cmd.Process.Pid)
	return func() { end(); close(released) }, nil
}

// guard starts what ends a group in Parley's place. Without a shell there is none,
// and the children of a program outlive a Parley that is killed.
func guard(group int) (end func()) {
	watch := exec.Command("sh", "-c", guardScript, "parley-guard", strconv.Itoa(group))
	ownGroup(watch) // what is sent to Parley's group does not end it
	held, err := watch.StdinPipe()
	if err != nil {
		return func() {}
	}
	if watch.Start() != nil {
		held.Close()
		return func() {}
	}
	return func() {
		watch.Process.Signal(os.Kill)
		watch.Wait() // its error says that it was killed
		held.Close()
	}
}
