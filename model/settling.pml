/*
 * What becomes of a call: an honest bridge in the page, its sandbox and the Core, and what can go wrong between them. There is no attacker
 * here: who owns the page can always break its own promises. The rules are those of docs/protocol.md; what is in `#ifndef X … #endif`
 * can be taken out with -DX: then a property must fail.
 *
 * Sessions come one after the other, and what belongs to one is thrown away with it. Any may be lost, at any moment; after the last the
 * page is told that it need not come again. Taken for granted: hooks and commands end (a hook that does not is timed out, which is a
 * refusal), and a sandbox goes on while its frame is there. What can happen happens at last, but nothing has to go wrong.
 */

#ifndef CALLS
#define CALLS 2
#endif
#ifndef SESSIONS
#define SESSIONS 2
#endif
#define NO_CALL CALLS
#define AHEAD 2 /* batches, here of one call each, that may be with the sandbox */

/* ── The page ── */
mtype = { NEW, QUEUED, SENT, SETTLED }
mtype = { CONNECTING, LOADING, READY, GIVEN_UP }
mtype call[CALLS] = NEW
mtype bridge = CONNECTING

/* ── The session ── */
mtype = { AWAY, AT_HOOK, SEALING, LEFT, RUNNING }
byte session                          /* counts them */
bit closed                            /* its socket */
bit frameGone                         /* removed, navigated, or never loaded: no event tells */
bit away                              /* the page was, and has come back from the browser's cache */
bit leftBefore                        /* a frame of the sandbox has left the page: its frame 1, which holds no call */
bit seen[CALLS]                       /* perhaps, by the Core: a frame has left since the sandbox was handed the call */
bit announced                         /* the sandbox has loaded and sealed its frame 1 */
chan batches = [AHEAD] of { byte }    /* page to sandbox: a call */
mtype at[CALLS] = AWAY                /* where the call is in sandbox and Core */
byte seqOf[CALLS]
byte nextSeq = 1                      /* that the sandbox takes */
byte leaving = 1                      /* of the frame that leaves it next */
chan wire = [CALLS + 1] of { byte, byte } /* sandbox to Core, relayed by the page: seq, call */
byte expected = 1                     /* by the Core */

/* ── Words for the page, from this session or one that is over ── */
byte answers[CALLS] /* refusals and replies that are under way */

/* ── What has happened, for the properties ── */
byte ran[CALLS]
bit settledTwice, ranTwice, refusedHonest

ltl each_call_settles {
  [] ((call[0] == QUEUED) -> <> (call[0] == SETTLED)) && [] ((call[CALLS - 1] == QUEUED) -> <> (call[CALLS - 1] == SETTLED))
}
ltl no_call_settles_twice { [] !settledTwice }
ltl no_call_runs_twice { [] !ranTwice }
ltl no_honest_frame_is_refused { [] !refusedHonest }

inline settle(i) {
  if
#ifndef SETTLES_WHAT_IS_SETTLED /* what the page does not wait for it ignores */
  :: call[i] == SETTLED -> skip
#endif
  :: else ->
    settledTwice = settledTwice || call[i] == SETTLED
    call[i] = SETTLED
  fi
}

/* The page sends a frame of the sandbox on: then the Core may have seen every call that the sandbox was handed before. When the socket is gone,
   the frame goes nowhere, which the page may know or not. */
inline leaves(seq, c) {
  if
  :: closed -> skip
  :: true ->
    if
    :: closed -> skip
    :: else -> wire!seq, c
    fi
#ifndef FORGETS_WHAT_LEFT
    if
    :: leftBefore -> for (other : 0 .. CALLS - 1) { seen[other] = seen[other] || call[other] == SENT }; other = 0
    :: else
    fi
#endif
    leftBefore = 1
  fi
}

/* The session is thrown away. `all`: it cannot be had, and so its calls are told; else those that the Core has not seen wait for the next,
   with them what the sandbox was handed and has not sealed, or whose frame has not left. */
inline lost(all) {
  for (c : 0 .. CALLS - 1) {
    if
    :: call[c] == SENT && !seen[c] -> call[c] = QUEUED
    :: else
    fi
    seen[c] = 0
    if
#ifndef FORGETS_WHAT_WAS_SENT
#ifdef SENDS_AGAIN
    :: call[c] == SENT -> call[c] = QUEUED
#else
    :: call[c] == SENT -> settle(c)
#endif
#endif
    :: call[c] == QUEUED && (all || session == SESSIONS - 1) -> settle(c)
    :: else
    fi
    at[c] = AWAY
    seqOf[c] = 0
  }
  do
  :: batches?_
  :: wire?_, _
  :: empty(batches) && empty(wire) -> break
  od
  closed = 0; frameGone = 0; away = 0; announced = 0; leftBefore = 0; nextSeq = 1; leaving = 1; expected = 1; c = 0
  session++
  if
  :: session < SESSIONS -> bridge = CONNECTING
  :: else -> bridge = GIVEN_UP
  fi
}

active proctype Bridge() {
  byte c
  do
  :: atomic { bridge == CONNECTING -> bridge = LOADING }
  :: atomic { bridge == CONNECTING -> lost(true) } /* there is no Core, or it turns the page away */
  :: atomic { bridge == LOADING && announced -> bridge = READY }
#ifndef WAITS_FOR_EVER_FOR_THE_FRAME /* only a timer tells that it does not load; that it was removed, a look at it */
  :: atomic { bridge == LOADING && frameGone -> lost(true) }
  :: atomic { bridge == LOADING && frameGone -> lost(false) }
#endif
#ifndef NEVER_LOOKS_AT_THE_FRAME /* only a look at it tells that it was removed */
  :: atomic { bridge == READY && frameGone -> lost(false) }
#endif
  :: atomic { bridge == LOADING && closed -> lost(false) }
  :: atomic { (bridge == LOADING || bridge == READY) && away -> lost(false) }
  :: atomic { bridge == READY && closed -> lost(false) }
  :: bridge == GIVEN_UP -> break
  od
}

/* One invoke(), at any moment. */
active [CALLS] proctype Call() {
  byte c = _pid - 1
  atomic {
    if
    :: bridge == GIVEN_UP -> call[c] = SETTLED
    :: else -> call[c] = QUEUED
    fi
  }
  do
  /* Before the sandbox is ready its port holds them. */
  :: atomic { call[c] == QUEUED && (bridge == LOADING || bridge == READY) && nfull(batches) -> call[c] = SENT; batches!c }
  :: atomic { answers[c] > 0 -> answers[c]--; settle(c) }
  :: bridge == GIVEN_UP && answers[c] == 0 -> break
  od
}

/* The sandbox, which does nothing any more when its frame is gone. */
active proctype Sandbox() {
  byte c, other
  do
#ifdef CALLS_IN_FRAME_1
  :: atomic { bridge == LOADING && !frameGone && !announced -> announced = 1 }
#else
  :: atomic { bridge == LOADING && !frameGone && !announced -> leaves(1, NO_CALL); nextSeq = 2; leaving = 2; announced = 1 }
#endif
  :: atomic { !frameGone && announced && nempty(batches) -> batches?c; at[c] = AT_HOOK; c = 0 }
  od
}

/* A call in the sandbox: a slow hook delays no other. Then in the Core. */
active [CALLS] proctype Way() {
  byte c = _pid - CALLS - 2
  byte other
  do
  :: atomic { at[c] == AT_HOOK && !frameGone -> /* the hook passes it */
      at[c] = SEALING
      seqOf[c] = nextSeq
      nextSeq++
    }
  :: atomic { at[c] == AT_HOOK && !frameGone -> /* the hook refuses, or a limit is hit */
#ifdef SEQ_BEFORE_WHAT_CAN_FAIL
      nextSeq++
      leaving++
#endif
      at[c] = AWAY
#ifndef REFUSES_IN_SILENCE
      answers[c]++
#endif
    }
  /* Sealing takes a while, and engines finish in any order. */
#ifdef LEAVES_WHEN_SEALED
  :: atomic { at[c] == SEALING && !frameGone -> leaves(seqOf[c], c); at[c] = LEFT }
#else
  :: atomic { at[c] == SEALING && !frameGone && leaving == seqOf[c] -> leaves(seqOf[c], c); at[c] = LEFT; leaving++ }
#endif
  :: atomic { at[c] == RUNNING && !closed -> at[c] = AWAY; answers[c]++ } /* the command has ended, well or badly */
  :: bridge == GIVEN_UP -> break
  od
}

/* The Core's end of the socket. */
active proctype Core() {
  byte seq, c
  do
  :: atomic { !closed && nempty(wire) ->
      wire?seq, c
      if
      :: seq != expected -> refusedHonest = 1; closed = 1
      :: else ->
        expected++
        if
        :: c != NO_CALL -> at[c] = RUNNING; ran[c]++; ranTwice = ranTwice || ran[c] > 1
        :: else
        fi
      fi
      seq = 0; c = 0
    }
  od
}

active proctype Fault() {
  do
  :: atomic { (bridge == LOADING || bridge == READY) && !closed && !frameGone -> closed = 1 }
  :: atomic { (bridge == LOADING || bridge == READY) && !closed && !frameGone -> frameGone = 1 }
  :: atomic { (bridge == LOADING || bridge == READY) && !closed && !frameGone && !away -> away = 1 }
  :: break
  od
}
