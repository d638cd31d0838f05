import { createRandom } from "../dataset.mjs";

const LEVELS = ["debug", "info", "info", "info", "info", "warn", "error"];
const ROUTES = ["/cart", "/orders", "/orders/:id", "/products/:id", "/search", "/login"];

/**
 * Made-up records, the same for the same seed: what every protocol's payload is made of.
 *
 * @param {number} count
 */
export function records(count) {
  const random = createRandom(7);
  const pick = (list) => list[Math.floor(random() * list.length)];
  return Array.from({ length: count }, (_, index) => {
    const order = Math.floor(random() * 1e7);
    const duration = Math.floor(random() * 900);
    return {
      time: Date.now() + index / 1000,
      level: pick(LEVELS),
      message: `request for order ${order} completed in ${duration} ms`,
      fields: { order, "duration.ms": duration, "http.route": pick(ROUTES), customer: `c-${order % 5000}` },
    };
  });
}
