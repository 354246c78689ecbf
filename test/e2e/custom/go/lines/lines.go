// Package lines answers questions that come as lines of JSON, each by a line of JSON.
package lines

import (
	"bufio"
	"encoding/json"
	"os"
)

// Answer reads questions from the standard input to its end.
func Answer[Question, Reply any](ask func(Question) Reply) {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	buffered := bufio.NewWriter(os.Stdout)
	defer buffered.Flush()
	out := json.NewEncoder(buffered)
	for in.More() {
		var question Question
		if err := in.Decode(&question); err != nil {
			panic(err)
		}
		if err := out.Encode(ask(question)); err != nil {
			panic(err)
		}
	}
}
