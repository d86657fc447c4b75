# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# --shared: what files share, beside what the kernel itself says.

load helper

# row FILE: its line of the table, without its name, blanks made one.  Columns:
#	SIZE HOLES RESERVED SHARED OWN INLINE UNKNOWN			one file
#	SIZE HOLES RESERVED SHARED ELSEWHERE OWN INLINE UNKNOWN		several
row() {
	printf '%s\n' "${lines[@]}" | awk -v name="'$1'" \
		'NF >= 8 && $NF == name { NF--; $1 = $1; print }'
}

# says STATUS FILE... -- ROW...: --shared has these rows and this exit status.
says() {
	local status=$1 files=()

	shift
	while [[ $# -gt 0 && $1 != -- ]]; do
		files+=("$1")
		shift
	done
	[[ $# -eq 0 ]] || shift
	run "-$status" rcp --shared "${files[@]}"
	while [[ $# -gt 0 ]]; do
		assert_equal "${files[0]}: $(row "${files[0]}")" "${files[0]}: $1"
		files=("${files[@]:1}")
		shift
	done
}

@test "--shared: a clone is shared whole, and a copy not, to the byte" {
	for fs in xfs xfs1k btrfs; do
		on $fs
		mkfile one data:1000001:1
		says 1 one -- "1000001 0 0 0 1000001 0 0"
		rcp --reflink=always one two
		says 0 two -- "1000001 0 0 1000001 0 0 0"
		says 0 one two -- "1000001 0 0 1000001 0 0 0 0" \
			"1000001 0 0 1000001 0 0 0 0"
		rcp --reflink=never one three
		says 1 one three -- "1000001 0 0 0 1000001 0 0 0" \
			"1000001 0 0 0 0 1000001 0 0"
		says 1 one two three
	done
}

@test "--shared: with a file that isn't named, and with two" {
	for fs in xfs btrfs; do
		on $fs
		mkfile one data:1M:1
		rcp --reflink=always one two
		rcp --reflink=always one three
		mkfile -o 0 two data:64K:2
		mkfile -o 512K three data:64K:3
		says 1 two three -- \
			"1048576 0 0 917504 65536 65536 0 0" \
			"1048576 0 0 917504 65536 65536 0 0"
		says 1 one two three -- \
			"1048576 0 0 1048576 0 0 0 0" \
			"1048576 0 0 983040 0 65536 0 0"
		assert_line --regexp "^ +983040 of 'one' with 'two'\$"
		assert_line --regexp "^ +917504 of 'two' with 'three'\$"
		# Of whom one shares with one, and another with another.
		mkfile a data:64K:4
		mkfile b data:64K:5
		rcp --range=0:0:0 a both
		rcp --range=0:0:64K b both
		says 0 both a b -- "131072 0 0 131072 0 0 0 0"
		assert_line --regexp "^ +65536 of 'both' with 'a'\$"
	done
}

@test "--shared: maps that are cut in different ways, at other offsets" {
	for fs in xfs btrfs; do
		on $fs
		mkfile one data:1M:1
		# From the end to the beginning, in parts, behind a hole.
		for ((i = 15; i >= 0; i--)); do
			rcp --range=$((i * 65536)):64K:$((i * 65536 + 2097152)) \
				one parts
		done
		says 0 one parts -- "1048576 0 0 1048576 0 0 0 0" \
			"3145728 2097152 0 1048576 0 0 0 0"
		# Twice the same block, in one file.
		mkfile twice data:4K:2
		rcp --range=0:4K:8K twice twice
		says 0 twice -- "12288 4096 0 8192 0 0 0"
		says 1 twice one -- "12288 4096 0 0 8192 0 0 0"
	done
}

@test "--shared: files without data are shared whole" {
	for fs in xfs btrfs ext4; do
		on $fs
		: >empty
		truncate -s 1000001 hole
		fallocate -l 64K reserved
		says 0 empty -- "0 0 0 0 0 0 0"
		says 0 hole -- "1000001 1000001 0 0 0 0 0"
		says 0 reserved -- "65536 0 65536 0 0 0 0"
		says 0 empty hole reserved
	done
}

@test "--shared: holes at the end, and storage behind the end" {
	for fs in xfs btrfs ext4; do
		on $fs
		mkfile one data:64K:1 hole:1M
		fallocate -n -o 2M -l 64K one
		says 1 one -- "1114112 1048576 0 0 65536 0 0"
	done
}

@test "--shared: the largest numbers stay apart" {
	on xfs
	truncate -s 7E huge
	says 0 huge -- "8070450532247928832 8070450532247928832 0 0 0 0 0"
}

@test "--shared: on btrfs, the last block of a file may be in the middle of another" {
	on btrfs
	mkfile long data:8K:1
	rcp --reflink=always long short
	truncate -s 5000 short
	run rcp --shared short
	[[ $status -eq 0 ]] || skip "truncate copies the last block here"
	says 0 short long -- "5000 0 0 5000 0 0 0 0" "8192 0 0 8192 0 0 0 0"
}

@test "--shared: on btrfs, inline data is never shared" {
	on btrfs
	mkfile one data:100:1
	rcp --reflink=always one two
	says 1 one two -- "100 0 0 0 0 0 100 0" "100 0 0 0 0 0 100 0"
}

@test "--shared: on btrfs, compressed data and data without checksums" {
	on btrfs
	mkdir z nocow
	chattr +c z
	chattr +C nocow
	yes abc | head -c 500001 >z/one
	sync -f z/one
	run -0 extents z/one
	assert_output --partial encoded
	rcp --reflink=always z/one z/two
	says 0 z/one z/two -- "500001 0 0 500001 0 0 0 0"
	mkfile -o 0 z/two data:128K:1
	says 1 z/one z/two -- "500001 0 0 368929 0 131072 0 0" \
		"500001 0 0 368929 0 131072 0 0"
	# At another offset, and a part of what is stored as one.
	rcp --range=0:0:1M z/one z/far
	rcp --range=64K:64K:0 z/one z/part
	says 0 z/one z/far z/part -- "500001 0 0 500001 0 0 0 0" \
		"1548577 1048576 0 500001 0 0 0 0" "65536 0 0 65536 0 0 0 0"

	mkfile nocow/one data:100001:1
	rcp --reflink=always nocow/one nocow/two
	says 0 nocow/one nocow/two -- "100001 0 0 100001 0 0 0 0"
}

@test "--shared: across the subvolumes and mounts of one btrfs" {
	need btrfs btrfs-sub
	on btrfs
	mkfile one data:64K:1
	other=$LAB/btrfs-sub/shared-$(place_name)
	"$REFLINKCP" --reflink=always one "$other" ||
		cp --reflink=always one "$LAB/btrfs/sub/shared-$(place_name)"
	says 0 one "$other" -- "65536 0 0 65536 0 0 0 0"
	rm "$other"
}

@test "--shared: files of several file systems" {
	need xfs btrfs
	on xfs
	mkfile one data:64K:1
	other=$(place btrfs)/one
	rcp one "$other"
	rcp one two
	says 1 one "$other" two -- "65536 0 0 65536 0 0 0 0" \
		"65536 0 0 0 0 65536 0 0"
}

@test "--shared: where no file shares anything" {
	on ext4
	mkfile one data:100K:1
	rcp one two
	says 1 one two -- "102400 0 0 0 0 102400 0 0"
}

@test "--shared: what can't be known" {
	for fs in tmpfs overlay overlay-mixed; do
		on $fs
		mkfile one data:100K:1
		says 2 one -- "102400 0 0 0 0 0 102400"
		assert_line "'one': can't be known: its file system does not tell"
	done
	# Empty, or not.
	on tmpfs
	: >empty
	says 0 empty -- "0 0 0 0 0 0 0"
	says 2 /proc/version -- "0 0 0 0 0 0 0"
	on xfs
	mkfile one data:100K:1
	rcp one two
	oddfs . "$BATS_TEST_TMPDIR/odd"
	says 2 one two "$BATS_TEST_TMPDIR/odd/one" -- "102400 0 0 102400 0 0 0 0"
}

@test "--shared: names of one file" {
	on xfs
	mkfile one data:100K:1
	ln one two
	ln -s one link
	# It shares nothing with another file.
	says 1 one two link -- "102400 0 0 0 0 102400 0 0" \
		"102400 0 0 0 0 102400 0 0"
	assert_line "'two' is the same file as 'one'"
	assert_line "'link' is the same file as 'one'"
	rcp one three
	says 0 two three link -- "102400 0 0 102400 0 0 0 0"
}

@test "--shared: what fails leaves the others, and is trouble" {
	on xfs
	mkfile one data:100K:1
	rcp one two
	mkfifo fifo
	run -2 --separate-stderr rcp --shared one absent fifo . two
	assert_equal "$(row two)" "102400 0 0 102400 0 0 0 0"
	assert_equal "${stderr_lines[0]}" \
		"$ME: cannot stat 'absent': No such file or directory"
	assert_equal "${stderr_lines[1]}" \
		"$ME: 'fifo' is a FIFO: only the data of regular files can be shared"
	assert_equal "${stderr_lines[2]}" \
		"$ME: '.' is a directory: only the data of regular files can be shared"
	assert_equal "${#stderr_lines[@]}" 3
}

@test "--shared: a map that can't be read is trouble" {
	unsanitized "leaks can't be looked for under strace"
	on xfs
	mkfile one data:100K:1
	run -2 --separate-stderr strace -o trace -e trace=ioctl \
		-e inject=ioctl:error=EIO:when=2+ "$REFLINKCP" --shared one
	assert_equal "${stderr_lines[0]}" \
		"$ME: cannot find out where 'one' is stored: Input/output error"
}

@test "--shared: usage" {
	run -2 --separate-stderr rcp --shared
	assert_equal "${stderr_lines[0]}" "$ME: missing file operand"
	run -2 --separate-stderr rcp --shared -a x
	assert_equal "${stderr_lines[0]}" \
		"$ME: --shared can be combined only with --json"
	: >empty
	run -0 rcp --shared empty
	run -2 bash -c '"$REFLINKCP" --shared empty >/dev/full'
	assert_output "$ME: write error: No space left on device"
}

# places FILE: the physical place of each block of 4 KiB that is shared.
places() {
	extents "$1" | awk '$4 ~ /shared/ && $4 !~ /unwritten/ {
		for (i = 0; i < $3; i += 4096)
			printf "%.0f\n", $2 + i
	}'
}

# Bytes of $1 in places that are among those of the other files.
in_common() {
	awk 'FNR == NR { if (NR == 1) first = FILENAME }
		FILENAME == mine { n[$1]++; next }
		{ seen[$1] = 1 }
		END { for (p in n) if (p in seen) sum += n[p]; print sum * 4096 }' \
		mine="$1" "$1" "${@:2}"
}

@test "--shared: random clones of ranges, beside extent maps and btrfs fi du" {
	RANDOM=7
	for fs in xfs btrfs; do
		on $fs
		for f in a b c d; do
			mkfile $f data:512K:$RANDOM
		done
		for ((i = 0; i < 60; i++)); do
			files=(a b c d)
			from=${files[RANDOM % 4]} to=${files[RANDOM % 4]}
			rcp --reflink=auto --range=$((RANDOM % 128 * 4096)):$((
				(RANDOM % 16 + 1) * 4096)):$((
				RANDOM % 128 * 4096)) "$from" "$to" 2>/dev/null ||
				true
		done
		sync -f a
		for f in a b c d; do
			places $f >$f.places
		done
		run rcp --shared a b c d
		for f in a b c d; do
			others=()
			for o in a b c d; do
				[[ $o == "$f" ]] || others+=("$o.places")
			done
			read -r -a n < <(row $f)
			assert_equal "$f ${n[3]}" \
				"$f $(in_common $f.places "${others[@]}")"
			assert_equal "$f $((n[3] + n[4]))" \
				"$f $(($(wc -l <$f.places) * 4096))"
			assert_equal "${n[0]}" $((n[1] + n[2] + n[3] + n[4] + n[5]))
			[[ $fs != btrfs ]] || assert_equal "$f ${n[5]}" \
				"$f $(btrfs filesystem du --raw $f |
					awk 'END { print $2 }')"
		done
	done
}

# drawn COLUMNS FILE...: on a terminal so wide.
drawn() {
	local columns=$1

	shift
	pty bash -c 'stty columns $1 && shift && exec "$REFLINKCP" --shared "$@"' \
		- "$columns" "$@"
}

@test "--shared: bars on a terminal" {
	on xfs
	mkfile one data:64K:1 hole:64K data:64K:2 data:64K:4
	rcp one two
	mkfile -o 128K two data:64K:3
	: >empty
	run -1 drawn 64 one two empty
	assert_output "$(<"$BATS_TEST_DIRNAME/../golden/shared-64.txt")"
	LC_ALL=C.UTF-8 run -1 drawn 40 one two
	assert_output "$(<"$BATS_TEST_DIRNAME/../golden/shared-40.txt")"
	# Narrower: no table, and no line is too long.
	for columns in 1 20 30 40 80 200; do
		run -1 drawn $columns one two empty
		for line in "${lines[@]}"; do
			[[ $columns -lt 40 || ${#line} -le $columns ]] ||
				fail "$columns: $line"
		done
		refute_output --partial $'\e'
	done
}

@test "--shared: names can't control a terminal" {
	on xfs
	mkfile $'a\e[31m\nb' data:64K:1
	LC_ALL=C.UTF-8 run -1 drawn 80 $'a\e[31m\nb'
	refute_output --partial $'\e'
	assert_line --partial "'a'\$'\\033''[31m'\$'\\n''b'"
}

@test "--shared: a file with 100,000 extents" {
	unsanitized "memory is measured"
	on xfs
	mkfile many many:100000
	rcp many copy
	run -0 bash -c 'ulimit -v 65536; exec "$REFLINKCP" --shared many copy'
	assert_equal "$(row copy)" "409600000 0 0 409600000 0 0 0 0"
}

# records: those of the report, without what differs from run to run.
records() {
	jq -c 'select(.type == "shared") | del(.time, .type, .seq)' report.jsonl
}

@test "--shared: --json" {
	on xfs
	mkfile one data:100001:1
	rcp one two
	mkfile three data:64K:2
	ln three four
	run -1 rcp --shared --json=report.jsonl one two three four
	assert_line --regexp "^ +100001 .* 'one'\$"
	run -0 records
	assert_line --index 0 '{"operand":0,"file":"one","same_as":null,"answer":"shared","size":100001,"holes":0,"reserved":0,"shared":100001,"elsewhere":0,"own":0,"inline":0,"unknown":0,"with":[{"operand":1,"bytes":100001}]}'
	assert_line --index 2 '{"operand":2,"file":"three","same_as":null,"answer":"not_shared","size":65536,"holes":0,"reserved":0,"shared":0,"elsewhere":0,"own":65536,"inline":0,"unknown":0,"with":[]}'
	assert_line --index 3 '{"operand":3,"file":"four","same_as":2,"answer":"not_shared","size":65536,"holes":0,"reserved":0,"shared":0,"elsewhere":0,"own":65536,"inline":0,"unknown":0,"with":[]}'
	assert_equal "${#lines[@]}" 4

	run -0 rcp --shared --json one
	assert_line --index 1 --partial '"answer":"shared","size":100001,"holes":0,"reserved":0,"shared":100001,"elsewhere":null,"own":0,"inline":0,"unknown":0,"with":null,'
	assert_line --index 2 --partial '"exit_status":0'
	assert_equal "${#lines[@]}" 3
	run -2 rcp --shared --json=report.jsonl one absent .
	run -0 jq -c 'select(.type == "error") | [.class, .call, .errno, .src, .dst]' \
		report.jsonl
	assert_line --index 0 '["missing","fstatat","ENOENT","absent",null]'
	assert_line --index 1 '["refused",null,null,".",null]'
	assert_equal "$(jq -r 'select(.type == "summary").exit_status' report.jsonl)" 2
	run -2 rcp --shared --json=one one
	assert_equal "$(stat -c %s one)" 100001
}
