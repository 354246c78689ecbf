// load uses as much CPU, memory and disk as it is told.
//
//	load -cores 0.3 -memory-mib 64 -file /data/file -file-mib 32
//
// The file is written when SIGUSR1 comes.
package main

import (
	"flag"
	"log"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

const period = 20 * time.Millisecond

func main() {
	cores := flag.Float64("cores", 0, "share of one core to use, 0 to 1")
	memoryMiB := flag.Int("memory-mib", 0, "memory to hold")
	file := flag.String("file", "", "file to write")
	fileMiB := flag.Int("file-mib", 0, "size of the file")
	flag.Parse()

	memory := make([]byte, *memoryMiB<<20)
	for at := 0; at < len(memory); at += os.Getpagesize() {
		memory[at] = 1
	}
	go use(*cores)

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGUSR1)
	for <-signals == syscall.SIGUSR1 {
		if err := os.WriteFile(*file, make([]byte, *fileMiB<<20), 0o600); err != nil {
			log.Fatal(err)
		}
	}
	runtime.KeepAlive(memory)
	// As programs end that know nothing of SIGTERM: with 0, an evicted pod has succeeded.
	os.Exit(143)
}

// use is busy until it has had its share of the time that has passed: what others kept from it is made up for.
func use(cores float64) {
	for start := time.Now(); ; time.Sleep(period) {
		for used() < time.Duration(cores*float64(time.Since(start))) {
		}
	}
}

func used() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
