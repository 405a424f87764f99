import type { Channel as CoreChannel } from "../core/channel.ts"

/** Whatever a page may give where a command takes a channel: `Channel` of `sallyport/client` and of `@tauri-apps/api/core`. */
export interface PageChannel<Message> {
  readonly id: number
  onmessage: (message: Message) => void
  toJSON(): string
}

type Bytes = ArrayBuffer | ArrayBufferView

/** What a page gives for what a command takes: bytes of any kind for bytes, its own channels for the Core's. */
export type Sent<Value> = unknown extends Value
  ? unknown
  : Value extends Uint8Array
    ? Bytes
    : Value extends CoreChannel<infer Message>
      ? PageChannel<Received<Message>>
      : Value extends Date | ((...args: never) => unknown)
        ? Value
        : Value extends object
          ? { [Key in keyof Value]: Sent<Value[Key]> }
          : Value

/** What arrives in the page of what a command returns: `null` for nothing, an `ArrayBuffer` for bytes, else JSON. */
export type Received<Value> = Value extends void ? null : Value extends Bytes ? ArrayBuffer : InJson<Value>

/** What is left of a value after JSON, as Sallyport writes it. */
type InJson<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null
    ? Value
    : Value extends { toJSON(): infer Json }
      ? InJson<Json>
      : Value extends Uint8Array | ArrayBuffer
        ? number[]
        : Value extends ReadonlyMap<infer Key, infer Item>
          ? Record<Key & (string | number), InJson<Item>>
          : Value extends bigint | symbol | ((...args: never) => unknown)
            ? never
            : Value extends readonly unknown[]
              ? { [Index in keyof Value]: InListJson<Value[Index]> }
              : Value extends object
                ? ObjectInJson<Value>
                : never

/** In a list, what JSON does not have is `null`. */
type InListJson<Value> = Value extends undefined ? null : InJson<Value>

type ObjectInJson<Value> = Flat<
  { [Key in keyof Value as KeyIf<"always", Key, Value[Key]>]: InJson<Value[Key]> } & {
    [Key in keyof Value as KeyIf<"sometimes", Key, Value[Key]>]?: InJson<Exclude<Value[Key], undefined>>
  }
>

type KeyIf<Kept, Key, Value> = Keeps<Value> extends Kept ? Key & (string | number) : never

/** Whether JSON has a property: never a function, not always one that may be `undefined`. */
type Keeps<Value> = unknown extends Value
  ? "always"
  : [Value] extends [symbol | ((...args: never) => unknown)]
    ? "never"
    : undefined extends Value
      ? "sometimes"
      : "always"

/** One object type instead of an intersection, so that a hint shows what there is. */
type Flat<Value> = { [Key in keyof Value]: Value[Key] }
