//go:build checked

package main

import (
	"os"

	"github.com/sasha-s/go-deadlock"
)

// Lock is validated.
type Lock = deadlock.Mutex

func configure() {
	if os.Getenv("GO_DEADLOCK") == "order" {
		deadlock.Opts.DeadlockTimeout = 0
	}
}
