package main

import (
	"log"
	"net"
	"os"
	"syscall"
)

// connections are pairs of connected TCP sockets that block.
func connections(count int) (ours []int, theirs []*os.File) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close()
	for range count {
		dialled, err := net.Dial("tcp4", listener.Addr().String())
		if err != nil {
			log.Fatal(err)
		}
		accepted, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		ours = append(ours, int(blocking(dialled).Fd()))
		theirs = append(theirs, blocking(accepted))
	}
	return ours, theirs
}

// blocking is a copy of a connection's socket that Go's poller has no part in; Fd of a file makes it block.
func blocking(connection net.Conn) *os.File {
	file, err := connection.(*net.TCPConn).File()
	if err != nil {
		log.Fatal(err)
	}
	_ = connection.Close()
	if err := syscall.SetNonblock(int(file.Fd()), false); err != nil {
		log.Fatal(err)
	}
	kept = append(kept, file)
	return file
}

// kept from the collector, which would close them.
var kept []*os.File
