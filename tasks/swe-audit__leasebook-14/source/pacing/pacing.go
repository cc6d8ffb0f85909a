// Package pacing says how long to wait before the next try.
package pacing

import "time"

// Wait doubles from try to try, from first on, and never exceeds most.
func Wait(try int, first, most time.Duration) time.Duration {
	wait := first
	for ; try > 1 && wait < most; try-- {
		wait *= 2
	}
	if wait > most {
		return most
	}
	return wait
}
