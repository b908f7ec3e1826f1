#!/usr/bin/env bash
# Runs `make generate` and fails when that changes, adds or removes a file. What was changed before does not matter, so
# it can be used in the middle of work as well as in a clean clone. The new files stay, ready to be looked at.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# state prints how the working tree differs from what is staged, and a hash of each file that git does not know yet.
state() {
	git diff --no-ext-diff
	git ls-files --others --exclude-standard -z | xargs -0 -r sha256sum
}

before=$(state)
make --no-print-directory generate
after=$(state)
if [[ $before != "$after" ]]; then
	git status --short
	diff <(echo "$before") <(echo "$after") | head -n 200 || true
	echo "check-generated: generated files were not up to date; look at the changes above and commit them" >&2
	exit 1
fi
