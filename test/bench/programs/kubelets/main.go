// kubelets plays the kubelets of all nodes of the fleet: one wildcard listener, the node is told by the address that was dialled.
// Several processes may share the port; the kernel deals the connections out.
package main

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"cdk8s-metrics-server/bench/fleet"
)

// soReusePort is SO_REUSEPORT of Linux, which package syscall does not name.
const soReusePort = 15

var (
	scrapes, refused, connections, received, sent atomic.Int64

	pageBuffers = sync.Pool{New: func() any { buffer := make([]byte, 0, 128<<10); return &buffer }}
	gzipWriters = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}
)

func main() {
	size := fleet.SizeFlags()
	port := flag.Int("port", 10250, "port of all kubelets")
	controlPort := flag.Int("control-port", 10251, "port on 127.0.0.1 that tells what was done, as JSON, and takes POST /replaced/COUNT")
	certificateFile := flag.String("certificate", "", "serving certificate of all kubelets")
	keyFile := flag.String("key", "", "its key")
	epoch := flag.Int64("epoch", time.Now().Unix(), "Unix time from which ages of containers count")
	flag.Parse()

	certificate, err := tls.LoadX509KeyPair(*certificateFile, *keyFile)
	if err != nil {
		log.Fatal(err)
	}
	pages := fleet.NewPages(*size, time.Unix(*epoch, 0))
	server := &http.Server{
		Handler: http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) { serve(*size, pages, response, request) }),
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate},
			NextProtos: []string{"h2", "http/1.1"}, ClientAuth: tls.RequestClientCert,
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	config := net.ListenConfig{Control: func(_, _ string, socket syscall.RawConn) error {
		return socket.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, soReusePort, 1) })
	}}
	listener, err := config.Listen(context.Background(), "tcp4", fmt.Sprintf(":%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	controlListener, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", *controlPort))
	if err != nil {
		log.Fatal(err)
	}
	control := http.NewServeMux()
	control.HandleFunc("GET /", serveCounters)
	control.HandleFunc("POST /replaced/{count}", func(response http.ResponseWriter, request *http.Request) {
		count, err := strconv.Atoi(request.PathValue("count"))
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		pages.Replace(count, time.Now())
	})
	go func() { log.Fatal(http.Serve(controlListener, control)) }()
	log.Fatal(server.ServeTLS(counting{listener}, "", ""))
}

func serve(size fleet.Size, pages *fleet.Pages, response http.ResponseWriter, request *http.Request) {
	node := -1
	if address, ok := request.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		node = size.NodeAt(address.IP)
	}
	switch {
	case node < 0 || request.URL.Path != "/metrics/resource":
		refused.Add(1)
		http.NotFound(response, request)
		return
	case !strings.HasPrefix(request.Header.Get("Authorization"), "Bearer "):
		refused.Add(1)
		http.Error(response, "Unauthorized", http.StatusUnauthorized)
		return
	}
	buffer := pageBuffers.Get().(*[]byte)
	defer pageBuffers.Put(buffer)
	page := pages.Append((*buffer)[:0], node, time.Now())
	*buffer = page
	response.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")
	// Counted before the answer, which the client may act on at once.
	scrapes.Add(1)
	if !strings.Contains(request.Header.Get("Accept-Encoding"), "gzip") {
		_, _ = response.Write(page)
		return
	}
	response.Header().Set("Content-Encoding", "gzip")
	compressor := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(compressor)
	compressor.Reset(response)
	_, _ = compressor.Write(page)
	_ = compressor.Close()
}

func serveCounters(response http.ResponseWriter, _ *http.Request) {
	_ = json.NewEncoder(response).Encode(map[string]int64{
		"scrapes": scrapes.Load(), "refused": refused.Load(), "connections": connections.Load(),
		"wireBytes": received.Load() + sent.Load(),
	})
}

// counting notes what goes over the wire: TLS records of both directions.
type counting struct{ net.Listener }

func (l counting) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	connections.Add(1)
	return counted{connection}, nil
}

type counted struct{ net.Conn }

func (c counted) Read(bytes []byte) (int, error) {
	n, err := c.Conn.Read(bytes)
	received.Add(int64(n))
	return n, err
}

func (c counted) Write(bytes []byte) (int, error) {
	n, err := c.Conn.Write(bytes)
	sent.Add(int64(n))
	return n, err
}
