// Package memory tells what memory a process takes, for those who measure one.
package memory

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Of is a line of /proc/PID/status, such as VmRSS or VmHWM, in MiB; 0 where there is
// none, as on other systems than Linux.
func Of(pid int, line string) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for text := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(text, line+":"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}
