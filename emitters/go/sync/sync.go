// Package sync is the standard library's, with locks that write what is done with them, for
// lockdep-check: import "lockgraph/sync" instead of "sync".
//
// The trace is the file that LOCKGRAPH_TRACE names, where %p is the number of the process. Without
// it nothing is written.
package sync

import (
	"sync"
	"sync/atomic"
)

// What takes no lock that matters here is as it was.
type (
	Locker = sync.Locker
	Map    = sync.Map
	Once   = sync.Once
	Pool   = sync.Pool
)

const (
	asTry     = `,"try":true`
	asRead    = `,"mode":"read"`
	asTryRead = `,"mode":"read","try":true`
)

// A Mutex is a [sync.Mutex].
type Mutex struct {
	raw    sync.Mutex
	traced traced
	holder atomic.Uint64 // The goroutine that has it, if it was seen to take it.
}

func (m *Mutex) emit(number uint64, event, rest, at string) {
	thread := threadName(number)
	emit(thread, event, m.traced.operand(thread, "", at)+rest, at)
}

func (m *Mutex) take(number uint64, way, at string) {
	m.emit(number, "acquire", way, at)
	m.holder.Store(number)
}

// Lock takes the mutex.
func (m *Mutex) Lock() {
	if out == nil {
		m.raw.Lock()
		return
	}
	number, at := goroutine(), place()
	if !m.raw.TryLock() {
		m.emit(number, "request", "", at)
		m.raw.Lock()
	}
	m.take(number, "", at)
}

// TryLock takes the mutex if that is possible at once.
func (m *Mutex) TryLock() bool {
	isTaken := m.raw.TryLock()
	if isTaken && out != nil {
		m.take(goroutine(), asTry, place())
	}
	return isTaken
}

// Unlock gives the mutex up. A goroutine that did not take it signals by that: it is no lock then.
func (m *Mutex) Unlock() {
	if holder := m.holder.Swap(0); holder != 0 {
		number, event := goroutine(), "release"
		if holder != number {
			event = "post"
		}
		m.emit(number, event, "", place())
	}
	m.raw.Unlock()
}

// A RWMutex is a [sync.RWMutex].
type RWMutex struct {
	raw     sync.RWMutex
	traced  traced
	guard   sync.Mutex
	holders map[uint64]int // How often goroutines have it, to read or to write.
	// Once a goroutine gave up what another one read, nobody can tell who reads: none is shown.
	isOpen atomic.Bool
}

func (m *RWMutex) emit(number uint64, event, rest, at string) {
	thread := threadName(number)
	emit(thread, event, m.traced.operand(thread, `,"kind":"rwsem"`, at)+rest, at)
}

func (m *RWMutex) take(number uint64, mode, at string) {
	m.emit(number, "acquire", mode, at)
	m.guard.Lock()
	defer m.guard.Unlock()
	if m.holders == nil {
		m.holders = map[uint64]int{}
	}
	m.holders[number]++
}

// leave gives up what this goroutine has, or, as another one may do that too, what others have.
func (m *RWMutex) leave(isReader bool, at string) {
	number := goroutine()
	m.guard.Lock()
	defer m.guard.Unlock()
	if m.holders[number] > 0 {
		m.emit(number, "release", "", at)
		if m.holders[number]--; m.holders[number] == 0 {
			delete(m.holders, number)
		}
		return
	}
	m.isOpen.Store(m.isOpen.Load() || isReader)
	for other, times := range m.holders {
		for ; times > 0; times-- {
			m.emit(other, "release", "", at)
		}
		delete(m.holders, other)
	}
}

// Lock takes the lock for writing.
func (m *RWMutex) Lock() {
	if out == nil {
		m.raw.Lock()
		return
	}
	number, at := goroutine(), place()
	if !m.raw.TryLock() {
		m.emit(number, "request", "", at)
		m.raw.Lock()
	}
	m.take(number, "", at)
}

// RLock takes the lock for reading.
func (m *RWMutex) RLock() {
	if out == nil || m.isOpen.Load() {
		m.raw.RLock()
		return
	}
	number, at := goroutine(), place()
	if !m.raw.TryRLock() {
		m.emit(number, "request", asRead, at)
		m.raw.RLock()
	}
	m.take(number, asRead, at)
}

// TryLock takes the lock for writing if that is possible at once.
func (m *RWMutex) TryLock() bool {
	isTaken := m.raw.TryLock()
	if isTaken && out != nil {
		m.take(goroutine(), asTry, place())
	}
	return isTaken
}

// TryRLock takes the lock for reading if that is possible at once.
func (m *RWMutex) TryRLock() bool {
	isTaken := m.raw.TryRLock()
	if isTaken && out != nil && !m.isOpen.Load() {
		m.take(goroutine(), asTryRead, place())
	}
	return isTaken
}

// Unlock gives up what was taken for writing.
func (m *RWMutex) Unlock() {
	if out != nil {
		m.leave(false, place())
	}
	m.raw.Unlock()
}

// RUnlock gives up what was taken for reading.
func (m *RWMutex) RUnlock() {
	if out != nil {
		m.leave(true, place())
	}
	m.raw.RUnlock()
}

type reader struct{ lock *RWMutex }

func (r reader) Lock()   { r.lock.RLock() }
func (r reader) Unlock() { r.lock.RUnlock() }

// RLocker reads.
func (m *RWMutex) RLocker() Locker { return reader{m} }
