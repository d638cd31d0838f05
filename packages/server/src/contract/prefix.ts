/** Where the HTTP API lies. In a file of its own: the command line needs it without the schemas. */
export const API_PREFIX = "/api/v1";
