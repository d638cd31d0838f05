import { layoutFormat } from "./layout.ts";

/** log4j, Logback and their like in the usual layouts: Spring Boot, Kafka, Hadoop, WildFly, Elasticsearch. */
export const log4j = layoutFormat("log4j", (line) => /^[[\dA-Z]/.test(line), [
  "%time %level %pid --- [%id] [%thread] %logger : %message",
  "%time %level %pid --- [%thread] %logger : %message",
  "%time [%thread] %level %logger - %message",
  "%time %level [%thread] %logger - %message",
  "%time [%thread] %level %logger: %message",
  "%time %level [%thread] %logger: %message",
  "%time %level [%logger] (%thread) %message",
  "[%time][%level][%logger] %message",
  "%level [%thread] %time %file:%line - %message",
  "%time %level %qualified - %message",
  "%time %level %qualified: %message",
]);
