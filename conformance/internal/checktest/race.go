//go:build race

package checktest

const raceDetector = true
