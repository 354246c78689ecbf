package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"time"
)

// read gets an object.
func read(path string) (result object) {
	response, err := client.Get(*server + path)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		log.Fatalf("GET %s: %s", path, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&result); err != nil {
		log.Fatal(err)
	}
	return result
}

// send repeats what a busy API server put off, and gives up on anything else.
func send(method, path string, body object) {
	content, err := json.Marshal(body)
	if err != nil {
		log.Fatal(err)
	}
	for attempt := 1; ; attempt++ {
		request, err := http.NewRequest(method, *server+path, bytes.NewReader(content))
		if err != nil {
			log.Fatal(err)
		}
		request.Header.Set("Content-Type", map[bool]string{true: "application/merge-patch+json", false: "application/json"}[method == http.MethodPatch])
		response, err := client.Do(request)
		if err != nil {
			log.Fatal(err)
		}
		answer, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		switch {
		case response.StatusCode < 300:
			return
		case response.StatusCode != http.StatusTooManyRequests && response.StatusCode < 500, attempt == 20:
			log.Fatalf("%s %s: %d %.500s", method, path, response.StatusCode, answer)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
