import styles from "./figures.module.css";

interface SparkProps {
  /** Oldest first. */
  readonly values: readonly number[];
  readonly label: string;
  readonly isLarge?: boolean;
  /** What the full height stands for. @defaultValue the greatest value */
  readonly top?: number;
}

/** Values over time as columns. */
export function Spark({ values, label, isLarge = false, top = Math.max(...values) }: SparkProps) {
  const columns = values.map((value, index) => {
    const height = top > 0 ? Math.min(100, (value / top) * 100) : 0;
    // What is not nothing is seen.
    return height === 0 ? "" : `M${index + 0.08} 100h0.84v-${Math.max(4, height)}h-0.84z`;
  });
  return (
    <svg
      className={`${styles.spark} ${isLarge ? styles.large : ""}`}
      viewBox={`0 0 ${values.length} 100`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={columns.join("")} fill="currentColor" />
    </svg>
  );
}
