// Prints, for each line of JSON with a template and its fields, what Go's text/template makes of them.
package main

import (
	"strings"
	"text/template"

	"cdk8s-metrics-server/custom-metrics/lines"
)

type fields struct {
	Series            string
	LabelMatchers     string
	LabelValuesByName map[string]string
	GroupBy           string
	GroupBySlice      []string
}

type question struct {
	Template string `json:"template"`
	Fields   fields `json:"fields"`
}

type answer struct {
	Refused bool   `json:"refused,omitempty"`
	Text    string `json:"text"`
}

func main() {
	lines.Answer(ask)
}

func ask(q question) answer {
	parsed, err := template.New("query").Delims("<<", ">>").Parse(q.Template)
	if err != nil {
		return answer{Refused: true}
	}
	var text strings.Builder
	if err := parsed.Execute(&text, q.Fields); err != nil {
		return answer{Refused: true}
	}
	return answer{Text: text.String()}
}
