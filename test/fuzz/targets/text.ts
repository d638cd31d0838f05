import { LineAssembler } from "../../../packages/server/src/formats/lines/line-assembler.ts";
import { RecordBuilder } from "../../../packages/server/src/formats/record-builder.ts";
import { UTC } from "../../../packages/server/src/formats/time/zone.ts";
import { parseLabels } from "../../../packages/server/src/receivers/loki/labels.ts";
import { createSyslogDecoder } from "../../../packages/server/src/receivers/syslog/decoder.ts";
import { SyslogFraming } from "../../../packages/server/src/receivers/syslog/framing.ts";
import { TextReader } from "../../../packages/server/src/receivers/text-reader.ts";
import { checkPieces, checkRecords } from "../check.ts";
import { NOW } from "../now.ts";
import type { Target } from "../target.ts";

const LINES = [
  '<165>1 2026-11-21T10:41:07.123Z web-1 app 7 ID47 [ex@32473 iut="3" q="a\\"b"] hello\n',
  "<13>Nov 21 10:41:07 web-1 sshd[7]: ready\n",
  "2026-11-21 10:41:07,123 WARN [main] c.e.App - late\njava.lang.E: x\n\tat a.b(C.java:1)\nCaused by: E: y\n",
  'time=2026-11-21T10:41:07Z level=warn msg="late order" order=7 err="a\\"b"\n',
  '127.0.0.1 - - [21/Nov/2026:10:41:07 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8"\n',
  "I1121 10:41:07.123456       1 main.go:7] ready\n",
  '{"log":"hello\\n","stream":"stderr","time":"2026-11-21T10:41:07.1Z"}\n2026-11-21T10:41:07.1Z stdout P cut \n',
  'Traceback (most recent call last):\n  File "a.py", line 1, in b\nValueError: x\n',
  "panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:1 +0x1\n",
  "\x1b[33mwarn\x1b[39m: late\n",
];
const WORDS = [
  ...["INFO", "WARN", "[error]", "<13>", "1 ", "Nov 21 10:41:07", "2026-11-21T10:41:07Z", "+0100", " - - ["],
  ...[
    "\n\tat ",
    "\nCaused by: ",
    "Traceback (most recent call last):\n",
    "goroutine 1 [running]:",
    "level=",
    'msg="',
  ],
];

const syslog: Target = {
  name: "syslog",
  seeds: [...LINES.slice(0, 2), `${LINES[1]!.trimEnd().length} ${LINES[1]!.trimEnd()}`, "5 hello3 <1>"],
  words: [...WORDS, "5 ", "\0", "99999999 "],
  decode(input, random) {
    const messages = checkPieces(input, random, (chunks) => {
      const read: (readonly [string, number, number])[] = [];
      const framing = new SyslogFraming((text, bytes, cutBytes) => read.push([text, bytes, cutBytes]));
      for (const chunk of chunks) framing.push(chunk);
      framing.end();
      return read;
    });
    const decode = createSyslogDecoder(UTC);
    checkRecords((messages ?? []).map(([text]) => decode(text, { address: "10.0.0.1", now: NOW })));
  },
};

const lines: Target = {
  name: "text-lines",
  seeds: LINES,
  words: WORDS,
  decode(input, random) {
    const records = checkPieces(input, random, (chunks) => {
      const assembler = new LineAssembler({ now: () => NOW, zone: UTC, isFile: true });
      const read = [];
      for (const chunk of chunks) read.push(...assembler.push(chunk));
      read.push(...assembler.end());
      return read;
    });
    checkRecords(records ?? []);
  },
};

const texts: Target = {
  name: "text-in-protocols",
  seeds: LINES,
  words: WORDS,
  decode(input) {
    const draft = new TextReader(NOW).read(input.toString("utf8"));
    checkRecords([new RecordBuilder().build(draft, NOW, NOW)]);
  },
};

const labels: Target = {
  name: "loki-labels",
  seeds: ['{app="shop", level="warn"}', '{a="b\\"c\\\\\\n", d=`e`}', "{}"],
  words: ['="', '",', "\\x41", "\\u00e9", "\\101"],
  decode(input) {
    const pairs = parseLabels(input.toString("utf8")) ?? [];
    if (pairs.length % 2 !== 0) throw new Error("a label without a value");
  },
};

export const TEXT: readonly Target[] = [syslog, lines, texts, labels];
