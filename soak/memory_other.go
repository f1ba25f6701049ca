//go:build !linux

package main

import "os"

// largest is not told in the same unit everywhere.
func largest(*os.ProcessState) float64 { return 0 }
