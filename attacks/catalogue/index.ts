import type { Attack } from "../attack.ts"
import { changedFiles, replacedLocks } from "./d01-changed-files.ts"
import { swappedFiles } from "./d02-swapped-files.ts"
import { changedPatterns } from "./d03-changed-patterns.ts"
import { otherPorts, otherSites } from "./n01-other-pages.ts"
import { otherHosts } from "./n02-other-hosts.ts"
import { strangers } from "./n03-strangers.ts"
import { launchLinks } from "./n04-launch-links.ts"
import { launchTickets } from "./n04-launch-tickets.ts"
import { floods as floodsFromOutside } from "./n06-floods.ts"
import { socketFloods } from "./n06-sockets.ts"
import { takenPorts } from "./n07-taken-ports.ts"
import { earlierApps } from "./n08-earlier-apps.ts"
import { frameTickets } from "./n09-frame-tickets.ts"
import { secondLaunches } from "./n10-second-launches.ts"
import { developmentServers } from "./n11-development-servers.ts"
import { otherDoors } from "./p01-other-doors.ts"
import { refusedCalls } from "./p01-refused-calls.ts"
import { forgedFrames } from "./p02-forged-frames.ts"
import { replayedFrames } from "./p03-replayed-frames.ts"
import { changedFrames } from "./p05-changed-frames.ts"
import { unsealedCalls } from "./p06-unsealed-calls.ts"
import { reorderedFrames } from "./p08-reordered-frames.ts"
import { isolationDocument } from "./p10-isolation-document.ts"
import { halfLoaded } from "./p11-half-loaded.ts"
import { policies } from "./p11-policies.ts"
import { falseSandboxes } from "./p12-false-sandboxes.ts"
import { patchedRealms } from "./p13-patched-realms.ts"
import { pluginScripts } from "./p13-plugin-scripts.ts"
import { prototypeKeys } from "./p14-prototype-keys.ts"
import { twoFacedArguments } from "./p15-two-faced-arguments.ts"
import { giants } from "./p16-giants.ts"
import { surrogates } from "./p16-surrogates.ts"
import { tooMuch } from "./p16-too-much.ts"
import { otherWindows } from "./p17-other-windows.ts"
import { otherCalls } from "./p18-other-calls.ts"
import { otherSessions } from "./p18-other-sessions.ts"
import { ids } from "./p19-ids.ts"
import { slowHooks } from "./p20-slow-hooks.ts"
import { frames } from "./p21-frames.ts"
import { serviceWorkers } from "./p23-service-workers.ts"
import { hookResults } from "./p24-hook-results.ts"
import { assets } from "./p25-assets.ts"
import { paths } from "./p25-paths.ts"
import { ownRequests } from "./p26-own-requests.ts"
import { floods } from "./p27-floods.ts"
import { slowPages } from "./p27-slow-pages.ts"
import { caches } from "./p28-caches.ts"
import { documents } from "./p29-documents.ts"
import { spentTickets } from "./p29-spent-tickets.ts"
import { hookViews } from "./p30-hook-views.ts"
import { pollutedPrototypes } from "./p31-polluted-prototypes.ts"
import { memory } from "./p32-memory.ts"
import { time } from "./p33-time.ts"
import { busySandboxes } from "./p34-busy-sandboxes.ts"
import { ownFiles } from "./p35-own-files.ts"

/** Every attack, in the order of the catalogue. */
export const ATTACKS: readonly Attack[] = [
  ...refusedCalls,
  ...otherDoors,
  ...forgedFrames,
  ...replayedFrames,
  ...changedFrames,
  ...unsealedCalls,
  ...reorderedFrames,
  ...isolationDocument,
  ...policies,
  ...halfLoaded,
  ...falseSandboxes,
  ...patchedRealms,
  ...pluginScripts,
  ...prototypeKeys,
  ...twoFacedArguments,
  ...tooMuch,
  ...giants,
  ...surrogates,
  ...otherWindows,
  ...otherSessions,
  ...otherCalls,
  ...ids,
  ...slowHooks,
  ...frames,
  ...serviceWorkers,
  ...hookResults,
  ...paths,
  ...assets,
  ...ownRequests,
  ...floods,
  ...slowPages,
  ...caches,
  ...spentTickets,
  ...documents,
  ...hookViews,
  ...pollutedPrototypes,
  ...memory,
  ...time,
  ...busySandboxes,
  ...ownFiles,
  ...otherSites,
  ...otherPorts,
  ...otherHosts,
  ...strangers,
  ...launchTickets,
  ...launchLinks,
  ...floodsFromOutside,
  ...socketFloods,
  ...takenPorts,
  ...earlierApps,
  ...frameTickets,
  ...secondLaunches,
  ...developmentServers,
  ...changedFiles,
  ...swappedFiles,
  ...changedPatterns,
  ...replacedLocks,
]
