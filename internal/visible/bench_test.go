package visible_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/visible"
)

func BenchmarkText(b *testing.B) {
	for name, text := range map[string]string{"ASCII": strings.Repeat("plain text ", 100), "Cyrillic": strings.Repeat("простой текст ", 100)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				visible.Text(text)
			}
		})
	}
}
