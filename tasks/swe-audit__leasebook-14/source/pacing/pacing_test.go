package pacing

import (
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	for try, want := range map[int]time.Duration{
		1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 9: 10 * time.Second,
	} {
		if got := Wait(try, time.Second, 10*time.Second); got != want {
			t.Errorf("try %d waits %v, not %v", try, got, want)
		}
	}
}
