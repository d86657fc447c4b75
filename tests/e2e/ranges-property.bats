# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Random ranges of random files against a byte-wise model: tests/tools/rangecheck.
#
#	RANGE_SEED	where the random numbers begin; else it is drawn
#	RANGE_CASES	how many on each file system (4000)

load helper

setup_file() {
	export RANGE_SEED=${RANGE_SEED-$((RANDOM << 15 | RANDOM))}
	# Each process takes long to start there.
	[[ ! ${REFLINKCP_SANITIZED-} ]] || : "${RANGE_CASES:=300}"
	export RANGE_CASES=${RANGE_CASES:-4000}
	echo "# seed $RANGE_SEED, $RANGE_CASES cases each" >&3
}

# model FS BLOCK: sets $cloned, $partly and $copied, how many ranges were.
model() {
	on "$1"
	run rangecheck "$REFLINKCP" . "$RANGE_CASES" "$RANGE_SEED" "$2"
	[[ $status -eq 0 ]] || fail "$output"
	[[ ${lines[-1]} =~ ranges:\ ([0-9]+)\ cloned,\ ([0-9]+)\ partly,\ ([0-9]+)\ copied ]] ||
		fail "$output"
	cloned=${BASH_REMATCH[1]}
	partly=${BASH_REMATCH[2]}
	copied=${BASH_REMATCH[3]}
	echo "# $1: ${lines[-1]}" >&3
	assert [ "$copied" -gt $((RANGE_CASES / 10)) ]
}

model_clones() {
	model "$@"
	assert [ "$cloned" -gt $((RANGE_CASES / 10)) ]
	assert [ "$partly" -gt $((RANGE_CASES / 30)) ]
}

model_copies() {
	model "$1" 0
	assert_equal "$cloned $partly" "0 0"
}

@test "xfs: random ranges come out as the model says" {
	model_clones xfs 4096
}

@test "xfs with 1 KiB blocks: random ranges come out as the model says" {
	model_clones xfs1k 1024
}

@test "btrfs: random ranges come out as the model says" {
	model_clones btrfs 4096
}

@test "overlay: random ranges come out as the model says" {
	model_clones overlay 4096
}

@test "ext4: random ranges come out as the model says" {
	model_copies ext4
}

@test "tmpfs: random ranges come out as the model says" {
	model_copies tmpfs
}
