import { contract } from "./contract.ts"

contract("firefox")
