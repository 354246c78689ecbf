// Records what sigs.k8s.io/yaml makes of scalars, as values and as keys, for test/cli/from-helm/scalars.test.ts. In an empty directory:
// go mod init record && go get sigs.k8s.io/yaml@v1.4.0 && go run record.go > scalars.json
package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"
)

var texts = `
y Y yes Yes YES yEs n N no No NO nO on On ON oN off Off OFF true True TRUE tRUE false False FALSE t f T F
null Null NULL nULL ~ nil None "" '' "null" 'yes' "12" "22:30"
22:30 10:30:00 1:2:3.5 190:20:30 -1:30 +1:30 0:0 1:60 01:02 1_0:30 12:30:45.5 20:30:40:50
. -. +. .e5 -.e5 .5 -.5 +.5 5. -5. .5e3 .5_0 .5_ .5__0 .5_e3 .5e1_0 0.5_0 1_000.5 ._5 .1.2 1.2.3 1.. ..1 .-1 .+1 .x .inf .Inf .INF -.inf +.inf .iNF .nan .NaN .NAN -.nan
1e3 1E3 1.e3 1.5e-3 1e 1e+ e3 1e400 -1e400 1e-400 .1e400 1e308 1e21 1e20 1.0 1.10 0.1 100000 1000000 1000000.0 1234567.5 0.00001 0.0001 3.14159265358979 16777217.0
0 -0 +0 00 007 010 -010 +010 08 09 018 0o17 0O17 0o8 0_7 1_000 1__0 1_ _1 -_1 +_1 -- + +- 1- 1+1 1a 0x 0b 0o 0x_1f 0X1F 0xfg -0x10 +0x10 0x1.8p1 0b101 0B11 0b102 -0b11 +0b11 0b_1
9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616
+9223372036854775808 0xffffffffffffffff 0x10000000000000000 +0xffffffffffffffff 0777777777777777777777 07777777777777777777777777
2024-01-15 2024-1-5 2024-05-01T10:00:00Z 2024-05-01t10:00:00Z 2024-05-01T10:00:00+02:00 2024-05-01T10:00:00.5Z 2024-13-45 2024-01 20240115 2024_01_15
1.2.3 v1.2.3 1.2 1,000 1/2 50% 1Gi 100m 1e3Mi 15s 1m30s 0.0.0.0 10.0.0.1 10.0.0.0/8 ::1 <<x =
!!str !!binary !!null !!int !!float !!bool !x
`

var lines = []string{
	"2024-05-01 10:00:00", "2024-05-01 10:00:00 +2", "2024-05-01  10:00:00", "1 000", "! 12", "! yes", "! x", "! \"12\"", "! 'yes'",
	"!!str 12", "!!str yes", "!!str 22:30", "!!str 2024-01-15", "!!str null", "!!int 12", "!!int \"12\"", "!!int 0x10", "!!int 1.5", "!!int x", "!!int 22:30", "!!int yes", "!!int 2024-01-15",
	"!!float 1", "!!float 1.5", "!!float \"1.5\"", "!!float x", "!!float 22:30", "!!float .", "!!bool yes", "!!bool \"yes\"", "!!bool 1", "!!bool x", "!!null ~", "!!null null", "!!null ''", "!!null x",
	"!!binary aGVsbG8=", "!!binary \"aGVsbG8=\"", "!!binary aGVsbG8", "!!binary 12", "!!binary MTI=", "!!binary '!'", "!!timestamp 2024-01-15", "!!timestamp 2024-05-01T10:00:00Z",
	"!x 12", "!x yes", "!!set 12", "!<tag:yaml.org,2002:int> 12", "!<tag:yaml.org,2002:str> 12", "|\n  12", ">\n  yes", "!!int |-\n  12",
}

// What stands in a document, through JSON as Helm has it; an error is only that there is one.
func read(document string) (result any, given bool) {
	defer func() {
		if recover() != nil {
			given = false
		}
	}()
	var values map[string]any
	if err := yaml.Unmarshal([]byte(document), &values); err != nil {
		return nil, false
	}
	return values, true
}

func main() {
	var rows []string
	for _, text := range append(strings.Fields(texts), lines...) {
		row := map[string]any{"text": text}
		if values, given := read("x: " + text + "\n"); given {
			row["value"] = values.(map[string]any)["x"]
		}
		if values, given := read("? " + text + "\n: x\n"); given {
			for key := range values.(map[string]any) {
				row["key"] = key
			}
		}
		line, err := json.Marshal(row)
		if err != nil {
			panic(err)
		}
		rows = append(rows, "  "+string(line))
	}
	fmt.Printf("[\n%s\n]\n", strings.Join(rows, ",\n"))
}
