#!/bin/bash
# Runs pipelines/slurm/ on a Slurm of one machine and compares the tree with that of a run in one piece.
#
# Usage: slurm.sh HILUM      (Debian: slurm-wlm munge; as root, because slurmd must be)
#
# Munge, slurmctld and slurmd are started with a configuration of their own in a folder of their own, on loopback, and
# ended again. Where they cannot start, the test says so and is skipped (exit 77); a Slurm that started and a result that
# is wrong is a failure.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
hilum=$(realpath "$1")

skip() { echo "skipped: $1"; exit 77; }
for tool in munged sbatch slurmctld slurmd; do
    command -v "$tool" > /dev/null || skip "$tool is not installed (apt-get install slurm-wlm munge)"
done
[ "$(id -u)" = 0 ] || skip "slurmd must be started by root"

work=$(mktemp -d /tmp/hilum-slurm-XXXXXX)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait 2> /dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
host=$(hostname -s)
mkdir -p "$work"/{munge,state,spool,log,jobs}
chmod 755 "$work"

# Munge refuses keys and sockets that others could replace; the user who runs it owns them.
dd if=/dev/urandom of="$work/munge/key" bs=1 count=1024 status=none
chmod 400 "$work/munge/key"
chmod 711 "$work/munge"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
    --seed-file="$work/munge/seed" --log-file="$work/log/munged" > "$work/log/munged.out" 2>&1 &
pids+=($!)
for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep 0.1; done
[ -S "$work/munge/socket" ] || { cat "$work"/log/munged*; skip "munged does not start"; }

cat > "$work/slurm.conf" <<CONF
ClusterName=hilum
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=36817
SlurmdPort=36818
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/log/slurmctld
SlurmdLogFile=$work/log/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
MpiDefault=none
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
CONF
# Slurm 22.05 wants a plugin even where nothing is done with cgroups; this one does nothing until it is asked.
echo "CgroupPlugin=cgroup/v1" > "$work/cgroup.conf"
export SLURM_CONF="$work/slurm.conf"
slurmctld -D > "$work/log/slurmctld.out" 2>&1 &
pids+=($!)
slurmd -D > "$work/log/slurmd.out" 2>&1 &
pids+=($!)
for _ in $(seq 100); do
    sinfo --noheader --format=%T 2> /dev/null | grep -q idle && break
    sleep 0.2
done
sinfo --noheader --format=%T 2> /dev/null | grep -q idle || { tail -n 20 "$work"/log/*; skip "Slurm does not start"; }

cd "$work/jobs"
cat > pipeline.yaml <<YAML
name: slurm
stages:
  - rescale
  - normalize
  - resize: { size: [48, 48], keepAspect: true }
outputs: { tensors: { format: npy, dtype: float16 }, report: html }
YAML
export HILUM=$hilum
code=0
"$hilum" run pipeline.yaml "$root/fixtures" -o whole --quiet --workers 1 2> /dev/null || code=$?
[ "$code" = 1 ] || { echo "FAILED: the run in one piece ended with $code"; exit 1; }

array=$(sbatch --parsable --array=0-3 --cpus-per-task=1 --mem=0 "$root/pipelines/slurm/array.sbatch" \
    pipeline.yaml "$root/fixtures" -o out --quiet)
merge=$(sbatch --parsable --dependency="afterany:$array" --mem=0 "$root/pipelines/slurm/merge.sbatch" out)
for _ in $(seq 600); do
    [ -z "$(squeue --noheader --jobs="$array,$merge" 2> /dev/null)" ] && break
    sleep 0.5
done
[ -f out/manifest.jsonl ] || { echo "FAILED: no merge"; tail -n 20 ./*.log "$work"/log/*; exit 1; }

# Everything but times, and what belongs to one shard: the same bytes.
diff -r -x 'run*.json' -x 'manifest.*-of-*' -x 'report.*-of-*' whole out || { echo "FAILED: the trees differ"; exit 1; }
ls out/manifest.{1,2,3,4}-of-4.jsonl > /dev/null
grep -q '"shards"' out/run.json

# A shard that was never run is named, and nothing is written.
array=$(sbatch --parsable --wait --array=1-2 --cpus-per-task=1 --mem=0 "$root/pipelines/slurm/array.sbatch" \
    pipeline.yaml "$root/fixtures" -o part --quiet) || true
rm part/run.2-of-2.json part/manifest.2-of-2.jsonl
code=0
"$hilum" merge part -o part 2> message || code=$?
[ "$code" = 2 ] && grep -q "of 2 shards 1 are missing: 2" message && [ ! -e part/manifest.jsonl ] \
    || { echo "FAILED: merge of half a run: exit $code, $(cat message)"; exit 1; }
echo "passed: $(wc -l < out/manifest.jsonl) items in 4 jobs and a merge are those of one run, to the byte"
