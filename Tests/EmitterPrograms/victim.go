// What tests of Go's emitter run: victim correct 300, or hang.
package main

import (
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"lockgraph/sync"
)

var (
	row                                       [4]sync.Mutex
	gate, left, right, first, second, monitor sync.Mutex
	shared                                    sync.RWMutex
	condition                                 = sync.NewCond(&monitor)
	held                                      atomic.Int32
)

// step uses every lock as it may be used; the only circle is behind a gate.
func step(numbers *rand.Rand, canWait bool) {
	swaps := numbers.Intn(2) == 0
	switch numbers.Intn(9) {
	case 0:
		low := numbers.Intn(3)
		high := low + 1 + numbers.Intn(3-low)
		row[low].Lock()
		row[high].Lock()
		row[high].Unlock()
		row[low].Unlock()
	case 1:
		gate.Lock()
		if swaps {
			left.Lock()
			right.Lock()
		} else {
			right.Lock()
			left.Lock()
		}
		left.Unlock()
		right.Unlock()
		gate.Unlock()
	case 2:
		one, other := &first, &second
		if swaps {
			one, other = other, one
		}
		one.Lock()
		if other.TryLock() {
			other.Unlock()
		}
		one.Unlock()
	case 3:
		shared.RLock()
		shared.RUnlock()
	case 4:
		shared.Lock()
		shared.Unlock()
	case 5:
		if shared.TryRLock() {
			shared.RUnlock()
		}
	case 6:
		if shared.TryLock() {
			shared.Unlock()
		}
	case 7:
		monitor.Lock()
		condition.Broadcast()
		monitor.Unlock()
	case 8:
		if canWait {
			monitor.Lock()
			go func() {
				monitor.Lock()
				condition.Signal()
				condition.Broadcast()
				monitor.Unlock()
			}()
			condition.Wait()
			monitor.Unlock()
		}
	}
}

func correct(times int) {
	var group sync.WaitGroup
	for seed := 0; seed < 8; seed++ {
		numbers := rand.New(rand.NewSource(int64(seed)))
		canWait := seed < 2
		group.Go(func() {
			for done := 0; done < times; done++ {
				step(numbers, canWait)
			}
		})
	}
	group.Wait()
	var signal sync.Mutex
	signal.Lock()
	go signal.Unlock()
	signal.Lock()
	signal.Unlock()
	// What one goroutine reads another one may give up.
	reading := make(chan bool)
	shared.RLock()
	go func() {
		shared.RUnlock()
		close(reading)
	}()
	<-reading
	shared.Lock()
	shared.Unlock()
}

func take(one, other *sync.Mutex) {
	one.Lock()
	for held.Add(1); held.Load() < 2; {
		runtime.Gosched()
	}
	other.Lock()
}

func main() {
	if os.Args[1] == "correct" {
		times, _ := strconv.Atoi(os.Args[2])
		correct(times)
		return
	}
	go take(&left, &right)
	go take(&right, &left)
	time.Sleep(time.Hour)
}
