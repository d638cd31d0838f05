import { z } from "zod";

/**
 * One backup of the store, finished or not. `POST /api/v1/backups` begins one, or tells of the one that is under way;
 * `GET /api/v1/backups/{name}` tells of one.
 */
export const backupResponse = z.object({
  name: z.string(),
  /** Its folder, on the server's machine. */
  path: z.string(),
  state: z.enum(["running", "done", "failed"]),
  /** RFC 3339. */
  createdAt: z.string(),
  /** So far, while it runs. */
  bytes: z.number(),
  /** Why it failed. */
  error: z.string().nullable(),
});

export type BackupResponse = z.infer<typeof backupResponse>;

/** `GET /api/v1/backups`: those that are there, newest first, at most 500. */
export const backupsResponse = z.object({
  /** Where they lie. */
  directory: z.string(),
  backups: z.array(backupResponse),
});
export type BackupsResponse = z.infer<typeof backupsResponse>;
