import { Drawer } from "@mantine/core";
import type { LogRow } from "@polylog/server/contract";
import styles from "./record.module.css";
import type { RecordActions } from "./record-actions.ts";
import { RecordDetail } from "./record-detail.tsx";

interface RecordSheetProps {
  readonly row: LogRow | undefined;
  readonly actions: RecordActions;
  readonly finder: RegExp | undefined;
}

/** A record's detail on a narrow page: a sheet from below. */
export function RecordSheet({ row, actions, finder }: RecordSheetProps) {
  return (
    <Drawer.Root
      opened={row !== undefined}
      onClose={actions.onClose}
      position="bottom"
      size="88dvh"
      padding={0}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label="Record" className={styles.sheet ?? ""}>
        {row && <RecordDetail row={row} actions={actions} finder={finder} />}
      </Drawer.Content>
    </Drawer.Root>
  );
}
