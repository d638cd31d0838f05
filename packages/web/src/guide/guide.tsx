import { type KeyboardEvent, useId, useState } from "react";
import { useStatus } from "../api/status.ts";
import { useCopy } from "../app/use-copy.ts";
import { type Endpoints, examples } from "./examples.ts";
import styles from "./guide.module.css";

/** How to send a log, from where the reader's programs run. */
export function Guide() {
  const { data: status } = useStatus();
  const [chosen, setChosen] = useState("curl");
  const id = useId();
  const all = examples(reachable(status?.endpoints.grpc ?? null));
  const shown = all.find((example) => example.id === chosen) ?? all[0];

  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = all[(all.findIndex((example) => example.id === chosen) + by + all.length) % all.length];
    if (by === 0 || !next) return;
    event.preventDefault();
    setChosen(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };

  return (
    <div className={styles.guide}>
      {status?.endpoints.asksForToken && (
        <p>
          This server asks for its token: send it along as the header <code>Authorization: Bearer TOKEN</code>
          .
        </p>
      )}
      <div className={styles.tabs} role="tablist" aria-label="Where the log comes from" onKeyDown={onKeyDown}>
        {all.map((example) => (
          <button
            key={example.id}
            id={`${id}-${example.id}`}
            type="button"
            role="tab"
            tabIndex={example.id === chosen ? 0 : -1}
            aria-selected={example.id === chosen}
            aria-controls={`${id}-steps`}
            onClick={() => setChosen(example.id)}
          >
            {example.title}
          </button>
        ))}
      </div>
      <div id={`${id}-steps`} role="tabpanel" aria-labelledby={`${id}-${chosen}`} className={styles.steps}>
        {shown?.steps.map((step) => (
          <div key={step.say}>
            <p>{step.say}</p>
            <Code text={step.code} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** Where this reader reaches the server, which on a network is not what the server calls itself. */
function reachable(grpc: string | null): Endpoints {
  const { origin, hostname } = window.location;
  return {
    http: origin,
    grpc: grpc === null ? null : `${hostname}:${grpc.slice(grpc.lastIndexOf(":") + 1)}`,
  };
}

function Code({ text }: { readonly text: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <div className={styles.code}>
      <pre>{text}</pre>
      <button type="button" onClick={() => copy(text)}>
        {isCopied ? "Copied" : "Copy"}
      </button>
    </div>
  );
}
