package sync

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var (
	out     = open()
	start   = time.Now()
	folder  = workingFolder()
	numbers atomic.Uint64
	places  sync.Map // from [depth]uintptr to what is written of them
	names   sync.Map // of goroutines that Go has started, by their numbers
)

// How many callers are looked at for three that are shown.
const depth = 6

// open begins the trace, if one is asked for.
func open() *os.File {
	template := os.Getenv("LOCKGRAPH_TRACE")
	if template == "" {
		return nil
	}
	path := strings.ReplaceAll(template, "%p", strconv.Itoa(os.Getpid()))
	if path == template {
		// What this process starts does not write over its trace.
		os.Setenv("LOCKGRAPH_TRACE", template+".%p")
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND|os.O_TRUNC, 0o666)
	if err == nil {
		_, err = file.WriteString("{\"lockgraph-trace\":1}\n")
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "LockGraph: %s: cannot be written: %v\n", path, err)
		return nil
	}
	return file
}

func workingFolder() string {
	path, err := os.Getwd()
	if err != nil {
		return ""
	}
	return path + string(os.PathSeparator)
}

// emit writes an event, by one call of the system: whole among others' lines, and there however the
// program ends.
func emit(thread, event, rest, at string) {
	now := time.Since(start)
	line := fmt.Sprintf("{\"time\":%d.%09d,\"thread\":%s,\"event\":\"%s\"%s%s}\n",
		now/time.Second, now%time.Second, thread, event, rest, at)
	// What cannot be written is missing at the end, which readers tell.
	_, _ = out.WriteString(line)
}

func quoted(text string) string {
	if len(text) > 1000 {
		text = text[:1000]
	}
	result, err := json.Marshal(text)
	if err != nil {
		return `"?"`
	}
	return string(result)
}

// goroutine is the number of the goroutine that asks, from the first line of its stack, which is
// the only place that tells it.
func goroutine() uint64 {
	var buffer [40]byte
	text := bytes.TrimPrefix(buffer[:runtime.Stack(buffer[:], false)], []byte("goroutine "))
	end := bytes.IndexByte(text, ' ')
	if end < 0 {
		return 0
	}
	number, _ := strconv.ParseUint(string(text[:end]), 10, 64)
	return number
}

// threadName is the name of a goroutine in the trace, as JSON.
func threadName(number uint64) string {
	if name, ok := names.Load(number); ok {
		return name.(string)
	}
	if number == 1 {
		return `"main"`
	}
	return `"goroutine ` + strconv.FormatUint(number, 10) + `"`
}

// place is the innermost function outside of this package, and the two that called it.
func place() string {
	var key [depth]uintptr
	runtime.Callers(3, key[:])
	if known, ok := places.Load(key); ok {
		return known.(string)
	}
	var stack []string
	at := ""
	frames := runtime.CallersFrames(key[:])
	for more := true; more && len(stack) < 3; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if frame.File == "" || strings.HasPrefix(frame.Function, "lockgraph/sync.") ||
			strings.HasPrefix(frame.Function, "runtime.") {
			continue
		}
		line := fmt.Sprintf("%s:%d", strings.TrimPrefix(frame.File, folder), frame.Line)
		if at == "" {
			at = quoted(line)
		}
		stack = append(stack, quoted(fmt.Sprintf("%s (%s)", frame.Function, line)))
	}
	text := ""
	if at != "" {
		text = `,"at":` + at + `,"stack":[` + strings.Join(stack, ",") + "]"
	}
	places.Store(key, text)
	return text
}

// traced is what the trace knows of a lock or a condition.
type traced struct {
	number atomic.Uint64
	naming sync.Mutex
}

// operand is the lock as an operand, once the trace knows of it: locks of Go are made by nobody, so
// where it is used first is its place.
func (t *traced) operand(thread, facts, at string) string {
	number := t.number.Load()
	if number == 0 {
		t.naming.Lock()
		defer t.naming.Unlock()
		number = t.number.Load()
		if number == 0 {
			number = numbers.Add(1)
			first := at
			if end := strings.Index(at, `,"stack"`); end >= 0 {
				first = at[:end]
			}
			emit(thread, "init", `,"lock":"lock-`+strconv.FormatUint(number, 10)+`"`+facts, first)
			t.number.Store(number)
		}
	}
	return `,"lock":"lock-` + strconv.FormatUint(number, 10) + `"`
}
