import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useConnection } from "../api/connection.ts";
import { useStatus } from "../api/status.ts";
import { AwayBar } from "./away-bar.tsx";
import { closeOverlay, openOverlay, useOverlay } from "./overlay.ts";
import { usePreferences } from "./preferences.ts";
import styles from "./shell.module.css";
import { useShortcuts } from "./shortcuts.ts";
import { lastTraces } from "./way-back.ts";

const Help = lazy(async () => ({ default: (await import("./help.tsx")).Help }));
const Commands = lazy(async () => ({ default: (await import("./commands.tsx")).Commands }));

/** What every page has: the bar that says the server is away, the keys, and what lies over the page. */
export function Shell() {
  const overlay = useOverlay();
  const navigate = useNavigate();
  const { density } = usePreferences();
  useStatus();
  useReturn();

  useEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);

  useShortcuts(
    new Map([
      ["?", () => openOverlay("help")],
      ["mod+k", () => openOverlay("commands")],
      ["g s", () => void navigate({ to: "/" })],
      ["g t", () => void navigate({ to: "/traces", search: lastTraces() ?? {} })],
      ["g m", () => void navigate({ to: "/services" })],
      ["g l", () => void navigate({ to: "/send" })],
      ["g i", () => void navigate({ to: "/intake" })],
      ["g d", () => void navigate({ to: "/storage" })],
    ]),
  );

  return (
    <div className={styles.shell}>
      <AwayBar />
      <div className={styles.page}>
        <Outlet />
      </div>
      <Suspense>
        {overlay === "help" && <Help onClose={closeOverlay} />}
        {overlay === "commands" && <Commands onClose={closeOverlay} />}
      </Suspense>
    </div>
  );
}

/** When the server is back, what failed meanwhile is asked again. */
function useReturn(): void {
  const { state } = useConnection();
  const client = useQueryClient();
  useEffect(() => {
    if (state !== "answers") return;
    void client.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" });
  }, [state, client]);
}
