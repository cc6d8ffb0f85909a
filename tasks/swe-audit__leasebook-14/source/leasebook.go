// Package leasebook keeps named leases in memory: who holds what, and for how long.
package leasebook

import (
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"
)

// ErrTaken is returned where somebody else holds the lease.
var ErrTaken = errors.New("leasebook: somebody else holds the lease")

// ErrNotHeld is returned where nobody holds the lease, or not the one who asks.
var ErrNotHeld = errors.New("leasebook: the lease is not held")

// Book holds leases. It is safe for use by several goroutines.
type Book struct {
	mu     sync.Mutex
	now    func() time.Time
	leases map[string]lease
}

type lease struct {
	holder string
	until  time.Time
}

// New returns an empty book that reads the time from clock.
func New(clock func() time.Time) *Book {
	return &Book{now: clock, leases: map[string]lease{}}
}

// Acquire takes a lease for a while. Whoever holds it already keeps it for the new while.
func (b *Book) Acquire(name, holder string, ttl time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if held, ok := b.current(name); ok && held.holder != holder {
		return fmt.Errorf("%w: %s", ErrTaken, name)
	}
	b.leases[name] = lease{holder: holder, until: b.now().Add(ttl)}
	return nil
}

// Renew makes a lease last for a while from now.
func (b *Book) Renew(name, holder string, ttl time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if held, ok := b.current(name); !ok || held.holder != holder {
		return fmt.Errorf("%w: %s", ErrNotHeld, name)
	}
	b.leases[name] = lease{holder: holder, until: b.now().Add(ttl)}
	return nil
}

// Release gives a lease back.
func (b *Book) Release(name, holder string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if held, ok := b.current(name); !ok || held.holder != holder {
		return fmt.Errorf("%w: %s", ErrNotHeld, name)
	}
	delete(b.leases, name)
	return nil
}

// Holder says who holds a lease, if anybody does.
func (b *Book) Holder(name string) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	held, ok := b.current(name)
	return held.holder, ok
}

// Names lists the leases that somebody holds, sorted.
func (b *Book) Names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for name := range b.leases {
		if _, ok := b.current(name); ok {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// current returns a lease that has not run out. The caller holds the lock.
func (b *Book) current(name string) (lease, bool) {
	held, ok := b.leases[name]
	if !ok || !held.until.After(b.now()) {
		return lease{}, false
	}
	return held, true
}
