// Two accounts, and transfers in both directions: LOCKGRAPH_TRACE=bank.jsonl go run ./sample
package main

import (
	"fmt"
	"time"

	"lockgraph/sync"
)

type account struct {
	lock    sync.Mutex
	balance int
}

func transfer(source, target *account, amount int) {
	source.lock.Lock()
	defer source.lock.Unlock()
	target.lock.Lock()
	defer target.lock.Unlock()
	source.balance -= amount
	target.balance += amount
}

func main() {
	rent, food := &account{balance: 100}, &account{balance: 100}
	var group sync.WaitGroup
	group.Go(func() { transfer(rent, food, 10) })
	group.Go(func() {
		time.Sleep(200 * time.Millisecond)
		transfer(food, rent, 5)
	})
	group.Wait()
	fmt.Println(rent.balance, food.balance)
}
