// Runs before the first paint, so that a chosen dark theme does not flash white. A file, so that the page's
// content security policy can forbid inline scripts.
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
