#!/usr/bin/env bash
# Runs the Go benchmarks of a revision and of the working tree in turn, so that what else the machine does meanwhile slows both, and lets
# benchstat compare them. Usage: bench-compare.sh REVISION ROUNDS, with GO, BENCH and BENCH_PACKAGES from the Makefile.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

old=${1:-} rounds=${2:-6}
if [[ -z $old ]]; then
	echo "bench-compare: which revision? make bench-compare OLD=main" >&2
	exit 2
fi
commit=$(git rev-parse --verify --quiet "$old^{commit}") || {
	echo "bench-compare: OLD=$old: git knows no such revision" >&2
	exit 2
}
go=${GO:-go}
read -ra packages <<<"${BENCH_PACKAGES:-./...}"

out=bin/bench/compare
rm -rf "$out"
mkdir -p "$out"
tree=$(mktemp -d)
trap 'git worktree remove --force "$tree/old" 2>/dev/null || true; rm -rf "$tree"' EXIT
git worktree add --quiet --detach "$tree/old" "$commit"

# build makes the test programs of a tree; a package that the tree lacks is left out.
build() {
	local folder=$1 into=$2 package
	for package in "${packages[@]}"; do
		[[ -d $folder/$package ]] || continue
		(cd "$folder" && "$go" test -c -o "$into/$(basename "$package").test" "$package")
	done
}
mkdir "$tree/bin-old" "$tree/bin-new"
build "$tree/old" "$tree/bin-old"
build "$PWD" "$tree/bin-new"

# The benchmarks run where their package lies, as go test does it, and print the package as benchstat wants it.
bench() {
	local folder=$1 programs=$2 package program
	for package in "${packages[@]}"; do
		program=$programs/$(basename "$package").test
		[[ -x $program ]] || continue
		(cd "$folder/$package" && "$program" -test.run '^$' -test.bench "${BENCH:-.}" -test.benchmem -test.benchtime "${BENCHTIME:-500ms}")
	done
}
for ((round = 1; round <= rounds; round++)); do
	echo "bench-compare: round $round of $rounds" >&2
	bench "$tree/old" "$tree/bin-old" >>"$out/old.txt"
	bench "$PWD" "$tree/bin-new" >>"$out/new.txt"
done
"$go" tool -modfile="$PWD/tools/go.mod" benchstat "$old=$out/old.txt" "working tree=$out/new.txt" | tee "$out/benchstat.txt"
