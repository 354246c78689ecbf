// ask sends requests to a metrics server as the aggregation layer does, over HTTP/2 with the front proxy's certificate and the user in
// headers, and prints what came of them as JSON.
package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

type result struct {
	// Requests by status code, or by what went wrong before there was one.
	Outcomes map[string]int `json:"outcomes"`
	// Of requests answered 200 to the last byte, ascending.
	LatenciesMs []float64 `json:"latenciesMs"`
	// Of the last such answer, as it came.
	Bytes  int64   `json:"bytes"`
	WallMs float64 `json:"wallMs"`
}

func main() {
	target := flag.String("url", "", "what to ask for")
	certificateFile := flag.String("certificate", "", "client certificate of the front proxy, or of a user of kube-apiserver")
	keyFile := flag.String("key", "", "its key")
	accept := flag.String("accept", "application/json", "representation to ask for")
	compressed := flag.Bool("gzip", false, "ask for it compressed, and leave it so")
	clients := flag.Int("clients", 1, "requests at the same time, each client on a connection of its own")
	pause := flag.Duration("pause", 0, "pause of a client between two requests, on average")
	lasting := flag.Duration("for", 0, "go on asking for so long; each client asks once at least")
	timeout := flag.Duration("timeout", 65*time.Second, "give up on a request after so long")
	flag.Parse()
	certificate, err := tls.LoadX509KeyPair(*certificateFile, *keyFile)
	if err != nil {
		log.Fatal(err)
	}

	var mutex sync.Mutex
	all := result{Outcomes: map[string]int{}, LatenciesMs: []float64{}}
	began := time.Now()
	var workers sync.WaitGroup
	for range *clients {
		workers.Go(func() {
			client := http.Client{Timeout: *timeout, Transport: &http.Transport{
				ForceAttemptHTTP2: true, DisableCompression: true,
				TLSClientConfig: &tls.Config{InsecureSkipVerify: true, Certificates: []tls.Certificate{certificate}},
			}}
			// The answer to one would send them all on at the same time: without chance, clients soon march in step.
			rest := func() { time.Sleep(time.Duration(rand.Float64() * 2 * float64(*pause))) }
			for rest(); ; rest() {
				start := time.Now()
				outcome, bytes := ask(&client, *target, *accept, *compressed)
				elapsed := float64(time.Since(start).Microseconds()) / 1000
				mutex.Lock()
				all.Outcomes[outcome]++
				if outcome == "200" {
					all.LatenciesMs = append(all.LatenciesMs, elapsed)
					all.Bytes = bytes
				}
				mutex.Unlock()
				if time.Since(began) >= *lasting {
					return
				}
			}
		})
	}
	workers.Wait()
	slices.Sort(all.LatenciesMs)
	all.WallMs = float64(time.Since(began).Microseconds()) / 1000
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		log.Fatal(err)
	}
}

func ask(client *http.Client, target, accept string, compressed bool) (outcome string, bytes int64) {
	request, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Accept", accept)
	if compressed {
		request.Header.Set("Accept-Encoding", "gzip")
	}
	request.Header.Set("X-Remote-User", "bench")
	request.Header.Set("X-Remote-Group", "system:masters")
	response, err := client.Do(request)
	if err != nil {
		return reason(err), 0
	}
	defer response.Body.Close()
	bytes, err = io.Copy(io.Discard, response.Body)
	if err != nil {
		return "cut off: " + reason(err), bytes
	}
	return strconv.Itoa(response.StatusCode), bytes
}

func reason(err error) string {
	var failure *url.Error
	if errors.As(err, &failure) {
		if failure.Timeout() {
			return "timeout"
		}
		err = failure.Err
	}
	// Without the two addresses, which are others for each connection.
	var network *net.OpError
	if errors.As(err, &network) {
		return network.Op + ": " + network.Err.Error()
	}
	return err.Error()
}
