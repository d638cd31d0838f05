import { setTimeout as delay } from "node:timers/promises";
import type { LocalCluster, LocalNode } from "../../packages/engine/src/local-cluster.ts";
import { FAULTS, type Fault, signal } from "./faults.ts";

/** What happens to a server whose records lie on several nodes, and to these. */
export function clusterFaults({ nodes, server }: LocalCluster): Readonly<Record<string, Fault>> {
  const { killServer, clockJumps, halfOpenSockets } = FAULTS;
  return {
    ...{ killServer, clockJumps, halfOpenSockets },

    /** Away for a moment, or so long that the server knows it. */
    async killNode({ random }) {
      const node = random.pick(nodes);
      await node.kill();
      await delay(random.below(random.once(3) ? 9_000 : 1_000));
      await node.start();
    },

    async killOneNodeAfterTheOther({ random }) {
      for (const node of nodes) {
        await node.kill();
        await delay(random.below(1_000));
        await node.start();
        await delay(random.below(1_000));
      }
    },

    async killAllNodes({ random }) {
      await Promise.all(nodes.map((node) => node.kill()));
      await delay(random.below(3_000));
      for (const node of nodes) await node.start();
    },

    async killServerAndNode({ victim, random }) {
      const node = random.pick(nodes);
      await Promise.all([node.kill(), victim.kill()]);
      await delay(random.below(1_000));
      victim.start();
      await node.start();
    },

    async slowNode({ random }) {
      const pid = random.pick(nodes).pid();
      signal(pid, "SIGSTOP");
      await delay(500 + random.below(random.once(3) ? 12_000 : 2_500));
      signal(pid, "SIGCONT");
    },

    /** It is there, and takes nothing in: it has too many parts. */
    async refusingNode({ random }) {
      const node = random.pick(nodes);
      await change(node, "MODIFY SETTING parts_to_delay_insert = 0, parts_to_throw_insert = 1");
      await delay(1_000 + random.below(4_000));
      await change(node, "RESET SETTING parts_to_delay_insert, parts_to_throw_insert");
    },
  };

  async function change({ url }: LocalNode, what: string): Promise<void> {
    const authorization = `Basic ${btoa(`${server.username}:${server.password}`)}`;
    const body = `ALTER TABLE polylog.otel_logs ${what}`;
    const answer = await fetch(url, { method: "POST", headers: { authorization }, body });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
