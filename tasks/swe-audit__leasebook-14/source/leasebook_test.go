package leasebook

import (
	"errors"
	"reflect"
	"testing"
	"time"
)

// wall is a clock that stands still until it is moved.
type wall struct{ at time.Time }

func (w *wall) now() time.Time            { return w.at }
func (w *wall) forward(by time.Duration) { w.at = w.at.Add(by) }

func newBook() (*Book, *wall) {
	clock := &wall{at: time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)}
	return New(clock.now), clock
}

func TestAcquire(t *testing.T) {
	book, clock := newBook()
	if err := book.Acquire("deploy", "ada", time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := book.Acquire("deploy", "bo", time.Minute); !errors.Is(err, ErrTaken) {
		t.Errorf("got %v, want ErrTaken", err)
	}
	clock.forward(time.Minute)
	if err := book.Acquire("deploy", "bo", time.Minute); err != nil {
		t.Errorf("a lease that ran out cannot be taken: %v", err)
	}
}

func TestRenewAndRelease(t *testing.T) {
	book, clock := newBook()
	if err := book.Renew("deploy", "ada", time.Minute); !errors.Is(err, ErrNotHeld) {
		t.Errorf("got %v, want ErrNotHeld", err)
	}
	_ = book.Acquire("deploy", "ada", time.Minute)
	clock.forward(30 * time.Second)
	if err := book.Renew("deploy", "ada", time.Minute); err != nil {
		t.Fatal(err)
	}
	clock.forward(45 * time.Second)
	if holder, ok := book.Holder("deploy"); !ok || holder != "ada" {
		t.Errorf("holder is %q", holder)
	}
	if err := book.Release("deploy", "bo"); !errors.Is(err, ErrNotHeld) {
		t.Errorf("got %v, want ErrNotHeld", err)
	}
	if err := book.Release("deploy", "ada"); err != nil {
		t.Fatal(err)
	}
}

func TestNames(t *testing.T) {
	book, clock := newBook()
	_ = book.Acquire("b", "ada", time.Minute)
	_ = book.Acquire("a", "ada", time.Hour)
	if got := book.Names(); !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("names are %v", got)
	}
	clock.forward(time.Minute)
	if got := book.Names(); !reflect.DeepEqual(got, []string{"a"}) {
		t.Errorf("names are %v", got)
	}
}
