/** Packages without types; who imports them says what of them is used. */
declare module "thrift" {
  const thrift: unknown;
  export default thrift;
}
declare module "winston-syslog" {
  const syslog: unknown;
  export default syslog;
}
