/** The protocol's version: first byte of every sealed frame, and what `hello` announces. */
export const PROTOCOL_VERSION = 1
