package clients;

import java.net.URI;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import zipkin2.Endpoint;
import zipkin2.Span;
import zipkin2.reporter.AsyncReporter;
import zipkin2.reporter.BytesEncoder;
import zipkin2.reporter.Encoding;
import zipkin2.reporter.SpanBytesEncoder;
import zipkin2.reporter.urlconnection.URLConnectionSender;

/** Zipkin's own reporter: traces of a hundred spans each. */
final class ZipkinClient {
  private ZipkinClient() {}

  static void send(URI address, String name, int count, Instant start, boolean isProtobuf) {
    String endpoint = address + "/api/v2/spans";
    Encoding encoding = isProtobuf ? Encoding.PROTO3 : Encoding.JSON;
    BytesEncoder<Span> encoder = isProtobuf ? SpanBytesEncoder.PROTO3 : SpanBytesEncoder.JSON_V2;
    URLConnectionSender sender = URLConnectionSender.newBuilder().endpoint(endpoint).encoding(encoding).build();
    AsyncReporter<Span> reporter =
        AsyncReporter.builder(sender)
            .queuedMaxSpans(count)
            .queuedMaxBytes(64 << 20)
            .closeTimeout(60, TimeUnit.SECONDS)
            .build(encoder);
    Endpoint local = Endpoint.newBuilder().serviceName(name).ip("10.0.0.1").port(8080).build();
    for (int i = 0; i < count; i++) {
      reporter.report(span(i, isProtobuf ? 2 : 1, local, start.plusSeconds(i)));
      // Sends one message at a time; what waits when it is closed is dropped.
      if (i % 1000 == 999) reporter.flush();
    }
    reporter.close();
    sender.close();
  }

  private static Span span(int number, long run, Endpoint local, Instant at) {
    int first = number - number % 100;
    long micros = at.toEpochMilli() * 1000;
    Span.Builder span =
        Span.newBuilder()
            .traceId(run, first + 1)
            .id(number + 1)
            .kind(Span.Kind.SERVER)
            .name(Main.textOf(number))
            .timestamp(micros)
            .duration(1500L)
            .localEndpoint(local)
            .addAnnotation(micros + 7, "sent")
            .putTag("order", String.valueOf(number));
    if (number != first) span.parentId(first + 1);
    if (number % 2 == 1) span.putTag("error", "out of stock");
    return span.build();
  }
}
