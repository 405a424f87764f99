/** Reasons why the default run has a case in every browser. */
export const GEOMETRY = "engines place, size and measure windows differently"
export const FOCUS = "engines give and report the focus differently"
export const STATE = "engines differ in what a page learns of its window"
export const MONITOR = "engines tell a page different things about monitors"
export const LEAVING = "engines end a document, and close its sockets, at different times"
export const CLONING = "engines differ in how they clone and transfer large values"
export const UNCAUGHT = "engines report uncaught errors differently"
