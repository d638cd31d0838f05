import { Popover } from "@mantine/core";
import { ChevronDownIcon, ClockIcon } from "@radix-ui/react-icons";
import { type FormEvent, useState } from "react";
import { serverNow } from "../../api/connection.ts";
import buttons from "../../app/button.module.css";
import { setPreferences, usePreferences } from "../../app/preferences.ts";
import { useIsNarrow } from "../../app/use-media.ts";
import { inputTime, rangeText, shortRangeText, timeOfInput } from "../../time/format.ts";
import {
  absoluteRange,
  lastRange,
  PRESETS,
  rangeLabel,
  resolveRange,
  type TimeRange,
  typedRange,
} from "../../time/range.ts";
import { localZone, zoneName } from "../../time/zone.ts";
import styles from "./time.module.css";

interface TimeControlProps {
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
}

/** The time of a search: a name for it, and behind it every way to say another. */
export function TimeControl({ range, onChange }: TimeControlProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { zone } = usePreferences();
  const isNarrow = useIsNarrow();
  const choose = (next: TimeRange) => {
    setIsOpen(false);
    onChange(next);
  };
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" trapFocus withinPortal shadow="none">
      <Popover.Target>
        <button
          type="button"
          className={styles.target}
          aria-label={`Time: ${rangeLabel(range, zone, serverNow())}`}
          onClick={() => setIsOpen(!isOpen)}
        >
          <ClockIcon width={15} height={15} aria-hidden="true" />
          <span>{rangeLabel(range, zone, serverNow(), isNarrow ? shortRangeText : rangeText)}</span>
          <ChevronDownIcon width={14} height={14} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} className={styles.dropdown ?? ""}>
        <TypedTime onChoose={choose} />
        <div className={styles.presets}>
          {PRESETS.map((length) => (
            <button
              key={length}
              type="button"
              aria-pressed={range.from === `now-${length}` && range.to === undefined}
              onClick={() => choose(lastRange(length))}
            >
              {rangeLabel(lastRange(length), zone, 0)}
            </button>
          ))}
          {["today", "yesterday"].map((day) => (
            <button
              key={day}
              type="button"
              aria-pressed={range.from === day}
              onClick={() => {
                const typed = typedRange(day, serverNow(), zone);
                if (typed.ok) choose(typed.range);
              }}
            >
              {day === "today" ? "Today" : "Yesterday"}
            </button>
          ))}
        </div>
        <AbsoluteTime key={zone} range={range} onChoose={choose} />
        <ZoneChoice />
      </Popover.Dropdown>
    </Popover>
  );
}

function TypedTime({ onChoose }: { readonly onChoose: (range: TimeRange) => void }) {
  const { zone } = usePreferences();
  const [text, setText] = useState("");
  const now = serverNow();
  const typed = text.trim() === "" ? undefined : typedRange(text, now, zone);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (typed?.ok) onChoose(typed.range);
  };
  const bounds = typed?.ok ? resolveRange(typed.range, now, zone) : undefined;
  return (
    <form className={styles.typed} onSubmit={onSubmit}>
      <input
        data-autofocus
        aria-label="Time range"
        aria-invalid={typed !== undefined && !typed.ok}
        aria-describedby="typed-time"
        placeholder="2h, yesterday, 2026-11-20 14:00 to 15:00"
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      <p id="typed-time" data-is-error={typed !== undefined && !typed.ok} aria-live="polite">
        {bounds
          ? `${rangeText(bounds.from, bounds.to, zone)} ${zoneName(zone, bounds.to)}`
          : typed && !typed.ok
            ? typed.message
            : "Type a length, a day, or two times"}
      </p>
    </form>
  );
}

function AbsoluteTime({
  range,
  onChoose,
}: {
  readonly range: TimeRange;
  readonly onChoose: (range: TimeRange) => void;
}) {
  const { zone } = usePreferences();
  const [bounds] = useState(() => resolveRange(range, serverNow(), zone));
  const [from, setFrom] = useState(() => inputTime(bounds.from, zone));
  const [to, setTo] = useState(() => inputTime(bounds.to, zone));
  const start = timeOfInput(from, zone);
  const end = timeOfInput(to, zone);
  const isRange = start !== undefined && end !== undefined && start < end;
  return (
    <form
      className={styles.absolute}
      onSubmit={(event) => {
        event.preventDefault();
        if (isRange) onChoose(absoluteRange(start, end));
      }}
    >
      <label>
        From
        <input
          type="datetime-local"
          step="1"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
      </label>
      <label>
        To
        <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <button type="submit" className={buttons.button} disabled={!isRange}>
        {isRange || start === undefined || end === undefined
          ? "Use these times"
          : "The end is before the start"}
      </button>
    </form>
  );
}

function ZoneChoice() {
  const { zone } = usePreferences();
  return (
    <fieldset className={styles.zone}>
      <legend className="for-screen-readers">Time zone</legend>
      <button type="button" aria-pressed={zone === "local"} onClick={() => setPreferences({ zone: "local" })}>
        {localZone()} ({zoneName("local", serverNow())})
      </button>
      <button type="button" aria-pressed={zone === "utc"} onClick={() => setPreferences({ zone: "utc" })}>
        UTC
      </button>
    </fieldset>
  );
}
