package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

// record is one write and its outcome.
type record struct {
	number         int
	started, ended time.Time
	revision       int64  // of the acknowledgement; 0: not acknowledged
	term           uint64 // raft's, of the acknowledgement
	failure        string // the client's error; empty: acknowledged
}

func (r record) acknowledged() bool { return r.failure == "" }

func (r record) latency() time.Duration { return r.ended.Sub(r.started) }

// ledger holds every write of a run in the order of its end.
type ledger struct {
	mutex      sync.Mutex
	records    []record
	lastAnswer time.Time
	longestGap time.Duration
	started    time.Time
	ended      time.Time
}

func newLedger() *ledger {
	now := time.Now()
	return &ledger{started: now, lastAnswer: now}
}

func (l *ledger) add(r record) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.records = append(l.records, r)
	if r.acknowledged() {
		l.closeGap(r.ended)
	}
}

// finish ends the run: silence that lasts until the end is a gap as well.
func (l *ledger) finish(now time.Time) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.closeGap(now)
	l.ended = now
}

func (l *ledger) closeGap(now time.Time) {
	l.longestGap = max(l.longestGap, now.Sub(l.lastAnswer))
	if now.After(l.lastAnswer) {
		l.lastAnswer = now
	}
}

// elections is by how many terms raft went on between the first acknowledgement and the last.
func (l *ledger) elections() uint64 {
	var terms []uint64
	for _, r := range l.records {
		if r.acknowledged() {
			terms = append(terms, r.term)
		}
	}
	if len(terms) == 0 {
		return 0
	}
	return slices.Max(terms) - slices.Min(terms)
}

func (l *ledger) writeCSV(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := csv.NewWriter(file)
	_ = lines.Write([]string{"number", "started_ms", "latency_ms", "revision", "term", "failure"})
	for _, r := range l.records {
		_ = lines.Write([]string{
			strconv.Itoa(r.number),
			fmt.Sprintf("%.3f", milliseconds(r.started.Sub(l.started))),
			fmt.Sprintf("%.3f", milliseconds(r.latency())),
			strconv.FormatInt(r.revision, 10),
			strconv.FormatUint(r.term, 10),
			r.failure,
		})
	}
	lines.Flush()
	return lines.Error()
}
