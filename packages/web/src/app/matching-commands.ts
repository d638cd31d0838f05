export interface Command {
  readonly group: string;
  readonly title: string;
  readonly key?: string;
  readonly run: () => void;
}

/** The commands in whose title or group every typed word begins a word; those whose title begins with the text first. */
export function matchingCommands(
  commands: (typed: string) => readonly Command[],
  typed: string,
): readonly Command[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const all = commands(typed);
  if (words.length === 0) return all;
  const rank = ({ group, title }: Command): number => {
    if (group === "Trace") return 3;
    if (group === "Query") return 0.5;
    if (title.toLowerCase().startsWith(typed.trim().toLowerCase())) return 2;
    const text = `${title} ${group}`.toLowerCase().split(/[\s:]+/);
    return words.every((word) => text.some((one) => one.startsWith(word))) ? 1 : 0;
  };
  return all
    .map((command) => ({ command, rank: rank(command) }))
    .filter((one) => one.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map((one) => one.command);
}
