import { contract } from "./contract.ts"

contract("webkit")
