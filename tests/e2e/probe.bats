# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# --probe: can files be cloned here?

load helper

# says PATTERN...: the output has a line of each of these.
says() {
	local pattern

	for pattern; do
		assert_line --regexp "$pattern"
	done
}

# Nothing was left behind.
assert_clean() {
	assert_equal "$(find . -name '.reflinkcp*' -print)" ""
}

yes="^'.*': yes, files can be cloned"
no="^'.*': no, files can't be cloned"
unknown="^'.*': not known whether files can be cloned"

# What differs from run to run, made the same.
normal() {
	sed -E "s,$LAB,/lab,; s,/$(place_name),/here,g; s,/dev/loop[0-9]+,/dev/loop,
		s,^(    free space +).*,\1SOME of MORE,"
}

# With PROBE_BLESS=1 the golden table is made anew.
@test "the table" {
	local golden=$BATS_TEST_DIRNAME/../golden/probe.txt name

	unsanitized "once is enough"
	need_root
	need xfs xfs1k xfs-noreflink btrfs btrfs-nodatasum ext4 tmpfs overlay \
		quota-btrfs ro-xfs
	cd "$LAB"
	mkdir -p "xfs/$(place_name)"
	echo content >"xfs/$(place_name)/file"
	{
		for name in xfs xfs1k xfs-noreflink btrfs btrfs/sub btrfs/nocow \
			btrfs/compressed btrfs-nodatasum ext4 tmpfs overlay \
			ro-xfs /proc; do
			rcp --probe "$name" || true
		done
		rcp --probe xfs/none/such "xfs/$(place_name)/file" '' || true
		rcp --probe -t "xfs/$(place_name)" xfs btrfs \
			"ro-xfs/$(place_name)" "ro-xfs/$(place_name)/file" \
			/proc/version || true
		rcp --probe -t btrfs btrfs-sub btrfs/nocow || true
	} | normal >"$BATS_TEST_TMPDIR/table"
	rm -r "xfs/$(place_name)"
	[[ ! ${PROBE_BLESS-} ]] || cp "$BATS_TEST_TMPDIR/table" "$golden"
	diff -u "$golden" "$BATS_TEST_TMPDIR/table"
	run -1 grep -nE '^.{81}' "$golden"
}

@test "where files can be cloned" {
	local name

	need xfs xfs1k btrfs btrfs-nodatasum overlay
	for name in xfs xfs1k btrfs btrfs-sub btrfs-nodatasum overlay; do
		on "$name"
		run -0 rcp --probe .
		says "$yes" '^    tried  +a clone of 256 KiB: same bytes'
		assert_equal "$(ls -A)" ""
	done
	for name in btrfs/nocow btrfs/compressed; do
		cd "$(place "$name")"
		run -0 rcp --probe .
		says "$yes" 'same bytes, same storage$'
		assert_equal "$(ls -A)" ""
		cd "$LAB"
		rm -r "$(place "$name")"
	done
}

@test "large blocks" {
	need_where_known xfs64k
	on xfs64k
	run -0 rcp --probe .
	says "$yes" '^    ranges  +in multiples of 65536 bytes$'
}

@test "where they can't" {
	need xfs-noreflink ext4 tmpfs
	on ext4
	run -1 rcp --probe . "$(place tmpfs)" "$(place xfs-noreflink)"
	assert_equal "$(grep -c "$no" <<<"$output")" 3
	says 'FICLONE was refused: Operation not supported \(EOPNOTSUPP\)$' \
		'what to do  +use a file system with reflinks' \
		'what to do  +it was made with reflink=0'
	for name in ext4 tmpfs xfs-noreflink; do
		assert_equal "$(ls -A "$(place $name)")" ""
	done
}

@test "one that can't among those that can" {
	need xfs ext4
	on xfs
	run -1 rcp --probe . "$(place ext4)" .
	assert_equal "$(grep -c "$yes" <<<"$output")" 2
	assert_equal "$(grep -c "$no" <<<"$output")" 1
}

@test "an overlay, whose files are named" {
	need overlay-mixed
	on overlay-mixed
	run -0 rcp --probe .
	says "$yes" "extent maps  +can't be trusted"
	assert_equal "$(ls -A)" ""
}

@test "an overlay's lower layer on another file system" {
	need_root
	need overlay-mixed
	lower=$LAB/ext4/.overlay-mixed/$(place_name).low
	mkdir -m 755 "$lower"
	mkfile "$lower/file" data:8K
	on overlay-mixed
	chmod 777 .
	run -1 as_nobody "$REFLINKCP" --probe -t . "../${lower##*/}/file"
	rm -r "$lower"
	says "$no" 'FICLONE was refused: .*\(EXDEV\)$' \
		'what to do  +put both layers on one file system$'
	assert_equal "$(ls -A)" ""
}

@test "through FUSE" {
	on xfs
	oddfs real odd
	run -1 rcp --probe odd
	says "$no" 'what to do  +FUSE can.t clone' 'fuse.oddfs on'
	assert_equal "$(ls -A real)" ""
}

@test "paths that don't exist stand for the nearest directory" {
	on xfs
	mkdir dir
	touch dir/file
	ln -s nowhere dangling
	ln -s dir link
	run -0 rcp --probe none a/b/c dir/file dir/file/x dangling/x ./none/ \
		"$PWD/none//x"
	assert_equal "$(grep -c "$yes" <<<"$output")" 7
	assert_equal "$(grep "^    directory" <<<"$output" | sed 's/.*ry  *//')" \
		"'.', the nearest one that exists
'.', the nearest one that exists
'dir', in which it is
'dir', the nearest one that exists
'.', the nearest one that exists
'.', the nearest one that exists
'$PWD', the nearest one that exists"
	run -0 rcp --probe link .. "$(printf 'a%.0s' {1..255})"
	says "^'link': yes" "^'..': yes"
}

@test "names are quoted" {
	on xfs
	mkdir $'a\e[31m\n'
	run -0 rcp --probe $'a\e[31m\n'
	assert_line --index 0 "'a'\$'\\033''[31m'\$'\\n': yes, files can be cloned here"
	run -0 rcp --probe $'a\e[31m\n/none'
	refute_output --partial $'\e'
}

@test "a directory that can't be written, read or searched" {
	need_root
	on xfs
	chmod 755 .
	mkdir -m 755 closed
	mkdir -m 1733 blind
	mkdir -m 700 shut
	mkdir -m 777 open
	run -1 as_nobody "$REFLINKCP" --probe closed
	says "$unknown" 'cannot create a file: Permission denied \(EACCES\)' \
		'what to do  +run this as a user who may write there'
	run -0 as_nobody "$REFLINKCP" --probe blind open
	run -1 as_nobody "$REFLINKCP" --probe shut/x
	says "$unknown" 'cannot access it: Permission denied \(EACCES\)'
	run -1 as_nobody "$REFLINKCP" --probe -t shut/x open
	says "$unknown" 'cannot access the target: Permission denied \(EACCES\)'
	run -1 as_nobody "$REFLINKCP" --probe -t open shut/x
	says "$unknown" 'cannot access the source: Permission denied \(EACCES\)'
	# A source need not be written.
	run -1 as_nobody "$REFLINKCP" --probe -t open closed
	says "$unknown" 'the source has no file with content$'
	mkfile closed/file data:3M
	run -0 as_nobody "$REFLINKCP" --probe -t open closed closed/file
	says 'a clone of 1.0 MiB of a file in it: same bytes, same storage$' \
		'a clone of 1.0 MiB of the file itself: same bytes, same storage$'
	chmod 600 closed/file
	run -1 as_nobody "$REFLINKCP" --probe -t open closed/file
	says "$unknown" 'cannot read the source: Permission denied \(EACCES\)'
	for dir in closed blind shut open; do
		rm -f closed/file
		assert_equal "$(ls -A $dir)" ""
	done
}

@test "locked directories" {
	need_root
	on xfs
	mkdir locked appending
	chattr +i locked
	chattr +a appending
	run -1 rcp --probe locked
	says "$unknown" 'what to do  +see lsattr'
	# What has no name leaves none.
	run -0 rcp --probe appending
	chattr -i -a locked appending
}

@test "a read-only mount, and a read-only snapshot" {
	need_root
	need btrfs ro-xfs ro-ext4
	run -1 rcp --probe "$LAB/ro-xfs" "$LAB/ro-ext4"
	assert_equal "$(grep -c "$no" <<<"$output")" 2
	on btrfs
	btrfs -q subvolume create sub
	mkfile sub/file data:512K
	btrfs -q subvolume snapshot -r sub snap
	run -1 rcp --probe snap
	says "$no" 'cannot create a file: Read-only file system \(EROFS\)$' \
		'of which this is the root, a snapshot, read-only$'
	# It can be a source.
	run -0 rcp --probe -t . snap snap/file
	says 'of a file in it: same bytes, same storage$' \
		'of the file itself: same bytes, same storage$' \
		'^    ranges  +in multiples of 4096 bytes$'
	btrfs -q subvolume delete snap sub
}

@test "a source with or without NOCOW" {
	on btrfs
	mkdir cow nocow
	chattr +C nocow
	mkfile cow/file data:8K
	touch cow/plus
	chattr +C cow/plus
	run -0 rcp --probe -t cow nocow nocow/none cow/plus cow/file
	assert_equal "$(grep -c 'same storage$' <<<"$output")" 4
	run -0 rcp --probe -t nocow cow cow/plus nocow cow/file
	assert_equal "$(grep -c 'same storage$' <<<"$output")" 4
	says '^    NOCOW  '
	assert_clean
}

@test "files with and without checksums can't share, which nothing shows" {
	need btrfs-nodatasum
	hold
	on btrfs-nodatasum
	mkfile file data:512K
	mount -o remount,datasum "$LAB/btrfs-nodatasum"
	chattr +i .
	# A file beside it can't be made, so it is cloned itself.
	mkdir "$BATS_TEST_TMPDIR/into" "$LAB/btrfs-nodatasum/$(place_name).into"
	run -1 rcp --probe -t "../$(place_name).into" file
	chattr -i .
	mount -o remount,nodatasum "$LAB/btrfs-nodatasum"
	rmdir "$LAB/btrfs-nodatasum/$(place_name).into"
	says "$no" 'FICLONE was refused: Invalid argument \(EINVAL\)$' \
		'what to do  +both need checksums, or none'
}

@test "from one file system to another" {
	need xfs btrfs ext4
	on xfs
	run -1 rcp --probe -t . "$(place btrfs)" "$(place ext4)"
	assert_equal "$(grep -c "$no" <<<"$output")" 2
	says 'FICLONE was refused: Invalid cross-device link \(EXDEV\)$' \
		'choose two places on one file system'
	for name in xfs btrfs ext4; do
		assert_equal "$(ls -A "$(place $name)")" ""
	done
}

@test "a source that is not a file or is empty" {
	need_root
	on xfs
	mkfifo fifo
	touch empty
	run -1 rcp --probe -t . fifo
	says "$unknown" 'it is neither a regular file nor a directory$'
	run -0 rcp --probe -t . empty
	mkdir -m 777 into
	chmod 755 .
	run -1 as_nobody "$REFLINKCP" --probe -t into empty
	says "$unknown" 'the source has no file with content$'
}

@test "a source is not changed" {
	need_root
	on xfs
	mkdir -m 777 into
	chmod 755 .
	mkfile file data:512K
	remember file
	run -0 as_nobody "$REFLINKCP" --probe -t into file .
	assert_untouched
}

@test "a full disk, and a quota" {
	local name

	need full-xfs full-btrfs quota-btrfs
	hold
	for name in full-xfs full-btrfs; do
		cd "$LAB/$name"
		# There is room for what is tried.
		run -0 rcp --probe .
		mkdir full
		fill full
		run -1 rcp --probe .
		rm -r full
		sync -f .
		says "$unknown" 'No space left on device \(ENOSPC\)$' \
			'what to do  +free some space$'
	done
	cd "$LAB/quota-btrfs/limited"
	run -0 rcp --probe .
	says '^    quota  .* of 16 MiB are used$'
	head -c 16M /dev/urandom >much 2>/dev/null || true
	sync -f .
	run -1 rcp --probe .
	rm much
	sync -f .
	says "$unknown" 'Disk quota exceeded \(EDQUOT\)$' \
		'^    quota  .* of 16 MiB are used: nearly all$'
}

# injected CALL:FAULT[:WHEN] ARGUMENT...: what the program says, if that is
# done to its calls.
injected() {
	strace -f -o /dev/null -e trace="${1%%:*}" -e inject="$1" \
		"$REFLINKCP" "${@:2}"
}

@test "each step that fails is named" {
	local n

	unsanitized "leaks can't be looked for under strace"
	strace -o /dev/null true 2>/dev/null || lacks "strace can't trace here"
	on xfs
	run -1 injected pwrite64:error=ENOSPC --probe .
	says "$unknown" 'reason  +cannot write a file: .*\(ENOSPC\)$'
	run -1 injected fsync:error=EIO --probe .
	says "$unknown" 'reason  +cannot sync a file: .*\(EIO\)$' \
		'what to do  +read the kernel.s log'
	# The loader of the program opens and reads files, too.
	strace -o trace -e trace=openat,pread64 "$REFLINKCP" --probe . >/dev/null
	n=$(grep -c pread64 trace)
	run -1 injected "pread64:error=EIO:when=$((n - 1))" --probe .
	says "$unknown" 'reason  +cannot read the clone: .*\(EIO\)$'
	n=$(grep openat trace | grep -nm 1 '"\."')
	rm trace
	run -1 injected "openat:error=EMFILE:when=${n%%:*}" --probe .
	says "$unknown" 'reason  +cannot access it: .*\(EMFILE\)$'
	run -0 injected fstatfs:error=EIO --probe .
	refute_line --regexp 'extent maps|free space'
	assert_equal "$(ls -A)" ""
}

# The ioctls of a probe on XFS in their order: geometry, FSGETXATTR, GETFLAGS
# (4 times), FICLONE, FSGETXATTR (twice), FIEMAP (twice), FICLONERANGE.
@test "each errno of FICLONE has its name" {
	local pair

	unsanitized "leaks can't be looked for under strace"
	strace -o /dev/null true 2>/dev/null || lacks "strace can't trace here"
	on xfs
	for pair in EPERM:'something forbids it' EACCES:'something forbids it' \
		ENOTTY:'the kernel, or a sandbox' ETXTBSY:'it is in use' \
		EXDEV:'use one mount for both' EINVAL:'the two are stored' \
		EOPNOTSUPP:'use a file system with' ENOSPC:'free some space' \
		EDQUOT:'remove files' EIO:'read the kernel'; do
		run -1 injected "ioctl:error=${pair%%:*}:when=7" --probe .
		says "$no" "FICLONE was refused: .*\(${pair%%:*}\)\$" \
			"what to do  +${pair#*:}"
	done
	# It is waited for, but not for ever.
	run -0 injected ioctl:error=EAGAIN:when=7 --probe .
	assert_equal "$(ls -A)" ""
}

@test "a clone that is none is found out" {
	unsanitized "leaks can't be looked for under strace"
	strace -o /dev/null true 2>/dev/null || lacks "strace can't trace here"
	on xfs
	run -1 injected ioctl:retval=0:when=7 --probe .
	says "$no" 'the clone has other bytes than its source$'
	# The map of the clone is empty.
	run -1 injected ioctl:retval=0:when=11 --probe .
	says "$no" 'the clone has storage of its own$'
	# Without maps nothing is known of storage.
	run -0 injected ioctl:error=EOPNOTSUPP:when=10 --probe .
	says "$yes" 'same bytes$'
	# A range that is not cloned, although it is said to be: not the
	# alignment.
	run -0 injected ioctl:retval=0:when=12..14 --probe .
	says '^    ranges  +in multiples of 4096 bytes$'
	run -0 injected ioctl:error=EIO:when=12 --probe .
	refute_line --regexp '^    ranges'
	run -0 injected ioctl:error=EINVAL:when=12+ --probe .
	refute_line --regexp '^    ranges'
}

@test "what can't be found out is left out" {
	unsanitized "leaks can't be looked for under strace"
	strace -o /dev/null true 2>/dev/null || lacks "strace can't trace here"
	on xfs
	run -0 injected ioctl:error=EIO:when=1..6 --probe .
	says "$yes"
	run -0 injected quotactl_fd:error=EIO --probe .
	says "$yes"
	on btrfs
	run -0 injected ioctl:error=ENOTTY:when=1..5 --probe .
	says "$yes"
	refute_line --regexp '^    subvolume'
}

@test "without /proc" {
	unsanitized "sanitizers need /proc"
	need_root
	on xfs
	run -0 unshare -m sh -c 'umount -l /proc; exec "$@"' sh "$REFLINKCP" \
		--probe .
	says "$yes" "file system  +unknown, because /proc can't be read"
}

@test "without files that have no name" {
	local n

	unsanitized "leaks can't be looked for under strace"
	strace -o /dev/null true 2>/dev/null || lacks "strace can't trace here"
	on xfs
	strace -o trace "$REFLINKCP" --probe . >/dev/null
	n=$(grep -c openat trace)
	rm trace
	# The last two are those of unnamed files.
	run -0 injected "openat:error=EOPNOTSUPP:when=$((n - 1))" --probe .
	says "$yes" 'same storage$'
	assert_equal "$(ls -A)" ""
	run -1 injected "openat:error=EIO:when=$n" --probe .
	says "$unknown" 'cannot create a file: .*\(EIO\)$'
	assert_equal "$(ls -A)" ""
}

@test "a signal in the middle leaves nothing" {
	local call n

	unsanitized "leaks can't be looked for under strace"
	strace -o /dev/null true 2>/dev/null || lacks "strace can't trace here"
	need overlay
	on overlay
	for call in openat:8 openat:9 openat:10 openat:11 unlinkat:1 \
		pwrite64:1 fsync:1 pread64:1 ioctl:6; do
		n=${call#*:} call=${call%:*}
		run injected "$call:signal=TERM:when=$n" --probe .
		assert_equal "$(ls -A)" ""
	done
	run injected "fsync:signal=TERM" --probe .
	assert_equal "$status" 143
	refute_output --partial yes
}

# of FILTER: what jq finds in the probe records of report.jsonl.
of() {
	jq -rc "select(.type == \"probe\") | $1" report.jsonl
}

assert_of() {
	assert_equal "$(of "$1")" "$2"
}

# Each record has all keys.
assert_all_keys() {
	assert_equal "$(of 'keys_unsorted | join(" ")' | sort -u)" \
		"type seq path into answer error advice what_to_do tried align \
clone_max source destination time"
	assert_equal "$(of '.error, .tried, .source, .destination,
		.destination.subvolume, .destination.quota |
		objects | keys_unsorted | join(" ")' | sort -u)" "$1"
}

place_keys="directory exists fs_type mount_point mounted_from mount_options \
fs_options read_only size free made_with_reflinks nocow compressed extent_maps \
subvolume quota"

@test "--json: a record for each path, and nothing else" {
	need xfs ext4
	on xfs
	run -1 --separate-stderr rcp --probe --json . "$(place ext4)" none
	echo "$output" >report.jsonl
	assert_equal "$stderr" ""
	assert_equal "$(jq -r .type report.jsonl | xargs)" \
		"run probe probe probe summary"
	assert_equal "$(jq .seq report.jsonl | xargs)" "0 1 2 3 4"
	assert_equal "$(jq -r 'select(.type == "run").command' report.jsonl)" \
		probe
	assert_equal "$(tail -n 1 report.jsonl | jq .exit_status)" 1
	assert_all_keys "$(printf '%s\n' "$place_keys" \
		"file bytes same_content same_storage" "step side call errno" |
		sort)"
	assert_of '[.path, .into, .answer]' "[\".\",null,\"yes\"]
[\"$(place ext4)\",null,\"no\"]
[\"none\",null,\"yes\"]"
	assert_of '[.error, .advice, .align, .clone_max]' \
		'[null,null,4096,null]
[{"step":"clone","side":"destination","call":"FICLONE","errno":"EOPNOTSUPP"},"no_reflinks",null,null]
[null,null,4096,null]'
	assert_of .tried '{"file":"temporary","bytes":262144,"same_content":true,"same_storage":true}
null
{"file":"temporary","bytes":262144,"same_content":true,"same_storage":true}'
	assert_of '.destination |
		[.directory, .exists, .fs_type, .mount_point, .read_only,
		.made_with_reflinks, .nocow, .extent_maps, .quota]' \
		"[\".\",true,\"xfs\",\"$LAB/xfs\",false,true,false,true,null]
[\"$(place ext4)\",true,\"ext4\",\"$LAB/ext4\",false,null,false,true,null]
[\".\",false,\"xfs\",\"$LAB/xfs\",false,true,false,true,null]"
	assert_equal "$(of '.destination | .free <= .size and .free > 0' |
		sort -u)" true
}

@test "--json=FILE, with the table" {
	need btrfs quota-btrfs
	on btrfs
	chattr +c .
	mkdir sources
	run -1 rcp --probe --json=report.jsonl -t . sources none/x /dev/null
	assert_equal "$(grep -c "$yes" <<<"$output")" 2
	assert_all_keys "$(printf '%s\n' "$place_keys" \
		"file bytes same_content same_storage" "step side call errno" \
		"id is_root is_snapshot read_only" | sort)"
	assert_of '[.path, .into, .answer, .source.directory, .advice]' \
		'["sources",".","yes","sources",null]
["none/x",".","yes",".",null]
["/dev/null",".","unknown","/dev","no_file"]'
	assert_of '[.error.step, .error.side, .error.call, .error.errno]' \
		'[null,null,null,null]
[null,null,null,null]
["type","source",null,null]'
	assert_of '.destination | [.compressed, .nocow, .subvolume.id]' \
		'[true,false,5]
[true,false,5]
[true,false,5]'
	run -0 rcp --probe --json=report.jsonl "$LAB/quota-btrfs/limited"
	assert_of '.destination.quota | [.limit, .used < .limit]' \
		'[16777216,true]'
	chattr -c .
}

@test "--json: names that are not UTF-8, and what can't be found" {
	need_root
	on xfs
	mkdir $'\xff' shut open
	chmod 755 .
	chmod 700 shut
	chmod 777 open
	rcp --probe --json=report.jsonl $'\xff'
	assert_of '[.path.base64, .destination.directory.base64]' \
		'["/w==","/w=="]'
	touch report.jsonl
	chmod 666 report.jsonl
	run -1 keeping as_nobody "$REFLINKCP" --probe --json=report.jsonl shut/x
	assert_of '[.answer, .error.errno, .advice, .destination]' \
		'["unknown","EACCES","search",null]'
}

@test "--json: the schema names all steps and advice" {
	local source=$BATS_TEST_DIRNAME/../../src/cli/probe_words.c
	local schema=$BATS_TEST_DIRNAME/../../man/reflinkcp.schema.json

	assert_equal "$(sed -nE 's/.*\[ADVICE_.* \{ "(\w+)".*/\1/p' "$source")" \
		"$(jq -r '."$defs".probe.properties.advice.examples[]' "$schema")"
	assert_equal "$(sed -nE 's/.*\[PROBE_.* \{ "(\w+)".*/\1/p' "$source")" \
		"done
$(jq -r '."$defs".probe.properties.error.oneOf[0].properties.step.examples[]' \
			"$schema")"
}

@test "--json: a signal is in the summary" {
	unsanitized "leaks can't be looked for under strace"
	strace -o /dev/null true 2>/dev/null || lacks "strace can't trace here"
	on xfs
	run keeping injected fsync:signal=TERM --probe --json=report.jsonl . .
	assert_equal "$status" 143
	assert_equal "$(jq -rc '[.type, .exit_status, .signal]' report.jsonl |
		tail -n 1)" '["summary",143,15]'
	assert_of .path ""
	assert_only report.jsonl
}

@test "output that can't be written is a failure" {
	on xfs
	run -1 bash -c '"$0" --probe . >/dev/full' "$REFLINKCP"
	assert_output "$ME: write error: No space left on device"
	run -1 bash -c '"$0" --probe . >&-' "$REFLINKCP"
	assert_output "$ME: write error: Bad file descriptor"
}

@test "what can't be combined with it" {
	refused "--probe can be combined only with --target-directory and --json
Try '$ME --help' for more information." --probe -r .
	refused "missing file operand
Try '$ME --help' for more information." --probe
	refused "--probe can be combined only with --target-directory and --json
Try '$ME --help' for more information." --shared --probe .
}
