// cputime prints the CPU time of a process, all its threads, those that ended too: nanoseconds, where /proc has hundredths of a second.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"syscall"
	"unsafe"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: cputime PID")
	}
	pid, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	// clock_getcpuclockid(3): the complement of the process id, and CPUCLOCK_SCHED.
	clock := uintptr(^pid<<3 | 2)
	var time syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&time)), 0); errno != 0 {
		log.Fatalf("process %d: %v", pid, errno)
	}
	fmt.Println(time.Nano())
}
