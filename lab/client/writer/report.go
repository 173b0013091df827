package main

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"time"
)

// report is what a run has found. Times are milliseconds unless named otherwise.
type report struct {
	Started      float64        `json:"started_s"` // since 1970
	Seconds      float64        `json:"seconds"`
	Writes       int            `json:"writes"`
	Acknowledged int            `json:"acknowledged"`
	Failed       int            `json:"failed"`
	Lost         int            `json:"lost"` // acknowledged, but not in the store
	LongestGap   float64        `json:"longest_gap_ms"`
	Slowest      float64        `json:"slowest_ms"`
	Elections    uint64         `json:"elections"` // terms that raft went on by, won or not
	P50          float64        `json:"p50_ms"`
	P99          float64        `json:"p99_ms"`
	Errors       map[string]int `json:"errors"` // failed writes by the client's error
}

func summarise(l *ledger, lost int) report {
	r := report{
		Started:    float64(l.started.UnixMilli()) / 1000,
		Seconds:    math.Round(l.ended.Sub(l.started).Seconds()*1000) / 1000,
		Writes:     len(l.records),
		Lost:       lost,
		LongestGap: milliseconds(l.longestGap),
		Elections:  l.elections(),
		Errors:     map[string]int{},
	}
	latencies := make([]time.Duration, 0, len(l.records))
	for _, entry := range l.records {
		latencies = append(latencies, entry.latency())
		if entry.acknowledged() {
			r.Acknowledged++
		} else {
			r.Failed++
			r.Errors[entry.failure]++
		}
	}
	slices.Sort(latencies)
	r.P50, r.P99, r.Slowest = quantile(latencies, 0.5), quantile(latencies, 0.99), quantile(latencies, 1)
	return r
}

// quantile is the smallest latency that at least the share q of the writes did not exceed.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return milliseconds(sorted[int(math.Ceil(q*float64(len(sorted))))-1])
}

func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d.Microseconds())) / 1000
}

func (r report) write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if path == "" {
		_, err = os.Stdout.Write(text)
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
