import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

interface FacetDrawerProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The facets of a page that is too narrow for a column. */
export function FacetDrawer({ isOpen, onClose, children }: FacetDrawerProps) {
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      title="Filter"
      size={290}
      padding={0}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {children}
    </Drawer>
  );
}
