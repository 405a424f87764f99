/** Paths on the app origin that belong to Sallyport; everything else belongs to the app. */
export const OWN_PATH = "/__sallyport__/"
export const LAUNCH_PATH = "/__sallyport__/open"
export const IPC_PATH = "/__sallyport__/ipc"
/** Before the path of a file, percent-encoded as one component. */
export const ASSET_PATH = "/__sallyport__/asset/"

/** Item of `sessionStorage` that holds this window's credential and label, as JSON. */
export const CREDENTIAL_ITEM = "sallyport"
