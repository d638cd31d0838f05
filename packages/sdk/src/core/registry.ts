import { LEVELS, type Threshold } from "../logger/level.ts";
import { type LevelSetting, levelFinder } from "../logger/levels.ts";
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
  readonly #nativeLevelOf: (canonical: string) => LevelSetting;
  compiled: Compiled;
  #codeLevels: readonly LevelSetting[] = [];
  #fileLevels: readonly LevelSetting[] = [];
  #isRaised = false;
  #levelOf: (canonical: string) => LevelSetting;

  /** @param nativeLevels of `RUST_LOG`: what native code logs is governed by them first */
  constructor(compiled: Compiled, nativeLevels: readonly LevelSetting[]) {
    this.compiled = compiled;
    this.#nativeLevels = nativeLevels;
    this.#nativeLevelOf = levelFinder(nativeLevels);
    this.#levelOf = levelFinder(this.#levels());
  }

  get hasNativeLevels(): boolean {
    return this.#nativeLevels.length > 0;
  }

  /** All that was said of levels, for native code too. */
  settings(): readonly LevelSetting[] {
    return [...this.#levels(), ...this.#nativeLevels];
  }

  nodes(): Node[] {
    return [...this.#nodes.values(), ...this.#nativeNodes.values()];
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
    this.compiled = compiled;
    this.#codeLevels = this.#codeLevels.filter(({ target }) => !said.has(target));
    this.#updateAll();
  }

  setLevel(canonical: string, level: Threshold | undefined): void {
    const others = this.#codeLevels.filter(({ target }) => target !== canonical);
    this.#codeLevels =
      level === undefined ? others : [...others, { target: canonical, level, origin: "code" }];
    this.#updateAll(canonical);
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

  /** @param target canonical name of the loggers that something changed for; all when empty */
  #updateAll(target = ""): void {
    this.#levelOf = levelFinder(this.#levels());
    for (const nodes of [this.#nodes, this.#nativeNodes]) {
      for (const node of nodes.values()) if (governs(target, node.canonical)) this.#update(node);
    }
  }

  #update(node: Node): void {
    node.setting = this.settingOf(node);
    node.targets = targetsOf(node.canonical, this.compiled);
    node.rank = lowestRank(node.setting.level, node.targets);
    node.onChange?.(node);
  }

  settingOf({ canonical, isNative }: Pick<Node, "canonical" | "isNative">): LevelSetting {
    const isNativeFirst = isNative && this.#nativeLevels.some(({ target }) => governs(target, canonical));
    return isNativeFirst ? this.#nativeLevelOf(canonical) : this.#levelOf(canonical);
  }

  #levels(): readonly LevelSetting[] {
    const raised: LevelSetting[] = this.#isRaised ? [{ target: "", level: "debug", origin: "signal" }] : [];
    return [...this.compiled.levels, ...this.#fileLevels, ...this.#codeLevels, ...raised];
  }
}
