import { Link } from "@tanstack/react-router";
import styles from "./message-page.module.css";
import { TopBar } from "./top-bar.tsx";

export function NotFound() {
  return (
    <>
      <TopBar>
        <span className={styles.spacer} />
      </TopBar>
      <main className={styles.message}>
        <h1>There is no page at this address</h1>
        <p>
          <Link to="/">Go to the search</Link>
        </p>
      </main>
    </>
  );
}
