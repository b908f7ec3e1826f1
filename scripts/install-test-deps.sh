#!/usr/bin/env bash
# Installs the real parts that tests run against, from Debian's (or Ubuntu's) packages, where they are missing, and
# prints the version of each. Nothing is started, and nothing is left running.
set -euo pipefail

# command, package, what it is for
parts=(
	"prometheus prometheus scraping what the exporter serves"
	"promtool prometheus checking rules and metrics"
	"prometheus-alertmanager prometheus-alertmanager delivering the alerts"
	"amtool prometheus-alertmanager checking routes"
	"logrotate logrotate rotating what the exporter reads"
	"strace strace letting reads fail"
	"cc gcc the race detector"
	"chromium chromium the pages in a real browser"
	"npm npm the accessibility checker, axe-core"
)

fail() {
	printf 'install-test-deps: %s\n' "$*" >&2
	exit 1
}

PATH=$PATH:/usr/sbin:/sbin # some are there, and not everybody looks there

# Chrome does as well as Chromium, which Ubuntu has as a snap only.
if ! command -v chromium >/dev/null; then
	for browser in chromium-browser google-chrome; do
		if command -v "$browser" >/dev/null; then
			parts=("${parts[@]/#chromium chromium /$browser $browser }")
			break
		fi
	done
fi

packages=()
missing=()
for part in "${parts[@]}"; do
	read -r command package purpose <<<"$part"
	command -v "$command" >/dev/null && continue
	missing+=("$command ($purpose)")
	[[ " ${packages[*]-} " == *" $package "* ]] || packages+=("$package")
	[[ $package == gcc ]] && packages+=(libc6-dev)
done

as_root=()
if [[ $EUID -ne 0 ]]; then
	as_root=(sudo)
fi

# While a policy-rc.d that says 101 is there, Debian's packages install their services without starting them.
policy=/usr/sbin/policy-rc.d
policy_is_ours=
forbid_services() {
	[[ -e $policy ]] && return
	printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
	policy_is_ours=yes
	"${as_root[@]}" chmod 0755 "$policy"
}
allow_services() {
	[[ -z $policy_is_ours ]] || "${as_root[@]}" rm -f "$policy"
}
trap allow_services EXIT

install_packages() {
	local list by_hand
	list=$(printf '%s, ' "${missing[@]}")
	by_hand="install by hand: ${packages[*]}"
	echo "install-test-deps: missing: ${list%, }; installing: ${packages[*]}"
	command -v apt-get >/dev/null || fail "there is no apt-get here; $by_hand (Debian's names), with prometheus, promtool, prometheus-alertmanager and amtool in PATH"
	if [[ $EUID -ne 0 ]]; then
		command -v sudo >/dev/null || fail "needs root or sudo; $by_hand"
		sudo -n true 2>/dev/null || [[ -t 0 ]] || fail "sudo would ask for a password and nobody is there to give it; $by_hand"
	fi
	local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300)
	local log
	log=$(mktemp)
	"${apt[@]}" update >"$log" 2>&1 || fail "apt-get update failed:"$'\n'"$(tail -n 20 "$log")"
	forbid_services
	"${apt[@]}" install --no-install-recommends "${packages[@]}" >"$log" 2>&1 ||
		fail "apt-get install ${packages[*]} failed:"$'\n'"$(tail -n 20 "$log")"
	rm -f "$log"
	disable_services
}

# The packages enable their services for the next boot; a machine that only runs tests does not want them.
disable_services() {
	local unit
	for unit in prometheus.service prometheus-alertmanager.service logrotate.timer; do
		[[ " ${packages[*]} " == *" ${unit%.*} "* ]] || continue
		if [[ -d /run/systemd/system ]]; then
			"${as_root[@]}" systemctl disable --now "$unit" >/dev/null 2>&1 || echo "install-test-deps: could not disable $unit"
		elif [[ -x /etc/init.d/${unit%.*} ]]; then
			"${as_root[@]}" update-rc.d "${unit%.*}" disable >/dev/null 2>&1 || echo "install-test-deps: could not disable the ${unit%.*} service"
		fi
	done
}

if [[ ${#packages[@]} -gt 0 ]]; then
	install_packages
fi

for part in "${parts[@]}"; do
	read -r command package purpose <<<"$part"
	command -v "$command" >/dev/null || fail "$command ($purpose) is still missing after installing $package"
	version=$("$command" --version 2>/dev/null) || fail "$command --version failed: $("$command" --version 2>&1)"
	[[ -n $version ]] || version=$("$command" --version 2>&1) # some say it on standard error
	echo "install-test-deps: ${version%%$'\n'*}"
done

# What comes from npm is pinned in package-lock.json, and runs no script of its own.
served=$(dirname "${BASH_SOURCE[0]}")/../triage/served
if ! cmp -s "$served/package-lock.json" "$served/node_modules/.from"; then
	(cd "$served" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || fail "npm ci failed in $served"
	cp "$served/package-lock.json" "$served/node_modules/.from"
fi
