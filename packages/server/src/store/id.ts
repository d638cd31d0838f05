/** Ids count milliseconds from here: 2020-01-01 UTC, in seconds since 1970. */
export const ID_EPOCH_SECONDS = 1_577_836_800;

const ID_EPOCH_MS = BigInt(ID_EPOCH_SECONDS) * 1000n;
/** The time of arrival that an id tells, in SQL. */
export const ARRIVED_SQL = `toDateTime(intDiv(bitShiftRight(Id, 22), 1000) + ${ID_EPOCH_SECONDS}, 'UTC')`;

/** An id of now, in SQL: for rows that other tools insert. */
export const NEW_ID_SQL = `bitShiftLeft(toUInt64(toUnixTimestamp64Milli(now64(3)) - ${ID_EPOCH_SECONDS}000), 22)`;

/** Bits below the milliseconds: a counter, and below it the number of the server that gave the id. */
const COUNTER_BITS = 22n;
const SERVER_BITS = 10;

/** Servers that can write to one store. */
export const MOST_SERVERS = 1 << SERVER_BITS;
/** From one id of a server to its next: 4096 of them a millisecond, and more go into the next one. */
export const ID_STEP = BigInt(MOST_SERVERS);

/** The lowest id of a moment, in milliseconds since 1970. */
export function idAt(milliseconds: number): bigint {
  const since = BigInt(Math.trunc(milliseconds)) - ID_EPOCH_MS;
  return since > 0n ? since << COUNTER_BITS : 0n;
}

/** Gives out ids that ascend, whatever the clock does. */
export interface IdSource {
  /** The first of `count` ids, {@link ID_STEP} apart. */
  take(count: number): bigint;
  /** Makes every id to come greater than this one. */
  passOver(id: bigint): void;
}

/**
 * Ids that tell the time of arrival: milliseconds since 2020, then a counter, then the server. When the clock stands or
 * goes back, they go on from the last one.
 *
 * @param server the number of this server among those that write to the store; may be told with the first id
 */
export function createIdSource(clock: () => number, server: () => number = () => 0): IdSource {
  let next = 0n;

  /** The first id from this one on that is the server's. */
  function ownFrom(id: bigint): bigint {
    return id + BigInt.asUintN(SERVER_BITS, BigInt(server()) - id);
  }

  return {
    take(count) {
      const now = idAt(clock());
      const first = ownFrom(now > next ? now : next);
      next = first + BigInt(count) * ID_STEP;
      return first;
    },
    passOver(id) {
      if (id >= next) next = id + 1n;
    },
  };
}
