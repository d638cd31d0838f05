"""Where records go: lines to a stream, frames to the parent process, OTLP to a server."""
