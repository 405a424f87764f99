import assert from "node:assert/strict"
import { command } from "sallyport"
import type { TestAppOptions } from "../../e2e/fixture.ts"
import type { Case } from "../case.ts"

export const dpiApp: Partial<TestAppOptions> = { commands: { echo: command((args) => args) } }

/** A case for the two kinds of a measure: its class, the names of its numbers, the other unit's class and conversion. */
function measure(unit: "Logical" | "Physical", kind: "Size" | "Position"): Case {
  const name = `${unit}${kind}`
  const [other, conversion] = unit === "Logical" ? ["Physical", "toPhysical"] : ["Logical", "toLogical"]
  const [a, b] = kind === "Size" ? ["width", "height"] : ["x", "y"]
  const [first, second] = unit === "Logical" ? [20, 40] : [5, 10]
  const members = ["constructor", conversion, "[SERIALIZE_TO_IPC_FN]", "toJSON"]
  return {
    shows: members.map((member) => `dpi.${name}.${member}`),
    name: `is made in three ways, converts, and reaches a command as ${a} and ${b}`,
    leavesPage: true,
    async run({ page }) {
      const script = `const { ${name}, ${other}${kind} } = tauri.dpi
        const made = [new ${name}(10, 20), new ${name}({ ${a}: 10, ${b}: 20 }), new ${name}({ ${unit}: { ${a}: 10, ${b}: 20 } })]
        const converted = made[0].${conversion}(2)
        return {
          made: made.map((one) => [one.type, one.${a}, one.${b}]),
          converted: [converted instanceof ${other}${kind}, converted.${a}, converted.${b}],
          json: JSON.stringify(made[0]),
          ipc: made[0][tauri.core.SERIALIZE_TO_IPC_FN](),
          arrived: await tauri.core.invoke("echo", { in: [made[0]] }),
        }`
      const plain = { [a as string]: 10, [b as string]: 20 }
      assert.deepEqual(await page.evaluate(script), {
        made: [1, 2, 3].map(() => [unit, 10, 20]),
        converted: [true, first, second],
        json: JSON.stringify(plain),
        ipc: plain,
        arrived: { in: [plain] },
      })
    },
  }
}

/** A case for what holds a measure of either unit. */
function either(kind: "Size" | "Position"): Case {
  const [a, b] = kind === "Size" ? ["width", "height"] : ["x", "y"]
  const members = ["constructor", "toLogical", "toPhysical", "[SERIALIZE_TO_IPC_FN]", "toJSON"]
  return {
    shows: members.map((member) => `dpi.${kind}.${member}`),
    name: "holds either unit, converts, and reaches a command with its unit's name",
    leavesPage: true,
    async run({ page }) {
      const script = `const { ${kind}, Logical${kind}, Physical${kind} } = tauri.dpi
        const [logical, physical] = [new ${kind}(new Logical${kind}(10, 20)), new ${kind}(new Physical${kind}(10, 20))]
        const numbers = (one) => [one.type, one.${a}, one.${b}]
        return {
          converted: [logical.toPhysical(2), logical.toLogical(2), physical.toLogical(2), physical.toPhysical(2)].map(numbers),
          json: JSON.stringify([logical, physical]),
          ipc: [logical[tauri.core.SERIALIZE_TO_IPC_FN](), physical[tauri.core.SERIALIZE_TO_IPC_FN]()],
          arrived: await tauri.core.invoke("echo", { logical, physical }),
        }`
      const plain = { [a as string]: 10, [b as string]: 20 }
      assert.deepEqual(await page.evaluate(script), {
        converted: [
          ["Physical", 20, 40],
          ["Logical", 10, 20],
          ["Logical", 5, 10],
          ["Physical", 10, 20],
        ],
        json: JSON.stringify([{ Logical: plain }, { Physical: plain }]),
        ipc: [{ Logical: plain }, { Physical: plain }],
        arrived: { logical: { Logical: plain }, physical: { Physical: plain } },
      })
    },
  }
}

export const dpiCases: readonly Case[] = [
  measure("Logical", "Size"),
  measure("Physical", "Size"),
  measure("Logical", "Position"),
  measure("Physical", "Position"),
  either("Size"),
  either("Position"),
]
