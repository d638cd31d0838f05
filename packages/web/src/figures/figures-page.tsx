import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { ApiError } from "../api/problem.ts";
import message from "../app/message-page.module.css";
import { ProgressLine } from "../app/progress-line.tsx";
import { TopBar } from "../app/top-bar.tsx";
import styles from "./figures.module.css";

interface FiguresPageProps<Data> {
  readonly title: string;
  readonly answer: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}

/** A page of figures that the server tells of itself. What it said last stays while it is away. */
export function FiguresPage<Data>({ title, answer, children }: FiguresPageProps<Data>) {
  const { data, error, isPending } = answer;
  useEffect(() => {
    document.title = `${title} · Polylog`;
  }, [title]);
  return (
    <div className={styles.page}>
      <TopBar>
        <h1 className={styles.title}>{title}</h1>
      </TopBar>
      <ProgressLine isBusy={isPending} />
      {data !== undefined && (
        <main className={styles.body}>
          {error && <Failure error={error} />}
          {children(data)}
        </main>
      )}
      {data === undefined && error && (
        <main className={message.message}>
          <h1>The figures cannot be had now</h1>
          <Failure error={error} />
        </main>
      )}
    </div>
  );
}

function Failure({ error }: { readonly error: Error }) {
  const remedy = error instanceof ApiError ? error.problem.remedy : undefined;
  return (
    <p role="alert" className={`${styles.note} ${styles.wrong}`}>
      {[error.message, remedy].filter(Boolean).join(" ")}
    </p>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  readonly isWrong?: boolean;
}

/** One figure of those on top of the page. */
export function Fact({ name, children, isWrong = false }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd {...(isWrong ? { className: styles.wrong } : {})}>{children}</dd>
    </div>
  );
}
