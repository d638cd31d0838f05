import { Modal, useMantineColorScheme } from "@mantine/core";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { SearchParams } from "../search/page/search-params.ts";
import { recentQueries } from "../search/query-box/recent.ts";
import { lastRange, PRESETS, rangeLabel } from "../time/range.ts";
import styles from "./commands.module.css";
import { type Command, matchingCommands } from "./matching-commands.ts";
import { openOverlay } from "./overlay.ts";
import { setPreferences, usePreferences } from "./preferences.ts";
import { lastSearch } from "./way-back.ts";

/** Everything that can be done, found by typing. */
export function Commands({ onClose }: { readonly onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const commands = useCommands();
  const shown = matchingCommands(commands, typed);

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive(Math.min(active + 1, shown.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter") run(shown[active]);
    else return;
    event.preventDefault();
  };

  return (
    <Modal.Root opened onClose={onClose} padding={0} size={560} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label="Commands">
        <input
          data-autofocus
          className={styles.typed}
          role="combobox"
          aria-expanded="true"
          aria-controls="commands"
          aria-activedescendant={shown[active] ? `command-${active}` : undefined}
          aria-label="Command"
          placeholder="What to do, a query, or a trace id"
          value={typed}
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div id="commands" role="listbox" aria-label="Commands" className={styles.list}>
          {shown.map((command, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            <div
              key={`${command.group} ${command.title}`}
              id={`command-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={styles.command}
              ref={index === active ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
              onClick={() => run(command)}
            >
              <span>{command.title}</span>
              <small>{command.group}</small>
              {command.key && <kbd>{command.key}</kbd>}
            </div>
          ))}
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

function useCommands(): (typed: string) => readonly Command[] {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const { zone, density } = usePreferences();
  const isSearch = useRouterState({ select: (state) => state.location.pathname === "/" });
  return useMemo(() => {
    const search = (change: { readonly [Name in keyof SearchParams]?: SearchParams[Name] | undefined }) => {
      const next = { ...lastSearch(), ...change };
      const defined = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
      void navigate({ to: "/", search: defined });
    };
    const fixed: Command[] = [
      { group: "Page", title: "Search", key: "g s", run: () => void navigate({ to: "/" }) },
      { group: "Page", title: "Traces", key: "g t", run: () => void navigate({ to: "/traces" }) },
      { group: "Page", title: "Services", key: "g m", run: () => void navigate({ to: "/services" }) },
      { group: "Page", title: "Send logs", key: "g l", run: () => void navigate({ to: "/send" }) },
      { group: "Page", title: "Intake", key: "g i", run: () => void navigate({ to: "/intake" }) },
      { group: "Page", title: "Storage", key: "g d", run: () => void navigate({ to: "/storage" }) },
      { group: "Page", title: "Keys", key: "?", run: () => openOverlay("help") },
      {
        group: "Search",
        title: lastSearch()?.live === "on" && isSearch ? "Live tail off" : "Live tail on",
        key: "l",
        run: () =>
          search({
            live: lastSearch()?.live === "on" ? undefined : "on",
            order: undefined,
            from: undefined,
            to: undefined,
          }),
      },
      { group: "Search", title: "Newest first", run: () => search({ order: undefined }) },
      { group: "Search", title: "Oldest first", run: () => search({ order: "asc", live: undefined }) },
      {
        group: "Search",
        title: "Only warnings and worse",
        run: () => search({ q: "level:>=warn", open: undefined }),
      },
      {
        group: "Search",
        title: "Everything, without a query",
        run: () => search({ q: undefined, open: undefined }),
      },
      ...PRESETS.map((length) => ({
        group: "Time",
        title: rangeLabel(lastRange(length), zone, 0),
        run: () => search({ from: lastRange(length).from, to: undefined }),
      })),
      { group: "Look", title: "Light theme", run: () => setColorScheme("light") },
      { group: "Look", title: "Dark theme", run: () => setColorScheme("dark") },
      { group: "Look", title: "Theme of the system", run: () => setColorScheme("auto") },
      {
        group: "Look",
        title: density === "compact" ? "Comfortable rows" : "Compact rows",
        run: () => setPreferences({ density: density === "compact" ? "comfortable" : "compact" }),
      },
      {
        group: "Look",
        title: zone === "utc" ? "Local times" : "Times in UTC",
        run: () => setPreferences({ zone: zone === "utc" ? "local" : "utc" }),
      },
      ...recentQueries()
        .slice(0, 10)
        .map((query) => ({
          group: "Recent query",
          title: query,
          run: () => search({ q: query, open: undefined }),
        })),
    ];
    return (typed) => {
      const text = typed.trim();
      if (/^[0-9a-f]{32}$/i.test(text)) {
        const traceId = text.toLowerCase();
        return [
          {
            group: "Trace",
            title: `Open the trace ${traceId}`,
            run: () => void navigate({ to: "/trace/$traceId", params: { traceId } }),
          },
        ];
      }
      const asQuery = {
        group: "Query",
        title: `Search for ${text}`,
        run: () => search({ q: text, open: undefined }),
      };
      return text === "" ? fixed : [...fixed, asQuery];
    };
  }, [navigate, setColorScheme, zone, density, isSearch]);
}
