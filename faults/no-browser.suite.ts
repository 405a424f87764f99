import { suiteWithoutBrowser } from "./suite.ts"

suiteWithoutBrowser(["few-descriptors"])
