import "reflect-metadata";
import { Controller, Get, Logger, Module, Param } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { nestLogger, requestLog } from "polylog/nest";

@Controller()
class UsersController {
  readonly #log = new Logger("UsersController");

  @Get("users/:id")
  find(@Param("id") id: string) {
    this.#log.log("found a user", { user: id });
    return { id };
  }

  @Get("broken")
  fail() {
    throw new Error("out of order");
  }
}

@Module({ controllers: [UsersController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: nestLogger() });
app.use(requestLog());
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);
new Logger("Server").log("listening", { port: app.getHttpServer().address().port });
