import { Modal } from "@mantine/core";
import styles from "./help.module.css";

const GROUPS = [
  {
    title: "Search",
    keys: [
      ["/", "Write the query"],
      ["Enter", "Run it"],
      ["Tab", "Take the completion"],
      ["r", "Ask again"],
      ["l", "Live tail on or off"],
    ],
  },
  {
    title: "Records",
    keys: [
      ["j  k", "Next, previous"],
      ["g g", "First"],
      ["G", "Last that is loaded"],
      ["Enter", "Open or close"],
      ["Esc", "Close"],
      ["←  →", "Choose a value"],
      ["f", "Filter by it"],
      ["x", "Exclude it"],
      ["t", "Open the trace"],
    ],
  },
  {
    title: "Pages",
    keys: [
      ["g s", "Search"],
      ["g t", "Traces"],
      ["g m", "Map of the services"],
      ["g l", "Send logs"],
      ["g i", "Intake"],
      ["g d", "Storage"],
      ["Ctrl K", "Commands"],
      ["?", "These keys"],
    ],
  },
  {
    title: "Traces",
    keys: [
      ["j  k", "Next, previous"],
      ["Enter", "Open the trace"],
      ["o", "Newest or longest first"],
      ["/", "Find in the trace"],
      ["n  N", "Next, previous that is found"],
      ["e  E", "Next, previous error"],
      ["←  →", "Fold, unfold"],
    ],
  },
  {
    title: "Mouse",
    keys: [
      ["Click a value", "Filter by it"],
      ["Alt-click", "Exclude it"],
      ["Drag a chart", "Zoom into that time"],
      ["Double click it", "Back to the time before"],
    ],
  },
] as const;

/** The keys, for those who look for them. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keys" size={640} closeButtonProps={{ "aria-label": "Close" }}>
      <div className={styles.groups}>
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.keys.map(([key, what]) => (
                <div key={what}>
                  <dt>
                    {group.title === "Mouse" ? key : key.split("  ").map((one) => <kbd key={one}>{one}</kbd>)}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
