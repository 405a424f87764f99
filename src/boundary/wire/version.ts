/**
 * Version of the protocol: the first byte of every record, and what `hello` announces.
 *
 * Promises that two sides which would read a record differently do not talk. Stops P2.
 */
export const PROTOCOL_VERSION = 1
