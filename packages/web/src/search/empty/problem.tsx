import type { Problem } from "@polylog/server/contract";
import buttons from "../../app/button.module.css";
import styles from "./empty.module.css";

interface ProblemProps {
  readonly problem: Problem;
  readonly onAskAgain: () => void;
}

/** The server said no, and there are no rows from before. */
export function ProblemPlace({ problem, onAskAgain }: ProblemProps) {
  return (
    <section className={styles.problem} role="alert">
      <h2>{problem.message}</h2>
      {problem.remedy && <p>{problem.remedy}</p>}
      <button type="button" className={buttons.button} onClick={onAskAgain}>
        Ask again
      </button>
    </section>
  );
}

/** The server said no; the rows below are of the question before. */
export function ProblemBar({ problem, onAskAgain }: ProblemProps) {
  return (
    <p className={styles.problemBar} role="alert">
      <b>{problem.message}</b> {problem.remedy} The rows below are of the search before.{" "}
      <button type="button" className={buttons.link} onClick={onAskAgain}>
        Ask again
      </button>
    </p>
  );
}
