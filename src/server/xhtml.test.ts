import assert from "node:assert/strict"
import { test } from "node:test"
import { injectXhtml, xhtmlScript } from "./xhtml.ts"

for (const [name, xhtml] of [
  ["into the root element", '<html xmlns="http://www.w3.org/1999/xhtml">|<head/></html>'],
  ["into one with a prefix", '<h:html\n xmlns:h = "x>y" a=\'"/>\'>|<h:head/></h:html>'],
  [
    "behind declaration, instruction and comment",
    "<?xml version='1.0'?>\n<?x '>?>\n<!-- <html> -- > -->\n<html>|</html>",
  ],
  ["behind a document type", '<!DOCTYPE html PUBLIC "-//W3C//DTD [>" "x">\n<html>|</html>'],
  [
    "behind declarations of its own",
    `<!DOCTYPE html [ <!ENTITY a "]>"> <!-- ' ]> --> <?x " ]>?> <!ENTITY b '"'> ]><html>|</html>`,
  ],
  ["into a script that is the root", "<script>|evil()</script>"],
  ["nowhere, in an empty root", "<html/>"],
  ["nowhere, in text", "text"],
  ["nowhere, in nothing", ""],
  ["nowhere, where the root is cut off", "<html a='>"],
  ["nowhere, where what is before it is cut off", "<!-- <html>"],
] as const)
  test(`puts scripts ${name}`, () => {
    const { bytes } = injectXhtml(Buffer.from(xhtml.replace("|", "")), undefined, "<B/>")
    assert.equal(bytes.toString(), xhtml.replace("|", "<B/>"))
  })

test("leaves every other byte as it is, and the encoding to the document", () => {
  const around = Buffer.from('<?xml version="1.0" encoding="iso-8859-2"?><p>\xe9\x80</p>', "latin1")
  const { bytes, charset } = injectXhtml(around, undefined, "<B/>")
  assert.equal(bytes.toString("latin1"), around.toString("latin1").replace("<p>", "<p><B/>"))
  assert.equal(charset, null)
})

test("a document in UTF-16 keeps its text, in UTF-8", () => {
  const { bytes, charset } = injectXhtml(Buffer.from("\ufeff<p>é€😀</p>", "utf16le"), undefined, "<B/>")
  assert.deepEqual([bytes.toString(), charset], ["<p><B/>é€😀</p>", "utf-8"])
})

test("a script is text, whatever it holds", () => {
  assert.equal(
    xhtmlScript("a<b&&c]]>d"),
    '<script xmlns="http://www.w3.org/1999/xhtml">a&lt;b&amp;&amp;c]]&gt;d</script>',
  )
})

test("takes a comment, a tag and a document type of 1 MiB", () => {
  const long = "x ' ".repeat(256 * 1024)
  for (const xhtml of [`<!-- ${long} --><p>|</p>`, `<p a="${long}">|</p>`, `<!DOCTYPE p [ <!-- ${long} --> ]><p>|</p>`])
    assert.equal(
      injectXhtml(Buffer.from(xhtml.replace("|", "")), undefined, "B").bytes.toString(),
      xhtml.replace("|", "B"),
    )
})
