import styles from "./figures.module.css";

/** A part of a whole, beside its number, which says the same to those who don't see it. */
export function Bar({ share }: { readonly share: number }) {
  const width = Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0));
  return (
    <span className={styles.bar} aria-hidden="true">
      <i style={{ width: `${width * 100}%` }} />
    </span>
  );
}
