import { useComputedColorScheme } from "@mantine/core";
import type { HistogramResponse } from "@polylog/server/contract";
import { usePreferences } from "../../app/preferences.ts";
import { Histogram } from "./histogram.tsx";

interface HistogramOfProps {
  readonly data: HistogramResponse | undefined;
  readonly isOld: boolean;
  readonly isNarrow: boolean;
  readonly onZoom: (from: number, to: number) => void;
  readonly onBack: () => void;
}

const HEIGHT = 104;
const HEIGHT_NARROW = 76;

/** The histogram in the reader's zone and theme. */
export function HistogramOf({ data, isOld, isNarrow, onZoom, onBack }: HistogramOfProps) {
  const { zone } = usePreferences();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  return (
    <Histogram
      data={data}
      isOld={isOld}
      zone={zone}
      scheme={scheme}
      height={isNarrow ? HEIGHT_NARROW : HEIGHT}
      onZoom={onZoom}
      onBack={onBack}
    />
  );
}
