import { describe, expect, it } from "vitest";
import { runCommand } from "./testing/run.ts";

describe("polylog", () => {
  it("says in ten lines what it can do", async () => {
    const { code, stdout, stderr } = await runCommand([]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
    for (const command of ["serve", "search", "tail", "import", "run", "version"]) {
      expect(stdout).toContain(`polylog ${command}`);
    }
  });

  it("ends when it is done, whatever still runs", async () => {
    const stray = "data:text/javascript,setInterval(() => {}, 1000)";
    const { code, stdout } = await runCommand(["version"], { NODE_OPTIONS: `--import="${stray}"` });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^polylog \S+\n$/)]);
  });

  it.each(["serve", "search", "tail", "import", "run"])(
    "%s --help has examples of itself",
    async (command) => {
      const { code, stdout } = await runCommand([command, "--help"]);
      expect(code).toBe(0);
      expect(
        stdout.slice(stdout.indexOf("Examples:")).match(new RegExp(`polylog ${command}`, "g"))?.length,
      ).toBeGreaterThan(2);
      expect((await runCommand(["help", command])).stdout).toBe(stdout);
    },
  );

  it.each<[words: string[], says: string]>([
    [["searhc"], "Did you mean search?"],
    [["search", "--lmit", "3"], "Did you mean --limit?"],
    [["tail", "--server"], "argument missing"],
    [["serve", "--prot", "3"], "Did you mean --port?"],
    [["serve", "--port", "x"], '--port can\'t be "x"'],
    [["serve", "--host", "0.0.0.0"], "POLYLOG_AUTH_TOKEN"],
    [["import"], "missing required argument"],
    [["run"], "missing required argument"],
    [["search", "--limit", "0"], "from 1 to"],
    [["search", "--since", "soon"], "--since"],
    [["search", "--json", "--fields", "a"], "--fields"],
    [["search", "--server", "ftp://x"], "not the address of a server"],
  ])("%j is wrong use, and it says how", async (words, says) => {
    const { code, stdout, stderr } = await runCommand(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
  });

  it("says its version", async () => {
    expect((await runCommand(["version"])).stdout).toMatch(/^polylog \d+\.\d+\.\d+\n$/);
    expect((await runCommand(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(["search", "tail"])(
    "%s says that the server is not reached, and where it was looked for",
    async (command) => {
      const { code, stderr } = await runCommand([command, "--server", "http://127.0.0.1:1"]);
      expect(code).toBe(3);
      expect(stderr).toContain("http://127.0.0.1:1 is not reached");
      expect(stderr).toContain("polylog serve");
    },
  );
});
