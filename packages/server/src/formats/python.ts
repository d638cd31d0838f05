import { layoutFormat } from "./layout.ts";

/** Python's `logging` in its default and usual layouts, loguru, gunicorn, Celery, Scrapy and Airflow. */
export const python = layoutFormat("python", (line) => /^[[\dA-Z]/.test(line), [
  "%time - %level - %message",
  "%time - %logger - %level - %message",
  "%time | %level | %logger:%function:%line - %message",
  "%time | %level | %message",
  "[%time] [%pid] [%level] %message",
  "[%time: %level/%thread] %message",
  "[%time] %level in %logger: %message",
  "[%time] {%file:%line} %level - %message",
  "%time [%qualified] %level: %message",
  // logging.basicConfig() as it comes: "WARNING:root:disk is nearly full".
  "%level:%logger:%message",
]);
