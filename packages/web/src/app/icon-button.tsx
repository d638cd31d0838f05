import type { ButtonHTMLAttributes, ReactNode } from "react";
import styles from "./button.module.css";

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does, for the tooltip and for screen readers. */
  readonly label: string;
  readonly isOn?: boolean;
  readonly children: ReactNode;
}

export function IconButton({ label, isOn, children, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles.icon} ${className ?? ""}`}
      aria-label={label}
      title={rest.title ?? label}
      {...(isOn === undefined ? {} : { "aria-pressed": isOn })}
    >
      {children}
    </button>
  );
}
