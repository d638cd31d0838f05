// Sends events by Elastic's own client library, as Beats do: lumberjack-client [OPTION…] ADDRESS NAME COUNT
//
// Prints the time of the first event, in nanoseconds since 1970; each next one is a second later. Ends with 0 when all
// of them are acknowledged.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	lumberjack "github.com/elastic/go-lumber/client/v2"
)

// What Beats have when they aren't told otherwise: events of a window, and windows under way.
const (
	window   = 2048
	underWay = 2
)

var (
	isAsync   = flag.Bool("async", false, "send the next window before the last one is acknowledged")
	level     = flag.Int("compress", 0, "level of zlib, 0 to 9")
	authority = flag.String("ca", "", "file of the certificate that signed the server's; sends over TLS")
)

func main() {
	flag.Parse()
	address := flag.Arg(0)
	name := flag.Arg(1)
	count, err := strconv.Atoi(flag.Arg(2))
	check(err)
	client, err := lumberjack.DialWith(dial(), address, lumberjack.CompressionLevel(*level))
	check(err)
	// Long ago, so that each event's own time is told from when it was sent.
	start := time.Now().Add(-time.Duration(count) * time.Second).Truncate(time.Millisecond)
	fmt.Println(start.UnixNano())
	var windows [][]interface{}
	for first := 0; first < count; first += window {
		var events []interface{}
		for i := first; i < min(first+window, count); i++ {
			events = append(events, event(name, i, start.Add(time.Duration(i)*time.Second)))
		}
		windows = append(windows, events)
	}
	if *isAsync {
		sendAsync(client, windows)
	} else {
		sendSync(client, windows)
	}
}

// Dials by TCP, or by TLS when the certificate of an authority is given.
func dial() func(network, address string) (net.Conn, error) {
	if *authority == "" {
		return net.Dial
	}
	pem, err := os.ReadFile(*authority)
	check(err)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		check(errors.New(*authority + " has no certificate"))
	}
	return (&tls.Dialer{Config: &tls.Config{RootCAs: roots}}).Dial
}

// An event as Filebeat makes it of a line.
func event(name string, i int, at time.Time) map[string]interface{} {
	level := "info"
	if i%2 == 1 {
		level = "error"
	}
	return map[string]interface{}{
		"@timestamp": at.UTC().Format("2006-01-02T15:04:05.000Z"),
		"@metadata":  map[string]interface{}{"beat": "filebeat", "type": "_doc", "version": "8.15.0"},
		"message":    fmt.Sprintf("order %d is späť", i),
		"log": map[string]interface{}{
			"level":  level,
			"offset": 120 * i,
			"file":   map[string]interface{}{"path": "/var/log/shop.log"},
		},
		"service": map[string]interface{}{"name": name},
		"host":    map[string]interface{}{"name": "web-1"},
		"agent":   map[string]interface{}{"type": "filebeat"},
		"order":   map[string]interface{}{"id": i},
	}
}

func sendSync(client *lumberjack.Client, windows [][]interface{}) {
	sender, err := lumberjack.NewSyncClientWith(client)
	check(err)
	for _, events := range windows {
		acknowledged, err := sender.Send(events)
		check(err)
		checkAll(acknowledged, len(events))
	}
	check(sender.Close())
}

func sendAsync(client *lumberjack.Client, windows [][]interface{}) {
	sender, err := lumberjack.NewAsyncClientWith(client, underWay)
	check(err)
	var missing sync.WaitGroup
	for _, events := range windows {
		missing.Add(1)
		check(sender.Send(func(acknowledged uint32, err error) {
			check(err)
			checkAll(int(acknowledged), len(events))
			missing.Done()
		}, events))
	}
	missing.Wait()
	check(sender.Close())
}

func checkAll(acknowledged, sent int) {
	if acknowledged != sent {
		check(fmt.Errorf("%d of %d events are acknowledged", acknowledged, sent))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
