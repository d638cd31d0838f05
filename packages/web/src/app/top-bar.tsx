import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AppMenu } from "./app-menu.tsx";
import { PageLinks } from "./page-links.tsx";
import styles from "./top-bar.module.css";

/** The bar on top of every page: the name, what the page puts there, and the menu. */
export function TopBar({ children }: { readonly children: ReactNode }) {
  return (
    <header className={styles.bar}>
      <Link to="/" className={styles.brand} aria-label="Polylog, search">
        <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
          <rect width="16" height="16" rx="3.5" fill="var(--accent-ground)" />
          <path d="M4 4.75h8M4 8h5.5M4 11.25h7" stroke="#fff" strokeWidth="1.6" strokeLinecap="round" />
        </svg>
        <span>Polylog</span>
      </Link>
      <PageLinks />
      {children}
      <span className={styles.icon}>
        <AppMenu />
      </span>
    </header>
  );
}
