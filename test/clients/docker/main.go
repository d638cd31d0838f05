// Sends lines of a container through one of Docker's own log drivers: docker-log-drivers DRIVER NAME COUNT KEY=VALUE…
//
// Prints when the first line was written, in nanoseconds since 1970; each next one was a second later.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/daemon/logger"
	_ "github.com/docker/docker/daemon/logger/fluentd"
	_ "github.com/docker/docker/daemon/logger/gelf"
	_ "github.com/docker/docker/daemon/logger/splunk"
	_ "github.com/docker/docker/daemon/logger/syslog"
)

func main() {
	driver := os.Args[1]
	container := os.Args[2]
	count, err := strconv.Atoi(os.Args[3])
	check(err)
	config := map[string]string{}
	for _, pair := range os.Args[4:] {
		key, value, _ := strings.Cut(pair, "=")
		config[key] = value
	}
	check(logger.ValidateLogOpts(driver, config))
	create, err := logger.GetLogDriver(driver)
	check(err)
	log, err := create(logger.Info{
		Config:              config,
		ContainerID:         "a7317399f3f857173c6179d44823594f8294678dea9999662e5c625b5a1c7657",
		ContainerName:       "/" + container,
		ContainerEntrypoint: "node",
		ContainerArgs:       []string{"server.js"},
		ContainerImageID:    "sha256:1e0b7d1b0b0a4a2c8e2c5d7d7c5c9f1b2a3c4d5e6f708192a3b4c5d6e7f80910",
		ContainerImageName:  "shop:2",
		ContainerCreated:    time.Now(),
		ContainerEnv:        []string{"REGION=eu"},
		ContainerLabels:     map[string]string{"team": "cart"},
		DaemonName:          "docker",
	})
	check(err)
	// A second apart from one another, so that each record's own time is told from when it was sent.
	start := time.Now().Add(-time.Duration(count) * time.Second).Truncate(time.Second)
	fmt.Println(start.UnixNano())
	for i := 0; i < count; i++ {
		message := logger.NewMessage()
		message.Line = append(message.Line, fmt.Sprintf("order %d is späť", i)...)
		message.Source = "stdout"
		if i%2 == 1 {
			message.Source = "stderr"
		}
		message.Timestamp = start.Add(time.Duration(i) * time.Second)
		check(log.Log(message))
	}
	check(log.Close())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
