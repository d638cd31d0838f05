import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Posts a text from a file, as people do; answers with what the server says. */
export async function curl(url: string, body: string, ...options: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "polylog-curl-"));
  try {
    const file = join(directory, "body");
    await writeFile(file, body);
    const parameters = ["-sS", "--fail-with-body", "--data-binary", `@${file}`, ...options, url];
    return (await promisify(execFile)("curl", parameters)).stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}
