// floor measures the CPU that a scrape takes at least: a request and its answer over plain TCP, decrypting the answer, and one pass over
// the page that finds its lines and hashes their labels, with the processor's own instructions for each.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"flag"
	"hash/maphash"
	"log"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"cdk8s-metrics-server/bench/fleet"
)

const (
	rounds = 7
	// A bearer token and a few headers.
	requestBytes = 1200
	recordBytes  = 16 << 10
)

func main() {
	size := fleet.SizeFlags()
	answering := flag.Bool("answering", false, "be the other end of the connections, which come as file descriptors from 3 on")
	flag.Parse()

	// Both ends of the connections have the same pages.
	start := time.Unix(1_700_000_000, 0)
	pages := fleet.NewPages(*size, start)
	page := func(node int) []byte { return pages.Append(nil, node, start.Add(time.Hour)) }
	if *answering {
		answer(size.Nodes, page)
		return
	}
	all := make([][]byte, size.Nodes)
	for node := range all {
		all[node] = page(node)
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"transportUs": transport(all), "decryptUs": decrypt(all), "parseUs": parse(all),
	}); err != nil {
		log.Fatal(err)
	}
}

// leastUs is the CPU time of one call, in the round that others on the machine disturbed least.
func leastUs(count int, do func(int)) float64 {
	var each []float64
	for range rounds {
		before := cpuTime()
		for i := range count {
			do(i)
		}
		each = append(each, float64((cpuTime()-before).Nanoseconds())/1000/float64(count))
	}
	return slices.Min(each)
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// hashes are of no use to anybody, which the compiler must not know.
var hashes uint64

func parse(pages [][]byte) float64 {
	seed := maphash.MakeSeed()
	return leastUs(len(pages), func(i int) {
		for rest := pages[i]; len(rest) > 0; {
			end := bytes.IndexByte(rest, '\n')
			if labels := bytes.IndexByte(rest[:end], ' '); labels > 0 {
				hashes ^= maphash.Bytes(seed, rest[:labels])
			}
			rest = rest[end+1:]
		}
	})
}

func decrypt(pages [][]byte) float64 {
	block, err := aes.NewCipher(make([]byte, 16))
	if err != nil {
		log.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		log.Fatal(err)
	}
	nonce := make([]byte, gcm.NonceSize())
	sealed := make([][][]byte, len(pages))
	for i, page := range pages {
		for record := range slices.Chunk(page, recordBytes) {
			sealed[i] = append(sealed[i], gcm.Seal(nil, nonce, record, nil))
		}
	}
	opened := make([]byte, 0, recordBytes)
	return leastUs(len(pages), func(i int) {
		for _, record := range sealed[i] {
			if _, err := gcm.Open(opened, nonce, record, nil); err != nil {
				log.Fatal(err)
			}
		}
	})
}

// transport asks another process over loopback, one connection after the other, with nothing between it and the kernel.
func transport(pages [][]byte) float64 {
	ours, theirs := connections(len(pages))
	other := exec.Command(os.Args[0], append(slices.Clone(os.Args[1:]), "-answering")...)
	other.ExtraFiles, other.Stderr = theirs, os.Stderr
	if err := other.Start(); err != nil {
		log.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	request, buffer := make([]byte, requestBytes), make([]byte, 64<<10)
	return leastUs(len(pages), func(i int) {
		if _, err := syscall.Write(ours[i], request); err != nil {
			log.Fatal(err)
		}
		receive(ours[i], buffer, len(pages[i]))
	})
}

// answer reads requests and writes pages, in the order in which they are asked for.
func answer(nodes int, page func(int) []byte) {
	request := make([]byte, requestBytes)
	for {
		for node := range nodes {
			receive(3+node, request, requestBytes)
			if _, err := syscall.Write(3+node, page(node)); err != nil {
				log.Fatal(err)
			}
		}
	}
}

func receive(socket int, buffer []byte, count int) {
	for received := 0; received < count; {
		n, err := syscall.Read(socket, buffer)
		if err != nil || n == 0 {
			os.Exit(0)
		}
		received += n
	}
}
