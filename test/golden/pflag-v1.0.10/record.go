// Records what Go's own parsers say, for test/runtime/flags and test/runtime/labels. In an empty directory:
// go mod init record && go get github.com/spf13/pflag@v1.0.10 && go run record.go
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/spf13/pflag"
)

type level uint64

func (l *level) Set(s string) error {
	v, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return err
	}
	*l = level(v)
	return nil
}
func (l *level) String() string { return fmt.Sprint(uint64(*l)) }
func (l *level) Type() string   { return "Level" }

func run(argv []string) map[string]any {
	fs := pflag.NewFlagSet("x", pflag.ContinueOnError)
	fs.SetOutput(io.Discard)
	help := fs.BoolP("help", "h", false, "")
	str := fs.String("kubeconfig", "", "")
	dur := fs.Duration("metric-resolution", time.Minute, "")
	num := fs.Int("kubelet-port", 10250, "")
	boo := fs.Bool("kubelet-insecure-tls", false, "")
	list := fs.StringSlice("kubelet-preferred-address-types", []string{"Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP"}, "")
	ip := fs.IP("bind-address", net.ParseIP("0.0.0.0"), "")
	sel := fs.StringP("node-selector", "l", "", "")
	var v level
	fs.VarP(&v, "v", "v", "")
	err := fs.Parse(argv)
	if err != nil {
		return map[string]any{"argv": argv, "error": err.Error()}
	}
	values := map[string]any{
		"help": *help, "kubeconfig": *str, "metric-resolution": float64(*dur) / 1e6, "kubelet-port": *num, "kubelet-insecure-tls": *boo,
		"kubelet-preferred-address-types": *list, "bind-address": ip.String(), "node-selector": *sel, "v": uint64(v)}
	given := map[string]any{}
	fs.Visit(func(f *pflag.Flag) { given[f.Name] = values[f.Name] })
	return map[string]any{"argv": argv, "given": given}
}

func main() {
	cases := [][]string{
		{}, {"--kubeconfig=/a"}, {"--kubeconfig", "/a"}, {"--kubeconfig", "--v"}, {"--kubeconfig="}, {"--kubeconfig=a=b"}, {"--kubeconfig"}, {"--kubeconfig=a", "--kubeconfig=b"},
		{"-v5"}, {"-v=5"}, {"-v", "5"}, {"--v=5"}, {"--v", "5"}, {"-v="}, {"-v"}, {"-v", "-1"}, {"-v", "+1"}, {"-v", "x"}, {"-v=2147483647"}, {"-v=2147483648"}, {"-v=1_0"},
		{"-l", "a=b"}, {"-la=b"}, {"-l=a=b"}, {"-l="}, {"-l", "a in (b,c)"}, {"-hv5"}, {"-h=false"}, {"-h=falsev"}, {"-h"}, {"--help"}, {"-hl", "x"}, {"-hh"}, {"-h=x"},
		{"--kubelet-insecure-tls"}, {"--kubelet-insecure-tls=false"}, {"--kubelet-insecure-tls", "false"}, {"--kubelet-insecure-tls=T"}, {"--kubelet-insecure-tls=0"}, {"--kubelet-insecure-tls=yes"}, {"--kubelet-insecure-tls="},
		{"positional"}, {"positional", "--v=1", "another"}, {"--", "--v=1"}, {"--v=1", "--", "--bogus"}, {"-"}, {""}, {"---v"}, {"--=x"}, {"--v=1", "---"}, {"-=x"},
		{"--bogus"}, {"--bogus=1"}, {"--metric_resolution=1m"}, {"-x"}, {"-xv5"}, {"-vx"}, {"--V=1"}, {"-l"},
		{"--metric-resolution=20"}, {"--metric-resolution=15s"}, {"--metric-resolution=1m30s"}, {"--metric-resolution=-1.5h"}, {"--metric-resolution=+5s"}, {"--metric-resolution=0"}, {"--metric-resolution=-0"}, {"--metric-resolution="}, {"--metric-resolution=1x"}, {"--metric-resolution=1 s"}, {"--metric-resolution=s"}, {"--metric-resolution=.s"}, {"--metric-resolution=.5s"}, {"--metric-resolution=1.s"}, {"--metric-resolution=1.5"}, {"--metric-resolution=1.2.3s"}, {"--metric-resolution=1s2"}, {"--metric-resolution=1us500ns"}, {"--metric-resolution=1µs"}, {"--metric-resolution=1μs"}, {"--metric-resolution=9223372036854775807ns"}, {"--metric-resolution=9223372036854775808ns"}, {"--metric-resolution=-9223372036854775808ns"}, {"--metric-resolution=99999999h"}, {"--metric-resolution=1d"}, {"--metric-resolution=--1s"}, {"--metric-resolution=1s-2s"}, {"--metric-resolution=constructors"}, {"--metric-resolution=1constructor"}, {"--metric-resolution=0.3333333333333333333333s"}, {"--metric-resolution=\"1s\""},
		{"--kubelet-port=0"}, {"--kubelet-port=-1"}, {"--kubelet-port=+1"}, {"--kubelet-port=0x1F90"}, {"--kubelet-port=0X1f"}, {"--kubelet-port=017"}, {"--kubelet-port=0o17"}, {"--kubelet-port=0b11"}, {"--kubelet-port=1_000"}, {"--kubelet-port=_1"}, {"--kubelet-port=1_"}, {"--kubelet-port=1__0"}, {"--kubelet-port=0_7"}, {"--kubelet-port=0x_1"}, {"--kubelet-port=08"}, {"--kubelet-port=00"}, {"--kubelet-port=1e3"}, {"--kubelet-port=1.5"}, {"--kubelet-port= 1"}, {"--kubelet-port="}, {"--kubelet-port=9223372036854775807"}, {"--kubelet-port=9223372036854775808"}, {"--kubelet-port=-9223372036854775808"}, {"--kubelet-port=99999999999999999999999"}, {"--kubelet-port=0x"}, {"--kubelet-port=-0x10"},
		{"--bind-address=::"}, {"--bind-address=::1"}, {"--bind-address=10.0.0.1"}, {"--bind-address= 10.0.0.1 "}, {"--bind-address="}, {"--bind-address=fe80::1%eth0"}, {"--bind-address=256.1.1.1"}, {"--bind-address=010.0.0.1"}, {"--bind-address=localhost"}, {"--bind-address=[::]"}, {"--bind-address=1.2.3"},
	}
	lists := []string{"InternalIP", "InternalIP,Hostname", "", ",", "a,", ",a", " a , b ", `"a,b",c`, `"a ""b"""`, `a"b`, `"a`, `"a"b`, `"a" ,b`, `é"`, "a\n", "a,b\r\n", "a\nb", "\n", "\n\na", "a\rb", "a\r", `""`, `"",`, "\"a\"\n", "\"a\"\r\nb", `x,y"`, `"é"x`, "\"a\nb\",c", "a,\n"}
	for _, l := range lists {
		cases = append(cases, []string{"--kubelet-preferred-address-types=" + l})
	}
	cases = append(cases, []string{"--kubelet-preferred-address-types=a,b", "--kubelet-preferred-address-types", "c"}, []string{"--kubelet-preferred-address-types=", "--kubelet-preferred-address-types=a"})
	out := []any{}
	for _, c := range cases {
		out = append(out, run(c))
	}
	dump("command-lines.json", out)

	quoted := []any{}
	for _, s := range []string{"", "plain", `a "quoted" \ text`, "\a\b\f\n\r\t\v", "\x00\x1b[31m\x7f", "é ß 日本", "\u00a0\u2028\u2029\u200b\ufeff", "😀 \U000e0001", "\u00ad\u0301", "\u3000", "\ue000", "\ufffd"} {
		quoted = append(quoted, map[string]any{"text": s, "quoted": strconv.Quote(s)})
	}
	dump("strconv-quote.json", quoted)
}

func dump(file string, rows []any) {
	f, _ := os.Create(file)
	fmt.Fprintln(f, "[")
	for i, r := range rows {
		b, _ := json.Marshal(r)
		comma := ","
		if i == len(rows)-1 {
			comma = ""
		}
		fmt.Fprintf(f, "  %s%s\n", b, comma)
	}
	fmt.Fprintln(f, "]")
	f.Close()
}
