package clients;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Sends numbered lines by one of Java's usual clients: {@code java -cp … clients.Main CLIENT ADDRESS NAME COUNT}.
 *
 * <p>Prints the time of the first, in nanoseconds since 1970; each next one is a second later where the client lets its
 * user say when something happened. Ends with 0 when all is sent.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    String client = args[0];
    URI address = URI.create(args[1]);
    String name = args[2];
    int count = Integer.parseInt(args[3]);
    Instant start = Instant.now().minusSeconds(count).truncatedTo(ChronoUnit.MILLIS);
    System.out.println(start.toEpochMilli() * 1_000_000L);
    switch (client) {
      case "scalyr" -> ScalyrClient.send(address, name, count);
      case "zipkin-json", "zipkin-protobuf" ->
          ZipkinClient.send(address, name, count, start, client.endsWith("protobuf"));
      default -> LogbackClient.send(client, address, name, count, start);
    }
  }

  static String textOf(int number) {
    return "order " + number + " is späť";
  }
}
