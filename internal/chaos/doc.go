// Package chaos holds the promise against processes: every line on disk is counted exactly once, whatever rotates the log,
// kills the exporter or takes away what it needs. It has tests only, a scenario in each file, and the programs that these run beside
// the exporter: writer logs, rotator rotates, and oracle reads afterwards what is left on disk and says what must have been
// counted.
//
// What takes long runs with CHAOS=1, which make chaos sets; CHAOS_KILLS says how often the exporter is killed in each scenario.
package chaos
