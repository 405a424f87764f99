import { contract } from "./contract.ts"

contract("chromium")
