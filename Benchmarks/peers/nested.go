// What nested.cc measures, for Go. Lock is sync.Mutex, or with the tag `checked` that of go-deadlock.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

const (
	monotonicClock = 1
	processClock   = 2
	threadClock    = 3
)

type guarded struct {
	mutex Lock
	value int
}

func now(clock uintptr) float64 {
	var time syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&time)), 0)
	return float64(time.Nano())
}

func nanoseconds(body func() int) float64 {
	start := now(processClock)
	count := body()
	return (now(processClock) - start) / float64(count)
}

//go:noinline
func takeOne(locks []guarded, times int) int {
	lock := &locks[0]
	for time := 0; time < times; time++ {
		lock.mutex.Lock()
		lock.value++
		lock.mutex.Unlock()
	}
	return times
}

//go:noinline
func takeTwo(locks []guarded, times int) int {
	for time := 0; time < times/2; time++ {
		locks[0].mutex.Lock()
		locks[0].value++
		locks[1].mutex.Lock()
		locks[1].value++
		locks[1].mutex.Unlock()
		locks[0].mutex.Unlock()
	}
	return times / 2 * 2
}

//go:noinline
func takeFive(locks []guarded, times int) int {
	for time := 0; time < times/5; time++ {
		locks[0].mutex.Lock()
		locks[0].value++
		locks[1].mutex.Lock()
		locks[1].value++
		locks[2].mutex.Lock()
		locks[2].value++
		locks[3].mutex.Lock()
		locks[3].value++
		locks[4].mutex.Lock()
		locks[4].value++
		locks[4].mutex.Unlock()
		locks[3].mutex.Unlock()
		locks[2].mutex.Unlock()
		locks[1].mutex.Unlock()
		locks[0].mutex.Unlock()
	}
	return times / 5 * 5
}

//go:noinline
func walk(locks []guarded, stride int, step int) int {
	taken := 0
	for index := 0; index < len(locks)-stride; index += step {
		locks[index].mutex.Lock()
		locks[index].value++
		locks[index+stride].mutex.Lock()
		locks[index+stride].value++
		locks[index+stride].mutex.Unlock()
		locks[index].mutex.Unlock()
		taken += 2
	}
	return taken
}

func column(name string, count int, times int, loop func([]guarded, int) int) {
	locks := make([]guarded, count)
	loop(locks, times/10)
	fmt.Println(name, nanoseconds(func() int { return loop(locks, times) }))
}

// Where the machine has other work, threads take turns on one processor and are not in each other's way; so it is tried
// again until they run side by side. How many ran at a time is printed beside.
func threads(times int) {
	const distance = 64
	locks := make([]guarded, 2*distance)
	best, most := 0.0, 0.0
	times /= 10 // Short, so that other work has little time to step between.
	for attempt := 0; attempt < 100 && most < 1.8; attempt++ {
		waiting := int32(2)
		var used, begin, end [2]float64
		var ended sync.WaitGroup
		for number := range used {
			ended.Add(1)
			go func(number int) {
				runtime.LockOSThread()
				own := locks[number*distance:]
				takeOne(own, times/10)
				atomic.AddInt32(&waiting, -1)
				for atomic.LoadInt32(&waiting) > 0 {
					runtime.Gosched()
				}
				begin[number] = now(monotonicClock)
				start := now(threadClock)
				takeOne(own, times)
				used[number] = now(threadClock) - start
				end[number] = now(monotonicClock)
				ended.Done()
			}(number)
		}
		ended.Wait()
		total := used[0] + used[1]
		running := total / (math.Max(end[0], end[1]) - math.Min(begin[0], begin[1]))
		if running > most {
			most, best = running, total/2/float64(times)
		}
	}
	fmt.Println("d", best, most)
}

func dependencies(name string, classes int, step int) {
	locks := make([]guarded, classes)
	walk(locks, 1, 1)
	fmt.Println(name, nanoseconds(func() int {
		taken := 0
		for _, stride := range []int{2, 3, 5, 8, 13, 21, 34, 55} {
			taken += walk(locks, stride, step)
		}
		return taken / 2
	}))
}

func main() {
	configure()
	if len(os.Args) != 3 {
		os.Exit(64)
	}
	if os.Args[1] == "inversion" {
		length, _ := strconv.Atoi(os.Args[2])
		locks := make([]guarded, length)
		walk(locks, 1, 1)
		locks[1].mutex.Lock()
		locks[0].mutex.Lock()
		locks[0].mutex.Unlock()
		locks[1].mutex.Unlock()
		return
	}
	times, _ := strconv.Atoi(os.Args[1])
	step, _ := strconv.Atoi(os.Args[2])

	column("a", 1, times, takeOne)
	column("b", 2, times, takeTwo)
	column("c", 5, times, takeFive)
	threads(times)
	column("e", 1000, times, func(locks []guarded, times int) int {
		taken := walk(locks, 1, 1)
		for taken < times {
			taken += walk(locks, 1, 1)
		}
		return taken
	})

	dependencies("f1", 1000, 1)
	dependencies("f", 10000, step)
}
