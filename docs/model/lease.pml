/* The protocol of invalidation (docs/adr/0015-leases-with-log-positions.md). check.sh verifies it exhaustively.
 *
 * The cache holders are a silo B, which fills its cache by reads of the database, and a client C, which fills its cache
 * by answers of B. Each key has one change, a revoke, by a revoker on another silo. The property, in the assertions:
 * once the revoker has answered, no cache that its holder trusts contains a state from before its change.
 *
 * Abstractions:
 * - A cache contains an old state, from before the change, or nothing: a newer state harms nobody. Sets of keys are bit
 *   masks. So are snapshots, which are sets of transactions, and the events of a log read.
 * - There is no time. A lease row may end at any moment after its holder has stopped trusting it. The safety factor,
 *   the clocks of holder and waiter, and the confirmation of renewals by a standby establish this.
 * - No step is ever forced to happen, so a push may be lost, and a process may stop at any point.
 *
 * Configurations:
 *   KEYS=1                One key. The revoker may crash and retry. Leases lapse and are acquired again.
 *   KEYS=1 FAILOVER       In addition one failover, at any moment, to a server that may lack what no standby has
 *                         confirmed, and assigns the ids of lost transactions again. A silo with a lease from before
 *                         may still read the old primary.
 *   KEYS=2 NO_CRASH LEASES_HELD
 *                         Two keys, whose changes commit in any order. The client asks for one. No lease lapses.
 *
 * Each -DBUG_... takes a rule out, and must make the verification fail. */

#ifndef KEYS
#define KEYS 1
#endif

#define BIT(k)       (1 << (k))
#define HAS(set, k)  (((set) >> (k)) & 1)
#define COVERS(a, b) (((b) & ~(a)) == 0)

/* ---- The database. A transaction gets its id before it commits, so key 1 may commit before key 0. ---- */

byte committed;                  /* the changes that are visible */
byte confirmed;                  /* the changes that also a standby has */
byte oldPrimary;                 /* the changes that the old primary has after a failover */
byte answered;                   /* the changes that were acknowledged to their callers */
bit timeline;
bit other;                       /* before the failover: an unconfirmed change of another key, with the id of key 0's */

/* Lease rows. need: the revokers that found this row after their commit and wait for it. */
bit rowB = 1, rowC, rowTimelineB, rowTimelineC;
byte snapB, snapC, needB, needC, ackB, ackC;

#if defined(BUG_SEQUENCE)        /* a position is the highest id, not a snapshot */
#define SNAPSHOT     ((committed & 2) -> 3 : committed)
#elif defined(FAILOVER)
#define SNAPSHOT     (committed | other)
#else
#define SNAPSHOT     (committed)
#endif

/* ---- The holders: trust in the lease, position, cache, and fills in progress. ---- */

/* fill: the keys with an old state on its way into the cache. An invalidation marks a fill, which is then as if it did
 * not exist, and so does the end of the lease under which it began. */
bit trustB = 1, trustC, timelineB, timelineC;
byte appB, appC, oldB = (1 << KEYS) - 1, oldC, fillB, fillC, floorC;

inline InvalidateB(keys) {
  oldB = oldB & ~(keys);
#ifndef BUG_NO_MARK
  fillB = fillB & ~(keys)
#endif
}

inline InvalidateC(keys) {
  oldC = oldC & ~(keys);
#ifndef BUG_NO_MARK_IN_CLIENT
  fillC = fillC & ~(keys)
#endif
}

inline LapseB() {
  trustB = 0; oldB = 0; appB = 0;
#ifndef BUG_NO_EPOCH
  fillB = 0
#endif
}

inline LapseC() {
  trustC = 0; oldC = 0; appC = 0; floorC = 0;
#ifndef BUG_NO_EPOCH
  fillC = 0
#endif
}

/* ---- A revoker: commit, look at the leases, wait, answer. ---- */

/* A row from another timeline proves nothing: the ids in its snapshot may be those of lost transactions, and its holder
 * may read the old primary, or apply an event that is lost. */
#ifdef BUG_NO_TIMELINE
#define APPLIED(k, snap, rowTimeline) HAS(snap, k)
#else
#define APPLIED(k, snap, rowTimeline) (HAS(snap, k) && rowTimeline == txTimeline)
#endif
#ifdef BUG_ACK_ACROSS_TIMELINES
#define ACKED(k, ack, rowTimeline)    HAS(ack, k)
#else
#define ACKED(k, ack, rowTimeline)    (HAS(ack, k) && rowTimeline == txTimeline)
#endif
#define DONE_B(k) (!HAS(needB, k) || ACKED(k, ackB, rowTimelineB) || APPLIED(k, snapB, rowTimelineB) || !rowB)
#define DONE_C(k) (!HAS(needC, k) || ACKED(k, ackC, rowTimelineC) || APPLIED(k, snapC, rowTimelineC) || !rowC)

inline Look(k) {
  atomic {
    txTimeline = timeline;
    if :: rowB -> needB = needB | BIT(k) :: else -> needB = needB & ~BIT(k) fi;
    if :: rowC -> needC = needC | BIT(k) :: else -> needC = needC & ~BIT(k) fi
  }
}

proctype Revoker(byte k) {
  bit txTimeline;
start:
#ifdef BUG_LOOK_BEFORE_COMMIT
  Look(k);
#endif
  /* Another transaction may have the id. */
  atomic { (!other && !HAS(committed, k)) -> committed = committed | BIT(k)
#ifndef FAILOVER
    ; confirmed = confirmed | BIT(k)
#endif
  };
retry:
#ifdef FAILOVER
  atomic { if :: HAS(committed, k) -> confirmed = confirmed | BIT(k) :: else -> goto start fi };
#endif
#ifndef BUG_LOOK_BEFORE_COMMIT
  Look(k);
#endif
#ifdef NO_CRASH
  DONE_B(k);
  DONE_C(k);
#else
  if :: DONE_B(k) :: goto crash fi;
  if :: DONE_C(k) :: goto crash fi;
#endif
answer:
  atomic {
    answered = answered | BIT(k);
    ackB = ackB & ~BIT(k); ackC = ackC & ~BIT(k); needB = needB & ~BIT(k); needC = needC & ~BIT(k);
    assert(!(trustB && HAS(oldB, k)) && !(trustC && HAS(oldC, k)))
  };
  goto end;
crash:
  /* The caller retries. The change is stored already, and nothing else is remembered. */
#ifdef BUG_CRASH_FORGETS
  goto answer;
#else
  goto retry;
#endif
end: skip
}

/* ---- Pushes. An acknowledgement means that the cache is invalidated. ---- */

proctype PushB(byte k) {
  atomic { HAS(confirmed, k) -> InvalidateB(BIT(k)); ackB = ackB | (BIT(k) & ~answered) }
}

proctype PushC(byte k) {
  atomic {
    HAS(confirmed, k) -> InvalidateC(BIT(k)); ackC = ackC | (BIT(k) & ~answered);
#ifndef BUG_NO_FLOOR
    /* Until the log has been applied, no fill may cache an older state. */
    if :: trustC && timelineC == timeline && HAS(appC, k) :: else -> floorC = floorC | BIT(k) fi
#endif
  }
}

/* ---- The silo. ---- */

/* After a failover, a silo with a lease from before may still read the old primary. */
#define READS_OLD(k) (!HAS(committed, k) || timeline && !timelineB && !HAS(oldPrimary, k))

/* A fill begins with its read here: if it began earlier, it could only be marked earlier. A read of the new state has
 * no effect. */
proctype FillB() {
  do
  :: atomic { trustB && !HAS(fillB, 0) && READS_OLD(0) -> fillB = fillB | 1 }
  :: atomic { trustB && HAS(fillB, 0) -> fillB = fillB & ~1; oldB = oldB | 1; assert(!HAS(answered, 0)) }
#if KEYS == 2
  :: atomic { trustB && !HAS(fillB, 1) && READS_OLD(1) -> fillB = fillB | 2 }
  :: atomic { trustB && HAS(fillB, 1) -> fillB = fillB & ~2; oldB = oldB | 2; assert(!HAS(answered, 1)) }
#endif
  od
}

/* Reads the log after the position, applies it to the cache, and writes the new position. A renewal that finds nothing
 * new has no effect here. */
proctype RenewB() {
  byte snapshot, events; bit tl;
  do
  :: atomic { trustB && (!COVERS(appB, SNAPSHOT) || snapB != appB || timeline != timelineB) ->
       snapshot = SNAPSHOT; events = committed & ~appB; tl = timeline;
#if defined(FAILOVER) && !defined(BUG_RENEW_ACROSS_TIMELINES)
       if :: tl != timelineB -> LapseB(); snapshot = 0; events = 0; tl = 0; goto lapsed :: else fi
#endif
     };
#ifdef BUG_WRITE_BEFORE_APPLY
     atomic { if :: rowB && rowTimelineB == timeline -> snapB = snapshot :: else fi };
#endif
#ifdef BUG_POSITION_BEFORE_APPLY_IN_SILO
     appB = snapshot;
#endif
     atomic { InvalidateB(events); if :: trustB -> appB = snapshot; timelineB = tl :: else fi; events = 0; tl = 0 };
     atomic {
       if
#ifdef BUG_RENEW_ACROSS_TIMELINES
       :: rowB -> snapB = snapshot; rowTimelineB = timeline
#else
       :: rowB && rowTimelineB == timeline -> snapB = snapshot
#endif
       :: else
       fi;
       snapshot = 0
     };
lapsed: skip
  :: atomic { !trustB && !rowB ->
       rowB = 1; snapB = SNAPSHOT; snapshot = snapB; rowTimelineB = timeline; tl = timeline; needB = 0 };
     atomic { if :: rowB && !trustB -> trustB = 1; appB = snapshot; timelineB = tl :: else fi; snapshot = 0; tl = 0 }
  od
}

/* ---- The client. ---- */

#ifdef BUG_NO_TAG
#define TAG_COVERS true
#elif defined(BUG_TAG_WITHOUT_TIMELINE)
#define TAG_COVERS COVERS(tag, appC)
#else
#define TAG_COVERS (COVERS(tag, appC) && tagTimeline == timelineC)
#endif

/* Asks the silo. The answer is tagged with the position that the silo had before it looked into its cache. */
proctype FillC(byte k) {
  byte tag; bit tagTimeline;
  do
  :: atomic { trustC && trustB -> fillC = fillC | BIT(k);
#ifndef BUG_TAG_LATE
       tag = appB; tagTimeline = timelineB
#endif
     };
     /* The silo answers from its cache, or by a read of the database, in either case under its lease. */
     atomic { if :: trustB && (HAS(oldB, k) || READS_OLD(k)) :: else -> goto rejected fi };
#ifdef BUG_TAG_LATE
     atomic { tag = appB; tagTimeline = timelineB };
#endif
     atomic { if :: TAG_COVERS :: else -> goto rejected fi };
     atomic {
       if
       :: trustC && HAS(fillC, k) && !HAS(floorC, k) -> oldC = oldC | BIT(k); assert(!HAS(answered, k))
       :: else
       fi };
rejected:
     atomic { fillC = fillC & ~BIT(k); tag = 0; tagTimeline = 0 }
  od
}

/* Any silo renews the lease of a client: one that has read the whole log, B, or one that is behind the client. */
proctype RenewC() {
  byte snapshot, events; bit tl, ok;
  do
  :: atomic { trustC && (!COVERS(appC, SNAPSHOT) || snapC != appC || timeline != timelineC) ->
       if
       :: timeline == timelineC -> snapshot = SNAPSHOT
       :: timelineB == timelineC && COVERS(appB, appC) -> snapshot = appB
       :: snapshot = appC
       fi;
       events = snapshot & committed & ~appC };
     /* The row gets the position that the client has applied, not the one that it is about to apply. */
     atomic {
       if
#ifdef BUG_CLIENT_ROW_AHEAD
       :: rowC && rowTimelineC == timeline && trustC -> snapC = snapshot; ok = 1
#else
       :: rowC && rowTimelineC == timeline -> snapC = appC; ok = 1
#endif
       :: else
       fi
     };
#ifdef BUG_APPLY_BEFORE_POSITION
     atomic { if :: ok && trustC -> InvalidateC(events); floorC = floorC & ~events :: else fi };
     atomic { if :: ok && trustC -> appC = snapshot :: else fi; snapshot = 0; events = 0; ok = 0 }
#else
     atomic { if :: ok && trustC -> appC = snapshot :: else fi };
     atomic { if :: ok && trustC -> InvalidateC(events); floorC = floorC & ~events :: else fi;
       snapshot = 0; events = 0; ok = 0 }
#endif
  :: atomic { !trustC && !rowC ->
       rowC = 1; snapC = SNAPSHOT; snapshot = snapC; rowTimelineC = timeline; tl = timeline; needC = 0 };
     atomic { if :: rowC && !trustC -> trustC = 1; appC = snapshot; timelineC = tl :: else fi; snapshot = 0; tl = 0 }
  od
}

/* ---- Leases lapse, and rows end after that. ---- */

proctype Time() {
  do
  :: atomic { trustB -> LapseB() }
  :: atomic { trustC -> LapseC() }
#ifdef BUG_ROW_ENDS_EARLY
  :: atomic { rowB -> rowB = 0 }
#elif defined(BUG_UNCONFIRMED_RENEWAL)
  /* The holder renews its lease on the old primary, and the new one does not see it. */
  :: atomic { rowB && (!trustB || timeline != timelineB) -> rowB = 0 }
#else
  :: atomic { rowB && !trustB -> rowB = 0 }
#endif
  :: atomic { rowC && !trustC -> rowC = 0 }
  od
}

#ifdef FAILOVER
proctype OtherChange() {
  atomic { !timeline && !committed -> other = 1 }
}

proctype Failover() {
  atomic {
    timeline = 1; other = 0; oldPrimary = committed;
    if :: committed = confirmed :: true fi
  }
}
#endif

init {
  atomic {
    run Revoker(0); run PushB(0); run PushC(0);
#if KEYS == 2
    run Revoker(1); run PushB(1); run PushC(1);
#endif
    run FillB(); run RenewB(); run FillC(0); run RenewC();
#ifdef LEASES_HELD
    trustC = 1; rowC = 1;
#else
    run Time();
#endif
#ifdef FAILOVER
    run OtherChange(); run Failover();
#endif
  }
}
