import { controls, suite } from "./suite.ts"

suite(null)
controls(["few-descriptors"])
