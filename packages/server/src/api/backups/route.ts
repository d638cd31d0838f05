import { z } from "zod";
import {
  type BackupResponse,
  type BackupsResponse,
  backupResponse,
  backupsResponse,
  problemSchema,
} from "../../contract/index.ts";
import { PolylogError } from "../../errors.ts";
import type { ApiContext } from "../routes.ts";

/** `POST /backups`, `GET /backups` and `GET /backups/{name}`. */
export function registerBackups({ app, backups }: ApiContext): void {
  app.post(
    "/backups",
    {
      schema: {
        operationId: "startBackup",
        summary: "Begin a backup of everything, on the server's disk; or tell of the one that is under way",
        tags: ["server"],
        response: { 200: backupResponse, 400: problemSchema.describe("The store can't be backed up here") },
      },
    },
    (): Promise<BackupResponse> => backups.start(),
  );
  app.get(
    "/backups",
    {
      schema: {
        operationId: "listBackups",
        summary: "The backups that are there, newest first",
        tags: ["server"],
        response: { 200: backupsResponse },
      },
    },
    async (): Promise<BackupsResponse> => ({
      directory: backups.directory,
      backups: [...(await backups.list())],
    }),
  );
  app.get(
    "/backups/:name",
    {
      schema: {
        operationId: "backup",
        summary: "One backup, and how far it is",
        tags: ["server"],
        params: z.object({ name: z.string().max(100) }),
        response: { 200: backupResponse, 404: problemSchema.describe("There is no such backup") },
      },
    },
    async (request): Promise<BackupResponse> => {
      const found = await backups.find(request.params.name);
      if (found) return found;
      throw new PolylogError("POLYLOG_E_NOT_FOUND", "There is no backup of this name.", {
        remedy: "GET /api/v1/backups lists those that are there.",
      });
    },
  );
}
