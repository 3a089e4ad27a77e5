package sync

import (
	"strconv"
	"sync"
)

// A Cond is a [sync.Cond].
type Cond struct {
	L    Locker
	once sync.Once
	raw  *sync.Cond
	name string
}

// quiet takes the lock of a condition as a part of waiting.
type quiet struct{ condition *Cond }

func (q quiet) Lock() {
	if mutex, ok := q.condition.L.(*Mutex); ok {
		mutex.raw.Lock()
	} else {
		q.condition.L.Lock()
	}
}

func (q quiet) Unlock() {
	if mutex, ok := q.condition.L.(*Mutex); ok {
		mutex.raw.Unlock()
	} else {
		q.condition.L.Unlock()
	}
}

// NewCond makes a condition whose lock is l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// made is the condition with what it is made of, which one that nobody made does not have.
func (c *Cond) made() *Cond {
	c.once.Do(func() {
		c.raw = sync.NewCond(quiet{c})
		c.name = `,"condition":"condition-` + strconv.FormatUint(numbers.Add(1), 10) + `"`
	})
	return c
}

// Wait gives the lock up, waits for a signal and takes the lock again.
func (c *Cond) Wait() {
	mutex, ok := c.L.(*Mutex)
	if out == nil || !ok {
		// Another lock tells itself what becomes of it.
		c.made().raw.Wait()
		return
	}
	at, thread := place(), threadName(goroutine())
	lock := mutex.traced.operand(thread, "", at)
	mutex.holder.Store(0)
	emit(thread, "wait", c.made().name+lock, at)
	c.raw.Wait()
	emit(thread, "wake", c.name+lock, at)
	mutex.holder.Store(goroutine())
}

// Signal wakes one that waits.
func (c *Cond) Signal() {
	if out != nil {
		emit(threadName(goroutine()), "signal", c.made().name, place())
	}
	c.made().raw.Signal()
}

// Broadcast wakes all that wait.
func (c *Cond) Broadcast() {
	if out != nil {
		emit(threadName(goroutine()), "broadcast", c.made().name, place())
	}
	c.made().raw.Broadcast()
}

// Go runs a function in a goroutine, and says so: what was done before cannot meet what it does. It
// returns the goroutine's name in the trace.
func Go(function func()) string {
	if out == nil {
		go function()
		return ""
	}
	name := quoted("go-" + strconv.FormatUint(numbers.Add(1), 10))
	emit(threadName(goroutine()), "spawn", `,"other":`+name, place())
	go func() {
		number := goroutine()
		names.Store(number, name)
		defer func() {
			emit(name, "exit", "", "")
			names.Delete(number)
		}()
		function()
	}()
	return name
}

// A WaitGroup is a [sync.WaitGroup]. Goroutines that its method Go starts have ended, for the trace
// too, when it has been waited for.
type WaitGroup struct {
	sync.WaitGroup
	guard   sync.Mutex
	started []string
}

// Go runs a function in a goroutine of the group.
func (g *WaitGroup) Go(function func()) {
	g.Add(1)
	g.guard.Lock()
	defer g.guard.Unlock()
	g.started = append(g.started, Go(func() {
		defer g.Done()
		function()
	}))
}

// Wait waits until all have ended.
func (g *WaitGroup) Wait() {
	g.WaitGroup.Wait()
	if out == nil {
		return
	}
	g.guard.Lock()
	started := g.started
	g.started = nil
	g.guard.Unlock()
	at, thread := place(), threadName(goroutine())
	for _, name := range started {
		emit(thread, "join", `,"other":`+name, at)
	}
}
