// Prints, for each line of JSON with a pattern, a text and a template, what Go's regexp package makes of them.
package main

import (
	"regexp"

	"cdk8s-metrics-server/custom-metrics/lines"
)

type question struct {
	Pattern  string `json:"pattern"`
	Text     string `json:"text"`
	Template string `json:"template"`
}

type answer struct {
	Refused  bool      `json:"refused,omitempty"`
	Groups   []*string `json:"groups"`
	Expanded string    `json:"expanded"`
}

func main() {
	lines.Answer(ask)
}

func ask(q question) answer {
	expression, err := regexp.Compile(q.Pattern)
	if err != nil {
		return answer{Refused: true}
	}
	indexes := expression.FindStringSubmatchIndex(q.Text)
	if indexes == nil {
		return answer{}
	}
	groups := make([]*string, len(indexes)/2)
	for i := range groups {
		if indexes[2*i] >= 0 {
			group := q.Text[indexes[2*i]:indexes[2*i+1]]
			groups[i] = &group
		}
	}
	return answer{Groups: groups, Expanded: string(expression.ExpandString(nil, q.Template, q.Text, indexes))}
}
