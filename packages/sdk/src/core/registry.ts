import { LEVELS, type Threshold } from "../logger/level.ts";
import { effectiveLevel, type LevelSetting } from "../logger/levels.ts";
import { canonicalName, governs, ROOT } from "../logger/name.ts";
import { type Compiled, targetsOf } from "./compile.ts";
import { lowestRank, type Node } from "./node.ts";

/** Names that are told of changes. Beyond it, as for names made of data, a logger keeps the level it was made with. */
const MOST_NODES = 10_000;

/** All names that loggers were made for, and what holds for each. */
export class Registry {
  readonly #nodes = new Map<string, Node>();
  readonly #nativeNodes = new Map<string, Node>();
  readonly #nativeLevels: readonly LevelSetting[];
  #compiled: Compiled;
  #codeLevels: readonly LevelSetting[] = [];
  #fileLevels: readonly LevelSetting[] = [];
  #isRaised = false;

  /** @param nativeLevels of `RUST_LOG`: what native code logs is governed by them first */
  constructor(compiled: Compiled, nativeLevels: readonly LevelSetting[]) {
    this.#compiled = compiled;
    this.#nativeLevels = nativeLevels;
  }

  get hasNativeLevels(): boolean {
    return this.#nativeLevels.length > 0;
  }

  nodes(): Node[] {
    return [...this.#nodes.values()];
  }

  nodeOf(name: string, isNative = false): Node {
    const known = isNative ? this.#nativeNodes : this.#nodes;
    const canonical = canonicalName(name);
    let node = known.get(canonical);
    if (node === undefined) {
      node = {
        name: canonical === "" ? ROOT : name,
        canonical,
        isNative,
        setting: { target: "", level: "info", origin: "default" },
        rank: LEVELS.length,
        targets: [],
        onChange: undefined,
      };
      this.#update(node);
      if (known.size < MOST_NODES) known.set(canonical, node);
    }
    return node;
  }

  /** @param said canonical names that something was said of just now: it takes the place of what `setLevel` said */
  setCompiled(compiled: Compiled, said: ReadonlySet<string>): void {
    this.#compiled = compiled;
    this.#codeLevels = this.#codeLevels.filter(({ target }) => !said.has(target));
    this.#updateAll();
  }

  setLevel(canonical: string, level: Threshold | undefined): void {
    const others = this.#codeLevels.filter(({ target }) => target !== canonical);
    this.#codeLevels =
      level === undefined ? others : [...others, { target: canonical, level, origin: "code" }];
    this.#updateAll();
  }

  setFileLevels(levels: readonly LevelSetting[]): void {
    this.#fileLevels = levels;
    this.#updateAll();
  }

  /** Raises all to `debug`, and the next time puts them back. */
  toggleRaised(): void {
    this.#isRaised = !this.#isRaised;
    this.#updateAll();
  }

  #updateAll(): void {
    for (const node of this.#nodes.values()) this.#update(node);
    for (const node of this.#nativeNodes.values()) this.#update(node);
  }

  #update(node: Node): void {
    node.setting = effectiveLevel(node.canonical, this.#levelsFor(node));
    node.targets = targetsOf(node.canonical, this.#compiled);
    node.rank = lowestRank(node.setting.level, node.targets);
    node.onChange?.(node);
  }

  #levelsFor({ canonical, isNative }: Node): readonly LevelSetting[] {
    const native = isNative ? this.#nativeLevels.filter(({ target }) => governs(target, canonical)) : [];
    if (native.length > 0) return native;
    const raised: LevelSetting[] = this.#isRaised ? [{ target: "", level: "debug", origin: "signal" }] : [];
    return [...this.#compiled.levels, ...this.#fileLevels, ...this.#codeLevels, ...raised];
  }
}
