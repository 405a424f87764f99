import assert from "node:assert/strict"
import { test } from "node:test"
import { readRefresh } from "./refresh.ts"

for (const [header, time, url] of [
  ["5", "5", ""],
  [" 5 ", "5", ""],
  ["5.25", "5", ""],
  [".5", "0", ""],
  ["5;", "5", ""],
  ["0; url=/x", "0", "/x"],
  ["0;URL = /x", "0", "/x"],
  ["0 , url=/x", "0", "/x"],
  ["0 url=/x", "0", "/x"],
  ["0 /x", "0", "/x"],
  ["0;/x", "0", "/x"],
  ["0; url='/x'y", "0", "/x"],
  ['0; "/x', "0", "/x"],
  ["0; url=/x;y", "0", "/x;y"],
  ["0; urn:x", "0", "urn:x"],
  ["0; url", "0", "url"],
  ["0; url=http://a/?b=c ", "0", "http://a/?b=c"],
] as const)
  test(`"${header}" is ${url === "" ? "the document again" : url} after ${time} s`, () =>
    assert.deepEqual(readRefresh(header), { time, url }))

for (const header of ["", "x", "url=/x", "-1; url=/x", "5x", "5url=/x", "; url=/x"])
  test(`"${header}" is none`, () => assert.equal(readRefresh(header), null))
