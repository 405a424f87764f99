/*
 * Who may make the Core act: sessions, frame tickets, sealed frames, and an attacker in the page that does what it likes with them.
 * The rules are those of docs/protocol.md. Each one that is in `#ifndef X … #endif` can be taken out with -DX: then a property must fail.
 *
 * A sealed frame is the sandbox that sealed it and the `seq` that was sealed into it; cryptography is perfect, so nobody seals without
 * the key. What a frame's header says in the clear is the attacker's to write.
 *
 * Frames that have been sealed and have not come to the Core are with the page: it may drop, hold back, repeat, reorder and splice them. So
 * no queue is needed for what is under way on a socket: it is what the page has not sent yet, and the page may send after the end, too.
 */

#ifndef SESSIONS
#define SESSIONS 2 /* sockets that the page opens with its one credential */
#endif
#ifndef DOCUMENTS
#define DOCUMENTS 3 /* frames into which it loads a frame ticket */
#endif
#ifndef FRAMES
#define FRAMES 2 /* sealed by each sandbox, at most */
#endif

#define NOBODY 255
#define BIT(n) (1 << (n))

mtype = { UNOPENED, OPEN, OVER }

/* ── The Core ── */
mtype session[SESSIONS] = UNOPENED
byte expected[SESSIONS] = 1 /* the only `seq` that is taken next */
bit ticket[SESSIONS]        /* its frame ticket is good */

/* ── The sandboxes ── */
byte keyOf[DOCUMENTS] = NOBODY /* the session whose sealing key this frame holds */
byte sealed[DOCUMENTS]         /* the highest `seq` it has sealed */
byte passed[DOCUMENTS]         /* by `seq`: holds a call that the hook passed, not just what is for the audit */

/* ── The page, should it ever get so far ── */
bit stolen[SESSIONS] /* a script has the sealing key */

/* ── What has happened, for the properties ── */
byte keysGiven[SESSIONS]
byte last[SESSIONS]       /* `seq` of the frame that was dispatched last */
byte dispatched[DOCUMENTS] /* by `seq` */
bit refusedOne[SESSIONS]
bit unsealed, unpassed, doubled, disordered, behindRefused, lateKey, afterEnd

ltl only_what_was_sealed_here { [] !unsealed }
ltl only_what_the_hook_passed { [] !unpassed }
ltl each_frame_at_most_once { [] !doubled }
ltl in_the_order_of_seq { [] !disordered }
ltl nothing_behind_a_refused_frame { [] !behindRefused }
ltl nothing_after_the_end { [] !afterEnd }
ltl a_ticket_gives_one_key { [] !twoKeys }
ltl no_key_after_the_end { [] !lateKey }

bit twoKeys

/* A session ends as a whole: its frame ticket is void with it. */
inline end(s) {
  session[s] = OVER
#ifndef TICKET_OUTLIVES_SESSION
  ticket[s] = 0
#endif
}

/* The isolation document goes out, and with it the session's key. */
inline serve(s) {
  keysGiven[s]++
  twoKeys = twoKeys || keysGiven[s] > 1
  lateKey = lateKey || session[s] == OVER
}

/* "The Core accepts exactly the last seq plus one", of frames that this session's key has sealed. */
inline accepts(t, key, seq, header, verdict) {
  verdict = true
#ifndef ANY_SEQUENCE
#ifdef LATER_SEQUENCE
  verdict = verdict && header >= expected[t]
#else
  verdict = verdict && header == expected[t]
#endif
#endif
#ifndef SEQUENCE_NOT_SEALED /* nonce and associated data are the header's seq: the tag fits no other */
  verdict = verdict && (key == NOBODY || seq == header)
#endif
#ifndef NO_TAG
#ifdef ONE_KEY_FOR_ALL /* neither derived from the session id nor sealed with it */
  verdict = verdict && key != NOBODY
#else
  verdict = verdict && key == t
#endif
#endif
}

/* A frame arrives on the socket of session t: sealed by `sandbox` (or by nobody's) under `key` (or none). */
inline receive(t, sandbox, key, seq, header, verdict) {
  if
#ifndef READS_AFTER_END
  :: session[t] != OPEN -> skip
#endif
  :: else ->
    accepts(t, key, seq, header, verdict)
    if
    :: verdict -> dispatch(t, sandbox, seq, header)
    :: else ->
      refusedOne[t] = 1
#ifndef GOES_ON_AFTER_REFUSAL
      end(t)
#endif
    fi
  fi
}

inline dispatch(t, sandbox, seq, header) {
  expected[t] = header + 1
  if
  :: sandbox == NOBODY -> unsealed = 1
  :: else ->
    unsealed = unsealed || keyOf[sandbox] != t
    if
#ifndef RUNS_WHAT_IS_FOR_THE_AUDIT
    :: !(passed[sandbox] & BIT(seq)) -> skip
#endif
    :: else ->
      unpassed = unpassed || !(passed[sandbox] & BIT(seq))
      doubled = doubled || (dispatched[sandbox] & BIT(seq))
      dispatched[sandbox] = dispatched[sandbox] | BIT(seq)
    fi
    disordered = disordered || seq != last[t] + 1
    last[t] = seq
  fi
  behindRefused = behindRefused || refusedOne[t]
  afterEnd = afterEnd || session[t] == OVER
}

/* One frame element, or whatever else the page loads a ticket into. It may be any session's, and one that another frame has had. */
active [DOCUMENTS] proctype Document() {
  byte s
  atomic {
    select(s : 0 .. SESSIONS - 1)
    session[s] != UNOPENED
  }
  if
  :: atomic {
      /* As the page's script would: fetch, XMLHttpRequest, <object>. Sec-Fetch-* tells, and nothing is served. */
#ifdef SERVES_SCRIPTS
      ticket[s] -> ticket[s] = 0
      serve(s)
      stolen[s] = 1
#else
      false
#endif
    }
  :: atomic {
      ticket[s] ->
#ifndef TICKET_SPENT_LATE
#ifndef TICKET_STAYS_GOOD
      ticket[s] = 0
#endif
      serve(s)
      keyOf[_pid] = s
#endif
    }
#ifdef TICKET_SPENT_LATE /* an await between looking and spending */
    atomic {
      ticket[s] = 0
      serve(s)
      keyOf[_pid] = s
    }
#endif
  fi
  /* The sandbox. The page may ask for any call; what the hook refuses is sealed, too, as a note for the audit. */
  do
  :: d_step { sealed[_pid] < FRAMES -> sealed[_pid]++; passed[_pid] = passed[_pid] | BIT(sealed[_pid]) }
  :: d_step { sealed[_pid] < FRAMES -> sealed[_pid]++ }
  od
}

/* The attacker. */
active proctype Page() {
  byte to, from, n, clear /* what is sent: to which socket, whose frame, its seq, the seq in its header */
  bit ok
  do
  :: atomic { /* opens a socket and says hello */
      select(to : 0 .. SESSIONS - 1)
      if
      :: session[to] == UNOPENED -> session[to] = OPEN; ticket[to] = 1
      :: else
      fi
      to = 0
    }
  :: atomic { /* closes one, or the Core ends it for a reason of its own */
      select(to : 0 .. SESSIONS - 1)
      if
      :: session[to] == OPEN -> end(to)
      :: else
      fi
      to = 0
    }
  :: atomic { /* sends any frame that it has, with any clear, on any socket */
      select(to : 0 .. SESSIONS - 1)
      select(from : 0 .. DOCUMENTS - 1)
      select(clear : 1 .. FRAMES + 1)
      select(n : 1 .. FRAMES)
      if
      :: session[to] != UNOPENED && n <= sealed[from] -> receive(to, from, keyOf[from], n, clear, ok)
      :: else
      fi
      to = 0; from = 0; n = 0; clear = 0; ok = 0
    }
  :: atomic { /* sends one of its own making, sealed if it has got a key */
      select(to : 0 .. SESSIONS - 1)
      select(from : 0 .. SESSIONS)
      select(clear : 1 .. FRAMES + 1)
      if
      :: session[to] != UNOPENED && from < SESSIONS && stolen[from] -> receive(to, NOBODY, from, clear, clear, ok)
      :: session[to] != UNOPENED && from == SESSIONS -> receive(to, NOBODY, NOBODY, 0, clear, ok)
      :: else
      fi
      to = 0; from = 0; clear = 0; ok = 0
    }
  od
}
