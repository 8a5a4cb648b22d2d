#!/usr/bin/env bash
# Verifies the model of the invalidation protocol with spin, and that the verification fails when any rule of the
# protocol is taken out. Installs spin and gcc on Debian and Ubuntu if they are missing. Needs about 1 GB of memory for
# each processor. All verifications together take at most MODEL_TIMEOUT seconds, by default 120; those that have not
# ended by then are incomplete, which fails the check. A busy machine needs more time.
#
#   docs/model/check.sh           # everything
#   docs/model/check.sh BUG_…     # one rule, with the steps that lead to the error
set -uo pipefail
cd "$(dirname "$0")" || exit 2
model=$PWD/lease.pml

# The states of the complete protocol. A model that has lost some of its behavior has fewer, and would prove less. After
# a change of the model, review the new numbers and set these.
declare -A expected_states=(['one key']=390624 ['one key, failover']=11458275 ['two keys']=2888437)

# One key: crashes, leases that lapse and are acquired, lost pushes. Failover adds a second timeline. Two keys: leases
# that are held throughout, without crashes.
one=(-DKEYS=1)
failover=(-DKEYS=1 -DFAILOVER)
two=(-DKEYS=2 -DNO_CRASH -DLEASES_HELD)

# The rules, by the configuration in which their absence shows.
one_rules=(
  BUG_TAG_LATE BUG_NO_TAG BUG_NO_FLOOR BUG_NO_MARK BUG_NO_MARK_IN_CLIENT BUG_NO_EPOCH
  BUG_ROW_ENDS_EARLY BUG_CRASH_FORGETS BUG_LOOK_BEFORE_COMMIT
  BUG_WRITE_BEFORE_APPLY BUG_POSITION_BEFORE_APPLY_IN_SILO BUG_APPLY_BEFORE_POSITION BUG_CLIENT_ROW_AHEAD)
failover_rules=(
  BUG_NO_TIMELINE BUG_ACK_ACROSS_TIMELINES BUG_RENEW_ACROSS_TIMELINES BUG_TAG_WITHOUT_TIMELINE
  BUG_UNCONFIRMED_RENEWAL)
two_rules=(BUG_SEQUENCE)

install_tools() {
  command -v spin >/dev/null && command -v gcc >/dev/null && return
  local sudo=''
  [ "$(id -u)" = 0 ] || sudo=sudo
  { $sudo apt-get update && $sudo apt-get install -y --no-install-recommends spin gcc libc6-dev; } >/dev/null
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints "ok <states>" when the whole state space has no error, "error <states>" when an assertion fails, and otherwise
# "incomplete", such as when a limit was reached.
verify() {
  local dir left
  if [ "$SECONDS" -ge "$deadline" ]; then
    echo 'incomplete 0'
    return
  fi
  dir=$(mktemp -d "$work/XXXXXX")
  cd "$dir" || exit 2
  if spin -a "$@" "$model" >spin.out 2>&1 &&
    gcc -O2 -DSAFETY -DCOLLAPSE -DNOFAIR -DVECTORSZ=512 -o pan pan.c >gcc.out 2>&1; then
    left=$((deadline - SECONDS))
    [ "$left" -gt 0 ] && nice -n 19 timeout "$left" ./pan -E -m300000 >pan.out 2>&1
  fi
  local states
  states=$(awk '/states, stored/ { print $1 }' pan.out 2>/dev/null)
  if grep -q 'assertion violated' pan.out 2>/dev/null; then
    echo "error ${states:-0}"
  elif grep -q 'errors: 0' pan.out 2>/dev/null && ! grep -q -E 'too small|truncated' pan.out; then
    echo "ok ${states:-0}"
  else
    cat spin.out gcc.out pan.out >&2 2>/dev/null
    echo "incomplete ${states:-0}"
  fi
}

show() {
  local configuration
  case " ${failover_rules[*]} " in *" $1 "*) configuration=("${failover[@]}") ;; *) configuration=("${one[@]}") ;; esac
  case " ${two_rules[*]} " in *" $1 "*) configuration=("${two[@]}") ;; esac
  cd "$work" && cp "$model" . && spin -a "${configuration[@]}" "-D$1" lease.pml >/dev/null &&
    gcc -O2 -DSAFETY -DCOLLAPSE -DNOFAIR -DVECTORSZ=512 -o pan pan.c && nice -n 19 ./pan -E -m300000 >/dev/null
  spin -t -p -g "${configuration[@]}" "-D$1" lease.pml
}

# Verifies in the background, as many at once as there are processors, and prints a line with the result.
check() {
  while [ "$(jobs -rp | wc -l)" -ge "$processors" ]; do wait -n; done
  check_now "$@" &
}

check_now() {
  local expected=$1 name=$2 result note='' start=$SECONDS
  shift 2
  result=$(verify "$@")
  [ "${result%% *}" = "$expected" ] || note="   expected: $expected"
  if [ "$result" != "ok ${expected_states[$name]:-}" ] && [ "$expected" = ok ] && [ -z "$note" ]; then
    note="   expected: ${expected_states[$name]:-a stated number of} states"
  fi
  printf '%-36s %-10s %9s states %4s s%s\n' \
    "$name" "${result%% *}" "${result##* }" $((SECONDS - start)) "$note" | tee -a "$work/report"
}

install_tools || exit 2
if [ $# -gt 0 ]; then
  show "$1"
  exit
fi

deadline=$((SECONDS + ${MODEL_TIMEOUT:-120}))
processors=$(nproc)
check ok 'one key, failover' "${failover[@]}"
check ok 'two keys' "${two[@]}"
check ok 'one key' "${one[@]}"
for rule in "${failover_rules[@]}"; do check error "$rule" "${failover[@]}" "-D$rule"; done
for rule in "${one_rules[@]}"; do check error "$rule" "${one[@]}" "-D$rule"; done
for rule in "${two_rules[@]}"; do check error "$rule" "${two[@]}" "-D$rule"; done
wait

checks=$(wc -l <"$work/report")
failures=$(grep -c 'expected:' "$work/report")
echo "Model: $((checks - failures)) of $checks checks as expected, in $SECONDS s."
[ "$failures" = 0 ]
