import { suite } from "./suite.ts"

suite("local")
