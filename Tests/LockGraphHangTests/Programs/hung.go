// Two goroutines wait for each other's lock, and the program goes on without them: then Go itself
// sees no deadlock.
package main

import (
	"fmt"
	"sync"
	"time"
)

type bank struct{ accounts, ledger sync.Mutex }

func (b *bank) transfer() {
	b.accounts.Lock()
	time.Sleep(50 * time.Millisecond)
	b.ledger.Lock()
}

func (b *bank) audit() {
	b.ledger.Lock()
	time.Sleep(50 * time.Millisecond)
	b.accounts.Lock()
}

func main() {
	b := &bank{}
	go b.transfer()
	go b.audit()
	time.Sleep(200 * time.Millisecond)
	fmt.Println("ready")
	for {
		time.Sleep(time.Second)
	}
}
