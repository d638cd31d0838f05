package clients;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.net.URI;
import java.time.Instant;

/** Logback with the appender that {@code CLIENT.xml} among the resources sets up. */
final class LogbackClient {
  private LogbackClient() {}

  static void send(String client, URI address, String name, int count, Instant start) throws Exception {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new ch.qos.logback.classic.util.LogbackMDCAdapter());
    context.putProperty("name", name);
    context.putProperty("address", address.toString());
    context.putProperty("host", address.getHost());
    context.putProperty("port", String.valueOf(address.getPort()));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogbackClient.class.getResource("/" + client + ".xml"));
    Logger logger = context.getLogger("shop.cart");
    for (int i = 0; i < count; i++) {
      Level level = i % 2 == 1 ? Level.ERROR : Level.INFO;
      // The last one has a stack trace.
      Throwable thrown = i == count - 1 ? new IllegalStateException("out of stock") : null;
      LoggingEvent event = new LoggingEvent(null, logger, level, Main.textOf(i), thrown, null);
      event.setInstant(start.plusSeconds(i));
      logger.callAppenders(event);
    }
    // Sends what is left.
    context.stop();
  }
}
