import type {
  BackupResponse,
  BackupsResponse,
  IntakeResponse,
  StorageResponse,
  StorageServicesResponse,
} from "@polylog/server/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJson, postJson } from "./client.ts";

const LIVE_MS = 1000;
const STORAGE_MS = 30_000;
const BACKUP_MS = 1000;

/** What comes in, asked for again every second. */
export function useIntake() {
  return useQuery({
    queryKey: ["intake"],
    queryFn: ({ signal }) => getJson<IntakeResponse>("/intake", {}, signal),
    refetchInterval: LIVE_MS,
  });
}

/** What takes the space. */
export function useStorage() {
  return useQuery({
    queryKey: ["storage"],
    queryFn: ({ signal }) => getJson<StorageResponse>("/storage", {}, signal),
    staleTime: 0,
    refetchInterval: STORAGE_MS,
  });
}

/** Counts every record: asked for once a visit. */
export function useStorageServices() {
  return useQuery({
    queryKey: ["storage", "services"],
    queryFn: ({ signal }) => getJson<StorageServicesResponse>("/storage/services", { limit: 30 }, signal),
    staleTime: STORAGE_MS,
  });
}

export function useBackups() {
  return useQuery({
    queryKey: ["backups"],
    queryFn: ({ signal }) => getJson<BackupsResponse>("/backups", {}, signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.backups.some((backup) => backup.state === "running") ? BACKUP_MS : false,
  });
}

export function useStartBackup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => postJson<BackupResponse>("/backups"),
    onSettled: () => client.invalidateQueries({ queryKey: ["backups"] }),
  });
}
