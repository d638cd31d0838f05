/** An element by its name: a text, or elements within; a list repeats the element. */
type XmlValue = string | number | XmlElements | readonly (string | number | XmlElements)[];
export interface XmlElements {
  readonly [name: string]: XmlValue;
}

/** Writes a ClickHouse configuration file. */
export function configurationXml(elements: XmlElements): string {
  return `<clickhouse>\n${write(elements, "  ")}</clickhouse>\n`;
}

function write(elements: XmlElements, indent: string): string {
  return Object.entries(elements)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => element(name, one, indent)),
    )
    .join("");
}

function element(name: string, value: string | number | XmlElements, indent: string): string {
  if (typeof value !== "object") return `${indent}<${name}>${escapeXml(String(value))}</${name}>\n`;
  return `${indent}<${name}>\n${write(value, `${indent}  `)}${indent}</${name}>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
