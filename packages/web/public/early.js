// Runs before the page's own scripts are there. A file, so that the page's content security policy can forbid inline
// scripts.

// Before the first paint, so that a chosen dark theme does not flash white.
(() => {
  let chosen = "auto";
  try {
    chosen = localStorage.getItem("polylog.scheme") ?? "auto";
  } catch {
    // Storage is off: the system's scheme it is.
  }
  const isDark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();

// A long trace takes the server as long as the scripts take the browser: both at once. Taken by `src/api/early.ts`.
(() => {
  const trace = /^\/trace\/([0-9a-fA-F]{1,32})$/.exec(location.pathname);
  if (trace === null) return;
  const url = `/api/v1/traces/${trace[1]}/outline`;
  const answer = fetch(url, { headers: { accept: "application/json" } });
  // Whoever takes it hears of a failure.
  answer.catch(() => {});
  globalThis.polylogEarly = { url, answer };
})();
