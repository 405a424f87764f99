/*
 * Who holds a window: one launch ticket, traded for a window credential by whoever has seen the link, as often as they like, and sockets that say
 * hello with what they got. The rules are those of docs/protocol.md; what is in `#ifndef X … #endif` can be taken out with -DX: then
 * a property must fail.
 */

#ifndef TRADES
#define TRADES 3 /* times that the ticket comes */
#endif
#ifndef SOCKETS
#define SOCKETS 2
#endif

/* ── The Core ── */
bit spent                /* the ticket has been traded */
bit closed               /* the window has been closed */
byte made                /* credentials that it has given for the ticket: at most one, if all is well */
bit works[TRADES]        /* by credential */
byte gave                /* the one that the ticket gave */
bit session[SOCKETS]     /* this socket has a session */
byte credential[SOCKETS] /* the one that it said hello with */

/* ── What has happened, for the properties ── */
bit usedTwice

#define HAS_SESSION (session[0] || session[SOCKETS - 1])
#define IS_OPEN (works[0] || works[TRADES - 1] || HAS_SESSION)

ltl used_twice_nothing_works { [] (usedTwice -> !IS_OPEN) }
ltl one_credential { [] (made <= 1) }
ltl closed_nothing_works { [] (closed -> !IS_OPEN) }

inline endSessionsOf(c, n) {
  for (n : 0 .. SOCKETS - 1) {
    if
    :: session[n] && credential[n] == c -> session[n] = 0
    :: else
    fi
  }
  n = 0
}

/* The ticket comes: from the window, or from somebody who has seen its link. */
active [TRADES] proctype Trade() {
  byte n
  atomic {
    if
    :: spent ->
#ifndef REFUSES_THE_SECOND_ONLY
      works[gave] = 0
#ifndef SESSIONS_GO_ON
      endSessionsOf(gave, n)
#endif
#endif
      usedTwice = 1
      goto done
#ifndef TICKET_OUTLIVES_WINDOW
    :: !spent && closed -> goto done
#endif
    :: else -> skip
    fi
#ifdef TRADED_LATE
  }
  atomic { /* an await between looking and spending */
#endif
    spent = 1
    gave = made
    works[made] = 1
    made++
  }
done: skip
}

/* A socket's hello, with the credential that the ticket gave. */
active [SOCKETS] proctype Hello() {
  byte me = _pid - TRADES
  byte with
  atomic { made > 0 -> with = made - 1 }
  atomic {
    works[with] ->
#ifdef HELLO_AWAITS
  }
  atomic { /* an await between looking and beginning */
#endif
    session[me] = 1
    credential[me] = with
  }
}

/* The app, or the person in front of it, closes the window. */
active proctype Close() {
  byte n
  if
  :: true
  :: atomic {
      closed = 1
      for (n : 0 .. TRADES - 1) { works[n] = 0 }
#ifndef SESSIONS_OUTLIVE_WINDOW
      for (n : 0 .. SOCKETS - 1) { session[n] = 0 }
#endif
      n = 0
    }
  fi
}
