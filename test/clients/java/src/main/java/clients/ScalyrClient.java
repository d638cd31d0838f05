package clients;

import com.scalyr.api.logs.EventAttributes;
import com.scalyr.api.logs.Events;
import java.net.URI;

/** Scalyr's own client. Events have the time at which they are handed over. */
final class ScalyrClient {
  private static final int MEMORY = 64 << 20;

  private ScalyrClient() {}

  static void send(URI address, String name, int count) {
    EventAttributes server = new EventAttributes("serverHost", "web-1", "service.name", name);
    Events.init("any", MEMORY, address.toString(), server);
    for (int i = 0; i < count; i++) {
      EventAttributes attributes = new EventAttributes("message", Main.textOf(i), "order", i);
      if (i % 2 == 1) Events.error(attributes);
      else Events.info(attributes);
    }
    Events.flush();
  }
}
