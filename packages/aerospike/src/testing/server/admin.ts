/** What is asked of users and roles; all other commands change one, those from `createRole` on a role. */
const COMMAND = {
  createUser: 1,
  dropUser: 2,
  queryUsers: 9,
  createRole: 10,
  dropRole: 11,
  queryRoles: 16,
  login: 20,
} as const;
const FIELD = { user: 0, passwords: [1, 2, 3, 4], role: 11 } as const;
const STATUS = {
  ok: 0,
  queryEnd: 50,
  notEnabled: 52,
  invalidUser: 60,
  userExists: 61,
  invalidRole: 70,
  roleExists: 71,
} as const;

const HEADER = 16;

type Fields = Map<number, Buffer>;

/** Users, or roles: by name, each with the fields that it was last given. */
interface Kind {
  readonly nameField: number;
  readonly unknown: number;
  readonly exists: number;
  readonly known: Map<string, Fields>;
}

/** Users and roles of a server on which everybody may do everything. */
export interface Principals {
  readonly users: Kind;
  readonly roles: Kind;
}

export function createPrincipals(): Principals {
  const { invalidUser, userExists, invalidRole, roleExists } = STATUS;
  return {
    users: { nameField: FIELD.user, unknown: invalidUser, exists: userExists, known: new Map() },
    roles: { nameField: FIELD.role, unknown: invalidRole, exists: roleExists, known: new Map() },
  };
}

/** Answers a message of kind 2. What is granted or revoked takes the place of what was there. */
export function answerAdmin({ users, roles }: Principals, body: Buffer): Buffer {
  const command = body[2]!;
  if (command === COMMAND.login) return encode(STATUS.notEnabled, new Map());
  const fields = decodeFields(body);
  const isOfRoles = command >= COMMAND.createRole && command <= COMMAND.queryRoles;
  const kind = isOfRoles ? roles : users;
  const name = fields.get(kind.nameField)?.toString();
  if (command === COMMAND.queryUsers || command === COMMAND.queryRoles) return answerQuery(kind, name);
  return encode(change(kind, command, String(name), fields), new Map());
}

function change({ known, unknown, exists }: Kind, command: number, name: string, fields: Fields): number {
  const before = known.get(name);
  if (command === COMMAND.createUser || command === COMMAND.createRole) {
    if (before !== undefined) return exists;
    known.set(name, fields);
    return STATUS.ok;
  }
  if (before === undefined) return unknown;
  if (command === COMMAND.dropUser || command === COMMAND.dropRole) known.delete(name);
  else for (const [id, value] of fields) before.set(id, value);
  return STATUS.ok;
}

/** One by its name, or all; and then that these were all. */
function answerQuery({ known, unknown }: Kind, name: string | undefined): Buffer {
  const found = name === undefined ? [...known.values()] : [known.get(name)];
  const answers = found.map((fields) => (fields ? encode(STATUS.ok, fields) : encode(unknown, new Map())));
  return Buffer.concat([...answers, encode(STATUS.queryEnd, new Map())]);
}

function decodeFields(body: Buffer): Fields {
  const fields: Fields = new Map();
  let at = HEADER;
  for (let i = 0; i < body[3]!; i++) {
    const length = body.readUInt32BE(at);
    const id = body[at + 4]!;
    if (!(FIELD.passwords as readonly number[]).includes(id))
      fields.set(id, Buffer.from(body.subarray(at + 5, at + 4 + length)));
    at += 4 + length;
  }
  return fields;
}

function encode(status: number, fields: Fields): Buffer {
  const header = Buffer.alloc(HEADER);
  header[1] = status;
  header[3] = fields.size;
  const parts = [...fields].map(([id, value]) => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(value.length + 1);
    head[4] = id;
    return Buffer.concat([head, value]);
  });
  return Buffer.concat([header, ...parts]);
}
